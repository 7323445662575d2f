/** Training a head through the engine: it learns, repeats, resumes to the same bits, and explains bad input. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { CancelledError, DataError } from '../../common/errors.js';
import { createEngine, lastState, type HeadState, type TrainHeadInput } from '../../kernel/engine/index.js';
import { Random } from '../../kernel/onnx/index.js';

const engine = createEngine();
after(() => engine.stop());

const features = 6;
const classes = 3;

/** Three overlapping clouds around the corners of a triangle. */
function clouds(rows: number, seed: number): { x: Float32Array; y: Int32Array } {
  const source = new Random(seed);
  const noise = (): number => (source.uniform() + source.uniform() + source.uniform() - 1.5) * 1.6;
  const y = Int32Array.from({ length: rows }, () => Math.floor(source.uniform() * classes));
  const x = Float32Array.from({ length: rows * features }, (_, i) => {
    const centre = i % features === y[Math.floor(i / features)] ? 1.5 : 0;
    return centre + noise();
  });
  return { x, y };
}

const train = clouds(150, 1);
const valid = clouds(90, 2);
const base: TrainHeadInput = { ...train, classes, valid, epochs: 30, batchSize: 32, lr: 0.02, seed: 4 };

test('a head learns to tell clouds apart, and its predictions are those of its parameters', async () => {
  const out = await engine.run('train-head', { ...base, hidden: 8 });
  assert.equal(out.curves.length, 30);
  assert.ok(out.curves.at(-1)!.train < 0.5 * out.curves[0]!.train);
  const { probabilities, logits } = await engine.run('head-forward', {
    head: out.head,
    parameters: out.parameters,
    x: valid.x
  });
  let [right, loss] = [0, 0];
  valid.y.forEach((label, i) => {
    const row = [...probabilities.subarray(i * classes, (i + 1) * classes)];
    assert.ok(Math.abs(row.reduce((a, b) => a + b) - 1) < 1e-6);
    if (row.indexOf(Math.max(...row)) === label) right++;
    loss -= Math.log(row[label]!) / valid.y.length;
  });
  assert.equal(logits.length, probabilities.length);
  assert.ok(right / valid.y.length > 0.7, `${right} of ${valid.y.length} right`);
  // The kept parameters are those of the epoch with the lowest held-out loss.
  const lowest = Math.min(...out.curves.map(point => point.valid!));
  assert.ok(Math.abs(loss - lowest) < 1e-5);
  assert.equal(out.curves[out.bestEpoch - 1]!.valid, out.bestLoss);
  assert.equal(out.bestLoss, lowest);
});

test('the same seed gives the same bits, another seed other ones', async () => {
  const first = await engine.run('train-head', base);
  const again = await engine.run('train-head', base);
  const other = await engine.run('train-head', { ...base, seed: 5 });
  assert.deepEqual(again.parameters, first.parameters);
  assert.deepEqual(again.curves, first.curves);
  assert.notDeepEqual(other.parameters, first.parameters);
});

test('weights of 1 equal no weights, and a last batch that is short counts its rows only', async () => {
  const none = await engine.run('train-head', base);
  const ones = await engine.run('train-head', { ...base, weights: new Float32Array(train.y.length).fill(1) });
  assert.deepEqual(ones.parameters, none.parameters);
  // One epoch without learning: the epoch's loss is the plain mean over all 150 rows, 22 of them in the last batch.
  const still = { ...base, epochs: 1, lr: 1e-12, valid: train };
  const out = await engine.run('train-head', still);
  assert.ok(Math.abs(out.curves[0]!.train - out.curves[0]!.valid!) < 1e-5);
});

test('rows of weight 0 are as good as absent in a full batch', async () => {
  const half = 75;
  const weights = Float32Array.from({ length: 150 }, (_, i) => (i < half ? 1 + (i % 3) : 0));
  const settings = { ...base, batchSize: 150, epochs: 20, valid: undefined };
  const all = await engine.run('train-head', { ...settings, weights });
  const kept = await engine.run('train-head', {
    ...settings,
    x: train.x.slice(0, half * features),
    y: train.y.slice(0, half),
    weights: weights.slice(0, half)
  });
  const worst = Math.max(...all.parameters.map((number, i) => Math.abs(number - kept.parameters[i]!)));
  assert.ok(worst < 2e-5, `differs by ${worst}`);
});

test('training stops when the held-out loss has not fallen for `patience` epochs', async () => {
  const out = await engine.run('train-head', { ...base, lr: 0.3, hidden: 32, epochs: 400, patience: 5 });
  assert.equal(out.ended, 'patience');
  assert.equal(out.curves.length, out.bestEpoch + 5);
});

