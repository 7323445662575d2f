/**
 * Global PCA with the Marchenko-Pastur rank and noise scale (theory.md 5, box 1; after Gavish and Donoho). The rank
 * and sigma are ESTIMATED. Not for pictures alone: ratio and manifold both start here.
 */
import { DataError } from '../../common/errors.js';
import { SymmetricSolver } from './eigen/symmetric.js';
import { addGram, median, timesTransposed } from './linalg.js';
import { matrix, requireFinite, rowOf, type Matrix } from './matrix.js';
import { normalized } from './papers.js';

export interface Pca {
  /** [d] */
  mean: Float64Array;
  /** [rank, d]: orthonormal rows, largest variance first. */
  components: Matrix;
  /** All eigenvalues of the covariance that can be non-zero, falling. */
  values: Float64Array;
  totalVariance: number;
  /** Number of components kept. */
  rank: number;
  /** Number of eigenvalues above the Marchenko-Pastur edge, before any cap. */
  mpRank: number;
  /** Noise scale in one coordinate, from the median eigenvalue. */
  sigma: number;
  /** Effective number of rows: (sum w)^2 / sum w^2. */
  n: number;
}

export interface PcaOptions {
  /** Row weights (recipe P); all equal when left out. */
  weights?: ArrayLike<number>;
  /** Cap on the rank: 16 for ratios, 64 for the manifold (theory.md 11). */
  maxRank?: number;
  /** A fixed rank in place of the Marchenko-Pastur one. */
  rank?: number;
}

/**
 * @param x rows [n, d], finite
 * @throws DataError when there are fewer than 2 rows or all rows are equal
 */
export function fitPca(x: Matrix, options: PcaOptions = {}): Pca {
  requireFinite(x, 'PCA');
  if (x.rows < 2) throw new DataError(`PCA needs at least 2 rows, got ${x.rows}.`);
  const { rows: n, cols: d } = x;
  const w = normalized(options.weights ?? new Float64Array(n).fill(1), n);
  const mean = new Float64Array(d);
  let squares = 0;
  for (let i = 0; i < n; i++) {
    squares += w[i] * w[i];
    const row = rowOf(x, i);
    for (let j = 0; j < d; j++) mean[j] += w[i] * row[j];
  }
  if (squares > 1 - 1e-9)
    throw new DataError('PCA: one row holds all the weight. At least 2 rows must count.');
  // Rows scaled so that the Gram matrix is the unbiased covariance: 1/(n - 1) for equal weights.
  const y = matrix(n, d);
  for (let i = 0; i < n; i++) {
    const f = Math.sqrt(w[i] / (1 - squares));
    for (let j = 0; j < d; j++) y.data[i * d + j] = f * (x.data[i * d + j] - mean[j]);
  }
  const effective = 1 / squares;
  if (d <= n) {
    const gram = matrix(d, d);
    addGram(gram, y, undefined);
    return pcaOfCovariance(mean, gram, effective, options, Math.min(n - 1, d));
  }
  const solver = new SymmetricSolver(n);
  solver.decompose(timesTransposed(y, y).data);
  return pcaOf(solver, mean, effective, options, n - 1, vector => unitCombination(y, vector));
}

/**
 * The PCA of rows of which only the mean and the covariance are known.
 * @param covariance [d, d]
 * @param n effective number of rows @param most eigenvalues that can be other than 0
 * @throws DataError when there is no variance
 */
export function pcaOfCovariance(
  mean: Float64Array,
  covariance: Matrix,
  n: number,
  options: PcaOptions = {},
  most: number = mean.length
): Pca {
  const solver = new SymmetricSolver(mean.length);
  solver.decompose(covariance.data);
  return pcaOf(solver, mean, n, options, most, vector => vector.slice());
}

/** @param direction from an eigenvector of what was decomposed to a unit vector of d entries, its own memory */
function pcaOf(
  solver: SymmetricSolver,
  mean: Float64Array,
  n: number,
  options: PcaOptions,
  most: number,
  direction: (vector: Float64Array) => Float64Array
): Pca {
  const d = mean.length;
  const values = solver.values
    .map(value => Math.max(value, 0))
    .subarray(0, most)
    .slice();
  const totalVariance = values.reduce((a, b) => a + b, 0);
  if (!(values[0] > 1e-24 * (1 + mean.reduce((a, b) => a + b * b, 0))))
    throw new DataError('PCA: all rows are equal, so they have no direction. Check the embedding.');
  const { rank: mpRank, sigma } = marchenkoPastur(values, n, d);
  // Directions with no variance at all cannot be told from one another.
  const usable = values.filter(value => value > 1e-12 * values[0]).length;
  const rank = Math.min(Math.max(1, options.rank ?? mpRank), options.maxRank ?? Infinity, usable);
  const components = matrix(rank, d);
  // Only those that are kept: a few of hundreds cost a fraction of all.
  solver.findVectors(rank);
  const found = new Float64Array(solver.n);
  for (let j = 0; j < rank; j++) {
    solver.vector(j, found);
    components.data.set(direction(found), j * d);
  }
  return { mean, components, values, totalVariance, rank, mpRank, sigma, n };
}

