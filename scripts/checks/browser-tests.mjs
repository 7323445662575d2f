// The tests in a real browser: Galata drives JupyterLab in Debian's Chromium.
import fs from 'node:fs';
import path from 'node:path';
import { testEnv } from '../setup/paths.mjs';
import { run, tail } from '../setup/process.mjs';
import { findChromium } from './chromium.mjs';
import { failed, result, withRunner } from './result.mjs';

/**
 * @typedef {object} Suite of Playwright's JSON report
 * @property {string} title
 * @property {Suite[]} [suites]
 * @property {{ title: string, ok: boolean, file: string, line: number,
 *   tests: { status: string, results: { error?: { message?: string } }[] }[] }[]} [specs]
 */

/**
 * @param {{ suites?: Suite[], errors?: { message?: string }[],
 *   stats?: { expected: number, unexpected: number, flaky: number, skipped: number } }} report
 */
export function countPlaywright(report) {
  const counted = result({
    // A test that passed only when tried again has not passed.
    passed: report.stats?.expected ?? 0,
    failed: (report.stats?.unexpected ?? 0) + (report.stats?.flaky ?? 0),
    skipped: report.stats?.skipped ?? 0
  });
  /** @param {Suite} suite */
  const visit = suite => {
    suite.suites?.forEach(visit);
    for (const spec of suite.specs ?? []) {
      const bad = spec.tests.filter(test => test.status === 'unexpected' || test.status === 'flaky');
      for (const test of bad) {
        const messages = test.results.flatMap(one => one.error?.message ?? []);
        counted.failures.push(`${spec.file}:${spec.line} ${spec.title}\n${tail(messages.join('\n'), 30)}`);
      }
    }
  };
  report.suites?.forEach(visit);
  // Errors outside any test: a server that did not start, a file that does not compile.
  for (const error of report.errors ?? []) {
    counted.failed++;
    counted.failures.push(tail(error.message ?? '', 30));
  }
  return counted;
}

/**
 * @param {string} root
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {import('./result.mjs').Check}
 */
export function browserCheck(root, env = process.env) {
  return {
    name: 'browser',
    title: 'Browser tests (Galata)',
    async run() {
      const chromium = findChromium(env);
      if (!chromium) {
        const reason =
          'no Chromium was found: install one (Debian: `sudo apt install chromium`) or name it in HYSIM_CHROMIUM.';
        return env['CI'] === 'true'
          ? failed(`Browser tests: ${reason}`)
          : result({ skipped: 1, notes: [`Browser tests skipped: ${reason}`] });
      }
      const build = path.join(root, 'build', 'test');
      const report = path.join(build, 'browser.json');
      fs.mkdirSync(build, { recursive: true });
      fs.rmSync(report, { force: true });
      const cli = path.join(root, 'node_modules', '@playwright', 'test', 'cli.js');
      const { code, output, timedOut } = await run(
        process.execPath,
        [cli, 'test', '--config', 'test/browser', '--reporter=json'],
        {
          cwd: root,
          env: {
            ...testEnv(root),
            HYSIM_CHROMIUM: chromium,
            PLAYWRIGHT_JSON_OUTPUT_NAME: report,
            FORCE_COLOR: '0'
          },
          timeout: 1_500_000,
          log: path.join(build, 'browser.log')
        }
      );
      const counted = fs.existsSync(report)
        ? countPlaywright(JSON.parse(fs.readFileSync(report, 'utf8')))
        : result();
      const problem = timedOut
        ? 'The browser tests did not end within 25 minutes.'
        : code
          ? `exit code ${code}\n${tail(output)}`
          : '';
      return withRunner(counted, problem);
    }
  };
}
