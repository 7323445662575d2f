/** Payloads whose numbers travel beside them: what comes in is what went out, and nothing that does not fit. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  drawView,
  heldNumbers,
  packNumbers,
  parsePayload,
  putTogether,
  takeApart,
  unpackCodes,
  unpackNumbers,
  type ViewPayload
} from '../../common/views/index.js';
import { recorder } from './recorder.js';
import { denoisedSample, embeddingSample, samples } from './samples.js';

/** As a comm delivers them: each buffer in memory of its own. */
const delivered = (buffers: readonly Uint8Array[]): ArrayBuffer[] =>
  buffers.map(b => b.slice().buffer as ArrayBuffer);

function trip(payload: ViewPayload): ViewPayload {
  const { payload: bare, buffers } = takeApart(payload);
  return putTogether(JSON.parse(JSON.stringify(bare)) as ViewPayload, delivered(buffers));
}

function withRows(): ViewPayload & { kind: 'embedding' } {
  return {
    ...embeddingSample(300),
    rows: { data: 'd', index: packNumbers(Array.from({ length: 300 }, (_, i) => 2 * i)) }
  };
}

test('every view comes back as it was: drawn alike, checked alike', () => {
  for (const payload of [...samples(), withRows()]) {
    const again = trip(payload);
    const parsed = parsePayload(again);
    assert.ok('payload' in parsed, 'reason' in parsed ? parsed.reason : '');
    const [before, after] = [recorder(), recorder()];
    drawView(before.ctx, payload, { width: 800 });
    drawView(after.ctx, parsed.payload, { width: 800 });
    assert.deepEqual(after.calls, before.calls, payload.kind);
  }
});

test('numbers and codes of every column arrive, in their places', () => {
  const payload = withRows();
  const again = trip(payload) as typeof payload;
  assert.deepEqual(unpackNumbers(again.x), unpackNumbers(payload.x));
  assert.deepEqual(unpackNumbers(again.y), unpackNumbers(payload.y));
  assert.deepEqual(unpackNumbers(again.rows!.index), unpackNumbers(payload.rows!.index));
  assert.deepEqual(unpackCodes(again.flagged!), unpackCodes(payload.flagged!));
  assert.deepEqual(again.columns[1]!.name, 'class');
  const tube = denoisedSample(50);
  const back = trip(tube) as typeof tube;
  assert.deepEqual(unpackNumbers(back.tube!.y), unpackNumbers(tube.tube!.y));
  assert.deepEqual(unpackCodes(back.tube!.flagged), unpackCodes(tube.tube!.flagged));
  assert.deepEqual(
    unpackNumbers(back.panels[0]!.points!.values),
    unpackNumbers(tube.panels[0]!.points!.values)
  );
  assert.deepEqual(unpackCodes(back.panels[0]!.points!.series), unpackCodes(tube.panels[0]!.points!.series));
});

test('what is sent holds no number twice: its columns are empty, and the payload that was taken apart is whole', () => {
  const payload = withRows();
  const { payload: bare, buffers } = takeApart(payload);
  assert.equal((bare as typeof payload).x.data, '');
  assert.equal(buffers.length, 2 + 1 + 1 + 3 + 1);
  assert.equal(buffers[0]!.byteLength, 1200);
  assert.ok(payload.x.data.length > 0);
});

test('a buffer that is short, long, missing or no whole number of values is refused', () => {
  const { payload, buffers } = takeApart(embeddingSample(10));
  const sent = delivered(buffers);
  const changed = (at: number, buffer: ArrayBuffer): ArrayBuffer[] =>
    sent.map((b, i) => (i === at ? buffer : b));
  assert.throws(
    () => putTogether(payload, changed(0, new ArrayBuffer(36))),
    /column 1: 36 bytes instead of 40/
  );
  assert.throws(() => putTogether(payload, changed(1, new ArrayBuffer(44))), /column 2: 44 bytes/);
  assert.throws(
    () => putTogether(payload, changed(2, new ArrayBuffer(9))),
    /column 3: 9 bytes instead of 10/
  );
  assert.throws(() => putTogether(payload, sent.slice(0, 3)), /column 4: no bytes/);
});

test('columns that came as bytes survive the gate, which still sees what they hold', () => {
  const payload = withRows();
  const held = { ...payload, x: heldNumbers(payload.x, unpackNumbers(payload.x)) };
  const parsed = parsePayload(held);
  assert.ok('payload' in parsed);
  assert.deepEqual(unpackNumbers((parsed.payload as typeof held).x), unpackNumbers(payload.x));
  const wrong = unpackNumbers(payload.x).slice();
  wrong[7] = NaN;
  const refused = parsePayload({ ...payload, x: heldNumbers(payload.x, wrong) });
  assert.ok('reason' in refused && /^\/x: a coordinate is not a finite number/.test(refused.reason));
  const short = parsePayload({ ...payload, x: heldNumbers(payload.x, wrong.slice(5)) });
  assert.ok('reason' in short && /^\/x: 295 values for 300 rows/.test(short.reason));
});

test('a column that only claims to be held is refused', () => {
  const payload = withRows();
  const copied = { ...heldNumbers(payload.x, unpackNumbers(payload.x)) };
  const parsed = parsePayload({ ...payload, x: copied });
  assert.ok('reason' in parsed && /0 base64 letters/.test(parsed.reason));
});
