/** Denoising's numbers of very many rows, against those of few: the same quantities to float32's digits. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DataError } from '../../common/errors.js';
import { DenseSessions } from '../../kernel/engine/dense.js';
import { frameOfMany, measureMany, suitsPool } from '../../kernel/engine/manifold-rows.js';
import { Pool } from '../../kernel/engine/pool.js';
import {
  fitFrame,
  fitPca,
  fitPcaInBlocks,
  matrix,
  measureManifold,
  Random,
  selectRows,
  unscaledManifold
} from '../../kernel/theory/index.js';

const job = { throwIfCancelled: () => {} };

/** A noisy swirl of 3 dimensions in d columns, far from the origin. */
function swirl(rows: number, d: number, seed: number): Float32Array {
  const random = new Random(seed);
  const axes = Float64Array.from({ length: 6 * d }, () => random.normal() / Math.sqrt(d));
  const data = new Float32Array(rows * d);
  for (let i = 0; i < rows; i++) {
    const t = [0, 1, 2].map(() => random.normal());
    const f = [...t, ...t.map(value => Math.sin(2 * value))];
    for (let j = 0; j < d; j++) {
      let sum = 2 + 0.05 * random.normal();
      for (let a = 0; a < 6; a++) sum += f[a]! * axes[a * d + j]!;
      data[i * d + j] = sum;
    }
  }
  return data;
}

/** The largest difference, against the middle of what is expected. */
function apart(found: ArrayLike<number>, expected: Float64Array): number {
  const middle = Float64Array.from(expected, Math.abs).sort()[expected.length >> 1]!;
  return expected.reduce((worst, value, i) => Math.max(worst, Math.abs(found[i]! - value)), 0) / middle;
}

describe('fitPcaInBlocks', () => {
  it('is fitPca to float32’s digits, with row weights and a last block that is not full', async () => {
    const d = 20;
    const x = { rows: 2500, cols: d, data: swirl(2500, d, 1) };
    const weights = Float64Array.from({ length: x.rows }, (_, i) => 1 + (i % 7));
    const dense = new DenseSessions();
    const found = await fitPcaInBlocks(x, dense, { weights, maxRank: 6 });
    await dense.dispose();
    const exact = fitPca(x, { weights, maxRank: 6 });
    assert.equal(found.rank, exact.rank);
    assert.equal(found.mpRank, exact.mpRank);
    assert.ok(Math.abs(found.sigma - exact.sigma) < 1e-5 * exact.sigma);
    found.values.forEach((value, j) =>
      assert.ok(Math.abs(value - exact.values[j]!) < 1e-6 * exact.values[0]!, `eigenvalue ${j}`)
    );
    for (let r = 0; r < 3; r++) {
      let dot = 0;
      for (let j = 0; j < d; j++)
        dot += found.components.data[r * d + j]! * exact.components.data[r * d + j]!;
      assert.ok(Math.abs(Math.abs(dot) - 1) < 1e-6, `component ${r}`);
    }
  });

  it('names a row of NaN, and refuses rows that are all equal', async () => {
    const dense = new DenseSessions();
    const x = { rows: 50, cols: 3, data: new Float32Array(150).fill(4) };
    await assert.rejects(fitPcaInBlocks(x, dense), /all rows are equal/);
    x.data[3 * 12] = NaN;
    await assert.rejects(
      fitPcaInBlocks(x, dense),
      (error: Error) => error instanceof DataError && /row 12/.test(error.message)
    );
    await dense.dispose();
  });
});

describe('measureMany', () => {
  const d = 24;
  const n = 4600;
  const x = { rows: n, cols: d, data: swirl(n, d, 2) };
  const fit = Array.from({ length: n }, (_, i) => i).filter(i => i % 10 > 0);
  const place = new Int32Array(n).fill(-1);
  fit.forEach((row, i) => (place[row] = i));
  const options = { maxRank: 8, weights: new Float64Array(fit.length).fill(1), seed: 3 };

  it('agrees with the float64 path, and is the same to the bit for 1, 2 and 3 threads', async () => {
    const wide = matrix(n, d, Float64Array.from(x.data));
    const frame = fitFrame(selectRows(wide, fit), options);
    const exact = measureManifold(unscaledManifold(frame, { neighbors: 20 }), wide, place);
    let first: Awaited<ReturnType<typeof measureMany>> | undefined;
    for (const threads of [1, 2, 3]) {
      const pool = new Pool(job, threads);
      try {
        const many = await frameOfMany(pool, x, fit, options);
        assert.equal(many.frame.votes.localPca, frame.votes.localPca);
        for (const vote of ['twoNN', 'levinaBickel'] as const)
          assert.ok(Math.abs(many.frame.votes[vote] - frame.votes[vote]) < 1e-5, vote);
        assert.ok(Math.abs(many.frame.sigma - frame.sigma) < 1e-5 * frame.sigma);
        const manifold = unscaledManifold(many.frame, { neighbors: 20 });
        const found = await measureMany(pool, manifold, many.projected, place);
        for (const name of ['tangentResidual', 'outsideResidual', 'distance', 'logRadius'] as const)
          assert.ok(apart(found[name], exact[name]) < 1e-3, `${name}: ${apart(found[name], exact[name])}`);
        first ??= found;
        assert.deepEqual(found, first);
      } finally {
        await pool.close();
      }
    }
  });

  it('is for many rows only', () => {
    assert.equal(suitsPool(x, fit.length), false);
    assert.equal(suitsPool({ ...x, rows: 20000 }, 9000), true);
    assert.equal(suitsPool({ ...x, rows: 20000 }, 30), false);
  });
});
