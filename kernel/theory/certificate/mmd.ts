/**
 * The maximum mean discrepancy between weighted source rows and target rows under a Gaussian kernel, and the norm of a
 * loss in its space, for theorem 1C (theory.md 2.4, box 6). Exact by streaming up to 5,000 rows a side; beyond, 1,024
 * random Fourier features (Rahimi and Recht 2007): they are a kernel of their own, with k(z, z) = 1, for which theorem
 * 1C holds as it stands, and which tends to the Gaussian one.
 */
import { DataError } from '../../../common/errors.js';
import { Random } from '../../../common/random.js';
import { squaredDistances, symmetricEigen } from '../linalg.js';
import { matrix, selectRows, type Matrix } from '../matrix.js';

/** Rows a side up to which the kernel is exact. */
const EXACT = 5000;
const FEATURES = 1024;

/** A kernel, fixed on fold C or F. */
export interface Kernel {
  /** h of exp(-|z - z'|^2 / 2 h^2). */
  bandwidth: number;
  /** Random frequencies [FEATURES / 2, d] where features stand for it. */
  frequencies?: Matrix;
}

/** The kernel for sides of this many rows: exact, or by random features drawn by the seed. */
export function kernelFor(rows: number, cols: number, bandwidth: number, seed: number = 0): Kernel {
  if (!(bandwidth > 0 && bandwidth < Infinity))
    throw new DataError(`The kernel's bandwidth must be positive and finite, got ${bandwidth}.`);
  if (rows <= EXACT) return { bandwidth };
  const random = new Random(seed, 13);
  const frequencies = matrix(FEATURES / 2, cols);
  for (let i = 0; i < frequencies.data.length; i++) frequencies.data[i] = random.normal() / bandwidth;
  return { bandwidth, frequencies };
}

/** Median distance between different rows among at most 500: the usual bandwidth. On F or C alone (errata.md E12). */
export function medianBandwidth(x: Matrix, seed: number = 0): number {
  const rows = new Random(seed, 12).permutation(x.rows).subarray(0, 500).sort();
  const some = selectRows(x, rows);
  const squared = squaredDistances(some, some);
  const found: number[] = [];
  for (let i = 0; i < some.rows; i++)
    for (let j = i + 1; j < some.rows; j++) {
      const value = squared.data[i * some.rows + j];
      if (value > 0) found.push(value);
    }
  if (found.length === 0)
    throw new DataError('All rows are equal, so a kernel has no bandwidth. Check the embedding.');
  return Math.sqrt(Float64Array.from(found).sort()[found.length >> 1]);
}

/**
 * |sum_i a_i phi(s_i) - sum_j b_j phi(t_j)| for several columns a of source weights: the biased V-statistic's root. The
 * weights need not sum to 1.
 * @returns one value a column
 */
export function weightedMmd(
  kernel: Kernel,
  source: Matrix,
  columns: readonly Float64Array[],
  target: Matrix,
  b: Float64Array
): number[] {
  const { frequencies } = kernel;
  if (frequencies) {
    const means = meanFeatures(frequencies, source, columns);
    const [own] = meanFeatures(frequencies, target, [b]);
    return means.map(mean => Math.sqrt(mean.reduce((sum, value, f) => sum + (value - own[f]) ** 2, 0)));
  }
  const within = forms(kernel, source, columns, source);
  const [between] = forms(kernel, target, [b], target);
  const across = forms(kernel, source, columns, target, b);
  return columns.map((_, k) => Math.sqrt(Math.max(0, within[k] - 2 * across[k] + between)));
}

/** sum_ij a_i b_j k(x_i, y_j) for each column a, a row at a time; b is a itself, and y is x, where b is left out. */
function forms(
  { bandwidth }: Kernel,
  x: Matrix,
  columns: readonly Float64Array[],
  y: Matrix,
  b?: Float64Array
): number[] {
  const scale = -1 / (2 * bandwidth * bandwidth);
  const d = x.cols;
  const row = new Float64Array(y.rows);
  const totals = columns.map(() => 0);
  for (let i = 0; i < x.rows; i++) {
    const from = b ? 0 : i + 1;
    for (let j = from; j < y.rows; j++) {
      let square = 0;
      for (let c = 0; c < d; c++) {
        const gap = x.data[i * d + c] - y.data[j * d + c];
        square += gap * gap;
      }
      row[j] = Math.exp(scale * square);
    }
    columns.forEach((a, k) => {
      const other = b ?? a;
      // Without b the pairs below the diagonal are those above it.
      let sum = b ? 0 : a[i] / 2;
      for (let j = from; j < y.rows; j++) sum += other[j] * row[j];
      totals[k] += (b ? 1 : 2) * a[i] * sum;
    });
  }
  return totals;
}

