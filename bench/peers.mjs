// Peers from PyPI, for benches: an environment of their own under .cache/peers, made from requirements.txt on first use,
// and scripts of peers/ that run in it. A script takes a JSON object of options and prints one of results as its last
// line: measure.py has the clock. One thread unless more are asked for, in every library that has threads.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { findPython } from '../scripts/setup/python.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = path.join(root, '.cache', 'peers');
const requirements = path.join(root, 'bench', 'requirements.txt');
const WINDOWS = process.platform === 'win32';
const python = path.join(folder, ...(WINDOWS ? ['Scripts', 'python.exe'] : ['bin', 'python']));
const THREADS = ['OMP', 'OPENBLAS', 'MKL', 'NUMBA', 'VECLIB_MAXIMUM', 'NUMEXPR'].map(
  name => `${name}_NUM_THREADS`
);

/** What a program prints. @throws Error with the end of what it said when it fails */
function run(program, args, { env = {}, input } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      env: { ...process.env, PYTHONNOUSERSITE: '1', PIP_DISABLE_PIP_VERSION_CHECK: '1', ...env },
      stdio: ['pipe', 'pipe', 'pipe']
    });
    let [out, said] = ['', ''];
    child.stdout.on('data', text => (out += text));
    child.stderr.on('data', text => (said = (said + text).slice(-4000)));
    child.on('error', reject);
    child.on('close', code => {
      if (code === 0) resolve(out);
      else
        reject(
          new Error(
            `${path.basename(program)} ${args.join(' ')} failed (${code}):\n${out.slice(-2000)}${said}`
          )
        );
    });
    child.stdin.end(input ?? '');
  });
}

/** Makes the environment where it is missing, half made, or of other requirements. */
async function ensure() {
  const stamp = path.join(folder, 'requirements.sha256');
  const wanted = createHash('sha256').update(fs.readFileSync(requirements)).update(folder).digest('hex');
  if (fs.existsSync(stamp) && fs.readFileSync(stamp, 'utf8') === wanted) return;
  console.error('Making the environment of the peers in .cache/peers (once).');
  await run(findPython().path, ['-m', 'venv', '--clear', folder]);
  await run(python, ['-m', 'pip', 'install', '--quiet', '-r', requirements]);
  fs.writeFileSync(stamp, wanted);
}

/**
 * What peers/NAME.py says of `options`.
 * @param {string} name
 * @param {Record<string, unknown>} options
 * @param {number} [threads]
 * @returns {Promise<any>}
 */
export async function peer(name, options, threads = 1) {
  await ensure();
  const env = Object.fromEntries(THREADS.map(variable => [variable, String(threads)]));
  const printed = await run(python, [path.join(root, 'bench', 'peers', `${name}.py`)], {
    env: { ...env, PYTHONDONTWRITEBYTECODE: '1' },
    input: JSON.stringify({ ...options, threads })
  });
  return JSON.parse(printed.trim().split('\n').at(-1));
}

/** CPU seconds at one thread and wall seconds at two, each from a process of its own, with what else is said at one. */
export async function peerTimes(name, options) {
  const one = await peer(name, options, 1);
  const two = await peer(name, options, 2);
  return { ...one, wall2: two.wall };
}
