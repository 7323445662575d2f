// Child programs of the set-up and the checks: output kept in a log and shown only where something failed,
// Ctrl-C ends the child with everything that it started, and nothing is left behind.
//
// Not a shell: arguments are passed as they are, so spaces in paths need no care.
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { Interrupted, SetupError } from './errors.mjs';

const WINDOWS = process.platform === 'win32';

/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();
let interrupted = false;

/**
 * A child leads a process group, so that what it started can be ended with it.
 * @param {import('node:child_process').ChildProcess} child
 * @param {NodeJS.Signals} signal
 */
function endGroup(child, signal) {
  if (child.pid === undefined) return;
  try {
    if (WINDOWS) spawnSync('taskkill', ['/pid', String(child.pid), '/T', '/F'], { stdio: 'ignore' });
    else process.kill(-child.pid, signal);
  } catch {
    // It has gone already.
  }
}

/** From here on Ctrl-C (and a closing terminal) ends the running children, and then makes `run` throw. */
export function watchInterrupts() {
  for (const signal of /** @type {NodeJS.Signals[]} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.on(signal, () => {
      // With nothing running there is no one to wait for; a second Ctrl-C means "now".
      if (interrupted || running.size === 0) {
        for (const child of running) endGroup(child, 'SIGKILL');
        process.exit(130);
      }
      interrupted = true;
      for (const child of running) {
        endGroup(child, 'SIGTERM');
        setTimeout(() => endGroup(child, 'SIGKILL'), 5000).unref();
      }
    });
  }
}

/**
 * @typedef {object} RunOptions
 * @property {string} [cwd]
 * @property {NodeJS.ProcessEnv} [env]
 * @property {string} [log] a file that the output is written to
 * @property {(text: string) => void} [onText] is shown standard output as it comes
 * @property {number} [timeout] milliseconds, after which the child is ended
 */

/**
 * @typedef {object} RunResult
 * @property {number} code exit code; 128 + the signal's number is not told apart: a signal gives -1
 * @property {string} output standard output and error, in the order in which they came
 * @property {boolean} timedOut
 */

/**
 * Runs a program to its end.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<RunResult>}
 * @throws {Interrupted} when a person stopped it
 * @throws {SetupError} when it cannot be started
 */
export function run(command, args, options = {}) {
  const { cwd, env, log, onText, timeout } = options;
  if (interrupted) return Promise.reject(new Interrupted());
  return new Promise((resolve, reject) => {
    if (log) fs.mkdirSync(path.dirname(log), { recursive: true });
    const file = log ? fs.createWriteStream(log) : undefined;
    const child = spawn(command, args, {
      cwd,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: !WINDOWS,
      windowsHide: true
    });
    running.add(child);
    let output = '';
    let timedOut = false;
    const timer = timeout
      ? setTimeout(() => {
          timedOut = true;
          endGroup(child, 'SIGTERM');
          setTimeout(() => endGroup(child, 'SIGKILL'), 5000).unref();
        }, timeout)
      : undefined;
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8');
      stream.on('data', text => {
        output += text;
        file?.write(text);
        if (stream === child.stdout) onText?.(text);
      });
    }
    /** @param {() => void} settle */
    const finish = settle => {
      clearTimeout(timer);
      running.delete(child);
      file?.end();
      settle();
    };
    child.on('error', error =>
      finish(() => reject(new SetupError(`${command} could not be started: ${error.message}`)))
    );
    child.on('close', code =>
      finish(() => {
        // What the child left behind in its group goes with it.
        endGroup(child, 'SIGKILL');
        if (interrupted) reject(new Interrupted());
        else resolve({ code: code ?? -1, output, timedOut });
      })
    );
  });
}

/**
 * The last lines of an output, with terminal colours and repainted lines taken out.
 * @param {string} output
 * @param {number} [count]
 */
export function tail(output, count = 25) {
  const lines = output
    // eslint-disable-next-line no-control-regex -- escape sequences are what is looked for
    .replace(/\x1b\[[0-9;?]*[A-Za-z]/g, '')
    .split('\n')
    .map(line => line.slice(line.lastIndexOf('\r') + 1).trimEnd())
    .filter(line => line !== '');
  return lines
    .slice(-count)
    .map(line => `    ${line}`)
    .join('\n');
}

/**
 * `run`, where anything but exit code 0 is a failure of the set-up.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {RunOptions & { advice: string }} options `advice` is what a person can do about a failure
 * @returns {Promise<RunResult>}
 */
export async function runOrFail(command, args, options) {
  const result = await run(command, args, options);
  if (result.code === 0) return result;
  throw new SetupError(
    [
      `\`${[path.basename(command), ...args].join(' ')}\` failed (exit code ${result.code}). Its last lines:`,
      tail(result.output) || '    (it printed nothing)',
      ...(options.log ? [`The whole output is in ${options.log}.`] : []),
      options.advice
    ].join('\n')
  );
}
