/** Neighbours on a pool of threads: brute force's answer to the bit, for any number of threads. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DataError, CancelledError, EngineError } from '../../common/errors.js';
import { exactNeighbors } from '../../kernel/engine/neighbors.js';
import { Pool } from '../../kernel/engine/pool.js';
import { bruteForceNeighbors, Random, type Rows } from '../../kernel/theory/index.js';

const job = { throwIfCancelled: () => {} };

/** Rows around a few centres, far from the origin. */
function clustered(rows: number, cols: number, seed: number, wide = false): Rows {
  const random = new Random(seed);
  const centres = Array.from({ length: 5 }, () => Array.from({ length: cols }, () => 3 + random.normal()));
  const data = new (wide ? Float64Array : Float32Array)(rows * cols);
  for (let i = 0; i < rows; i++) {
    const centre = centres[random.integer(5)]!;
    for (let j = 0; j < cols; j++) data[i * cols + j] = centre[j]! + 0.3 * random.normal();
  }
  return { rows, cols, data };
}

async function withPool<T>(threads: number, run: (pool: Pool) => Promise<T>): Promise<T> {
  const pool = new Pool(job, threads);
  try {
    return await run(pool);
  } finally {
    await pool.close();
  }
}

function equal(a: { indices: Int32Array; distances: Float64Array }, b: typeof a, what: string): void {
  assert.deepEqual(a.indices, b.indices, `${what}: indices`);
  assert.deepEqual(a.distances, b.distances, `${what}: distances`);
}

describe('exactNeighbors', () => {
  it('gives brute force’s indices and distances to the bit, for 1, 2 and 3 threads', async () => {
    // Three blocks, the last one of rows that are no multiple of 8.
    const x = clustered(2501, 21, 1);
    const plain = bruteForceNeighbors(x, x, 12, 'self');
    for (const threads of [1, 2, 3]) {
      const found = await withPool(threads, pool => exactNeighbors(pool, { queries: x, k: 12 }));
      equal(found, plain, `${threads} threads`);
      assert.equal(found.scanned, 0);
    }
  });

  it('gives them for queries against a reference, in float64 too, with rows left out by index', async () => {
    const reference = clustered(1100, 10, 2, true);
    const queries = { rows: 40, cols: 10, data: reference.data.slice(0, 400) };
    const exclude = Int32Array.from({ length: 40 }, (_, i) => (i % 3 === 0 ? i : -1));
    const plain = bruteForceNeighbors(queries, reference, 5, exclude);
    assert.equal(plain.distances[0 * 5]! > 0, true);
    assert.equal(plain.distances[1 * 5], 0);
    for (const threads of [1, 2])
      equal(
        await withPool(threads, pool => exactNeighbors(pool, { queries, reference, k: 5, exclude })),
        plain,
        `${threads} threads`
      );
  });

  it('lets brute force decide where float32 cannot: equal distances, one far row, rows far from the origin', async () => {
    // A grid of whole numbers: nearly all distances are tied.
    const grid: Rows = { rows: 1000, cols: 3, data: new Float32Array(3000) };
    for (let i = 0; i < 1000; i++)
      grid.data.set([i % 10, Math.floor(i / 10) % 10, Math.floor(i / 100)], 3 * i);
    const far = clustered(600, 6, 3, true);
    far.data.set([1e9, 1e9, -1e9, 1e9, 1e9, 1e9], 6 * 17);
    const shifted = clustered(600, 6, 4, true);
    for (let p = 0; p < shifted.data.length; p++) shifted.data[p]! += 1e6;
    for (const [what, x] of Object.entries({ grid, far, shifted })) {
      const found = await withPool(1, pool => exactNeighbors(pool, { queries: x, k: 7 }));
      equal(found, bruteForceNeighbors(x, x, 7, 'self'), what);
      if (what === 'grid') assert.ok(found.scanned > 0);
      if (what === 'far') assert.ok(found.scanned < 10, `${found.scanned} of 600 were scanned`);
    }
  });

  it('takes rows that are all equal, and as many neighbours as there are others', async () => {
    const same: Rows = { rows: 40, cols: 3, data: new Float32Array(120).fill(2.5) };
    const found = await withPool(1, pool => exactNeighbors(pool, { queries: same, k: 6 }));
    equal(found, bruteForceNeighbors(same, same, 6, 'self'), 'copies');
    assert.ok(found.distances.every(value => value === 0));
    const few = clustered(9, 3, 5);
    equal(
      await withPool(2, pool => exactNeighbors(pool, { queries: few, k: 8 })),
      bruteForceNeighbors(few, few, 8, 'self'),
      'all others'
    );
  });

  it('names rows of NaN and infinities, and says how many rows there are for k', async () => {
    const x = clustered(50, 4, 6);
    await assert.rejects(
      withPool(1, pool => exactNeighbors(pool, { queries: x, k: 50 })),
      (error: Error) => error instanceof DataError && /has 49 others/.test(error.message)
    );
    x.data[4 * 7 + 1] = NaN;
    x.data[4 * 31] = Infinity;
    await assert.rejects(
      withPool(1, pool => exactNeighbors(pool, { queries: x, k: 3 })),
      (error: Error) => error instanceof DataError && /row 7, 31/.test(error.message)
    );
  });
});

describe('Pool', () => {
  const x = clustered(3000, 8, 7);

  it('stops where its job is cancelled, and leaves no worker', async () => {
    let steps = 0;
    const pool = new Pool(
      {
        throwIfCancelled() {
          if (++steps > 3) throw new CancelledError('The job was stopped.');
        }
      },
      2
    );
    try {
      await assert.rejects(exactNeighbors(pool, { queries: x, k: 5 }), CancelledError);
      assert.equal(pool.running, 0);
    } finally {
      await pool.close();
    }
  });

  it('gives a part’s own error back, of its class, and ends the workers', async () => {
    const pool = new Pool(job, 2);
    const wrong = { keep: 2, values: new Float32Array(0), indices: new Int32Array(0) };
    const search = { queries: x, reference: x, k: 2, blocks: undefined, frame: undefined, candidates: wrong };
    await assert.rejects(
      pool.run('refine-candidates', {
        input: search as never,
        items: [
          { from: 0, to: 10 },
          { from: 10, to: 20 }
        ]
      }),
      (error: Error) => error.name === 'TypeError'
    );
    assert.equal(pool.running, 0);
    await assert.rejects(
      pool.run('none' as never, { input: {} as never, items: [1, 2] as never }),
      EngineError
    );
    await pool.close();
  });
});
