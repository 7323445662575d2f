/** What the host computes for a training graph: learning rates, seeded order. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { learningRate, Random } from '../../kernel/onnx/index.js';

test('a schedule warms up from above zero to the peak, then falls to its floor', () => {
  const rates = (kind: 'linear' | 'cosine' | 'constant', floor = 0): number[] =>
    Array.from({ length: 10 }, (_, step) => learningRate({ kind, warmUp: 0.2, floor }, 2, step, 10));
  assert.deepEqual(rates('constant'), [1, 2, 2, 2, 2, 2, 2, 2, 2, 2]);
  assert.deepEqual(rates('linear'), [1, 2, 2, 1.75, 1.5, 1.25, 1, 0.75, 0.5, 0.25]);
  const cosine = rates('cosine', 0.5);
  assert.equal(cosine[2], 2);
  assert.ok(Math.abs(cosine[6]! - 1.5) < 1e-12, 'half way is half way between peak and floor');
  assert.ok(cosine.slice(2).every((rate, i, all) => i === 0 || rate < all[i - 1]!));
});

test('a seed gives the same stream again, other seeds and streams give others', () => {
  const draw = (seed: number, stream?: number): number[] => {
    const source = new Random(seed, stream);
    return Array.from({ length: 5 }, () => source.uniform());
  };
  assert.deepEqual(draw(1), draw(1));
  assert.notDeepEqual(draw(1), draw(2));
  assert.notDeepEqual(draw(1), draw(1, 1));
});

test('numbers are uniform and permutations hold every index once', () => {
  const source = new Random(3);
  const counts = new Array<number>(10).fill(0);
  for (let i = 0; i < 10000; i++) counts[Math.floor(source.uniform() * 10)]! += 1;
  // Chi-square with 9 degrees of freedom: above 33.7 with probability 1e-4, and the seed is fixed.
  assert.ok(counts.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0) < 33.7);
  const order = source.permutation(50);
  assert.deepEqual(
    [...order].sort((a, b) => a - b),
    Array.from({ length: 50 }, (_, i) => i)
  );
  assert.notDeepEqual(
    [...order],
    [...order].sort((a, b) => a - b)
  );
});
