/** The head's training graph, run by ONNX Runtime: PyTorch's values, and what weights of 0 and 1 must mean. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  adamW,
  adamWInputs,
  encodeModel,
  Graph,
  headInitial,
  headLayout,
  headTraining,
  headTrainingGraph,
  parameterCount,
  parameterOf,
  Random,
  type HeadShape,
  type HeadTrainingOptions
} from '../../kernel/onnx/index.js';
import { openSession, type Results } from '../../kernel/engine/session.js';
import { ROOT } from '../paths.js';
import { interpret } from './interpreter.js';

interface GoldenCase {
  name: string;
  features: number;
  classes: number;
  hidden: number;
  activation: 'relu' | 'gelu';
  clipNorm: number | null;
  lr: number;
  weightDecay: number;
  x: number[];
  y: number[];
  w: number[];
  initial: number[];
  gradient: number[];
  losses: number[];
  final: number[];
}

const golden = JSON.parse(readFileSync(join(ROOT, 'test/golden/head.json'), 'utf8')) as {
  cases: GoldenCase[];
};

interface Run {
  head: HeadShape;
  x: Float32Array;
  y: readonly number[];
  w?: Float32Array;
  initial: Float32Array;
  steps: number;
  options?: HeadTrainingOptions;
  lr?: number;
}

/** Full-batch steps; a class of -1 makes a target row of zeros. Returns the results of each step. */
async function steps({ head, x, y, w, initial, steps: count, options, lr = 0.02 }: Run): Promise<Results[]> {
  const rows = y.length;
  const targets = new Float32Array(rows * head.classes);
  y.forEach((label, i) => label >= 0 && (targets[i * head.classes + label] = 1));
  const real = y.filter(label => label >= 0).length;
  const mean = w ? w.reduce((a, b) => a + b, 0) / real : 1;
  const session = await openSession(headTrainingGraph(head, rows, options));
  const size = [initial.length];
  const zeros = new Float32Array(initial.length);
  let state = { p: initial, m: zeros, v: zeros, t: Float32Array.of(0) };
  const out: Results[] = [];
  try {
    for (let k = 0; k < count; k++) {
      const result = await session.run({
        p: { data: state.p, shape: size },
        m: { data: state.m, shape: size },
        v: { data: state.v, shape: size },
        t: { data: state.t, shape: [] },
        lr: { data: Float32Array.of(lr), shape: [] },
        x: { data: x, shape: [rows, head.features] },
        y: { data: targets, shape: [rows, head.classes] },
        ...(w ? { w: { data: w, shape: [rows] } } : {}),
        scale: { data: Float32Array.of(1 / (real * mean)), shape: [] }
      });
      out.push(result);
      state = { p: result.p2!, m: result.m2!, v: result.v2!, t: result.t2! };
    }
  } finally {
    await session.dispose();
  }
  return out;
}

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  assert.equal(a.length, b.length);
  let worst = 0;
  for (let i = 0; i < a.length; i++) worst = Math.max(worst, Math.abs(a[i]! - b[i]!));
  return worst;
}

for (const one of golden.cases) {
  test(`the ${one.name} head's loss, gradient and five AdamW steps equal PyTorch's`, async () => {
    const results = await steps({
      head: one,
      x: Float32Array.from(one.x),
      y: one.y,
      w: Float32Array.from(one.w),
      initial: Float32Array.from(one.initial),
      steps: one.losses.length,
      options: { weightDecay: one.weightDecay, gradient: true, clipNorm: one.clipNorm ?? undefined },
      lr: one.lr
    });
    // Both are float32; sums may be taken in another order.
    assert.ok(largestDifference(results[0]!.g!, one.gradient) < 1e-6);
    assert.ok(
      largestDifference(
        results.map(({ loss }) => loss![0]!),
        one.losses
      ) < 2e-6
    );
    assert.ok(largestDifference(results.at(-1)!.p2!, one.final) < 5e-6);
    assert.ok(largestDifference(one.initial, one.final) > 0.01, 'training moved the parameters');
  });
}

const head: HeadShape = { features: 9, classes: 5, hidden: 6 };
const rows = 12;
const source = new Random(11);
const x = Float32Array.from({ length: rows * head.features }, () => 4 * source.uniform() - 2);
const y = Array.from({ length: rows }, (_, i) => i % head.classes);
const initial = headInitial(head, 5);

test('weights of 1 give the same parameters as the unweighted graph, to the last bit', async () => {
  const ones = new Float32Array(rows).fill(1);
  const weighted = await steps({ head, x, y, w: ones, initial, steps: 20 });
  const unweighted = await steps({ head, x, y, initial, steps: 20, options: { weighted: false } });
  for (const name of ['p2', 'm2', 'v2', 'loss']) {
    assert.deepEqual(weighted.at(-1)![name], unweighted.at(-1)![name], name);
  }
});

test('weights matter only by their ratios', async () => {
  const w = Float32Array.from({ length: rows }, () => source.uniform() + 0.1);
  const once = await steps({ head, x, y, w, initial, steps: 10 });
  const eightfold = await steps({ head, x, y, w: w.map(weight => 8 * weight), initial, steps: 10 });
  const sevenfold = await steps({ head, x, y, w: w.map(weight => 7 * weight), initial, steps: 10 });
  assert.deepEqual(once.at(-1)!.p2, eightfold.at(-1)!.p2, 'a power of two is exact');
  assert.ok(largestDifference(once.at(-1)!.p2!, sevenfold.at(-1)!.p2!) < 2e-5);
});

