/** Payloads from elsewhere are refused or told in words; they never throw, pollute, or take long. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { describeView, parsePayload } from '../../common/views/index.js';
import { hostilePayloads, nested } from './hostile.js';

test('every hostile payload is refused in a short reason or passes as what it is, and pollutes nothing', () => {
  const passed: string[] = [];
  for (const { name, json } of hostilePayloads()) {
    const started = process.cpuUsage();
    const parsed = parsePayload(JSON.parse(json));
    if ('payload' in parsed) {
      passed.push(name);
      assert.equal(typeof describeView(parsed.payload), 'string', name);
    } else {
      assert.ok(parsed.reason.length < 1000, name);
    }
    assert.ok(process.cpuUsage(started).user < 2_000_000, name);
    assert.equal(({} as Record<string, unknown>)['polluted'], undefined, name);
  }
  // Hostile words are words: of each kind some payload with them must be drawable, or nothing was tested.
  assert.ok(passed.filter(name => name.endsWith('every word')).length >= 4, passed.join('; '));
  assert.ok(!passed.some(name => /megabyte|as words|nested/.test(name)), passed.join('; '));
});

test('JSON nested deeper than any stack is refused, not followed', () => {
  for (const place of ['title', 'kind', 'facts']) {
    const data = JSON.parse(`{"kind":"training","version":1,"${place}":${nested(2000)}}`) as Record<
      string,
      unknown
    >;
    // Deeper than what JSON.parse itself follows.
    let deep: unknown = data[place];
    for (let i = 0; i < 100_000; i++) deep = [deep];
    assert.ok('reason' in parsePayload({ ...data, [place]: deep }), place);
  }
});
