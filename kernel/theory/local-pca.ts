/**
 * Local PCA: the tangent plane at each query from its neighbours, the query's projection onto it, and what is left
 * over (theory.md 2c and box 7). With fewer neighbours than dimensions the k x k Gram matrix is decomposed instead of
 * the covariance.
 */
import { DataError } from '../../common/errors.js';
import { nearestNeighbors } from './knn.js';
import { symmetricEigen } from './linalg.js';
import { matrix, rowOf, type Matrix } from './matrix.js';

export interface LocalPca {
  /** [queries, q]: the foot on the tangent plane. */
  projection: Matrix;
  /** Distance from query to foot. */
  residual: Float64Array;
  /** [queries, min(k, q)]: local eigenvalues (divisor k - 1), falling. */
  spectrum: Matrix;
  /** Distance to the k-th neighbour. */
  radius: Float64Array;
}

export interface LocalPcaOptions {
  neighbors: number;
  /** Tangent dimension m. */
  dimension: number;
  exclude?: ArrayLike<number> | 'self';
}

export function localPca(queries: Matrix, reference: Matrix, options: LocalPcaOptions): LocalPca {
  const { neighbors: k, dimension: m } = options;
  const q = reference.cols;
  if (!Number.isInteger(m) || m < 1 || m > Math.min(k - 1, q))
    throw new DataError(
      `Local PCA: a tangent of ${m} dimensions cannot come from ${k} neighbours in ${q} dimensions.`
    );
  const near = nearestNeighbors(queries, reference, k, options.exclude);
  const width = Math.min(k, q);
  const projection = matrix(queries.rows, q);
  const residual = new Float64Array(queries.rows);
  const spectrum = matrix(queries.rows, width);
  const radius = new Float64Array(queries.rows);
  const y = matrix(k, q);
  const centre = new Float64Array(q);
  for (let i = 0; i < queries.rows; i++) {
    radius[i] = near.distances[i * k + k - 1];
    centreNeighbors(reference, near.indices.subarray(i * k, (i + 1) * k), centre, y);
    const eigen = symmetricEigen(scatter(y));
    for (let j = 0; j < width; j++) spectrum.data[i * width + j] = Math.max(eigen.values[j], 0) / (k - 1);
    const t = rowOf(queries, i).map((value, p) => value - centre[p]);
    const foot = new Float64Array(q);
    for (let j = 0; j < m; j++) {
      // Neighbours that repeat one another span fewer directions than m: the rest is noise of rounding.
      if (!(eigen.values[j] > 1e-12 * eigen.values[0])) break;
      const u = tangent(y, rowOf(eigen.vectors, j), eigen.values[j]);
      let dot = 0;
      for (let p = 0; p < q; p++) dot += u[p] * t[p];
      for (let p = 0; p < q; p++) foot[p] += dot * u[p];
    }
    let sum = 0;
    for (let p = 0; p < q; p++) {
      projection.data[i * q + p] = centre[p] + foot[p];
      sum += (t[p] - foot[p]) ** 2;
    }
    residual[i] = Math.sqrt(sum);
  }
  return { projection, residual, spectrum, radius };
}

/** Local eigenvalues alone, of the neighbourhoods given: [neighbourhoods, min(k, q)], divisor k - 1. */
export function localSpectrum(reference: Matrix, indices: Int32Array, k: number): Matrix {
  const q = reference.cols;
  const width = Math.min(k, q);
  const out = matrix(indices.length / k, width);
  const y = matrix(k, q);
  const centre = new Float64Array(q);
  for (let i = 0; i < out.rows; i++) {
    centreNeighbors(reference, indices.subarray(i * k, (i + 1) * k), centre, y);
    const { values } = symmetricEigen(scatter(y));
    for (let j = 0; j < width; j++) out.data[i * width + j] = Math.max(values[j], 0) / (k - 1);
  }
  return out;
}

function centreNeighbors(reference: Matrix, indices: Int32Array, centre: Float64Array, y: Matrix): void {
  const q = reference.cols;
  centre.fill(0);
  for (const j of indices) for (let p = 0; p < q; p++) centre[p] += reference.data[j * q + p];
  for (let p = 0; p < q; p++) centre[p] /= indices.length;
  indices.forEach((j, r) => {
    for (let p = 0; p < q; p++) y.data[r * q + p] = reference.data[j * q + p] - centre[p];
  });
}

/** y y^T when there are fewer rows than columns, else y^T y: the same non-zero eigenvalues. */
function scatter(y: Matrix): Matrix {
  const { rows: k, cols: q, data } = y;
  const small = k < q;
  const n = small ? k : q;
  const out = matrix(n, n);
  for (let a = 0; a < n; a++)
    for (let b = a; b < n; b++) {
      let sum = 0;
      if (small) for (let p = 0; p < q; p++) sum += data[a * q + p] * data[b * q + p];
      else for (let r = 0; r < k; r++) sum += data[r * q + a] * data[r * q + b];
      out.data[a * n + b] = out.data[b * n + a] = sum;
    }
  return out;
}

/** A unit tangent direction [q] from an eigenvector of `scatter(y)`. */
function tangent(y: Matrix, vector: Float64Array, value: number): Float64Array {
  const { rows: k, cols: q } = y;
  if (k >= q) return vector;
  const out = new Float64Array(q);
  const f = 1 / Math.sqrt(value);
  for (let r = 0; r < k; r++) for (let p = 0; p < q; p++) out[p] += f * vector[r] * y.data[r * q + p];
  return out;
}
