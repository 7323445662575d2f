/** Every differentiable operator: its built gradient against central differences of the built loss, in float64. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clipByNorm, Graph, gradients, mul, Random, sum, type Tensor } from '../../kernel/onnx/index.js';
import * as activations from '../../kernel/onnx/ops/activations.js';
import * as crossEntropy from '../../kernel/onnx/ops/cross-entropy.js';
import * as elementwise from '../../kernel/onnx/ops/elementwise.js';
import * as products from '../../kernel/onnx/ops/matmul.js';
import * as normalisation from '../../kernel/onnx/ops/normalisation.js';
import * as reductions from '../../kernel/onnx/ops/reduce.js';
import * as shapes from '../../kernel/onnx/ops/shape.js';
import { interpret, value, type Value } from './interpreter.js';

interface Case {
  operator: string;
  /** Shapes of the inputs to differentiate by. */
  shapes: number[][];
  build: (...inputs: Tensor[]) => Tensor;
  /** Range of the random inputs. */
  range?: [number, number];
}

const { add, sub, div, neg, maximum, minimum, exp, log, sqrt, square, tanh, erf, where, greater } =
  elementwise;
const { relu, sigmoid, gelu, softmax } = activations;
const { sum: total, mean, max, variance } = reductions;
const { reshape, transpose, concat, split } = shapes;
const positive: [number, number] = [0.3, 2];

const cases: Case[] = [
  {
    operator: 'add',
    shapes: [
      [3, 4],
      [3, 4]
    ],
    build: (a, b) => add(a!, b!)
  },
  { operator: 'add', shapes: [[3, 4], [4]], build: (a, b) => add(a!, b!) },
  {
    operator: 'sub',
    shapes: [
      [3, 1],
      [2, 1, 4]
    ],
    build: (a, b) => sub(a!, b!)
  },
  { operator: 'sub', shapes: [[3]], build: a => sub(1, a!) },
  {
    operator: 'mul',
    shapes: [
      [3, 4],
      [3, 1]
    ],
    build: (a, b) => mul(a!, b!)
  },
  { operator: 'mul', shapes: [[3, 4]], build: a => mul(a!, a!) },
  { operator: 'div', shapes: [[3, 4], [4]], build: (a, b) => div(a!, b!), range: positive },
  { operator: 'neg', shapes: [[5]], build: a => neg(a!) },
  { operator: 'maximum', shapes: [[3, 4], [4]], build: (a, b) => maximum(a!, b!) },
  { operator: 'minimum', shapes: [[3, 4], [4]], build: (a, b) => minimum(a!, b!) },
  { operator: 'exp', shapes: [[5]], build: a => exp(a!) },
  { operator: 'log', shapes: [[5]], build: a => log(a!), range: positive },
  { operator: 'sqrt', shapes: [[5]], build: a => sqrt(a!), range: positive },
  { operator: 'square', shapes: [[5]], build: a => square(a!) },
  { operator: 'tanh', shapes: [[5]], build: a => tanh(a!) },
  { operator: 'erf', shapes: [[9]], build: a => erf(a!), range: [-3, 3] },
  { operator: 'where', shapes: [[3, 4], [4]], build: (a, b) => where(greater(a!, 0), mul(a!, 2), b!) },
  { operator: 'relu', shapes: [[8]], build: a => relu(a!) },
  { operator: 'sigmoid', shapes: [[8]], build: a => sigmoid(a!) },
  { operator: 'gelu', shapes: [[9]], build: a => gelu(a!), range: [-4, 4] },
  { operator: 'softmax', shapes: [[3, 5]], build: a => softmax(a!) },
  {
    operator: 'matmul',
    shapes: [
      [3, 4],
      [4, 2]
    ],
    build: (a, b) => products.matmul(a!, b!)
  },
  {
    operator: 'matmul',
    shapes: [
      [2, 3, 4],
      [2, 4, 5]
    ],
    build: (a, b) => products.matmul(a!, b!)
  },
  {
    operator: 'matmul',
    shapes: [
      [2, 3, 4],
      [4, 5]
    ],
    build: (a, b) => products.matmul(a!, b!)
  },
  { operator: 'linear', shapes: [[3, 4], [2, 4], [2]], build: (x, w, b) => products.linear(x!, w!, b) },
  {
    operator: 'linear',
    shapes: [
      [3, 4],
      [2, 4]
    ],
    build: (x, w) => products.linear(x!, w!)
  },
  {
    operator: 'linearAdd',
    shapes: [
      [3, 4],
      [2, 4],
      [3, 2]
    ],
    build: (x, w, base) => products.linearAdd(x!, w!, base!, 0.4)
  },
  { operator: 'sum', shapes: [[3, 4]], build: a => total(a!, [1]) },
  { operator: 'sum', shapes: [[2, 3, 4]], build: a => total(a!, [0, 2], true) },
  { operator: 'mean', shapes: [[3, 4]], build: a => mean(a!, [0]) },
  { operator: 'mean', shapes: [[3, 4]], build: a => mean(a!, [-1], true) },
  { operator: 'max', shapes: [[3, 4]], build: a => max(a!, [1]) },
  { operator: 'variance', shapes: [[3, 4]], build: a => variance(a!, [-1]) },
  { operator: 'reshape', shapes: [[3, 4]], build: a => reshape(a!, [2, 6]) },
  { operator: 'transpose', shapes: [[2, 3, 4]], build: a => transpose(a!, [2, 0, 1]) },
  {
    operator: 'concat',
    shapes: [
      [2, 3],
      [2, 1]
    ],
    build: (a, b) => concat([a!, b!], 1)
  },
  {
    operator: 'split',
    shapes: [[5, 2]],
    build: a => mul(...(split(a!, [2, 2, 1]).slice(0, 2) as [Tensor, Tensor]))
  },
  {
    // More parts than a shader takes buffers: in stages.
    operator: 'split',
    shapes: [[17]],
    build: a => {
      const parts = split(a!, [1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 2]);
      return concat(parts.map((part, i) => mul(part, i + 1)).reverse());
    }
  },
  {
    operator: 'layerNorm',
    shapes: [[3, 5], [5], [5]],
    build: (x, g, b) => normalisation.layerNorm(x!, g!, b!, 1e-5)
  },
  { operator: 'l2Normalise', shapes: [[3, 5]], build: a => normalisation.l2Normalise(a!) },
  {
    operator: 'softmaxCrossEntropy',
    shapes: [[4, 3]],
    build: z => {
      // One-hot, soft, and a row to be ignored.
      const targets = [1, 0, 0, 0, 0, 1, 0.2, 0.5, 0.3, 0, 0, 0];
      return crossEntropy.softmaxCrossEntropy(z!, z!.graph.weight('y', [4, 3], Float32Array.from(targets)));
    },
    range: [-4, 4]
  },
  { operator: 'clipByNorm', shapes: [[6]], build: a => clipByNorm(a!, 0.5) },
  { operator: 'clipByNorm', shapes: [[6]], build: a => clipByNorm(a!, 100) }
];

