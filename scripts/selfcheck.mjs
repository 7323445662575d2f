// `npm run selfcheck`: measures on data of known truth whether the theory's promises hold in this code, and writes a
// report with plots. Exit code 1 when something is inconsistent. What is measured is in test/selfcheck.
//
// Each cell is one task of a pool of threads and leaves a file behind, so that a run that was stopped goes on; a file
// counts for as many repeats or more, and for the same compiled code.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { format, resolveConfig } from 'prettier';
import { helpText, parseArgs } from './setup/args.mjs';
import { SetupError } from './setup/errors.mjs';
import { ROOT } from './setup/paths.mjs';
import { filesUnder, hashOf, writeWhole } from './setup/stamp.mjs';

const COMMAND = 'npm run selfcheck --';
const SUMMARY =
  'Checks coverage, closed forms, ratios, the manifold and the hybrid weights on data of known truth.';
const OPTIONS = {
  quick: { help: 'fewer cells and repeats: under two minutes' },
  size: { value: 'X', help: 'this many times the full number of repeats (1)' },
  out: { value: 'FOLDER', help: 'where results and report go (build/selfcheck)' },
  only: { value: 'TEXT,...', help: 'only cells whose name holds one of these' },
  threads: { value: 'N', help: 'threads (all cores)' },
  seconds: { value: 'S', help: 'begin no cell after so many seconds; the same command goes on from there' },
  docs: { help: 'write the report to docs/selfcheck.md, its plots to docs/pictures' },
  help: { help: 'print this' }
};

/** @returns {Promise<typeof import('../lib/test/selfcheck/index.js')>} */
async function library() {
  const file = path.join(ROOT, 'lib', 'test', 'selfcheck', 'index.js');
  if (!fs.existsSync(file)) throw new SetupError('The library is not compiled. Run npm run build:lib first.');
  return import(pathToFileURL(file).href);
}

/** What measurements hang on: the compiled numerics and the cells. Judging them is done anew each time. */
function codeHash() {
  const lib = path.join(ROOT, 'lib');
  const files = ['common', 'kernel/theory', 'kernel/wasm', 'test/selfcheck', 'test/theory/support']
    .flatMap(part => filesUnder(path.join(lib, ...part.split('/'))))
    .filter(file => /\.(js|wasm)$/.test(file));
  return hashOf(
    lib,
    files.map(file => path.relative(lib, file))
  );
}

/** One cell a message, until there are none. */
async function work() {
  const { CELLS } = await library();
  const port = /** @type {import('node:worker_threads').MessagePort} */ (parentPort);
  port.on('message', (/** @type {{ id: string, repeats: number }} */ { id, repeats }) => {
    const cell = /** @type {import('../lib/test/selfcheck/index.js').Cell} */ (
      CELLS.find(each => each.id === id)
    );
    const begun = performance.now();
    const measured = cell.run(repeats);
    const seconds = (performance.now() - begun) / 1000;
    port.postMessage({ id, repeats, measured, seconds });
  });
}

/**
 * @typedef {import('../lib/test/selfcheck/index.js').Measurement} Measurement
 * @typedef {{ id: string, repeats: number }} Task
 */

/**
 * Runs tasks on threads; resolves when all are done, none is to be begun any more, or one failed.
 * @param {Task[]} tasks
 * @param {number} threads
 * @param {(result: Measurement) => void} done
 * @param {() => boolean} late
 */
function runAll(tasks, threads, done, late) {
  /** @type {Set<Worker>} */
  const workers = new Set();
  const stop = () => Promise.all([...workers].map(worker => worker.terminate()));
  let left = [...tasks];
  const finished = new Promise((resolve, reject) => {
    /** @param {Worker} worker */
    const next = worker => {
      if (late()) left = [];
      const task = left.shift();
      if (task) worker.postMessage(task);
      else void worker.terminate();
    };
    for (let i = 0; i < Math.min(threads, tasks.length); i++) {
      const worker = new Worker(new URL(import.meta.url));
      workers.add(worker);
      worker.on('message', result => {
        done(result);
        next(worker);
      });
      // Before its thread ends: the last end resolves.
      worker.on('error', error => {
        reject(error);
        void stop();
      });
      worker.on('exit', () => {
        workers.delete(worker);
        if (workers.size === 0) resolve(undefined);
      });
      next(worker);
    }
    if (tasks.length === 0) resolve(undefined);
  });
  return { finished, stop };
}

/**
 * @param {string} value
 * @param {string} name
 */
function positive(value, name) {
  const number = Number(value);
  if (!(number > 0)) throw new SetupError(`--${name} must be a number above 0, got ${value}.`);
  return number;
}

