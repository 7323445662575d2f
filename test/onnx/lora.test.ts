/** LoRA on a tiny random BERT: gradients by finite differences and by PyTorch, and what weights and B = 0 must mean. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { openSession, type Results } from '../../kernel/engine/session.js';
import {
  headForwardGraph,
  headInitial,
  headLayout,
  loraForwardGraph,
  loraGradient,
  loraGradientGraph,
  loraInitial,
  loraLayout,
  loraModelInitial,
  loraModelLayout,
  loraModules,
  openSentenceEncoder,
  optimiserGraph,
  parameterCount,
  parameterOf,
  Random,
  sentenceEncoderGraph,
  type LoraModel
} from '../../kernel/onnx/index.js';
import { ROOT } from '../paths.js';
import { interpret, type Value } from './interpreter.js';

interface GoldenCase {
  name: string;
  targetModules: string[];
  rsLora: boolean;
  pooling: 'mean' | 'first';
  hidden: number;
  rank: number;
  alpha: number;
  classes: number;
  clipNorm: number | null;
  lr: number;
  weightDecay: number;
  tokens: number;
  ids: number[];
  mask: number[];
  y: number[];
  w: number[];
  centre: number[];
  spread: number[];
  initial: number[];
  logits: number[];
  gradient: number[];
  losses: number[];
  final: number[];
}

const folder = join(ROOT, 'test/golden/tiny-bert');
const encoder = openSentenceEncoder(folder);
const golden = JSON.parse(readFileSync(join(ROOT, 'test/golden/lora.json'), 'utf8')) as {
  cases: GoldenCase[];
};

function modelOf(one: GoldenCase): LoraModel {
  const { targetModules, rsLora, rank, alpha, classes, hidden, pooling } = one;
  return {
    config: encoder.config,
    weights: encoder.weights,
    pooling: { kind: pooling, normalise: pooling === 'mean' },
    lora: { targetModules, rsLora, rank, alpha },
    head: { features: encoder.config.width, classes, hidden }
  };
}

/** Feeds of the first `rows` rows but parameters and scale; a class of -1 makes a target row of zeros. */
function feedsOf(
  one: GoldenCase,
  rows = one.y.length
): Record<string, { data: Float32Array | Int32Array; shape: number[] }> {
  const { tokens, classes } = one;
  const y = new Float32Array(rows * classes);
  one.y.slice(0, rows).forEach((label, i) => label >= 0 && (y[i * classes + label] = 1));
  return {
    ids: { data: Int32Array.from(one.ids.slice(0, rows * tokens)), shape: [rows, tokens] },
    positions: { data: Int32Array.from({ length: tokens }, (_, i) => i), shape: [tokens] },
    mask: { data: Float32Array.from(one.mask.slice(0, rows * tokens)), shape: [rows, tokens] },
    centre: { data: Float32Array.from(one.centre), shape: [one.centre.length] },
    spread: { data: Float32Array.from(one.spread), shape: [one.spread.length] },
    y: { data: y, shape: [rows, classes] },
    w: { data: Float32Array.from(one.w.slice(0, rows)), shape: [rows] }
  };
}

const scalar = (value: number): { data: Float32Array; shape: number[] } => ({
  data: Float32Array.of(value),
  shape: []
});
const vector = (data: Float32Array): { data: Float32Array; shape: number[] } => ({
  data,
  shape: [data.length]
});
const total = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

async function gradientOf(
  one: GoldenCase,
  rows = one.y.length,
  weighted = true,
  scale?: number
): Promise<Results> {
  const model = modelOf(one);
  const bytes = loraGradientGraph(model, { batch: rows, tokens: one.tokens }, { weighted });
  const session = await openSession(bytes, { folder, prepack: false });
  const { w, ...feeds } = feedsOf(one, rows);
  try {
    return await session.run({
      ...feeds,
      ...(weighted ? { w: w! } : {}),
      p: vector(Float32Array.from(one.initial)),
      scale: scalar(scale ?? 1 / total(one.w.slice(0, rows)))
    });
  } finally {
    await session.dispose();
  }
}

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  assert.equal(a.length, b.length);
  let worst = 0;
  for (let i = 0; i < a.length; i++) worst = Math.max(worst, Math.abs(a[i]! - b[i]!));
  return worst;
}

function largest(a: ArrayLike<number>): number {
  return Math.max(...Array.from(a, Math.abs));
}

const [plain] = golden.cases as [GoldenCase];

