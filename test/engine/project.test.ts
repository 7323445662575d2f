/** The project task in this process, on as many rows as make it search near blocks alone. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Random } from '../../common/random.js';
import { project, type ProjectInput } from '../../kernel/engine/tasks/project.js';
import { job } from './quiet-job.js';

/** 11,000 rows in 80 dimensions: 20 groups, each along one direction of its own. */
function grouped(): Float32Array {
  const random = new Random(2);
  const [rows, cols] = [11_000, 80];
  const draw = (scale: number): number[] => Array.from({ length: cols }, () => scale * random.normal());
  const groups = Array.from({ length: 20 }, () => ({ centre: draw(1), along: draw(0.5) }));
  const out = new Float32Array(rows * cols);
  for (let i = 0; i < rows; i++) {
    const { centre, along } = groups[i % 20]!;
    const t = 2 * random.uniform() - 1;
    for (let j = 0; j < cols; j++) out[i * cols + j] = centre[j]! + t * along[j]! + 0.05 * random.normal();
  }
  return out;
}

const input: ProjectInput = {
  ...{ vectors: grouped(), dimension: 80, method: 'umap', dimensions: 2, neighbors: 10, minDist: 0.1 },
  ...{ epochs: 30, metric: 'euclidean', sample: 50_000, seed: 0, threads: 1 }
};

test('many rows are drawn in their own places, alike on one thread and on two', async () => {
  const one = await project.run(input, job);
  assert.ok(one.values.every(Number.isFinite));
  assert.ok(one.trust!.rows === 2000 && one.trust!.value > 0.95, `${one.trust!.value}`);
  const two = await project.run({ ...input, threads: 2 }, job);
  assert.deepEqual(two.values, one.values);
});

test('rows beyond the sample are put among it, and are about as near to their neighbours', async () => {
  const whole = await project.run(input, job);
  const part = await project.run({ ...input, sample: 10_500 }, job);
  assert.equal(part.fitted, 10_500);
  assert.ok(Math.abs(part.trust!.value - whole.trust!.value) < 0.02);
});

test('PCA and the cosine say how far they are to be trusted', async () => {
  const few = { ...input, vectors: input.vectors.subarray(0, 400 * 80) };
  const flat = await project.run({ ...few, method: 'pca' }, job);
  assert.deepEqual([flat.method, flat.trust!.rows, flat.shares!.length], ['pca', 400, 2]);
  const scaled = few.vectors.map((value, p) => value * (1 + (Math.floor(p / 80) % 7)));
  const [straight, stretched] = [
    await project.run({ ...few, metric: 'cosine' }, job),
    await project.run({ ...few, metric: 'cosine', vectors: scaled }, job)
  ];
  assert.ok(Math.abs(straight.trust!.value - stretched.trust!.value) < 0.005);
  assert.ok(straight.trust!.value > flat.trust!.value);
});
