/** Local PCA by the SIMD kernel against float64's. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DataError } from '../../common/errors.js';
import {
  bruteForceNeighbors,
  LocalPcaBatch,
  localPcaAt,
  nearestNeighbors,
  Random,
  suitsBatch,
  type Rows
} from '../../kernel/theory/index.js';

type Float32Rows = Rows & { data: Float32Array };

/** Rows with variances that fall by `decay` from column to column: close eigenvalues where it is near 1. */
function rowsOf(rows: number, cols: number, decay: number, seed: number): Float32Rows {
  const random = new Random(seed);
  const data = new Float32Array(rows * cols);
  for (let p = 0; p < data.length; p++) data[p] = 5 + random.normal() * Math.sqrt(decay) ** (p % cols);
  return { rows, cols, data };
}

for (const [q, k, m, decay] of [
  [64, 30, 8, 0.9],
  [64, 30, 8, 1],
  [33, 20, 2, 0.5],
  [16, 20, 3, 0.7],
  [10, 40, 5, 0.8]
] as const)
  test(`eigenvalues and residuals are float64's: ${k} neighbours, ${m} of ${q} dimensions, decay ${decay}`, () => {
    const x = rowsOf(600, q, decay, q + k);
    const near = bruteForceNeighbors(x, x, k, 'self');
    const exact = localPcaAt(x, x, near, m);
    const found = new LocalPcaBatch(x.data, q, k, m).decompose(x.data, near.indices);
    const width = exact.spectrum.cols;
    for (let i = 0; i < x.rows; i++) {
      const largest = exact.spectrum.data[i * width]!;
      for (let j = 0; j < m; j++) {
        const error = Math.abs(found.values[i * m + j]! - exact.spectrum.data[i * width + j]!);
        assert.ok(error <= 1e-4 * largest, `eigenvalue ${j} of row ${i} is off by ${error / largest}`);
      }
      const off = Math.abs(found.residual[i]! - exact.residual[i]!) / exact.residual[i]!;
      assert.ok(off <= 2e-3, `the residual of row ${i} is off by ${off}`);
    }
  });

test('copies of one row span nothing: the foot is the copy, and nothing is NaN', () => {
  const x: Float32Rows = { rows: 40, cols: 5, data: new Float32Array(200).fill(1.5) };
  const query = Float32Array.from([1.5, 1.5, 2.5, 1.5, 1.5]);
  const indices = Int32Array.from({ length: 20 }, (_, i) => i);
  const found = new LocalPcaBatch(x.data, 5, 20, 2).decompose(query, indices);
  assert.deepEqual([...found.projection], [1.5, 1.5, 1.5, 1.5, 1.5]);
  assert.deepEqual([...found.residual], [1]);
  assert.deepEqual([...found.values], [0, 0]);
});

test('the same rows give the same bits, however many are asked for at once', () => {
  const x = rowsOf(700, 12, 0.8, 3);
  const near = nearestNeighbors(x, x, 20, 'self');
  const batch = new LocalPcaBatch(x.data, 12, 20, 3);
  const all = batch.decompose(x.data, near.indices);
  const some = batch.decompose(x.data.subarray(12 * 600), near.indices.subarray(20 * 600));
  assert.deepEqual(some.residual, all.residual.slice(600));
});

test('what the kernel does not suit is refused: nearly all directions, more than neighbours span', () => {
  assert.equal(suitsBatch(20, 14), false);
  assert.throws(() => new LocalPcaBatch(new Float32Array(60), 3, 20, 14), DataError);
  assert.throws(() => new LocalPcaBatch(new Float32Array(60), 3, 20, 4), /4 dimensions cannot come from 20/);
});
