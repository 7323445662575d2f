/**
 * What a manifold says of very many rows, on a pool: rows stay in float32 and are never copied to float64 as a whole. The
 * same quantities as fitFrame and measureManifold, which are the reference: they agree to float32's digits.
 */
import {
  fitPcaInBlocks,
  frameIn,
  matrix,
  selectRows,
  suitsPcaInBlocks,
  type Float32Rows,
  type Frame,
  type Manifold,
  type ManifoldDistances,
  type Rows
} from '../theory/index.js';
import { exactNeighbors, rangesOf, shareRows } from './neighbors.js';
import type { Pool } from './pool.js';

/** Rows from which the pool is worth its float32: below, all is float64 on one thread. */
export const MANY_ROWS = 8192;

const ROWS_AN_ITEM = 1024;

/** Whether rows are many enough, and their PCA one of many more rows than columns. */
export function suitsPool(x: Rows, fit: number): boolean {
  return x.rows >= MANY_ROWS && suitsPcaInBlocks({ ...x, rows: fit });
}

/** All rows as a PCA sees them. */
export interface Projected {
  inside: Float32Rows;
  outside: Float64Array;
}

export interface FrameOptions {
  maxRank: number;
  weights: ArrayLike<number>;
  seed: number;
  pause?: () => void;
  progress?: (fraction: number) => void;
}

/** The frame of the rows `fit`, and all rows in it. */
export async function frameOfMany(
  pool: Pool,
  x: Float32Rows,
  fit: readonly number[],
  { maxRank, weights, seed, pause, progress }: FrameOptions
): Promise<{ frame: Frame; projected: Projected }> {
  const fitted = selectRows(x, fit);
  const pca = await fitPcaInBlocks(fitted, pool.dense, { weights, maxRank }, pause);
  progress?.(0.3);
  const { rank } = pca;
  const inside = shareRows({
    rows: x.rows,
    cols: rank,
    data: new Float32Array(x.rows * rank)
  });
  const outside = new Float64Array(x.rows);
  await pool.run('project-rows', {
    input: { x, pca },
    items: rangesOf(x.rows, ROWS_AN_ITEM),
    onResult: (part, { from }) => {
      inside.data.set(part.inside, from * rank);
      outside.set(part.outside, from);
    }
  });
  progress?.(0.6);
  const coordinates = matrix(fit.length, rank, Float64Array.from(selectRows(inside, fit).data));
  return { frame: frameIn(pca, fitted, coordinates, seed), projected: { inside, outside } };
}

/**
 * Residuals of all rows.
 * @param place for each row its place among the fit rows, or -1: a row is measured with itself left out
 */
export async function measureMany(
  pool: Pool,
  manifold: Manifold,
  { inside, outside }: Projected,
  place: Int32Array,
  progress?: (fraction: number) => void
): Promise<ManifoldDistances> {
  const { neighbors: k, dimension, fit } = manifold;
  const reference = shareRows({ ...fit, data: Float32Array.from(fit.data) });
  const near = await exactNeighbors(pool, {
    queries: inside,
    reference,
    k,
    exclude: place,
    progress: fraction => progress?.(0.7 * fraction)
  });
  const tangentResidual = new Float64Array(inside.rows);
  let done = 0;
  await pool.run('tangent-residuals', {
    input: { queries: inside, reference, indices: near.indices, k, dimension },
    items: rangesOf(inside.rows, ROWS_AN_ITEM),
    onResult: (residual, { from, to }) => {
      tangentResidual.set(residual, from);
      done += to - from;
      progress?.(0.7 + (0.3 * done) / inside.rows);
    }
  });
  return {
    tangentResidual,
    outsideResidual: outside,
    distance: tangentResidual.map((value, i) => Math.hypot(value, outside[i]!)),
    logRadius: Float64Array.from({ length: inside.rows }, (_, i) =>
      Math.log(Math.max(near.distances[i * k + k - 1]!, 1e-12))
    ),
    along: Float64Array.from({ length: inside.rows }, (_, i) => inside.data[i * inside.cols]!)
  };
}
