// What `npm start` does: set up, run the sample analysis, open JupyterLab on the executed copy, or, without a
// screen, print the results.
//
// The notebook in the repository is never written to. Its executed copy lies beside it, because its paths are
// relative and the kernel starts in its folder; git ignores the copy.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { helpText, parseArgs } from './setup/args.mjs';
import { Interrupted, SetupError } from './setup/errors.mjs';
import { setUp } from './setup/index.mjs';
import { ROOT, jupyterEnv, venvPython } from './setup/paths.mjs';
import { run, tail, watchInterrupts } from './setup/process.mjs';
import { seconds } from './setup/progress.mjs';
import { hashOf, writeWhole } from './setup/stamp.mjs';

const COMMAND = 'npm start --';
const SUMMARY = 'Sets up what is missing, runs the sample analysis, and opens JupyterLab on it.';
const OPTIONS = {
  headless: { help: 'no screen: run the analysis, print its results, and end' },
  rerun: { help: 'run the analysis even if nothing has changed since the last time' },
  'no-browser': { help: 'start JupyterLab without opening a browser' },
  help: { help: 'print this' }
};

/**
 * Where one notebook's run puts what it makes.
 * @param {string} source
 */
export function runFiles(source) {
  const name = path.basename(source, '.ipynb');
  const kept = path.join(ROOT, 'build', 'analysis');
  return {
    source,
    executed: path.join(path.dirname(source), `${name}.executed.ipynb`),
    html: path.join(kept, `${name}.html`),
    results: path.join(kept, `${name}.results.json`),
    stamp: path.join(kept, `${name}.stamp.json`)
  };
}

/** @typedef {ReturnType<typeof runFiles>} RunFiles */

/**
 * The notebook, the data beside it, and the code that runs it.
 * @param {RunFiles} files
 */
function runKey(files) {
  const folder = path.relative(ROOT, path.dirname(files.source));
  const beside = fs
    .readdirSync(path.dirname(files.source))
    .filter(name => name === path.basename(files.source) || !name.endsWith('.ipynb'));
  const inputs = beside.filter(name => !name.startsWith('.')).map(name => path.join(folder, name));
  return hashOf(ROOT, [...inputs, 'common', 'kernel', 'package-lock.json', 'requirements-model.txt']);
}

/**
 * @param {RunFiles} files
 * @returns {{ key?: string, executed?: string, at?: string }} what the last run recorded
 */
function lastRun(files) {
  return fs.existsSync(files.stamp) ? JSON.parse(fs.readFileSync(files.stamp, 'utf8')) : {};
}

/** @param {string} file */
const hashFile = file => hashOf(path.dirname(file), [path.basename(file)]);

/**
 * Keeps what a person has changed in the executed copy from being overwritten by the next run.
 * @param {RunFiles} files
 */
function keepEdited(files) {
  if (!fs.existsSync(files.executed) || hashFile(files.executed) === lastRun(files).executed) return;
  let kept = '';
  for (let n = 1; kept === '' || fs.existsSync(kept); n++) {
    kept = files.executed.replace(/\.ipynb$/, `-${n}.ipynb`);
  }
  fs.renameSync(files.executed, kept);
  console.log(`The executed copy had been changed since; it is kept as ${kept}.`);
}

/**
 * @param {RunFiles} files
 * @param {boolean} rerun
 */
async function analyse(files, rerun) {
  if (!fs.existsSync(files.source)) throw new SetupError(`The notebook ${files.source} does not exist.`);
  const key = runKey(files);
  const last = lastRun(files);
  const complete = [files.executed, files.html, files.results].every(file => fs.existsSync(file));
  if (!rerun && complete && last.key === key) {
    console.log(`The analysis is up to date (run ${last.at}); \`npm start -- --rerun\` runs it again.`);
    return;
  }
  keepEdited(files);
  fs.rmSync(files.stamp, { force: true });
  console.log(`Running ${path.relative(ROOT, files.source)}`);
  const start = performance.now();
  const script = path.join(ROOT, 'scripts', 'run_notebook.py');
  const outputs = ['--output', files.executed, '--html', files.html, '--results', files.results];
  const { code, output } = await run(venvPython(ROOT), ['-u', script, files.source, ...outputs], {
    cwd: ROOT,
    env: jupyterEnv(ROOT),
    log: path.join(ROOT, '.cache', 'setup', 'analysis.log'),
    onText: text => process.stdout.write(text)
  });
  if (code !== 0) {
    // The cells' lines are on screen already; what follows them is the error.
    const error = output.slice(output.search(/^(The (cell|kernel|notebook)|Traceback)/m));
    throw new SetupError(
      `\nThe analysis stopped.\n${tail(error, 60)}\nMended? Then run the same command again.`
    );
  }
  console.log(`The analysis took ${seconds(performance.now() - start)}.`);
  const stamp = { key, executed: hashFile(files.executed), at: new Date().toLocaleString() };
  writeWhole(files.stamp, JSON.stringify(stamp));
}

/** @param {RunFiles} files */
function printResults(files) {
  /** @type {string[]} */
  const texts = JSON.parse(fs.readFileSync(files.results, 'utf8'));
  console.log(`\n${texts.join('\n\n')}\n`);
  console.log(`Page:     ${files.html}`);
  console.log(`Notebook: ${files.executed}`);
}

/**
 * Runs JupyterLab until it is closed. Ctrl-C is Jupyter's own here: it asks before it ends.
 * @param {string} notebook
 * @param {boolean} browser
 * @returns {Promise<number>} exit code
 */
function openLab(notebook, browser) {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.removeAllListeners(signal);
  const args = [
    '-m',
    'jupyterlab',
    `--ServerApp.root_dir=${ROOT}`,
    '--ServerApp.ip=127.0.0.1',
    '--LabApp.news_url=',
    ...(process.getuid?.() === 0 ? ['--allow-root'] : []),
    ...(browser ? [] : ['--no-browser']),
    notebook
  ];
  console.log('Opening JupyterLab; Ctrl-C here ends it.');
  return new Promise((resolve, reject) => {
    const lab = spawn(venvPython(ROOT), args, { cwd: ROOT, env: jupyterEnv(ROOT), stdio: 'inherit' });
    process.on('SIGINT', () => {});
    process.on('SIGTERM', () => lab.kill('SIGTERM'));
    process.on('SIGHUP', () => lab.kill('SIGTERM'));
    lab.on('error', error => reject(new SetupError(`JupyterLab could not be started: ${error.message}`)));
    lab.on('exit', code => resolve(code ?? 0));
  });
}

/** @param {string[]} args */
export async function main(args) {
  try {
    const options = parseArgs(args, OPTIONS, COMMAND);
    if (options['help']) {
      console.log(helpText(SUMMARY, OPTIONS, COMMAND));
      return;
    }
    watchInterrupts();
    await setUp({ tests: false });
    const notebook = process.env['HYSIM_NOTEBOOK'] ?? path.join(ROOT, 'examples', 'pk-sample.ipynb');
    const files = runFiles(path.resolve(notebook));
    await analyse(files, options['rerun'] === true);
    if (options['headless']) printResults(files);
    else process.exitCode = await openLab(files.executed, !options['no-browser']);
  } catch (error) {
    if (error instanceof Interrupted) {
      console.error('\nStopped. The same command goes on from here.');
      process.exitCode = 130;
    } else if (error instanceof SetupError) {
      console.error(`\n${error.message}`);
      process.exitCode = 1;
    } else throw error;
  }
}
