// Builds: TypeScript to lib/, then the JupyterLab extension's bundle.
import fs from 'node:fs';
import path from 'node:path';
import { jupyterEnv } from './paths.mjs';
import { runOrFail } from './process.mjs';
import { filesUnder, hashOf } from './stamp.mjs';

const COMPILED = ['common', 'kernel', 'src'];
const SETTINGS = ['tsconfig.base.json', 'package-lock.json'];

/**
 * @param {string} root
 * @param {string} logs
 * @returns {import('./stamp.mjs').Step}
 */
export function compileStep(root, logs) {
  return {
    title: 'Compile TypeScript and the SIMD kernels',
    stamp: path.join(root, 'lib', '.hysim-stamp'),
    key: () => hashOf(root, [...COMPILED, 'scripts/wasm.mjs', ...SETTINGS]),
    makes: [kernelMain(root), path.join(root, 'lib', 'kernel', 'wasm', 'neighbors.wasm')],
    async run() {
      removeOrphans(root, 'lib');
      await runOrFail(process.execPath, [tsc(root), '-b', ...COMPILED], {
        cwd: root,
        log: path.join(logs, 'tsc.log'),
        advice:
          'The sources named above do not compile. On a clean clone this is a defect of ours: please report it.'
      });
      await runOrFail(process.execPath, [path.join('scripts', 'wasm.mjs')], {
        cwd: root,
        log: path.join(logs, 'wasm.log'),
        advice: 'The SIMD kernels of kernel/wasm do not compile: the log says why.'
      });
    }
  };
}

/**
 * @param {string} root
 * @param {string} logs
 * @returns {import('./stamp.mjs').Step}
 */
export function labextensionStep(root, logs) {
  const output = path.join(root, 'hysim_lab', 'labextension');
  return {
    title: 'JupyterLab extension',
    stamp: path.join(root, '.venv', '.stamps', 'labextension'),
    key: () =>
      hashOf(root, [
        'common',
        'src',
        'style',
        'schema',
        'package.json',
        'scripts/labextension.mjs',
        ...SETTINGS
      ]),
    makes: [path.join(output, 'package.json')],
    async run() {
      await runOrFail(process.execPath, [path.join('scripts', 'labextension.mjs')], {
        cwd: root,
        env: jupyterEnv(root),
        log: path.join(logs, 'labextension.log'),
        advice: 'The bundle of the JupyterLab extension could not be built: the log says why.'
      });
    }
  };
}

/** @param {string} root */
export const tsc = root => path.join(root, 'node_modules', 'typescript', 'bin', 'tsc');

/** @param {string} root */
export const kernelMain = root => path.join(root, 'lib', 'kernel', 'jupyter', 'main.js');

/**
 * Removes compiled files whose source is gone: the compiler leaves them, and a removed test would go on running.
 * @param {string} root
 * @param {string} folder under which to look
 * @returns {string[]} what was removed, relative to the root
 */
export function removeOrphans(root, folder) {
  const lib = path.join(root, 'lib');
  /** @type {string[]} */
  const removed = [];
  for (const file of filesUnder(path.join(root, folder))) {
    const base = file.replace(/(\.d\.ts|\.js|\.js\.map)$/, '');
    if (base === file) continue;
    const source = path.join(root, path.relative(lib, base));
    if (['.ts', '.tsx', '.mts', '.cts', '.js'].some(ending => fs.existsSync(source + ending))) continue;
    fs.rmSync(file);
    removed.push(path.relative(root, file));
  }
  return removed;
}