for (const one of golden.cases) {
  test(`LoRA on ${one.name}: logits, loss, gradient and four AdamW steps equal PyTorch's`, async () => {
    const model = modelOf(one);
    const size = parameterCount(loraModelLayout(model));
    assert.equal(one.initial.length, size);
    const feeds = feedsOf(one);
    const { y: _y, w: _w, ...inputs } = feeds;
    const forward = await openSession(loraForwardGraph(model), { folder });
    const { logits } = await forward.run({ ...inputs, p: vector(Float32Array.from(one.initial)) });
    await forward.dispose();
    assert.ok(largestDifference(logits!, one.logits) < 1e-5 * largest(one.logits));

    const trainer = await openSession(loraGradientGraph(model, { batch: one.y.length, tokens: one.tokens }), {
      folder,
      prepack: false
    });
    const optimiser = await openSession(
      optimiserGraph(size, { weightDecay: one.weightDecay, clipNorm: one.clipNorm ?? undefined })
    );
    const zeros = new Float32Array(size);
    let state: Results = { p2: Float32Array.from(one.initial), m2: zeros, v2: zeros, t2: Float32Array.of(0) };
    const losses: number[] = [];
    for (let step = 0; step < one.losses.length; step++) {
      const scale = scalar(1 / total(one.w));
      const { loss, g } = await trainer.run({ ...feeds, p: vector(state.p2!), scale });
      losses.push(loss![0]!);
      if (step === 0) assert.ok(largestDifference(g!, one.gradient) < 1e-5 * largest(one.gradient));
      const [p, m, v] = [vector(state.p2!), vector(state.m2!), vector(state.v2!)];
      state = await optimiser.run({ p, m, v, t: scalar(step), lr: scalar(one.lr), g: vector(g!) });
    }
    await trainer.dispose();
    await optimiser.dispose();
    assert.ok(largestDifference(losses, one.losses) < 1e-5);
    // AdamW divides by the gradient's own size: where that is near zero, rounding decides the sign of a step.
    assert.ok(largestDifference(state.p2!, one.final) < 2e-4);
    assert.ok(largestDifference(one.initial, one.final) > 0.02, 'training moved the parameters');
  });

  test(`LoRA on ${one.name}: the built gradient equals central differences in float64`, () => {
    const rows = 2;
    const graph = loraGradient(modelOf(one), { batch: rows, tokens: one.tokens });
    const wide = (numbers: ArrayLike<number>, shape: readonly number[]): Value => ({
      shape: [...shape],
      data: Float64Array.from(numbers)
    });
    const feeds: Record<string, Value> = Object.fromEntries(
      Object.entries(feedsOf(one, rows)).map(([name, { data, shape }]) => [name, wide(data, shape)])
    );
    feeds.scale = wide([1 / total(one.w.slice(0, rows))], []);
    const p = (feeds.p = wide(one.initial, [one.initial.length]));
    const built = interpret(graph, feeds, folder).g!.data;
    // Along random directions: each says something of every parameter at once.
    for (const seed of [1, 2, 3]) {
      const source = new Random(seed);
      const direction = Float64Array.from(built, () => 2 * source.uniform() - 1);
      const h = 1e-5;
      const lossAt = (sign: number): number => {
        p.data.set(direction.map((d, i) => one.initial[i]! + sign * h * d));
        return interpret(graph, feeds, folder).loss!.data[0]!;
      };
      const numerical = (lossAt(1) - lossAt(-1)) / (2 * h);
      const expected = built.reduce((sum, g, i) => sum + g * direction[i]!, 0);
      assert.ok(Math.abs(numerical) > 1e-3, 'the loss changes along the direction');
      // Some constants of the graph are float32; terms of both signs cancel in the sum.
      const terms = built.reduce((sum, g, i) => sum + Math.abs(g * direction[i]!), 0);
      assert.ok(Math.abs(numerical - expected) < 1e-6 * terms, `${numerical} and ${expected}`);
    }
  });
}

test('weights of 1 give the gradient of the unweighted graph, to the last bit', async () => {
  const ones = { ...plain, w: plain.w.map(() => 1) };
  const weighted = await gradientOf(ones);
  const unweighted = await gradientOf(ones, plain.y.length, false, 1 / plain.y.length);
  assert.deepEqual(weighted.g, unweighted.g);
  assert.deepEqual(weighted.loss, unweighted.loss);
});

test('a row of weight 0 is as good as absent, and so is a target row of zeros without weights', async () => {
  // The last row has weight 0.
  const rows = plain.y.length;
  assert.equal(plain.w.at(-1), 0);
  const [all, kept] = [await gradientOf(plain), await gradientOf(plain, rows - 1)];
  assert.ok(largestDifference(all.g!, kept.g!) < 1e-6 * largest(kept.g!));
  const blank = { ...plain, y: plain.y.map((label, i) => (i === rows - 1 ? -1 : label)) };
  const none = await gradientOf(blank, rows, false, 0.25);
  const short = await gradientOf(plain, rows - 1, false, 0.25);
  assert.ok(largestDifference(none.g!, short.g!) < 1e-6 * largest(short.g!));
});

