// How `npm test` counts, and what it calls a failure: a runner's own word is not enough.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import { browserCheck, countPlaywright } from '../../scripts/checks/browser-tests.mjs';
import { findChromium } from '../../scripts/checks/chromium.mjs';
import { countNodeTests } from '../../scripts/checks/node-tests.mjs';
import { countJunit } from '../../scripts/checks/python-tests.mjs';
import { endLine, failed, result, withRunner } from '../../scripts/checks/result.mjs';
import { vulkanCheck } from '../../scripts/checks/vulkan.mjs';
import { ROOT } from '../../scripts/setup/paths.mjs';

const temporary = fs.mkdtempSync(path.join(os.tmpdir(), 'hysim-checks-'));
after(() => fs.rmSync(temporary, { recursive: true, force: true }));

/** @param {Record<string, string>} files written to a folder, then run by Node's test runner */
function runNode(files) {
  const place = fs.mkdtempSync(path.join(temporary, 'node-'));
  for (const [name, text] of Object.entries(files)) fs.writeFileSync(path.join(place, name), text);
  const reporter = path.join(ROOT, 'scripts', 'checks', 'node-reporter.mjs');
  const events = path.join(place, 'events.jsonl');
  // Inside a test runner, NODE_TEST_CONTEXT would make this one report to it.
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  spawnSync(
    process.execPath,
    ['--test', `--test-reporter=${reporter}`, `--test-reporter-destination=${events}`, ...Object.keys(files)],
    { cwd: place, env }
  );
  const lines = fs.readFileSync(events, 'utf8').split('\n').filter(Boolean);
  return countNodeTests(
    lines.map(line => JSON.parse(line)),
    fs.realpathSync(place)
  );
}

describe("Node's runner", () => {
  test('tests are counted, suites and parents of failing tests are not', () => {
    const counted = runNode({
      'a.test.mjs': `import { describe, it, test } from 'node:test'; import assert from 'node:assert';
        describe('suite', () => { it('good', () => {}); it('bad', () => assert.equal(1, 2)); it('not now', { skip: 'no GPU' }, () => {}); });
        test('parent', async t => { await t.test('child', () => {}); });
        test('later', { todo: true }, () => {});`
    });
    assert.deepEqual([counted.passed, counted.failed, counted.skipped], [3, 1, 2]);
    assert.deepEqual(counted.notes, ['skipped: a.test.mjs not now: no GPU', 'to do: a.test.mjs later']);
    assert.match(counted.failures.join(), /^a\.test\.mjs:2 bad\n[^]*(1 == 2|Expected values)/);
  });

  test('a file that cannot be loaded, holds no test, or ends early is a failure', () => {
    const counted = runNode({
      'load.test.mjs': `throw new Error('cannot load this')`,
      'empty.test.mjs': `export {};`,
      'exit.test.mjs': `import { test } from 'node:test'; test('fine', () => {}); process.exit(3);`
    });
    assert.deepEqual([counted.passed, counted.failed, counted.skipped], [0, 3, 0]);
    assert.match(counted.failures.join('\n'), /empty\.test\.mjs holds no test/);
    assert.match(
      counted.failures.join('\n'),
      /load\.test\.mjs ended before its tests did:\n[^]*cannot load this/
    );
  });

  test('a broken hook of a suite is a failure', () => {
    const counted = runNode({
      'hook.test.mjs': `import { before, describe, it } from 'node:test';
        describe('s', () => { before(() => { throw new Error('no server') }); it('x', () => {}); });`
    });
    assert.ok(counted.failed >= 1);
    assert.equal(counted.passed, 0);
  });
});

test("pytest's counts come from the head of its JUnit file", () => {
  const xml = `<?xml version="1.0"?><testsuites name="pytest tests"><testsuite name="pytest" errors="1" failures="2" skipped="3" tests="10" time="1"><testcase/></testsuite></testsuites>`;
  const { passed, failed, skipped } = countJunit(xml);
  assert.deepEqual([passed, failed, skipped], [4, 3, 3]);
  assert.equal(countJunit('').passed, 0);
});

test("Playwright's flaky tests and errors outside any test are failures", () => {
  const counted = countPlaywright({
    stats: { expected: 2, unexpected: 1, flaky: 1, skipped: 1 },
    errors: [{ message: 'the server did not start' }],
    suites: [
      {
        title: 'a.spec.ts',
        suites: [
          {
            title: 'inner',
            specs: [
              {
                title: 'draws',
                ok: false,
                file: 'a.spec.ts',
                line: 7,
                tests: [{ status: 'unexpected', results: [{ error: { message: 'it is blank' } }] }]
              }
            ]
          }
        ]
      }
    ]
  });
  assert.deepEqual([counted.passed, counted.failed, counted.skipped], [2, 3, 1]);
  assert.match(counted.failures.join('\n'), /a\.spec\.ts:7 draws\n +it is blank/);
  assert.match(counted.failures.join('\n'), /server did not start/);
});

test('a runner that ends badly, or runs nothing, has failed whatever it counted', () => {
  assert.equal(withRunner(result({ passed: 3 }), '').failed, 0);
  assert.equal(withRunner(result({ passed: 3 }), 'exit code 2').failed, 1);
  assert.equal(withRunner(result(), '').failed, 1);
  assert.equal(withRunner(result({ failed: 2 }), 'exit code 1').failed, 2);
});

test('the end line adds up and has nothing else in it', () => {
  assert.equal(endLine([result({ passed: 2, skipped: 1 }), failed('x')]), '2 passed, 1 failed, 1 skipped');
});

describe('what is missing on the machine', () => {
  const env = { PATH: temporary };

  test('no Chromium: skipped with the reason, but a failure in CI', async () => {
    assert.equal(findChromium({ HYSIM_CHROMIUM: '/no/such/browser', PATH: '/usr/bin' }), undefined);
    // On a Mac the application's own place would be found.
    if (process.platform === 'darwin') return;
    const skipped = await browserCheck(ROOT, env).run();
    assert.deepEqual([skipped.failed, skipped.skipped], [0, 1]);
    assert.match(skipped.notes.join(), /no Chromium was found: install one/);
    const inCi = await browserCheck(ROOT, { ...env, CI: 'true' }).run();
    assert.deepEqual([inCi.failed, inCi.skipped], [1, 0]);
  });

  test('no software Vulkan: skipped with the reason, but a failure in CI', async () => {
    const none = () => false;
    assert.equal((await vulkanCheck({}, none).run()).skipped, 1);
    assert.equal((await vulkanCheck({ CI: 'true' }, none).run()).failed, 1);
    assert.equal((await vulkanCheck({ CI: 'true' }, () => true).run()).passed, 1);
  });

  test('the first Chromium on the path is found', () => {
    const place = fs.mkdtempSync(path.join(temporary, 'bin-'));
    fs.writeFileSync(path.join(place, 'chromium'), '');
    assert.equal(
      findChromium({ PATH: [temporary, place].join(path.delimiter) }),
      path.join(place, 'chromium')
    );
  });
});

test('npm test ends with one line of counts even when an option is wrong', () => {
  const { stdout, status } = spawnSync(process.execPath, ['scripts/test.mjs', '--only', 'nonsense'], {
    cwd: ROOT,
    encoding: 'utf8'
  });
  assert.equal(status, 1);
  assert.match(stdout, /No check is named nonsense/);
  assert.equal(stdout.trimEnd().split('\n').at(-1), '0 passed, 1 failed, 0 skipped');
});
