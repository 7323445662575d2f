/**
 * The reach tau of the manifold that the rows suggest (theory.md 5): a low quantile of Federer's
 * |q - p|^2 / (2 d(q - p, T_p)) over neighbours that were denoised first (Aamari et al. 2019). ESTIMATED: too large
 * where rows are sparse, too small where noise is left in them. Nothing here certifies a bound.
 */
import { SymmetricSolver } from './eigen/symmetric.js';
import { nearestNeighbors } from './knn.js';
import { localPca } from './local-pca.js';
import { matrix, rowOf, selectRows, type Matrix } from './matrix.js';
import { Random } from '../../common/random.js';

export interface ReachOptions {
  /** Neighbours of a tangent plane, k. */
  neighbors: number;
  /** Tangent dimension m. */
  dimension: number;
  /** Noise scale of global PCA. */
  sigma: number;
  seed?: number;
}

/** Rows among which neighbours are looked for, and rows at which the tangent is taken. */
const CLOUD = 2000;
const POINTS = 200;

/** Rows that span a tangent here: more than denoise a row, because a bend shows only far from its foot. */
const SPAN = 60;

/** Share of a point's fellows that it is paired with, and share of the pairs that may bend more tightly. */
const NEAR = 0.1;
const QUANTILE = 0.05;

/**
 * @param x rows after global PCA [n, q]
 * @returns tau in the units of x; Infinity where no bend stands out of the noise, or m = q
 */
export function estimateReach(x: Matrix, { neighbors, dimension, sigma, seed = 0 }: ReachOptions): number {
  if (dimension >= x.cols) return Infinity;
  const random = new Random(seed, 2);
  const cloud = x.rows > CLOUD ? selectRows(x, random.permutation(x.rows).subarray(0, CLOUD).sort()) : x;
  const k = Math.min(neighbors, cloud.rows - 1);
  const feet = localPca(cloud, cloud, { neighbors: k, dimension, exclude: 'self' }).projection;
  const chosen = random.permutation(feet.rows).subarray(0, POINTS);
  const pairs = Math.max(k, Math.round(NEAR * (feet.rows - 1)));
  const span = Math.min(Math.max(k, SPAN), pairs);
  const { indices } = nearestNeighbors(selectRows(feet, chosen), feet, pairs, chosen);
  const tangent = new Tangent(feet, dimension);
  // Noise that a local mean of k rows leaves off the tangent, in both rows of a pair: what is no larger is no bend.
  const left = 3 * sigma * Math.sqrt((2 * (x.cols - dimension)) / k);
  const bends: number[] = [];
  chosen.forEach((p, i) => {
    tangent.fit(indices.subarray(i * pairs, i * pairs + span));
    for (let r = 0; r < pairs; r++) {
      const { length, off } = tangent.leave(p, indices[i * pairs + r]);
      if (off > Math.max(left, 1e-9 * length)) bends.push((length * length) / (2 * off));
    }
  });
  if (bends.length === 0) return Infinity;
  const sorted = Float64Array.from(bends).sort();
  return sorted[Math.floor(QUANTILE * sorted.length)];
}

/** The span of the first m principal directions of some rows. */
class Tangent {
  private readonly solver: SymmetricSolver;
  private readonly covariance: Float64Array;
  private readonly directions: Matrix;

  constructor(
    private readonly x: Matrix,
    dimension: number
  ) {
    this.solver = new SymmetricSolver(x.cols);
    this.covariance = new Float64Array(x.cols * x.cols);
    this.directions = matrix(dimension, x.cols);
  }

  fit(rows: Int32Array): void {
    const { x, covariance, solver, directions } = this;
    const q = x.cols;
    const centre = new Float64Array(q);
    for (const i of rows) rowOf(x, i).forEach((value, p) => (centre[p] += value / rows.length));
    covariance.fill(0);
    for (const i of rows) {
      const y = rowOf(x, i).map((value, p) => value - centre[p]);
      for (let a = 0; a < q; a++) for (let b = 0; b <= a; b++) covariance[a * q + b] += y[a] * y[b];
    }
    solver.decompose(covariance);
    solver.findVectors(directions.rows);
    for (let j = 0; j < directions.rows; j++) solver.vector(j, rowOf(directions, j));
  }

  /** |v| and d(v, T) for v from row p to row q. */
  leave(p: number, q: number): { length: number; off: number } {
    const { x, directions } = this;
    const to = rowOf(x, q);
    const v = rowOf(x, p).map((value, j) => to[j] - value);
    const length = Math.hypot(...v);
    for (let j = 0; j < directions.rows; j++) {
      const u = rowOf(directions, j);
      const dot = u.reduce((sum, value, i) => sum + value * v[i], 0);
      for (let i = 0; i < v.length; i++) v[i] -= dot * u[i];
    }
    return { length, off: Math.hypot(...v) };
  }
}
