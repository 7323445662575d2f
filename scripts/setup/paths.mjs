// Where things lie in the clone, and the environment in which Jupyter runs there.
//
// Everything that Jupyter would keep in a home folder (settings, workspaces, runtime files, histories) is sent
// into .venv/, so that the clone can be removed and leaves nothing behind.
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');

const WINDOWS = process.platform === 'win32';

/**
 * @param {string} root of the clone
 * @param {string} name of a program of the virtual environment
 */
export function venvProgram(root, name) {
  return path.join(root, '.venv', WINDOWS ? 'Scripts' : 'bin', WINDOWS ? `${name}.exe` : name);
}

/** @param {string} root */
export const venvPython = root => venvProgram(root, 'python');

/**
 * The environment for programs of the virtual environment.
 * @param {string} root
 * @param {NodeJS.ProcessEnv} [base]
 * @returns {NodeJS.ProcessEnv}
 */
export function pythonEnv(root, base = process.env) {
  /** @type {NodeJS.ProcessEnv} */
  const env = { ...base };
  // Another Python's settings would lead the virtual environment's astray.
  for (const name of ['PYTHONHOME', 'PYTHONPATH', 'PIP_USER', 'PIP_TARGET', 'PIP_PREFIX']) delete env[name];
  const pathName = Object.keys(env).find(name => name.toUpperCase() === 'PATH') ?? 'PATH';
  const programs = path.dirname(venvPython(root));
  env[pathName] = env[pathName] ? programs + path.delimiter + env[pathName] : programs;
  return {
    ...env,
    VIRTUAL_ENV: path.join(root, '.venv'),
    PYTHONNOUSERSITE: '1',
    PYTHONUTF8: '1',
    PIP_DISABLE_PIP_VERSION_CHECK: '1',
    PIP_NO_INPUT: '1'
  };
}

/**
 * The environment for Jupyter: `pythonEnv`, and every folder that it writes to lies in the clone.
 * @param {string} root
 * @param {NodeJS.ProcessEnv} [base]
 * @returns {NodeJS.ProcessEnv}
 */
export function jupyterEnv(root, base = process.env) {
  const home = path.join(root, '.venv', 'home');
  const env = pythonEnv(root, base);
  for (const name of ['JUPYTER_PATH', 'JUPYTER_CONFIG_PATH', 'JUPYTERLAB_DIR']) delete env[name];
  return {
    ...env,
    JUPYTER_CONFIG_DIR: path.join(home, 'config'),
    JUPYTER_DATA_DIR: path.join(home, 'data'),
    JUPYTER_RUNTIME_DIR: path.join(home, 'runtime'),
    JUPYTERLAB_SETTINGS_DIR: path.join(home, 'lab', 'settings'),
    JUPYTERLAB_WORKSPACES_DIR: path.join(home, 'lab', 'workspaces'),
    IPYTHONDIR: path.join(home, 'ipython'),
    JUPYTER_PREFER_ENV_PATH: '1',
    JUPYTER_PLATFORM_DIRS: '1',
    // ONNX Runtime would write a device id to the home folder and report its use over the network.
    ORT_DISABLE_TELEMETRY: '1'
  };
}

/**
 * The environment for checks: `jupyterEnv`, and what a browser under test would keep lies in the clone too.
 * Not for `npm start`: there it would open a person's own browser with an empty profile.
 * @param {string} root
 * @param {NodeJS.ProcessEnv} [base]
 * @returns {NodeJS.ProcessEnv}
 */
export function testEnv(root, base = process.env) {
  const home = path.join(root, '.venv', 'home', 'xdg');
  return {
    ...jupyterEnv(root, base),
    XDG_CONFIG_HOME: path.join(home, 'config'),
    XDG_CACHE_HOME: path.join(home, 'cache'),
    XDG_DATA_HOME: path.join(home, 'data')
  };
}