test('padding has no influence: neither longer rows nor the ids under the mask', async () => {
  const changed = { ...plain, ids: plain.ids.map((id, i) => (plain.mask[i] ? id : 39)) };
  assert.deepEqual((await gradientOf(changed)).g, (await gradientOf(plain)).g);
  const wider = (numbers: number[]): number[] =>
    Array.from({ length: plain.y.length * 9 }, (_, i) => {
      const [row, token] = [Math.floor(i / 9), i % 9];
      return token < plain.tokens ? numbers[row * plain.tokens + token]! : 0;
    });
  const padded = await gradientOf({ ...plain, tokens: 9, ids: wider(plain.ids), mask: wider(plain.mask) });
  const { g } = await gradientOf(plain);
  assert.ok(largestDifference(padded.g!, g!) < 2e-6 * largest(g!));
});

test('with B = 0 the adapted encoder and head are the frozen encoder and head', async () => {
  const model = modelOf({ ...plain, hidden: 4 });
  const { y: _y, w: _w, ...inputs } = feedsOf(plain);
  const { centre, spread, ...tokens } = inputs;
  const initial = loraModelInitial(model, 5);
  const adapted = await openSession(loraForwardGraph(model), { folder });
  const { vectors, logits } = await adapted.run({ ...inputs, p: vector(initial) });
  await adapted.dispose();
  const frozen = await openSession(sentenceEncoderGraph(encoder), { folder });
  const bare = (await frozen.run(tokens)).vectors!;
  await frozen.dispose();
  assert.deepEqual(vectors, bare);
  const width = encoder.config.width;
  const x = bare.map((value, i) => (value - centre!.data[i % width]!) / spread!.data[i % width]!);
  const head = await openSession(headForwardGraph(model.head));
  const flat = headInitial(model.head, 5);
  const expected = (await head.run({ p: vector(flat), x: { data: x, shape: [x.length / width, width] } }))
    .logits!;
  await head.dispose();
  assert.ok(largestDifference(logits!, expected) < 1e-6);
  assert.deepEqual(initial.slice(-flat.length), flat);
});

test('the adapter starts as peft starts it, and lies under its names', () => {
  const { config } = encoder;
  const spec = { rank: 4, alpha: 8, targetModules: ['query', 'intermediate.dense'] };
  const layout = loraLayout(config, spec);
  assert.deepEqual(
    layout.slice(0, 4).map(({ name, shape }) => [name, ...shape]),
    [
      ['base_model.model.encoder.layer.0.attention.self.query.lora_A.weight', 4, 12],
      ['base_model.model.encoder.layer.0.attention.self.query.lora_B.weight', 12, 4],
      ['base_model.model.encoder.layer.0.intermediate.dense.lora_A.weight', 4, 12],
      ['base_model.model.encoder.layer.0.intermediate.dense.lora_B.weight', 20, 4]
    ]
  );
  const flat = loraInitial(config, spec, 1);
  for (const { name } of layout) {
    const numbers = parameterOf(flat, layout, name);
    if (name.endsWith('lora_B.weight')) assert.ok(numbers.every(number => number === 0));
    else assert.ok(largest(numbers) <= 1 / Math.sqrt(12) && largest(numbers) > 0.8 / Math.sqrt(12), name);
  }
  assert.deepEqual(loraInitial(config, spec, 1), flat);
  assert.notDeepEqual(loraInitial(config, spec, 2), flat);
  assert.equal(headLayout(modelOf(plain).head).length, 2);
});

test("targets are matched as peft matches them: by the name's end", () => {
  const names = (targetModules: string[]): string[] =>
    loraModules(encoder.config, { rank: 1, alpha: 1, targetModules }).map(({ name }) => name);
  assert.equal(names(['query', 'value']).length, 4);
  assert.deepEqual(names(['encoder.layer.1.output.dense']), ['encoder.layer.1.output.dense']);
  assert.equal(names(['output.dense']).length, 4, "the attention's and the feed-forward layer's");
  assert.equal(names(['dense']).length, 6);
});

const mistakes: [string, object, RegExp][] = [
  ['a rank of 0', { rank: 0 }, /rank must be a whole number from 1 to the width 12, got 0/],
  ['a rank above the width', { rank: 13 }, /got 13/],
  ['an alpha of 0', { alpha: 0 }, /alpha must be above 0/],
  ['no targets', { targetModules: [] }, /no target modules were given/],
  ['an unknown target', { targetModules: ['query', 'q_proj'] }, /"q_proj" names no linear module/]
];
for (const [name, change, says] of mistakes) {
  test(`${name} is refused with words`, () => {
    assert.throws(
      () => loraModules(encoder.config, { rank: 2, alpha: 4, targetModules: ['query'], ...change }),
      says
    );
  });
}
