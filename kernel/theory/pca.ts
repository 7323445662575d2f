/**
 * Global PCA with the Marchenko-Pastur rank and noise scale (theory.md 5, box 1; after Gavish and Donoho). The rank
 * and sigma are ESTIMATED. Not for pictures alone: ratio and manifold both start here.
 */
import type { Dense } from '../../common/dense.js';
import { DataError } from '../../common/errors.js';
import { SymmetricSolver } from './eigen/symmetric.js';
import { addGram, median, timesTransposed } from './linalg.js';
import { matrix, requireFinite, rowOf, type Matrix, type Rows } from './matrix.js';
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

/** Weights that sum to 1, the weighted mean of rows, and the sum of squared weights. */
interface Centre {
  w: Float64Array;
  mean: Float64Array;
  squares: number;
}

/** @throws DataError with fewer than 2 rows that count, NaN or an infinity */
function centreOf(x: Rows, weights: PcaOptions['weights']): Centre {
  requireFinite(x, 'PCA');
  const { rows: n, cols: d, data } = x;
  if (n < 2) throw new DataError(`PCA needs at least 2 rows, got ${n}.`);
  const w = normalized(weights ?? new Float64Array(n).fill(1), n);
  const mean = new Float64Array(d);
  let squares = 0;
  for (let i = 0, p = 0; i < n; i++) {
    squares += w[i] * w[i];
    for (let j = 0; j < d; j++, p++) mean[j] += w[i] * data[p];
  }
  if (squares > 1 - 1e-9)
    throw new DataError('PCA: one row holds all the weight. At least 2 rows must count.');
  return { w, mean, squares };
}

/**
 * Rows scaled so that their Gram matrix is the unbiased covariance (1/(n - 1) for equal weights): `count` from row `from`
 * on, into `out`.
 */
function scaledRows(
  x: Rows,
  { w, mean, squares }: Centre,
  from: number,
  count: number,
  out: Rows['data']
): void {
  const { cols: d, data } = x;
  for (let i = from, p = from * d, to = 0; i < from + count; i++) {
    const f = Math.sqrt(w[i] / (1 - squares));
    for (let j = 0; j < d; j++, p++, to++) out[to] = f * (data[p] - mean[j]);
  }
}

/**
 * @param x rows [n, d], finite
 * @throws DataError when there are fewer than 2 rows or all rows are equal
 */
export function fitPca(x: Rows, options: PcaOptions = {}): Pca {
  const centre = centreOf(x, options.weights);
  const { rows: n, cols: d } = x;
  const y = matrix(n, d);
  scaledRows(x, centre, 0, n, y.data);
  if (d > n) return pcaOf(timesTransposed(y, y), n, d, centre, options, v => unitCombination(y, v));
  const gram = matrix(d, d);
  addGram(gram, y, undefined);
  return pcaOf(gram, n, d, centre, options, v => v);
}

/** Rows that are multiplied at a time: their sums are float32's, and few enough to be added up in float64 without loss. */
const BLOCK_ROWS = 1024;

/** Whether fitPcaInBlocks is worth its float32 products. */
export function suitsPcaInBlocks({ rows, cols }: Rows): boolean {
  return rows >= 4 * BLOCK_ROWS && rows >= 2 * cols;
}

/**
 * The same for many rows, without a second copy of them: the covariance is summed in float64 from float32 products of
 * blocks. Eigenvalues agree with fitPca's to about 1e-6 of the first.
 * @param pause called between blocks
 */
export async function fitPcaInBlocks(
  x: Rows,
  dense: Dense,
  options: PcaOptions = {},
  pause: () => void = () => {}
): Promise<Pca> {
  const centre = centreOf(x, options.weights);
  const { rows: n, cols: d } = x;
  if (n < d) throw new DataError(`PCA in blocks needs at least as many rows as columns, got ${n} and ${d}.`);
  const gram = matrix(d, d);
  const block = new Float32Array(BLOCK_ROWS * d);
  const products = new Float32Array(d * d);
  // Weights of mean 1 in float32; the number of rows is divided by at the end.
  const lifted = { ...centre, w: centre.w.map(value => value * n) };
  for (let from = 0; from < n; from += BLOCK_ROWS) {
    pause();
    const count = Math.min(BLOCK_ROWS, n - from);
    const rows = block.subarray(0, count * d);
    scaledRows(x, lifted, from, count, rows);
    await dense.transposedTimes(rows, rows, count, products);
    for (let p = 0; p < products.length; p++) gram.data[p] += products[p] / n;
  }
  return pcaOf(gram, n, d, centre, options, v => v);
}

/** @param componentOf a component [d] from an eigenvector of `gram` */
function pcaOf(
  gram: Matrix,
  n: number,
  d: number,
  { mean, squares }: Centre,
  options: PcaOptions,
  componentOf: (vector: Float64Array) => Float64Array
): Pca {
  const effective = 1 / squares;
  const solver = new SymmetricSolver(gram.rows);
  solver.decompose(gram.data);
  const values = solver.values
    .map(value => Math.max(value, 0))
    .subarray(0, Math.min(n - 1, d))
    .slice();
  const totalVariance = values.reduce((a, b) => a + b, 0);
  if (!(values[0] > 1e-24 * (1 + mean.reduce((a, b) => a + b * b, 0))))
    throw new DataError('PCA: all rows are equal, so they have no direction. Check the embedding.');
  const { rank: mpRank, sigma } = marchenkoPastur(values, effective, d);
  // Directions with no variance at all cannot be told from one another.
  const usable = values.filter(value => value > 1e-12 * values[0]).length;
  const rank = Math.min(Math.max(1, options.rank ?? mpRank), options.maxRank ?? Infinity, usable);
  const components = matrix(rank, d);
  // Only those that are kept: a few of hundreds cost a fraction of all.
  solver.findVectors(rank);
  const found = new Float64Array(solver.n);
  for (let j = 0; j < rank; j++) {
    solver.vector(j, found);
    components.data.set(componentOf(found), j * d);
  }
  return { mean, components, values, totalVariance, rank, mpRank, sigma, n: effective };
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

/** Rows less a PCA's mean, into the first numbers of `out`, which are given back. */
export function centreRows<T extends Rows['data']>({ mean }: Pick<Pca, 'mean'>, x: Rows, out: T): T {
  const { rows, cols, data } = x;
  for (let i = 0, p = 0; i < rows; i++) for (let j = 0; j < cols; j++, p++) out[p] = data[p] - mean[j];
  return out.subarray(0, rows * cols) as T;
}

/** Coordinates in the kept components: [n, d] -> [n, rank]. */
export function project(pca: Pca, x: Rows): Matrix {
  if (x.cols !== pca.mean.length)
    throw new DataError(`These rows have ${x.cols} columns, but the PCA was fitted on ${pca.mean.length}.`);
  const centred = matrix(x.rows, x.cols);
  centreRows(pca, x, centred.data);
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
