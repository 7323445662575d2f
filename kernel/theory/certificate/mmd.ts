/**
 * The maximum mean discrepancy between weighted source rows and target rows under a Gaussian kernel, and the norm of a
 * loss in its space, for theorem 1C (theory.md 2.4, box 6). Exact by streaming up to 5,000 rows a side; beyond, 1,024
 * random Fourier features (Rahimi and Recht 2007): they are a kernel of their own, with k(z, z) = 1, for which theorem
 * 1C holds as it stands, and which tends to the Gaussian one.
 */
import { DataError } from '../../../common/errors.js';
import { Random } from '../../../common/random.js';
import { instantiate, type GaussianKernels } from '../../wasm/index.js';
import { symmetricEigen, timesTransposed } from '../linalg.js';
import { matrix, selectRows, type Matrix } from '../matrix.js';

/** Rows a side up to which the kernel is exact. */
const EXACT = 5000;
const FEATURES = 1024;
/** Rows of which features are taken at a time. */
const BLOCK = 512;

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
    const meanFeatures = fourier(frequencies, columns.length);
    const means = meanFeatures(source, columns);
    const [own] = meanFeatures(target, [b]);
    return means.map(mean => Math.sqrt(mean.reduce((sum, value, f) => sum + (value - own[f]) ** 2, 0)));
  }
  const within = forms(kernel, source, columns, source);
  const [between] = forms(kernel, target, [b], target);
  const across = forms(kernel, source, columns, target, b);
  return columns.map((_, k) => Math.sqrt(Math.max(0, within[k] - 2 * across[k] + between)));
}

/** sum_ij a_i b_j k(x_i, y_j) for each column a, a row at a time; b is a itself, and y is x, where b is left out. */
function forms(
  kernel: Kernel,
  x: Matrix,
  columns: readonly Float64Array[],
  y: Matrix,
  b?: Float64Array
): number[] {
  const totals = columns.map(() => 0);
  eachRow(kernel, x, y, b ? 0 : 1, (i, row, from) => {
    columns.forEach((a, k) => {
      const other = b ?? a;
      // Without b the pairs below the diagonal are those above it.
      let sum = b ? 0 : a[i] / 2;
      for (let j = from; j < other.length; j++) sum += other[j] * row[j];
      totals[k] += (b ? 1 : 2) * a[i] * sum;
    });
  });
  return totals;
}

/**
 * Rows of the exact kernel matrix of x and y, one after another: `row` is gone with the next. With `after` = 1 the row of
 * i holds only the columns past i.
 */
function eachRow(
  { bandwidth }: Kernel,
  x: Matrix,
  y: Matrix,
  after: 0 | 1,
  use: (i: number, row: Float64Array, from: number) => void
): void {
  const { exports, arena } = instantiate<GaussianKernels>('gaussian');
  const d = x.cols;
  const rows = y.rows + (y.rows % 2);
  const [z, points, out] = [8 * d, 8 * d * rows, 8 * rows].map(bytes => arena.reserve(bytes));
  turnInto(arena.f64(points, d * rows), rows, y);
  const point = arena.f64(z, d);
  const row = arena.f64(out, rows);
  const scale = -1 / (2 * bandwidth * bandwidth);
  for (let i = 0; i < x.rows; i++) {
    const from = after ? i + 1 : 0;
    point.set(x.data.subarray(i * d, (i + 1) * d));
    exports.gaussianRow(z, points, rows, d, from, scale, out);
    use(i, row, from);
  }
}

/** Writes rows as the kernels read them: transposed, [cols, stride]. */
function turnInto(out: Float64Array, stride: number, { rows, cols, data }: Matrix): void {
  for (let j = 0; j < rows; j++) for (let c = 0; c < cols; c++) out[c * stride + j] = data[j * cols + c];
}

/** A function of rows and columns a that gives sum_i a_i phi(x_i) for each, phi = sqrt(2/D) [cos, sin]. */
function fourier(
  frequencies: Matrix,
  most: number
): (x: Matrix, columns: readonly ArrayLike<number>[]) => Float64Array[] {
  const { exports, arena } = instantiate<GaussianKernels>('gaussian');
  const { rows: half, cols: d } = frequencies;
  const [rows, turned, a, out] = [d * BLOCK, d * half, most * BLOCK, 2 * most * half].map(length =>
    arena.reserve(8 * length)
  );
  turnInto(arena.f64(turned, d * half), half, frequencies);
  return (x, columns) => {
    const n = columns.length;
    arena.f64(out, 2 * n * half).fill(0);
    for (let from = 0; from < x.rows; from += BLOCK) {
      const count = Math.min(BLOCK, x.rows - from);
      arena.f64(rows, d * count).set(x.data.subarray(from * d, (from + count) * d));
      const weights = arena.f64(a, n * count);
      columns.forEach((column, k) => {
        for (let i = 0; i < count; i++) weights[k * count + i] = column[from + i] / Math.sqrt(half);
      });
      exports.addFourier(rows, count, d, turned, half, a, n, out);
    }
    return columns.map((_, k) => arena.f64(out + 16 * k * half, 2 * half).slice());
  };
}

/** Kernel matrix [x.rows, x.rows]. */
function gram(kernel: Kernel, x: Matrix): Matrix {
  const n = x.rows;
  const out = matrix(n, n);
  if (!kernel.frequencies) {
    eachRow(kernel, x, x, 0, (i, row) => out.data.set(row.subarray(0, n), i * n));
    return out;
  }
  const phi = matrix(n, FEATURES);
  const featuresOf = fourier(kernel.frequencies, 1);
  for (let i = 0; i < n; i++) phi.data.set(featuresOf(selectRows(x, [i]), [[1]])[0], i * FEATURES);
  return timesTransposed(phi, phi);
}

/** Ridges of the norm's fit, per row. */
const RIDGES = [1e-4, 1e-3, 1e-2, 0.1, 1, 10];

/** Most rows that the norm is fitted on: their eigenvalues are needed. */
const NORM_ROWS = 200;

/**
 * R: the norm of the kernel ridge fit of the losses, its ridge chosen by leave-one-out error (theory.md 2.4).
 * ESTIMATED: a smooth fit understates a rough g, and noise overstates it. On fold C.
 * @param columns losses less the centre c, one column a quantity
 * @returns one norm a column
 */
export function ridgeNorms(
  kernel: Kernel,
  x: Matrix,
  columns: readonly ArrayLike<number>[],
  seed: number = 0
): number[] {
  const rows = new Random(seed, 14).permutation(x.rows).subarray(0, NORM_ROWS).sort();
  const { values, vectors } = symmetricEigen(gram(kernel, selectRows(x, rows)));
  return columns.map(y =>
    normOf(
      Float64Array.from(rows, row => y[row]),
      values,
      vectors
    )
  );
}

function normOf(y: Float64Array, values: Float64Array, vectors: Matrix): number {
  const n = y.length;
  const turned = Float64Array.from({ length: n }, (_, k) => {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += vectors.data[k * n + i] * y[i];
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