test('a row of weight 0 is as good as absent, and so is a target row of zeros without weights', async () => {
  const kept = rows - 2;
  const short = { x: x.subarray(0, kept * head.features), y: y.slice(0, kept) };
  const w = Float32Array.from({ length: rows }, (_, i) => (i < kept ? 0.5 + i / rows : 0));
  const withZeros = await steps({ head, x, y, w, initial, steps: 5 });
  const without = await steps({ head, ...short, w: w.subarray(0, kept), initial, steps: 5 });
  assert.ok(largestDifference(withZeros.at(-1)!.p2!, without.at(-1)!.p2!) < 2e-6);
  const options = { weighted: false };
  const blank = await steps({
    head,
    x,
    y: y.map((label, i) => (i < kept ? label : -1)),
    initial,
    steps: 5,
    options
  });
  const none = await steps({ head, ...short, initial, steps: 5, options });
  assert.ok(largestDifference(blank.at(-1)!.p2!, none.at(-1)!.p2!) < 2e-6);
});

test('the first AdamW step equals its closed form', async () => {
  const size = 4;
  const graph = new Graph();
  const state = adamWInputs(graph, size);
  adamW(state, graph.input('g', [size]), { weightDecay: 0.1, epsilon: 1e-8 });
  const session = await openSession(encodeModel(graph));
  const p = Float32Array.of(1, -2, 3, 0.5);
  const g = Float32Array.of(0.25, -3, 1e-4, 0);
  const zeros = new Float32Array(size);
  const result = await session.run({
    p: { data: p, shape: [size] },
    m: { data: zeros, shape: [size] },
    v: { data: zeros, shape: [size] },
    t: { data: Float32Array.of(0), shape: [] },
    lr: { data: Float32Array.of(0.01), shape: [] },
    g: { data: g, shape: [size] }
  });
  await session.dispose();
  // At t = 1 the corrected moments are g and g^2, so the step is lr g / (|g| + epsilon): its sign times lr.
  const expected = [...p].map(
    (value, i) => value * (1 - 0.01 * 0.1) - (0.01 * g[i]!) / (Math.abs(g[i]!) + 1e-8)
  );
  assert.ok(largestDifference(result.p2!, expected) < 3e-7);
  assert.equal(result.t2![0], 1);
});

test('ONNX Runtime and the float64 interpreter agree on the whole training graph', async () => {
  const w = Float32Array.from({ length: rows }, () => source.uniform() + 0.1);
  const [result] = await steps({
    head,
    x,
    y,
    w,
    initial,
    steps: 1,
    options: { gradient: true, clipNorm: 0.05 }
  });
  const graph = headTraining(head, rows, { gradient: true, clipNorm: 0.05 });
  const wide = (data: ArrayLike<number>, shape: number[]): { data: Float64Array; shape: number[] } => ({
    data: Float64Array.from(data),
    shape
  });
  const size = [initial.length];
  const targets = new Float64Array(rows * head.classes);
  y.forEach((label, i) => (targets[i * head.classes + label] = 1));
  const exact = interpret(graph, {
    p: wide(initial, size),
    m: wide(new Float64Array(initial.length), size),
    v: wide(new Float64Array(initial.length), size),
    t: wide([0], []),
    lr: wide([0.02], []),
    x: wide(x, [rows, head.features]),
    y: wide(targets, [rows, head.classes]),
    w: wide(w, [rows]),
    scale: wide([1 / w.reduce((a, b) => a + b, 0)], [])
  });
  assert.ok(largestDifference(result!.g!, exact.g!.data) < 1e-6);
  assert.ok(largestDifference(result!.loss!, exact.loss!.data) < 1e-6);
  assert.ok(largestDifference(result!.m2!, exact.m2!.data) < 1e-6);
});

test('a confident right answer costs nothing and a confident wrong one stays finite', async () => {
  const linear: HeadShape = { features: 1, classes: 2, hidden: 0 };
  // Logits of +-500: the naive logarithm of a probability would be infinite.
  const p = Float32Array.of(500, -500, 0, 0);
  const run = { head: linear, initial: p, steps: 1, options: { gradient: true }, w: Float32Array.of(1) };
  const [right] = await steps({ ...run, x: Float32Array.of(1), y: [0] });
  const [wrong] = await steps({ ...run, x: Float32Array.of(1), y: [1] });
  assert.equal(right!.loss![0], 0);
  assert.equal(wrong!.loss![0], 1000);
  assert.ok(wrong!.g!.every(Number.isFinite));
});

test('initial parameters lie within one over the root of the inputs, and depend on the seed', () => {
  const layout = headLayout(head);
  assert.equal(parameterCount(layout), 9 * 6 + 6 + 6 * 5 + 5);
  const bound = 1 / Math.sqrt(head.features);
  const hidden = parameterOf(initial, layout, 'hidden.weight');
  assert.ok(hidden.every(number => Math.abs(number) <= bound));
  assert.ok(Math.max(...hidden.map(Math.abs)) > 0.9 * bound, 'the whole range is used');
  assert.deepEqual(headInitial(head, 5), initial);
  assert.notDeepEqual(headInitial(head, 6), initial);
});