test('a stopped training hands over its state, and goes on from it to the same bits', async () => {
  const settings: TrainHeadInput = { ...base, epochs: 2000, schedule: { kind: 'cosine', warmUp: 0.1 } };
  const whole = await engine.run('train-head', settings);
  const stop = new AbortController();
  const error = await engine
    .run('train-head', settings, { signal: stop.signal, progress: fraction => fraction < 1 && stop.abort() })
    .then(() => assert.fail('was not stopped'))
    .catch((reason: unknown) => reason);
  assert.ok(error instanceof CancelledError, String(error));
  const state = lastState(error) as HeadState;
  assert.ok(state.step > 0 && state.step < 2000 * 5, `stopped at step ${state.step}`);
  const resumed = await engine.run('train-head', { ...settings, resume: state });
  assert.deepEqual(resumed.parameters, whole.parameters);
  assert.deepEqual(resumed.curves, whole.curves);
  await assert.rejects(engine.run('train-head', { ...base, resume: state }), /belongs to other settings/);
});

test('a training that is asked to end returns the best epoch so far', async () => {
  const finish = new AbortController();
  const out = await engine.run(
    'train-head',
    { ...base, epochs: 100_000 },
    { finish: finish.signal, progress: () => finish.abort() }
  );
  assert.equal(out.ended, 'person');
  assert.ok(out.curves.length > 0 && out.curves.length < 100_000);
  const lowest = Math.min(...out.curves.map(point => point.valid!));
  assert.equal(out.bestLoss, lowest);
  const straight = await engine.run('train-head', { ...base, epochs: out.bestEpoch });
  assert.deepEqual(out.parameters, straight.state.p);
});

test('asked before its first epoch is over, a training ends with that epoch', async () => {
  const out = await engine.run('train-head', base, { finish: AbortSignal.abort() });
  assert.deepEqual([out.ended, out.curves.length, out.bestEpoch], ['person', 1, 1]);
  const once = await engine.run('train-head', { ...base, epochs: 1 });
  assert.deepEqual(out.parameters, once.parameters);
  // Without held-out rows it keeps the last whole epoch, not half of the next.
  const finish = new AbortController();
  const blind = await engine.run(
    'train-head',
    { ...base, valid: undefined, epochs: 100_000, batchSize: 4 },
    { finish: finish.signal, progress: () => finish.abort() }
  );
  assert.equal(blind.bestEpoch, blind.curves.length);
  assert.equal(blind.state.step, blind.curves.length * Math.ceil(150 / 4));
});

test('a training that was asked to end can still be stopped, and the next one is not asked', async () => {
  const finish = new AbortController();
  const stop = new AbortController();
  const slow = { ...base, hidden: 64, epochs: 100, batchSize: 1, valid: undefined };
  const long = engine.run('train-head', slow, { finish: finish.signal, signal: stop.signal });
  finish.abort();
  stop.abort();
  await assert.rejects(long, CancelledError);
  assert.equal((await engine.run('train-head', base)).ended, 'epochs');
});

const mistakes: [string, Partial<TrainHeadInput>, RegExp][] = [
  ['a single class', { y: new Int32Array(150) }, /all 150 rows are of class 0/],
  ['a class out of range', { y: train.y.map((y, i) => (i === 7 ? 3 : y)) }, /class of train row 7 is 3/],
  [
    'a feature that is NaN',
    { x: train.x.map((x, i) => (i === 2 * features + 1 ? NaN : x)) },
    /feature 1 of train row 2 is NaN/
  ],
  [
    'a negative weight',
    { weights: new Float32Array(150).fill(1).map((w, i) => (i === 3 ? -1 : w)) },
    /weight of train row 3 is -1/
  ],
  ['weights that are all 0', { weights: new Float32Array(150) }, /all weights of train rows are 0/],
  ['too few weights', { weights: new Float32Array(3).fill(1) }, /3 weights for 150/],
  ['no held-out rows', { valid: { x: new Float32Array(0), y: [] } }, /no valid rows/],
  [
    'held-out rows of another width',
    { valid: { x: new Float32Array(14), y: [0, 1] } },
    /another number of features/
  ],
  ['a learning rate of 0', { lr: 0 }, /lr must be above 0/],
  [
    'a learning rate that is far too large',
    { lr: 1e38, hidden: 4 },
    /Lower the learning rate \(now 1e\+38\)/
  ],
  ['half an epoch', { epochs: 0.5 }, /epochs must be a whole number/]
];
for (const [name, change, says] of mistakes) {
  test(`${name} is a DataError that says so`, async () => {
    await assert.rejects(
      engine.run('train-head', { ...base, ...change }),
      (error: Error) => error instanceof DataError && says.test(error.message)
    );
  });
}
