// Finds a Python that can make a virtual environment: 3.10 or newer, with venv and ensurepip.
import { spawnSync } from 'node:child_process';
import { SetupError } from './errors.mjs';

const PROBE = `
import sys
def has(name):
    try:
        __import__(name)
        return True
    except Exception:
        return False
print("hysim", sys.version_info[0], sys.version_info[1], has("venv"), has("ensurepip"), sys.executable, sep="\\t")
`;

/**
 * @typedef {object} Python
 * @property {string} path
 * @property {string} version e.g. "3.11"
 */

/**
 * @typedef {object} Probed what one candidate turned out to be; no version when it did not run
 * @property {string} name
 * @property {string} [path]
 * @property {[number, number]} [version]
 * @property {boolean} [venv] venv and ensurepip are there
 */

/**
 * @param {string} name
 * @param {NodeJS.ProcessEnv} env
 * @returns {Probed}
 */
function probe(name, env) {
  // -I: no user's packages and no PYTHONPATH, as in the virtual environment to come.
  const result = spawnSync(name, ['-I', '-c', PROBE], {
    env,
    encoding: 'utf8',
    timeout: 20_000,
    windowsHide: true
  });
  const line = result.stdout?.split(/\r?\n/).find(text => text.startsWith('hysim\t'));
  if (!line) return { name };
  const [, major, minor, venv, ensurepip, path] = line.split('\t');
  return {
    name,
    path: path || name,
    version: [Number(major), Number(minor)],
    venv: venv === 'True' && ensurepip === 'True'
  };
}

/** @param {[number, number]} version */
const newEnough = ([major, minor]) => major === 3 && minor >= 10;

/**
 * The first Python that will do. `PYTHON` in the environment is a decision: when it is set, no other is tried.
 * @param {NodeJS.ProcessEnv} [env]
 * @param {NodeJS.Platform} [platform]
 * @returns {Python}
 * @throws {SetupError} that says what was found, and how to install what is missing on this system
 */
export function findPython(env = process.env, platform = process.platform) {
  const names = env['PYTHON']
    ? [env['PYTHON']]
    : ['python3', 'python', 'python3.14', 'python3.13', 'python3.12', 'python3.11', 'python3.10'];
  /** @type {Probed[]} */
  const seen = [];
  for (const name of names) {
    const found = probe(name, env);
    if (found.version && found.path && newEnough(found.version) && found.venv) {
      return { path: found.path, version: found.version.join('.') };
    }
    seen.push(found);
  }
  throw new SetupError(explain(seen, env, platform));
}

/**
 * @param {Probed[]} seen
 * @param {NodeJS.ProcessEnv} env
 * @param {NodeJS.Platform} platform
 */
function explain(seen, env, platform) {
  const again = 'Then run the same command again.';
  const set = env['PYTHON'];
  const incomplete = seen.find(found => found.version && newEnough(found.version));
  if (incomplete?.version) {
    const version = incomplete.version.join('.');
    return [
      `Python ${version} (${incomplete.path}) lacks venv or ensurepip, which make the project's own Python environment.`,
      platform === 'linux'
        ? `On Debian and Ubuntu: \`sudo apt install python3-venv\` (or python${version}-venv). On Fedora: \`sudo dnf install python3\`.`
        : 'Install a complete Python from https://www.python.org/downloads/.',
      again
    ].join('\n');
  }
  const old = seen.filter(found => found.version);
  const first = set
    ? old[0]?.version
      ? `PYTHON is set to ${set}, which is Python ${old[0].version.join('.')}; HySim Lab needs 3.10 or newer.`
      : `PYTHON is set to ${set}, which does not run as a Python.`
    : old.length > 0
      ? `HySim Lab needs Python 3.10 or newer; found only ${old.map(found => `${found.name} = ${found.version?.join('.')}`).join(', ')}.`
      : 'HySim Lab needs Python 3.10 or newer, and found none (tried python3 and python).';
  /** @type {Partial<Record<NodeJS.Platform, string>>} */
  const install = {
    linux:
      'On Debian and Ubuntu: `sudo apt install python3 python3-venv`. On Fedora: `sudo dnf install python3`.',
    darwin: 'On macOS: `brew install python`, or the installer from https://www.python.org/downloads/.',
    win32:
      'On Windows: `winget install Python.Python.3.13`, or the installer from https://www.python.org/downloads/.'
  };
  return [
    first,
    set
      ? 'Set PYTHON to the path of a newer Python, or unset it.'
      : (install[platform] ?? 'Install it from https://www.python.org/downloads/.'),
    ...(set ? [] : ['One that lies elsewhere is used when the variable PYTHON holds its path.']),
    again
  ].join('\n');
}
