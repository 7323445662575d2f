/** Training adapters through the engine, on a tiny random encoder: it learns, repeats, resumes, and explains bad input. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { CancelledError, DataError, ShapeError } from '../../common/errors.js';
import {
  createEngine,
  lastState,
  type TrainingState,
  type TrainLoraInput
} from '../../kernel/engine/index.js';
import { epochSteps, lengthBuckets } from '../../kernel/engine/tasks/lora-batches.js';
import { Random } from '../../kernel/onnx/index.js';
import { ROOT } from '../paths.js';

const engine = createEngine();
after(() => engine.stop());

const folder = join(ROOT, 'test/golden/tiny-bert');
const width = 12;
const classes = 3;

/** Texts whose class is the residue of how often w5 stands in them: a sum over words that are the same word. */
function sentences(rows: number, seed: number): { texts: string[]; y: Int32Array } {
  const source = new Random(seed);
  const pick = (most: number): number => Math.floor(source.uniform() * most);
  const y = Int32Array.from({ length: rows }, () => pick(classes));
  const texts = Array.from(y, label => {
    const others = Array.from({ length: 1 + pick(9) }, () => `w${8 + pick(30)}`);
    return [...others, `w${5 + label}`].join(' ');
  });
  return { texts, y };
}

const train = sentences(90, 1);
const valid = sentences(60, 2);
const base: TrainLoraInput = {
  folder,
  ...train,
  classes,
  valid,
  lora: { rank: 4, alpha: 8, targetModules: ['query', 'value', 'intermediate.dense'] },
  centre: new Float32Array(width),
  spread: new Float32Array(width).fill(0.3),
  epochs: 3,
  batchSize: 16,
  lr: 0.01,
  seed: 4,
  threads: 1
};

test('adapters and head learn, and predictions are those of the kept parameters', async () => {
  const out = await engine.run('train-lora', { ...base, epochs: 25, lr: 0.02 });
  assert.ok(out.curves.at(-1)!.train < 0.6 * out.curves[0]!.train, JSON.stringify(out.curves));
  const { probabilities } = await engine.run('lora-forward', {
    ...base,
    texts: valid.texts,
    head: out.head,
    parameters: out.parameters
  });
  let loss = 0;
  valid.y.forEach((label, i) => (loss -= Math.log(probabilities[i * classes + label]!) / valid.y.length));
  const lowest = Math.min(...out.curves.map(point => point.valid!));
  assert.equal(out.bestLoss, lowest);
  assert.ok(Math.abs(loss - lowest) < 1e-5, `${loss} and ${lowest}`);
  // Every adapted matrix moved, those that begin at zero included.
  for (const { name, shape, offset } of out.layout) {
    const size = shape.reduce((a, b) => a * b, 1);
    assert.ok(
      out.parameters.subarray(offset, offset + size).some(value => value !== 0),
      name
    );
  }
});

test('the same seed gives the same bits, with one thread or two, another seed other ones', async () => {
  const [first, again, two, other] = [
    await engine.run('train-lora', base),
    await engine.run('train-lora', base),
    await engine.run('train-lora', { ...base, threads: 2 }),
    await engine.run('train-lora', { ...base, seed: 5 })
  ];
  assert.deepEqual(again.parameters, first.parameters);
  assert.deepEqual(again.curves, first.curves);
  assert.deepEqual(two.parameters, first.parameters);
  assert.notDeepEqual(other.parameters, first.parameters);
});

test('weights of 1 equal no weights, and an epoch without learning has the plain mean as its loss', async () => {
  const none = await engine.run('train-lora', base);
  const ones = await engine.run('train-lora', { ...base, weights: new Float32Array(90).fill(1) });
  assert.deepEqual(ones.parameters, none.parameters);
  const still = await engine.run('train-lora', { ...base, epochs: 1, lr: 1e-12, valid: train });
  assert.ok(Math.abs(still.curves[0]!.train - still.curves[0]!.valid!) < 1e-5);
});

