/**
 * Local PCA: the tangent plane at each query from its neighbours, the query's projection onto it, and what is left
 * over (theory.md 2c and box 7). With fewer neighbours than dimensions the k x k Gram matrix is decomposed instead of
 * the covariance. The work on one neighbourhood is neighborhood.ts.
 */
import { DataError } from '../../common/errors.js';
import { nearestNeighbors } from './knn.js';
import { matrix, type Matrix, type Rows } from './matrix.js';
import { Neighborhood } from './neighborhood.js';
import type { Neighbors } from './neighbors/query.js';

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

export function localPca(queries: Rows, reference: Rows, options: LocalPcaOptions): LocalPca {
  const { neighbors: k, dimension, exclude } = options;
  checkTangent(dimension, k, reference.cols);
  const near = nearestNeighbors(queries, reference, k, exclude);
  const radius = Float64Array.from({ length: queries.rows }, (_, i) => near.distances[i * k + k - 1]);
  return { ...localPcaAt(queries, reference, near, dimension), radius };
}

/** @throws DataError when k neighbours in q dimensions cannot have a tangent of m */
export function checkTangent(m: number, k: number, q: number): void {
  if (!Number.isInteger(m) || m < 1 || m > Math.min(k - 1, q))
    throw new DataError(
      `Local PCA: a tangent of ${m} dimensions cannot come from ${k} neighbours in ${q} dimensions.`
    );
}

/** The same of neighbourhoods that are known: `indices` [queries, k] into the reference. */
export function localPcaAt(
  queries: Rows,
  reference: Rows,
  { indices, k }: Pick<Neighbors, 'indices' | 'k'>,
  dimension: number
): Omit<LocalPca, 'radius'> {
  const q = reference.cols;
  checkTangent(dimension, k, q);
  const projection = matrix(queries.rows, q);
  const residual = new Float64Array(queries.rows);
  const spectrum = matrix(queries.rows, Math.min(k, q));
  const local = new Neighborhood(reference, k);
  for (let i = 0; i < queries.rows; i++) {
    local.decompose(indices, i);
    local.spectrum(spectrum, i);
    local.findTangents(dimension);
    residual[i] = local.project(queries, i, projection);
  }
  return { projection, residual, spectrum };
}

/** Local eigenvalues alone, of the neighbourhoods given: [neighbourhoods, min(k, q)], divisor k - 1. */
export function localSpectrum(reference: Matrix, indices: Int32Array, k: number): Matrix {
  const out = matrix(indices.length / k, Math.min(k, reference.cols));
  const local = new Neighborhood(reference, k);
  for (let i = 0; i < out.rows; i++) {
    local.decompose(indices, i);
    local.spectrum(out, i);
  }
  return out;
}
