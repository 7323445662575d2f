/** Building graphs: shapes are checked at once, with messages that name the operation and both shapes. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ShapeError } from '../../common/errors.js';
import {
  add,
  adamW,
  adamWInputs,
  concat,
  encodeModel,
  gather,
  gradients,
  Graph,
  layerNorm,
  linear,
  matmul,
  mul,
  neededParts,
  reshape,
  softmaxCrossEntropy,
  split,
  sum,
  transpose,
  unpackParameters,
  type Shape,
  type Tensor
} from '../../kernel/onnx/index.js';
import { openSession } from '../../kernel/engine/session.js';
import { all, integers, texts } from './decode.js';

const mistakes: { name: string; shapes: Shape[]; build: (a: Tensor, b: Tensor) => unknown; says: RegExp }[] =
  [
    { name: 'add', shapes: [[2, 3], [4]], build: add, says: /Add.*\[2, 3\].*\[4\]/ },
    {
      name: 'matmul',
      shapes: [
        [2, 3],
        [4, 5]
      ],
      build: matmul,
      says: /MatMul.*\[2, 3\].*\[4, 5\]/
    },
    {
      name: 'linear',
      shapes: [
        [2, 3],
        [5, 4]
      ],
      build: linear,
      says: /Linear.*\[2, 3\].*\[5, 4\]/
    },
    {
      name: 'concat',
      shapes: [
        [2, 3],
        [2, 4]
      ],
      build: (a, b) => concat([a, b]),
      says: /Concat.*\[2, 3\].*\[2, 4\]/
    },
    { name: 'reshape', shapes: [[2, 3]], build: a => reshape(a, [7]), says: /Reshape.*\[2, 3\].*\[7\]/ },
    {
      name: 'transpose',
      shapes: [[2, 3]],
      build: a => transpose(a, [0, 0]),
      says: /Transpose.*\[0, 0\].*\[2, 3\]/
    },
    { name: 'split', shapes: [[5]], build: a => split(a, [2, 2]), says: /Split.*\[2, 2\].*\[5\]/ },
    { name: 'sum', shapes: [[5]], build: a => sum(a, [1]), says: /ReduceSum.*axis 1.*\[5\]/ },
    { name: 'gather', shapes: [[5], [2]], build: gather, says: /Gather.*\[5\].*\[2\]/ },
    {
      name: 'layerNorm',
      shapes: [[2, 3], [4]],
      build: (a, b) => layerNorm(a, b, b, 1e-5),
      says: /LayerNorm.*\[4\].*\[2, 3\]/
    },
    {
      name: 'softmaxCrossEntropy',
      shapes: [
        [2, 3],
        [2, 4]
      ],
      build: softmaxCrossEntropy,
      says: /\[2, 3\].*\[2, 4\]/
    },
    {
      name: 'unpackParameters',
      shapes: [[3]],
      build: a => unpackParameters(a, [{ name: 'w', shape: [4], offset: 0 }]),
      says: /\[3\].*4/
    },
    {
      name: 'open dimensions',
      shapes: [
        ['batch', 3],
        ['rows', 3]
      ],
      build: add,
      says: /Add.*\[batch, 3\].*\[rows, 3\]/
    }
  ];

for (const { name, shapes, build, says } of mistakes) {
  test(`${name} with shapes that do not fit is a ShapeError that names both`, () => {
    const graph = new Graph();
    const [a, b] = shapes.map((shape, i) => graph.input(`in${i}`, shape));
    assert.throws(
      () => build(a!, b!),
      (error: Error) => error instanceof ShapeError && says.test(error.message)
    );
  });
}

test('a value of another graph, another type, or a name used twice is a ShapeError', () => {
  const [one, two] = [new Graph(), new Graph()];
  const a = one.input('a', [2]);
  assert.throws(() => add(a, two.input('b', [2])), ShapeError);
  assert.throws(() => add(a, one.input('ids', [2], 'int64')), /float32 \[2\] and int64 \[2\]/);
  assert.throws(() => one.input('a', [2]), /already has a value named a/);
});

test('gradients of a vector, of an unrelated variable, and through an open dimension are ShapeErrors', () => {
  const graph = new Graph();
  const a = graph.variable(graph.input('a', [2]));
  const other = graph.variable(graph.input('other', [2]));
  const open = graph.variable(graph.input('open', ['batch']));
  assert.throws(() => gradients(a, [a]), /scalar/);
  assert.throws(() => gradients(sum(a), [other]), /does not depend on other/);
  assert.throws(() => gradients(sum(open), [open]), /"batch" open/);
});

test('an optimiser refuses a gradient of another length', () => {
  const graph = new Graph();
  assert.throws(() => adamW(adamWInputs(graph, 3), graph.input('g', [2])), /\[2\].*\[3\]/);
});

test('nodes that no output needs are left out of the model', () => {
  const graph = new Graph();
  const a = graph.input('a', [2]);
  mul(a, 17);
  graph.output('b', add(a, 1));
  const { nodes, initializers } = neededParts(graph);
  assert.deepEqual(
    nodes.map(({ operator }) => operator),
    ['Add', 'Identity']
  );
  assert.equal(initializers.length, 1);
});

test('a model decodes to what was built: versions, names, shapes, attributes and the place of outside weights', () => {
  const graph = new Graph();
  const x = graph.input('x', ['batch', 2]);
  const w = graph.weight('w', [3, 2], { location: 'weights.bin', offset: 128, length: 24 });
  graph.output('y', linear(x, w));
  const model = encodeModel(graph, 'small');
  assert.deepEqual(integers(model, 1), [9]);
  assert.deepEqual(
    all(model, 8).flatMap(set => integers(set, 2)),
    [20]
  );
  const [body] = all(model, 7);
  assert.deepEqual(texts(body!, 2), ['small']);
  const nodes = all(body!, 1);
  assert.deepEqual(
    nodes.map(node => texts(node, 4)[0]),
    ['Gemm', 'Identity']
  );
  assert.deepEqual(texts(nodes[0]!, 1), ['x', 'w']);
  assert.deepEqual(
    all(nodes[0]!, 5).map(attribute => [texts(attribute, 1)[0], integers(attribute, 3)[0]]),
    [['transB', 1]]
  );
  const [weight] = all(body!, 5);
  assert.deepEqual(integers(weight!, 1), [3, 2]);
  assert.deepEqual(
    all(weight!, 13).map(entry => [texts(entry, 1)[0], texts(entry, 2)[0]]),
    [
      ['location', 'weights.bin'],
      ['offset', '128'],
      ['length', '24']
    ]
  );
  assert.deepEqual(integers(weight!, 14), [1]);
  const dims = all(all(all(all(all(body!, 11)[0]!, 2)[0]!, 1)[0]!, 2)[0]!, 1);
  assert.deepEqual(texts(dims[0]!, 2), ['batch']);
  assert.deepEqual(integers(dims[1]!, 1), [2]);
});

test('ONNX Runtime runs a model with an open dimension at any size', async () => {
  const graph = new Graph();
  const x = graph.input('x', ['batch', 2, 3]);
  const swapped = transpose(reshape(x, ['batch', 3, 2]), [0, 2, 1]);
  graph.output('y', sum(swapped, [2]));
  const session = await openSession(encodeModel(graph));
  try {
    for (const rows of [1, 4]) {
      const data = Float32Array.from({ length: rows * 6 }, (_, i) => i);
      const { y } = await session.run({ x: { data, shape: [rows, 2, 3] } });
      // Row r holds 6r .. 6r+5 as pairs: even places add to 18r + 6, odd ones to 18r + 9.
      assert.deepEqual([...y!], Array.from({ length: rows }, (_, r) => [18 * r + 6, 18 * r + 9]).flat());
    }
  } finally {
    await session.dispose();
  }
});