test('rows of weight 0 are as good as absent in a full batch, whatever calls it takes', async () => {
  // A long text among the kept ones: the step then takes calls of another size.
  const texts = train.texts.map((text, i) => (i === 3 ? Array(30).fill(text).join(' ') : text));
  const half = 45;
  const weights = Float32Array.from({ length: 90 }, (_, i) => (i < half ? 1 + (i % 3) : 0));
  const settings = { ...base, texts, batchSize: 90, epochs: 6, valid: undefined };
  const all = await engine.run('train-lora', { ...settings, weights });
  const kept = await engine.run('train-lora', {
    ...settings,
    texts: texts.slice(0, half),
    y: train.y.slice(0, half),
    weights: weights.slice(0, half)
  });
  const worst = Math.max(...all.parameters.map((value, i) => Math.abs(value - kept.parameters[i]!)));
  assert.ok(worst < 1e-4, `differs by ${worst}`);
  assert.equal(all.cut, 1, 'the long text was cut, and this is said');
});

test('a head that is given is where training starts', async () => {
  const head = Float32Array.from({ length: classes * width + classes }, (_, i) => Math.sin(i));
  const out = await engine.run('train-lora', { ...base, head, epochs: 1, lr: 1e-12 });
  const tail = out.parameters.slice(-head.length);
  assert.ok(tail.every((value, i) => Math.abs(value - head[i]!) < 1e-6));
});

test('a stopped training hands over its state, and goes on from it to the same bits', async () => {
  // Long enough that the stop, which follows the first report, comes before the end.
  const settings: TrainLoraInput = { ...base, epochs: 160, schedule: { kind: 'cosine', warmUp: 0.1 } };
  const whole = await engine.run('train-lora', settings);
  const stop = new AbortController();
  const error = await engine
    .run('train-lora', settings, {
      signal: stop.signal,
      progress: (_fraction, _message, partial) => (partial as TrainingState | undefined)?.step && stop.abort()
    })
    .then(() => assert.fail('was not stopped'))
    .catch((reason: unknown) => reason);
  assert.ok(error instanceof CancelledError, String(error));
  const state = lastState(error) as TrainingState;
  assert.ok(state.step > 0 && state.step < 160 * 6, `stopped at step ${state.step}`);
  const resumed = await engine.run('train-lora', { ...settings, resume: state });
  assert.deepEqual(resumed.parameters, whole.parameters);
  assert.deepEqual(resumed.curves, whole.curves);
  await assert.rejects(engine.run('train-lora', { ...base, resume: state }), /belongs to other settings/);
});

test('a training that is asked to end returns the best epoch so far', async () => {
  const finish = new AbortController();
  const out = await engine.run(
    'train-lora',
    { ...base, epochs: 100_000, schedule: { kind: 'constant' } },
    {
      finish: finish.signal,
      progress: (_fraction, _message, partial) =>
        (partial as TrainingState | undefined)?.curves.length && finish.abort()
    }
  );
  assert.equal(out.ended, 'person');
  assert.equal(out.bestLoss, Math.min(...out.curves.map(point => point.valid!)));
  const straight = await engine.run('train-lora', {
    ...base,
    epochs: out.bestEpoch,
    schedule: { kind: 'constant' }
  });
  assert.deepEqual(out.parameters, straight.state.p);
});

test('a state between the last step of an epoch and its held-out loss resumes to the same bits', async () => {
  const whole = await engine.run('train-lora', base);
  const once = await engine.run('train-lora', {
    ...base,
    epochs: 1,
    valid: undefined,
    schedule: { kind: 'constant' }
  });
  const constant = await engine.run('train-lora', { ...base, schedule: { kind: 'constant' } });
  const between = {
    ...once.state,
    best: undefined,
    curves: [],
    epochLoss: constant.curves[0]!.train * 90,
    settings: constant.state.settings
  };
  const resumed = await engine.run('train-lora', {
    ...base,
    schedule: { kind: 'constant' },
    resume: between
  });
  assert.deepEqual(resumed.parameters, constant.parameters);
  assert.deepEqual(
    resumed.curves.map(point => point.valid),
    constant.curves.map(point => point.valid)
  );
  assert.notDeepEqual(whole.parameters, constant.parameters);
});

