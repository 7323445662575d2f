/**
 * The few dense operations that the estimators share; nothing statistical here. The Cholesky decomposition is
 * ml-matrix's, eigenvalues are those of eigen/.
 */
import { CholeskyDecomposition, Matrix as MlMatrix } from 'ml-matrix';
import { DataError } from '../../common/errors.js';
import { SymmetricSolver } from './eigen/symmetric.js';
import { matrix, type Matrix } from './matrix.js';

/** All eigenvalues in falling order; `vectors` holds the eigenvectors of the first as ROWS, in the same order. */
export interface SymmetricEigen {
  values: Float64Array;
  /** [count, n] */
  vectors: Matrix;
}

/**
 * @param a symmetric; its lower triangle is read
 * @param count how many eigenvectors are wanted: for a few the work is a third of that for all
 * @throws DataError when an entry is NaN or an infinity, or a is not square
 */
export function symmetricEigen(a: Matrix, count: number = a.rows): SymmetricEigen {
  const n = a.rows;
  if (a.cols !== n) throw new DataError(`A ${n} x ${a.cols} matrix has no eigenvalues: it is not square.`);
  const solver = new SymmetricSolver(n);
  solver.decompose(a.data);
  solver.findVectors(count);
  const vectors = matrix(count, n);
  for (let j = 0; j < count; j++) solver.vector(j, vectors.data.subarray(j * n, (j + 1) * n));
  return { values: solver.values, vectors };
}

function toMl(a: Matrix): MlMatrix {
  const out = new MlMatrix(a.rows, a.cols);
  for (let i = 0; i < a.rows; i++) for (let j = 0; j < a.cols; j++) out.set(i, j, a.data[i * a.cols + j]);
  return out;
}

/** x with a x = b, for a symmetric positive definite. @throws DataError when a is singular. */
export function solvePositive(a: Matrix, b: Float64Array): Float64Array {
  const cholesky = new CholeskyDecomposition(toMl(a));
  if (!cholesky.isPositiveDefinite())
    throw new DataError('A linear system is singular: columns repeat each other. Raise the ridge (lambda).');
  return Float64Array.from(cholesky.solve(MlMatrix.columnVector(Array.from(b))).to1DArray());
}

/** Adds sum_i w_i x_i x_i^T over the rows in `index` to `into` [cols, cols], both triangles. */
export function addGram(
  into: Matrix,
  x: Matrix,
  w: ArrayLike<number> | undefined,
  index?: ArrayLike<number>
): void {
  const d = x.cols;
  const count = index ? index.length : x.rows;
  for (let r = 0; r < count; r++) {
    const i = index ? index[r] : r;
    const row = x.data.subarray(i * d, (i + 1) * d);
    const weight = w ? w[i] : 1;
    if (weight === 0) continue;
    for (let p = 0; p < d; p++) {
      const f = weight * row[p];
      if (f === 0) continue;
      const base = p * d;
      for (let q = p; q < d; q++) into.data[base + q] += f * row[q];
    }
  }
  for (let p = 0; p < d; p++) for (let q = 0; q < p; q++) into.data[p * d + q] = into.data[q * d + p];
}

/** Columns of both. @throws DataError when they differ */
export function sharedColumns(a: Matrix, b: Matrix): number {
  if (b.cols !== a.cols)
    throw new DataError(
      `Rows of ${a.cols} columns meet rows of ${b.cols}: both must come from one embedding.`
    );
  return a.cols;
}

/** a b^T: [n, k] x [m, k] -> [n, m]. */
export function timesTransposed(a: Matrix, b: Matrix): Matrix {
  const k = sharedColumns(a, b);
  const out = matrix(a.rows, b.rows);
  const [left, right] = [a.data, b.data];
  // Four rows of b at once: four sums need not wait for one another.
  for (let i = 0; i < a.rows; i++)
    for (let j = 0; j < b.rows; j += 4) {
      const last = b.rows - 1;
      const t = j * k;
      const u = Math.min(j + 1, last) * k;
      const v = Math.min(j + 2, last) * k;
      const w = Math.min(j + 3, last) * k;
      let st = 0;
      let su = 0;
      let sv = 0;
      let sw = 0;
      for (let p = 0, r = i * k; p < k; p++) {
        const x = left[r + p];
        st += x * right[t + p];
        su += x * right[u + p];
        sv += x * right[v + p];
        sw += x * right[w + p];
      }
      const to = i * b.rows + j;
      out.data[to] = st;
      if (j < last) out.data[to + 1] = su;
      if (j + 1 < last) out.data[to + 2] = sv;
      if (j + 2 < last) out.data[to + 3] = sw;
    }
  return out;
}

/** Squared Euclidean distances [a.rows, b.rows], summed from differences, so never negative. */
export function squaredDistances(a: Matrix, b: Matrix): Matrix {
  const k = sharedColumns(a, b);
  const out = matrix(a.rows, b.rows);
  for (let i = 0; i < a.rows; i++)
    for (let j = 0; j < b.rows; j++) {
      let sum = 0;
      for (let p = 0, u = i * k, v = j * k; p < k; p++) {
        const e = a.data[u + p] - b.data[v + p];
        sum += e * e;
      }
      out.data[i * b.rows + j] = sum;
    }
  return out;
}

/** sum_i x_i y_i over the entries of x. */
export function dot(x: Float64Array, y: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i] * y[i];
  return sum;
}

/** Median, the mean of the middle two where the count is even. */
export function median(values: ArrayLike<number>): number {
  const sorted = Float64Array.from(values).sort();
  const half = sorted.length >> 1;
  return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

/** 1.4826 MAD: the standard deviation of Gaussian values, which a minority of others does not move. */
export function scaledMad(values: ArrayLike<number>, centre: number): number {
  return 1.4826 * median(Float64Array.from(values, value => Math.abs(value - centre)));
}
