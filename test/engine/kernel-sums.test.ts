/** Kernel sums in float32 blocks on ONNX Runtime against the plain float64 ones. */
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { BlockedKernelSums } from '../../kernel/engine/kernel-sums.js';
import {
  evaluateRatio,
  matrix,
  plainKernelSums,
  Random,
  rulsifSteps,
  runNow,
  runSteps,
  type KernelMoments,
  type KernelScores,
  type KernelSums,
  type Matrix,
  type RatioRows
} from '../../kernel/theory/index.js';

const blocked = new BlockedKernelSums(1);
after(() => blocked.dispose());

function normal(rows: number, cols: number, seed: number, shift: number = 0): Matrix {
  const random = new Random(seed);
  return matrix(
    rows,
    cols,
    Float64Array.from({ length: rows * cols }, () => random.normal() + shift)
  );
}

/** Largest difference as a share of the largest value. */
function apart(a: Float64Array, b: Float64Array): number {
  assert.equal(a.length, b.length);
  const largest = b.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
  return a.reduce((most, v, i) => Math.max(most, Math.abs(v - b[i]!)), 0) / largest;
}

describe('kernel sums in blocks', () => {
  // More rows than a block and no multiple of it; weights from 0 to what a paper of one row has.
  const x = normal(5000, 6, 1);
  const weights = Float64Array.from({ length: 5000 }, (_, i) => (i % 7) / 17500);
  const basis = { centres: normal(40, 6, 2), bandwidth: 1.7 };
  const theta = matrix(
    3,
    40,
    Float64Array.from({ length: 120 }, (_, p) => Math.sin(p))
  );

  test('are those of float64 to 1e-5, rows of weight 0 and negative sums included', async () => {
    const moments = await blocked.moments(x, weights, basis);
    const plain = plainKernelSums.moments(x, weights, basis) as KernelMoments;
    assert.ok(apart(moments.gram.data, plain.gram.data) < 1e-5);
    assert.ok(apart(moments.mean, plain.mean) < 1e-5);
    const scores = await blocked.scores(x, weights, basis, theta);
    const plainScores = plainKernelSums.scores(x, weights, basis, theta) as KernelScores;
    assert.ok(apart(scores.mean, plainScores.mean) < 1e-5);
    assert.ok(apart(scores.square, plainScores.square) < 1e-5);
  });

  test('hold for any number of centres', async () => {
    for (const count of [1, 4, 9, 70]) {
      const few = { centres: normal(count, 6, 6), bandwidth: 1.7 };
      const [found, plain] = [
        await blocked.moments(x, weights, few),
        plainKernelSums.moments(x, weights, few)
      ];
      assert.ok(apart(found.gram.data, (plain as KernelMoments).gram.data) < 1e-5, `${count} centres`);
      assert.ok(apart(found.mean, (plain as KernelMoments).mean) < 1e-5, `${count} centres`);
    }
  });

  test('are the same bits for one, two and three threads', async () => {
    const once = await blocked.moments(x, weights, basis);
    const scored = await blocked.scores(x, weights, basis, theta);
    for (const threads of [2, 3]) {
      const other = new BlockedKernelSums(threads);
      try {
        assert.deepEqual(await other.moments(x, weights, basis), once);
        assert.deepEqual(await other.scores(x, weights, basis, theta), scored);
      } finally {
        await other.dispose();
        await other.dispose();
      }
    }
  });

  test('give the ratio of the plain sums to 1e-4, the choice by cross-validation included', async () => {
    const rows = (seed: number, shift: number): RatioRows => ({
      x: normal(3000, 5, seed, shift),
      papers: Array.from({ length: 3000 }, (_, i) => `${seed}-${i >> 2}`)
    });
    const [source, target] = [rows(3, 0), rows(4, 0.3)];
    const options = { centres: 60, bandwidths: [0.7, 1.4], lambdas: [0.001, 0.1] };
    const fit = (sums: KernelSums): ReturnType<typeof rulsifSteps> =>
      rulsifSteps(source, target, [0.1, 0], options, sums);
    const found = await runSteps(fit(blocked));
    const plain = runNow(fit(plainKernelSums));
    for (const [k, ratio] of found.entries()) {
      assert.deepEqual([ratio.bandwidth, ratio.lambda], [plain[k]!.bandwidth, plain[k]!.lambda]);
      const at = normal(500, 5, 5, 0.2);
      assert.ok(apart(evaluateRatio(ratio, at), evaluateRatio(plain[k]!, at)) < 1e-4);
    }
  });
});