/** sum_i a_i phi(x_i) for each column a, phi = sqrt(2/D) [cos, sin] of the frequencies. */
function meanFeatures(frequencies: Matrix, x: Matrix, columns: readonly ArrayLike<number>[]): Float64Array[] {
  const half = frequencies.rows;
  const d = x.cols;
  const means = columns.map(() => new Float64Array(2 * half));
  const phi = new Float64Array(2 * half);
  for (let i = 0; i < x.rows; i++) {
    featuresOf(frequencies, x.data.subarray(i * d, (i + 1) * d), phi);
    columns.forEach((a, k) => {
      const mean = means[k];
      const weight = a[i];
      for (let f = 0; f < phi.length; f++) mean[f] += weight * phi[f];
    });
  }
  return means;
}

function featuresOf({ rows, cols, data }: Matrix, z: Float64Array, out: Float64Array): void {
  const scale = 1 / Math.sqrt(rows);
  for (let f = 0; f < rows; f++) {
    let angle = 0;
    for (let c = 0; c < cols; c++) angle += data[f * cols + c] * z[c];
    out[f] = scale * Math.cos(angle);
    out[rows + f] = scale * Math.sin(angle);
  }
}

/** Kernel matrix [x.rows, x.rows]. */
function gram(kernel: Kernel, x: Matrix): Matrix {
  if (!kernel.frequencies) {
    const out = squaredDistances(x, x);
    const scale = -1 / (2 * kernel.bandwidth ** 2);
    for (let i = 0; i < out.data.length; i++) out.data[i] = Math.exp(scale * out.data[i]);
    return out;
  }
  const phi = matrix(x.rows, FEATURES);
  for (let i = 0; i < x.rows; i++)
    featuresOf(
      kernel.frequencies,
      x.data.subarray(i * x.cols, (i + 1) * x.cols),
      phi.data.subarray(i * FEATURES, (i + 1) * FEATURES)
    );
  const out = matrix(x.rows, x.rows);
  for (let i = 0; i < x.rows; i++)
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let c = 0; c < FEATURES; c++) sum += phi.data[i * FEATURES + c] * phi.data[j * FEATURES + c];
      out.data[i * x.rows + j] = sum;
      out.data[j * x.rows + i] = sum;
    }
  return out;
}

/** Ridges of the norm's fit, per row. */
const RIDGES = [1e-4, 1e-3, 1e-2, 0.1, 1, 10];

/** Most rows that the norm is fitted on: their eigenvalues are needed. */
const NORM_ROWS = 300;

/**
 * R: the norm of the kernel ridge fit of the losses, its ridge chosen by leave-one-out error (theory.md 2.4).
 * ESTIMATED: a smooth fit understates a rough g, and noise overstates it. On fold C.
 * @param y losses less the centre c
 */
export function ridgeNorm(kernel: Kernel, x: Matrix, y: ArrayLike<number>, seed: number = 0): number {
  const rows = new Random(seed, 14).permutation(x.rows).subarray(0, NORM_ROWS).sort();
  const n = rows.length;
  const { values, vectors } = symmetricEigen(gram(kernel, selectRows(x, rows)));
  const turned = Float64Array.from({ length: n }, (_, k) => {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += vectors.data[k * n + i] * y[rows[i]];
    return sum;
  });
  let best = { error: Infinity, norm: 0 };
  for (const ridge of RIDGES) {
    // alpha = (K + n ridge I)^-1 y; the left-out residual is alpha_i / (inverse)_ii.
    let error = 0;
    let square = 0;
    const inverse = values.map(value => 1 / (Math.max(value, 0) + n * ridge));
    for (let i = 0; i < n; i++) {
      let alpha = 0;
      let diagonal = 0;
      for (let k = 0; k < n; k++) {
        const v = vectors.data[k * n + i];
        alpha += v * inverse[k] * turned[k];
        diagonal += v * v * inverse[k];
      }
      error += (alpha / diagonal) ** 2;
    }
    for (let k = 0; k < n; k++) square += Math.max(values[k], 0) * (inverse[k] * turned[k]) ** 2;
    if (error < best.error) best = { error, norm: Math.sqrt(square) };
  }
  return best.norm;
}
