// The Python environment in .venv: made once, then filled from the requirements files.
import fs from 'node:fs';
import path from 'node:path';
import { SetupError } from './errors.mjs';
import { pythonEnv, venvPython } from './paths.mjs';
import { run, runOrFail } from './process.mjs';
import { findPython } from './python.mjs';
import { hashOf } from './stamp.mjs';

/**
 * @param {string} root
 * @param {string} logs
 * @returns {import('./stamp.mjs').Step}
 */
export function venvStep(root, logs) {
  const folder = path.join(root, '.venv');
  const python = venvPython(root);
  return {
    title: 'Python environment (.venv)',
    stamp: path.join(folder, '.stamps', 'venv'),
    // The folder's own place is part of it: a virtual environment does not survive being moved.
    key: () => hashOf(root, [], [root, process.env['PYTHON'] ?? '']),
    makes: [python],
    async adopt() {
      const test = `import sys, os, pip; sys.exit(not (sys.version_info >= (3, 10) and os.path.samefile(sys.prefix, sys.argv[1])))`;
      return !process.env['PYTHON'] && (await run(python, ['-I', '-c', test, folder])).code === 0;
    },
    async run() {
      const found = findPython();
      try {
        await runOrFail(found.path, ['-m', 'venv', '--clear', folder], {
          cwd: root,
          env: pythonEnv(root),
          log: path.join(logs, 'venv.log'),
          advice:
            'The virtual environment could not be made. On Debian and Ubuntu install python3-venv; then run the same command again.'
        });
        await runOrFail(python, ['-m', 'pip', '--version'], {
          cwd: root,
          env: pythonEnv(root),
          advice: `pip is missing from ${folder}: Python ${found.version} (${found.path}) lacks ensurepip.`
        });
      } catch (error) {
        // What was half-made would be in the way of the next try.
        fs.rmSync(folder, { recursive: true, force: true });
        throw error;
      }
    }
  };
}

/**
 * An interrupted pip can leave a package's folder of metadata without its RECORD, the file that it writes last;
 * pip would then take the package for installed.
 * @param {string} root
 * @returns {string[]} the folders removed
 */
export function removeHalfInstalled(root) {
  const library = path.join(root, '.venv', process.platform === 'win32' ? 'Lib' : 'lib');
  const places =
    process.platform === 'win32' ? [library] : fs.readdirSync(library).map(name => path.join(library, name));
  /** @type {string[]} */
  const removed = [];
  for (const site of places
    .map(place => path.join(place, 'site-packages'))
    .filter(place => fs.existsSync(place))) {
    for (const name of fs.readdirSync(site)) {
      const folder = path.join(site, name);
      if (name.endsWith('.dist-info') && !fs.existsSync(path.join(folder, 'RECORD'))) {
        fs.rmSync(folder, { recursive: true, force: true });
        removed.push(folder);
      }
    }
  }
  return removed;
}

/**
 * @param {string} root
 * @param {string} logs
 * @param {{ title: string, file: string, options?: string[] }} requirements
 * @returns {import('./stamp.mjs').Step}
 */
export function requirementsStep(root, logs, { title, file, options = [] }) {
  const name = path.basename(file, '.txt');
  return {
    title,
    stamp: path.join(root, '.venv', '.stamps', name),
    key: () => hashOf(root, [file], options),
    makes: [venvPython(root)],
    async run() {
      if (!fs.existsSync(path.join(root, file))) throw new SetupError(`${file} is missing from the clone.`);
      removeHalfInstalled(root);
      await runOrFail(venvPython(root), ['-m', 'pip', 'install', ...options, '-r', file], {
        cwd: root,
        env: pythonEnv(root),
        log: path.join(logs, `${name}.log`),
        advice:
          "Check that PyPI (or the index in your pip settings) can be reached, then run the same command again: what is downloaded stays in pip's cache."
      });
    }
  };
}