test('training stops when the held-out loss has not fallen for `patience` epochs', async () => {
  const out = await engine.run('train-lora', { ...base, lr: 0.1, epochs: 60, patience: 2 });
  assert.equal(out.ended, 'patience');
  assert.equal(out.curves.length, out.bestEpoch + 2);
});

test('every row is in one step of an epoch, only one step is short, and texts fit their bucket', () => {
  const source = new Random(8);
  const lengths = Array.from({ length: 101 }, () => 3 + Math.floor(40 * source.uniform() ** 3));
  const buckets = lengthBuckets(lengths, 3, 64);
  assert.ok(buckets.length <= 3 && buckets.at(-1)! >= Math.max(...lengths));
  const steps = epochSteps(lengths, buckets, 8, 1, 0);
  assert.deepEqual(
    steps.flatMap(({ rows }) => rows).sort((a, b) => a - b),
    lengths.map((_, i) => i)
  );
  assert.equal(steps.length, 13);
  assert.equal(steps.filter(({ rows }) => rows.length < 8).length, 1);
  assert.ok(steps.every(({ rows, tokens }) => rows.every(row => lengths[row]! <= tokens)));
  assert.notDeepEqual(epochSteps(lengths, buckets, 8, 1, 1), steps);
});

test('buckets pad as little as any choice of lengths does', () => {
  const lengths = [4, 4, 5, 9, 12, 13, 20, 21, 30, 33];
  const padded = (buckets: readonly number[]): number =>
    lengths.reduce((sum, length) => sum + (buckets.find(bucket => bucket >= length) ?? Infinity), 0);
  const sizes = [4, 8, 12, 16, 20, 24, 32, 36];
  let least = Infinity;
  for (const a of sizes) for (const b of sizes) if (a < b) least = Math.min(least, padded([a, b, 36]));
  assert.equal(padded(lengthBuckets(lengths, 3, 64)), least);
  assert.deepEqual(lengthBuckets(lengths, 1, 34), [34], 'the longest length bounds the rounding');
});

const mistakes: [string, Partial<TrainLoraInput>, RegExp, new (...args: never[]) => Error][] = [
  ['a single class', { y: new Int32Array(90) }, /all 90 rows are of class 0/, DataError],
  [
    'a class out of range',
    { y: train.y.map((y, i) => (i === 7 ? 3 : y)) },
    /class of train row 7 is 3/,
    DataError
  ],
  ['weights that are all 0', { weights: new Float32Array(90) }, /all weights of train rows are 0/, DataError],
  ['too few texts', { texts: ['w5'] }, /1 texts for 90 train rows/, DataError],
  ['a centre of another width', { centre: new Float32Array(5) }, /centre has 5/, DataError],
  ['a spread of 0', { spread: new Float32Array(width) }, /spread finite numbers above 0/, DataError],
  ['a head of another size', { head: new Float32Array(3) }, /the head has 39 parameters, and 3/, DataError],
  ['a rank of 0', { lora: { ...base.lora, rank: 0 } }, /rank must be a whole number from 1/, ShapeError],
  [
    'an unknown module',
    { lora: { ...base.lora, targetModules: ['q'] } },
    /"q" names no linear module/,
    ShapeError
  ],
  ['a learning rate that is far too large', { lr: 1e38 }, /Lower the learning rate \(now 1e\+38\)/, DataError]
];
for (const [name, change, says, kind] of mistakes) {
  test(`${name} is a ${kind.name} that says so`, async () => {
    await assert.rejects(
      engine.run('train-lora', { ...base, ...change }),
      (error: Error) => error instanceof kind && says.test(error.message)
    );
  });
}