/** @param {string[]} args */
async function main(args) {
  const options = parseArgs(args, OPTIONS, COMMAND);
  if (options['help']) {
    console.log(helpText(SUMMARY, OPTIONS, COMMAND));
    return;
  }
  const quick = options['quick'] === true;
  const { CELLS, judged, report } = await library();
  const out = path.resolve(ROOT, String(options['out'] ?? path.join('build', 'selfcheck')));
  const cellsFolder = path.join(out, quick ? 'cells-quick' : 'cells');
  fs.mkdirSync(cellsFolder, { recursive: true });
  const words = options['only'] === undefined ? undefined : String(options['only']).split(',');
  const size = positive(String(options['size'] ?? 1), 'size');
  const threads = Math.ceil(positive(String(options['threads'] ?? os.availableParallelism()), 'threads'));
  const limit = options['seconds'] === undefined ? Infinity : positive(String(options['seconds']), 'seconds');

  const wanted = CELLS.filter(
    cell => (!quick || cell.quick > 0) && (words?.some(word => cell.id.includes(word)) ?? true)
  ).map(cell => ({
    id: cell.id,
    repeats: quick ? cell.quick : Math.max(2, Math.round(size * cell.repeats)),
    cost: cell.cost
  }));
  if (wanted.length === 0) throw new SetupError('No cell has such a name.');
  const code = codeHash();
  /** @param {string} id */
  const fileOf = id => path.join(cellsFolder, `${id.replace(/[^a-z0-9.=-]+/gi, '_')}.json`);
  /** @type {Map<string, Measurement>} */
  const results = new Map();
  for (const { id, repeats } of wanted) {
    if (!fs.existsSync(fileOf(id))) continue;
    const held = JSON.parse(fs.readFileSync(fileOf(id), 'utf8'));
    if (held.code === code && held.repeats >= repeats) results.set(id, held);
  }
  const tasks = wanted
    .filter(({ id }) => !results.has(id))
    .sort((a, b) => b.cost * b.repeats - a.cost * a.repeats);
  if (results.size > 0) console.log(`${results.size} of ${wanted.length} cells are done already.`);

  const start = performance.now();
  const late = () => (performance.now() - start) / 1000 > limit;
  const { finished, stop } = runAll(
    tasks,
    threads,
    result => {
      results.set(result.id, result);
      writeWhole(fileOf(result.id), JSON.stringify({ code, ...result }, undefined, 1));
      const wrong = judged(result, CELLS).checks.filter(check => !check.fine);
      console.log(
        `[${results.size}/${wanted.length}] ${result.id}: ${result.seconds.toFixed(1)} s` +
          (wrong.length > 0 ? `, ${wrong.length} INCONSISTENT` : '')
      );
    },
    late
  );
  let stopped = false;
  process.once('SIGINT', () => {
    stopped = true;
    void stop();
  });
  await finished;
  if (stopped || results.size < wanted.length) {
    console.log(
      `Stopped after ${results.size} of ${wanted.length} cells. The same command goes on from here.`
    );
    process.exitCode = stopped ? 130 : 3;
    return;
  }

  const docs = options['docs'] === true;
  const about = [
    `Size: ${quick ? 'quick' : size === 1 ? 'full' : `${size} of the full repeats`}${words ? `, cells of ${words.join(', ')} only` : ''}; ${wanted.length} cells.`,
    `Time: ${[...results.values()].reduce((sum, { seconds }) => sum + seconds, 0).toFixed(0)} s of one thread. Node ${process.versions.node}.`
  ];
  const ordered = wanted.map(({ id }) => judged(/** @type {Measurement} */ (results.get(id)), CELLS));
  const made = report(ordered, about, docs ? 'pictures/' : '');
  const place = docs ? path.join(ROOT, 'docs') : out;
  const pictures = docs ? path.join(place, 'pictures') : out;
  for (const [name, svg] of Object.entries(made.plots)) fs.writeFileSync(path.join(pictures, name), svg);
  const file = path.join(place, 'selfcheck.md');
  // What is committed has the format of the repository.
  const text = docs
    ? await format(made.text, { ...(await resolveConfig(file)), parser: 'markdown' })
    : made.text;
  fs.writeFileSync(file, text);
  for (const { what, measured, expected } of made.wrong)
    console.log(`INCONSISTENT  ${what}: ${measured}; expected ${expected}`);
  console.log(`${made.checks - made.wrong.length} of ${made.checks} checks are consistent. ${file}`);
  process.exitCode = made.wrong.length > 0 ? 1 : 0;
}

if (isMainThread) {
  try {
    await main(process.argv.slice(2));
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    console.error(error.message);
    process.exitCode = 2;
  }
} else await work();
