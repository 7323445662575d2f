// What `npm test` does: set up with the test tools, run every check, end with one line of counts.
//
// The last line of standard output is `N passed, N failed, N skipped`, whatever happens; the exit code is 0 only
// when nothing failed.
import { browserCheck } from './checks/browser-tests.mjs';
import { nodeCheck } from './checks/node-tests.mjs';
import { pythonChecks } from './checks/python-tests.mjs';
import { endLine, failed } from './checks/result.mjs';
import { toolChecks } from './checks/tools.mjs';
import { vulkanCheck } from './checks/vulkan.mjs';
import { helpText, parseArgs } from './setup/args.mjs';
import { Interrupted, SetupError } from './setup/errors.mjs';
import { setUp } from './setup/index.mjs';
import { ROOT } from './setup/paths.mjs';
import { watchInterrupts } from './setup/process.mjs';
import { Progress, seconds } from './setup/progress.mjs';

const COMMAND = 'npm test --';
const SUMMARY = 'Sets up what is missing, runs every check, and ends with the counts.';
const OPTIONS = {
  only: { value: 'NAME,...', help: 'run only these checks (--list names them)' },
  list: { help: 'list the checks' },
  help: { help: 'print this' }
};

/** @returns {import('./checks/result.mjs').Check[]} in the order in which they run: quick ones first */
function allChecks() {
  return [...toolChecks(ROOT), vulkanCheck(), nodeCheck(ROOT), ...pythonChecks(ROOT), browserCheck(ROOT)];
}

/**
 * @param {import('./checks/result.mjs').Check[]} checks
 * @param {string | undefined} only
 */
function chosen(checks, only) {
  if (only === undefined) return checks;
  const names = only.split(',').map(name => name.trim());
  const unknown = names.filter(name => !checks.some(check => check.name === name));
  if (unknown.length > 0) {
    throw new SetupError(
      `No check is named ${unknown.join(', ')}. The checks: ${checks.map(check => check.name).join(', ')}.`
    );
  }
  return checks.filter(check => names.includes(check.name));
}

/** @param {import('./checks/result.mjs').Check[]} checks */
async function runAll(checks) {
  /** @type {import('./checks/result.mjs').CheckResult[]} */
  const results = [];
  const progress = new Progress(checks.length);
  for (const check of checks) {
    const end = progress.begin(check.title);
    try {
      const result = await check.run();
      results.push(result);
      end(`${result.failed > 0 ? 'FAILED: ' : ''}${endLine([result])}`);
      for (const failure of result.failures) console.log(`\n${failure}\n`);
      for (const note of result.notes) console.log(`      ${note}`);
    } catch (error) {
      end('stopped');
      if (error instanceof Interrupted) throw error;
      const text = error instanceof SetupError ? error.message : String(/** @type {Error} */ (error).stack);
      console.log(`\n${text}\n`);
      results.push(failed(text));
    }
  }
  return results;
}

/** @param {string[]} args */
export async function main(args) {
  /** @type {import('./checks/result.mjs').CheckResult[]} */
  let results;
  const start = performance.now();
  try {
    const options = parseArgs(args, OPTIONS, COMMAND);
    const checks = allChecks();
    if (options['help']) {
      console.log(helpText(SUMMARY, OPTIONS, COMMAND));
      return;
    }
    if (options['list']) {
      for (const check of checks) console.log(`${check.name.padEnd(10)} ${check.title}`);
      return;
    }
    const wanted = chosen(checks, options['only'] === undefined ? undefined : String(options['only']));
    watchInterrupts();
    await setUp({ tests: true });
    console.log('');
    results = await runAll(wanted);
  } catch (error) {
    const stopped = error instanceof Interrupted;
    if (!stopped && !(error instanceof SetupError)) throw error;
    console.log(stopped ? '\nStopped. The same command goes on from here.' : `\n${error.message}`);
    results = [failed('')];
  }
  process.exitCode = results.some(result => result.failed > 0) ? 1 : 0;
  console.log(`\nAll of it took ${seconds(performance.now() - start)}.`);
  console.log(endLine(results));
}
