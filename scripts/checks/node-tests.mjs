// The tests written for Node's own runner: test/**/*.test.ts, compiled, and test/**/*.test.mjs.
import fs from 'node:fs';
import path from 'node:path';
import { removeOrphans, tsc } from '../setup/build.mjs';
import { testEnv } from '../setup/paths.mjs';
import { run, tail } from '../setup/process.mjs';
import { filesUnder } from '../setup/stamp.mjs';
import { failed, result, withRunner } from './result.mjs';

/**
 * @typedef {object} TestEvent what node-reporter.mjs writes
 * @property {string} type
 * @property {string} [name]
 * @property {string} [file]
 * @property {number} [line]
 * @property {number} [nesting]
 * @property {boolean | string} [skip] the reason, where there is one
 * @property {boolean} [todo]
 * @property {boolean} [suite]
 * @property {string} [failureType]
 * @property {string} [error]
 * @property {string} [message]
 */

/**
 * Counts tests, not suites, and not a parent that fails only because its subtest does.
 * @param {readonly TestEvent[]} events
 * @param {string} root for short names
 */
export function countNodeTests(events, root) {
  const counted = result();
  const short = (/** @type {string} */ file) => path.relative(root, file);
  for (const event of events) {
    if (event.type === 'test:stderr') continue;
    const { name = '', file = '' } = event;
    // A file that holds no test, or that cannot be loaded, is reported under its own name.
    const whole = event.nesting === 0 && name === file;
    if (event.skip || event.todo) {
      counted.skipped++;
      const reason = typeof event.skip === 'string' ? `: ${event.skip}` : '';
      counted.notes.push(`${event.skip ? 'skipped' : 'to do'}: ${short(file)} ${name}${reason}`);
    } else if (event.type === 'test:pass') {
      if (whole) {
        counted.failed++;
        counted.failures.push(`${short(file)} holds no test.`);
      } else if (!event.suite) counted.passed++;
    } else if (event.failureType !== 'subtestsFailed') {
      counted.failed++;
      const said = whole
        ? tail(
            events
              .flatMap(one => (one.type === 'test:stderr' && one.file === file ? [one.message] : []))
              .join('')
          )
        : indent(event.error ?? '');
      counted.failures.push(
        whole
          ? `${short(file)} ended before its tests did:\n${said}`
          : `${short(file)}:${event.line} ${name}\n${said}`
      );
    }
  }
  return counted;
}

/** @param {string} text */
const indent = text =>
  text
    .split('\n')
    .slice(0, 30)
    .map(line => `    ${line}`)
    .join('\n');

/**
 * @param {string} root
 * @returns {import('./result.mjs').Check}
 */
export function nodeCheck(root) {
  return {
    name: 'node',
    title: 'Node tests',
    async run() {
      const build = path.join(root, 'build', 'test');
      removeOrphans(root, 'lib/test');
      // Type errors are the check "types"'s to report: what could be compiled is tested all the same.
      await run(process.execPath, [tsc(root), '-b', 'test'], { cwd: root });
      const files = [
        ...filesUnder(path.join(root, 'lib', 'test')).filter(file => file.endsWith('.test.js')),
        ...filesUnder(path.join(root, 'test')).filter(file => file.endsWith('.test.mjs'))
      ].map(file => path.relative(root, file));
      if (files.length === 0) return failed('No Node test was found.');
      const events = path.join(build, 'node.jsonl');
      fs.mkdirSync(build, { recursive: true });
      fs.rmSync(events, { force: true });
      const reporter = path.join('.', 'scripts', 'checks', 'node-reporter.mjs');
      const { code, output, timedOut } = await run(
        process.execPath,
        [
          '--enable-source-maps',
          '--test',
          `--test-reporter=./${reporter.split(path.sep).join('/')}`,
          `--test-reporter-destination=${path.relative(root, events)}`,
          ...files
        ],
        { cwd: root, env: testEnv(root), timeout: 1_500_000, log: path.join(build, 'node.log') }
      );
      const lines = fs.existsSync(events) ? fs.readFileSync(events, 'utf8').split('\n').filter(Boolean) : [];
      const counted = countNodeTests(
        lines.map(line => JSON.parse(line)),
        root
      );
      const problem = timedOut
        ? 'The Node tests did not end within 25 minutes.'
        : code
          ? `exit code ${code}\n${tail(output)}`
          : '';
      return withRunner(counted, problem);
    }
  };
}
