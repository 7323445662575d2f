// The tests written for pytest: Jupyter's conformance suite on our kernel, and the sample notebook.
import fs from 'node:fs';
import path from 'node:path';
import { testEnv, venvPython } from '../setup/paths.mjs';
import { run, tail } from '../setup/process.mjs';
import { result, withRunner } from './result.mjs';

/**
 * The counts in a JUnit file's head, as pytest writes it.
 * @param {string} xml
 */
export function countJunit(xml) {
  const head = /<testsuite\b[^>]*>/.exec(xml)?.[0];
  if (!head) return result();
  /** @param {string} name */
  const number = name => Number(new RegExp(`\\b${name}="(\\d+)"`).exec(head)?.[1] ?? 0);
  const bad = number('failures') + number('errors');
  return result({
    passed: Math.max(0, number('tests') - bad - number('skipped')),
    failed: bad,
    skipped: number('skipped')
  });
}

/**
 * @param {string} root
 * @returns {import('./result.mjs').Check[]}
 */
export function pythonChecks(root) {
  return [
    pytestCheck(root, 'python', 'Python tests (Jupyter conformance)', ['test', '--ignore=test/notebook']),
    pytestCheck(root, 'notebook', 'Sample notebook', ['test/notebook'])
  ];
}

/**
 * @param {string} root
 * @param {string} name
 * @param {string} title
 * @param {string[]} selection
 * @returns {import('./result.mjs').Check}
 */
function pytestCheck(root, name, title, selection) {
  return {
    name,
    title,
    async run() {
      const build = path.join(root, 'build', 'test');
      const junit = path.join(build, `${name}.xml`);
      fs.mkdirSync(build, { recursive: true });
      fs.rmSync(junit, { force: true });
      const options = [
        '-q',
        '-rfEs',
        '--tb=short',
        '--color=no',
        '-p',
        'no:cacheprovider',
        `--junitxml=${junit}`
      ];
      const { code, output, timedOut } = await run(
        venvPython(root),
        ['-m', 'pytest', ...options, ...selection],
        {
          cwd: root,
          env: testEnv(root),
          timeout: 900_000,
          log: path.join(build, `${name}.log`)
        }
      );
      const counted = countJunit(fs.existsSync(junit) ? fs.readFileSync(junit, 'utf8') : '');
      counted.notes.push(...output.split('\n').filter(line => line.startsWith('SKIPPED')));
      if (counted.failed > 0) counted.failures.push(tail(output, 60));
      const problem = timedOut
        ? `${title}: did not end within 15 minutes.`
        : code
          ? `exit code ${code}\n${tail(output, 40)}`
          : '';
      return withRunner(counted, problem);
    }
  };
}