/** Largest difference between built and numerical gradients, relative to the largest of the latter. */
function gradientError({ shapes: inputShapes, build, range = [-2, 2] }: Case, seed: number): number {
  const source = new Random(seed);
  const graph = new Graph();
  const inputs = inputShapes.map((shape, i) => graph.variable(graph.input(`in${i}`, shape)));
  const out = build(...inputs);
  const size = (out.shape as number[]).reduce((a, b) => a * b, 1);
  // A random weighting of the outputs, so that no gradient hides in a symmetry of their sum.
  const weighting = graph.weight(
    'c',
    out.shape as number[],
    Float32Array.from({ length: size }, () => source.uniform() + 0.5)
  );
  const loss = sum(mul(out, weighting));
  graph.output('loss', loss);
  gradients(loss, inputs).forEach((gradient, i) => graph.output(`g${i}`, gradient));

  const fill = (): number => range[0] + (range[1] - range[0]) * source.uniform();
  const feeds: Record<string, Value> = Object.fromEntries(
    inputShapes.map((shape, i) => [`in${i}`, value(shape, fill)])
  );
  const built = interpret(graph, feeds);
  let [worst, largest] = [0, 0];
  inputShapes.forEach((_, i) => {
    const { data } = feeds[`in${i}`]!;
    const h = 1e-5;
    data.forEach((x, k) => {
      const lossAt = (moved: number): number => {
        data[k] = moved;
        return interpret(graph, feeds).loss!.data[0]!;
      };
      const numerical = (lossAt(x + h) - lossAt(x - h)) / (2 * h);
      data[k] = x;
      worst = Math.max(worst, Math.abs(numerical - built[`g${i}`]!.data[k]!));
      largest = Math.max(largest, Math.abs(numerical));
    });
  });
  assert.ok(largest > 1e-3, 'the loss depends on the inputs');
  return worst / largest;
}

for (const one of cases) {
  const text = one.shapes.map(shape => `[${shape.join(', ')}]`).join(' and ');
  test(`the gradient of ${one.operator} on ${text} equals central differences`, () => {
    for (const seed of [1, 2, 3]) {
      const error = gradientError(one, seed);
      // Constants of the graph are float32, so the last digits of float64 are not to be had.
      assert.ok(error < 1e-6, `relative error ${error}`);
    }
  });
}

test('every differentiable operator has a gradient test', () => {
  const families = [elementwise, products, reductions, shapes, activations, normalisation, crossEntropy];
  const exported = families.flatMap(family => Object.keys(family));
  const withoutGradient = ['greater', 'cast', 'gather'];
  const tested = new Set(cases.map(({ operator }) => operator));
  assert.deepEqual(
    exported.filter(name => !tested.has(name) && !withoutGradient.includes(name)),
    []
  );
});

test('clipping shortens a long gradient to the limit and leaves a short one as it is', () => {
  const graph = new Graph();
  const a = graph.input('a', [2]);
  graph.output('short', clipByNorm(a, 1));
  graph.output('whole', clipByNorm(a, 6));
  const { short, whole } = interpret(graph, { a: { shape: [2], data: Float64Array.of(3, -4) } });
  assert.ok(Math.abs(short!.data[0]! - 0.6) < 1e-6 && Math.abs(short!.data[1]! + 0.8) < 1e-6);
  assert.deepEqual([...whole!.data], [3, -4]);
});

test('the gradient of max is shared among equal largest values', () => {
  const graph = new Graph();
  const a = graph.variable(graph.input('a', [3]));
  const loss = max(a);
  graph.output('g', gradients(loss, [a])[0]!);
  const { g } = interpret(graph, { a: { shape: [3], data: Float64Array.of(2, 1, 2) } });
  assert.deepEqual([...g!.data], [0.5, 0, 0.5]);
});