/** sum_i v_i y_i over the rows of y, to unit length. */
function unitCombination(y: Matrix, v: Float64Array): Float64Array {
  const out = new Float64Array(y.cols);
  for (let i = 0; i < y.rows; i++) for (let p = 0; p < y.cols; p++) out[p] += v[i] * y.data[i * y.cols + p];
  const norm = Math.hypot(...out);
  return out.map(value => value / norm);
}

/**
 * The PCA as a lower cap on its rank would have given it, to the same bits; undefined where it has been cut below that
 * cap itself.
 */
export function truncatePca(pca: Pca, maxRank: number): Pca | undefined {
  const floor = 1e-12 * pca.values[0];
  const usable = pca.values.filter(value => value > floor).length;
  const rank = Math.min(Math.max(1, pca.mpRank), maxRank, usable);
  if (rank > pca.rank) return undefined;
  if (rank === pca.rank) return pca;
  const { cols, data } = pca.components;
  return { ...pca, rank, components: { rows: rank, cols, data: data.slice(0, rank * cols) } };
}

/** Rank and noise scale from eigenvalues of a covariance of n rows in d dimensions (theory.md 5). */
export function marchenkoPastur(
  values: Float64Array,
  n: number,
  d: number
): { rank: number; sigma: number; edge: number } {
  const beta = d / n;
  const middle = mpMedian(Math.min(beta, 1 / beta)) * (beta <= 1 ? 1 : beta);
  const noise = median(values.subarray(0, Math.max(1, Math.min(Math.round(n) - 1, d)))) / middle;
  const edge = noise * (1 + Math.sqrt(beta)) ** 2;
  const floor = 1e-12 * values[0];
  return { rank: values.filter(v => v > Math.max(edge, floor)).length, sigma: Math.sqrt(noise), edge };
}

/** Median of the Marchenko-Pastur law of aspect b in (0, 1], by quadrature on 4,000 points (theory.md box 1). */
function mpMedian(b: number): number {
  const lo = (1 - Math.sqrt(b)) ** 2;
  const hi = (1 + Math.sqrt(b)) ** 2;
  const points = 4000;
  const at = (i: number): number => lo + ((hi - lo) * i) / (points - 1);
  const density = Float64Array.from({ length: points - 2 }, (_, i) => {
    const x = at(i + 1);
    return Math.sqrt((hi - x) * (x - lo)) / (2 * Math.PI * b * x);
  });
  const total = density.reduce((a, c) => a + c, 0);
  let sum = 0;
  for (let i = 0; i < density.length; i++) {
    sum += density[i];
    if (sum >= total / 2) return at(i + 1);
  }
  return hi;
}

/** Coordinates in the kept components: [n, d] -> [n, rank]. */
export function project(pca: Pca, x: Matrix): Matrix {
  if (x.cols !== pca.mean.length)
    throw new DataError(`These rows have ${x.cols} columns, but the PCA was fitted on ${pca.mean.length}.`);
  const centred = matrix(x.rows, x.cols);
  for (let i = 0, p = 0; i < x.rows; i++)
    for (let j = 0; j < x.cols; j++, p++) centred.data[p] = x.data[p] - pca.mean[j];
  return timesTransposed(centred, pca.components);
}

/** Back to the ambient space: [n, rank] -> [n, d]. */
export function reconstruct(pca: Pca, u: Matrix): Matrix {
  const d = pca.mean.length;
  const components = pca.components.data;
  const out = matrix(u.rows, d);
  for (let i = 0; i < u.rows; i++) {
    const row = rowOf(out, i);
    row.set(pca.mean);
    // Two components at once, so that the row is read and written half as often.
    for (let r = 0; r < u.cols; r += 2) {
      const pair = r + 1 < u.cols;
      const f = u.data[i * u.cols + r];
      const g = pair ? u.data[i * u.cols + r + 1] : 0;
      const first = r * d;
      const second = pair ? first + d : first;
      for (let j = 0; j < d; j++) row[j] = row[j] + f * components[first + j] + g * components[second + j];
    }
  }
  return out;
}

/** Share of the variance held by the first q components (all kept ones when q is left out). */
export function shareOfVariance(pca: Pca, q: number = pca.rank): number {
  let sum = 0;
  for (let j = 0; j < Math.min(q, pca.values.length); j++) sum += pca.values[j];
  return sum / pca.totalVariance;
}
