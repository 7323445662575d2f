import assert from 'node:assert/strict';
import { test } from 'node:test';
import { packCategories, packNumbers, parsePayload, unpackNumbers } from '../../common/views/index.js';
import {
  distributionSample,
  embeddingSample,
  reportSample,
  samples,
  tableSample,
  trainingSample
} from './samples.js';

/** Why the payload is refused; fails when it is not. */
function reason(data: unknown): string {
  const parsed = parsePayload(data);
  assert.ok('reason' in parsed, 'the payload must be refused');
  return parsed.reason;
}

test('every sample passes, also after a trip through JSON', () => {
  for (const payload of samples()) {
    assert.ok('payload' in parsePayload(payload), payload.kind);
    assert.ok('payload' in parsePayload(JSON.parse(JSON.stringify(payload))), payload.kind);
  }
});

test('what is no payload is refused with a reason', () => {
  for (const data of [undefined, null, 3, 'x', [], {}, { kind: 7 }])
    assert.match(reason(data), /no view of ours draws/);
  assert.match(reason({ kind: 'toString' }), /"toString"/);
  assert.match(reason({ kind: '__proto__' }), /__proto__/);
  assert.match(reason({ ...trainingSample(), version: 2 }), /^\/version/);
});

test('a missing or mistyped field is named', () => {
  const { note: _note, ...rest } = trainingSample();
  assert.match(reason(rest), /^\/note/);
  assert.match(reason({ ...trainingSample(), title: { toString: 'x' } }), /^\/title/);
});

test('markup in a text is only text', () => {
  const title = '<script>alert(1)</script>';
  const parsed = parsePayload({ ...trainingSample(), title });
  assert.ok('payload' in parsed && parsed.payload.title === title);
});

test('NaN and infinity are refused where a number must be', () => {
  const training = trainingSample();
  training.curves[0]!.y[3] = NaN;
  assert.match(reason(training), /^\/curves\/0\/y\/3/);
  training.curves[0]!.y[3] = Infinity;
  assert.match(reason(training), /^\/curves\/0\/y\/3/);
  const embedding = embeddingSample(5);
  embedding.x = packNumbers([1, 2, NaN, 4, 5]);
  assert.match(reason(embedding), /^\/x: a coordinate is not a finite number/);
});

test('lengths that do not agree are refused', () => {
  const embedding = embeddingSample(5);
  assert.match(reason({ ...embedding, y: packNumbers([1, 2, 3]) }), /^\/y: 3 values for 5 rows/);
  assert.match(reason({ ...embedding, text: ['a'] }), /^\/text: 1 texts for 5 rows/);
  assert.match(reason({ ...embedding, shown: 6 }), /^\/shown/);
  const distribution = distributionSample();
  distribution.panels[0]!.series[0]!.heights.pop();
  assert.match(reason(distribution), /^\/panels\/0\/series\/0: 39 heights for 40 bins/);
  const report = reportSample();
  report.confusion!.counts[2]!.pop();
  assert.match(reason(report), /^\/confusion\/counts: not 7 x 7/);
  const table = tableSample();
  table.rows[1]!.push('more');
  assert.match(reason(table), /^\/rows\/1: 6 cells for 5 columns/);
});

test('packed bytes that are not what they claim are refused before they are unpacked', () => {
  const embedding = embeddingSample(5);
  assert.match(
    reason({ ...embedding, x: { ...embedding.x, data: 'AAAA' } }),
    /^\/x: 4 base64 letters do not hold 20 bytes/
  );
  assert.match(reason({ ...embedding, x: { ...embedding.x, data: '*'.repeat(28) } }), /^\/x: /);
  assert.match(
    reason({ ...embedding, domain: { ...embedding.domain, categories: [] } }),
    /^\/domain: .*without its category/
  );
});

test('huge strings and lists are refused', () => {
  assert.match(reason({ ...trainingSample(), title: 'x'.repeat(5000) }), /^\/title/);
  const table = tableSample();
  assert.match(
    reason({ ...table, n: 1e6, rows: Array.from({ length: 201 }, () => table.rows[0]) }),
    /^\/rows/
  );
});

test('a logarithmic axis with a bin at zero is refused', () => {
  const distribution = distributionSample();
  distribution.panels[1]!.scale = 'log';
  assert.match(reason(distribution), /^\/panels\/1: a logarithmic axis needs positive edges/);
});

test('numbers keep their values when packed, and categories beyond 255 become "other"', () => {
  const values = [0, -1.5, 3.25, NaN];
  assert.deepEqual([...unpackNumbers(packNumbers(values))], values);
  const codes = packCategories(Array.from({ length: 300 }, (_, i) => `c${i}`));
  assert.equal(codes.categories.length, 255);
  assert.equal(codes.categories[254], 'other');
});
