/** What is asked of a search for neighbours, and what it answers. */
import { DataError } from '../../../common/errors.js';
import type { Rows } from '../matrix.js';

export interface Neighbors {
  k: number;
  /** [queries, k] row-major, nearest first. */
  indices: Int32Array;
  /** [queries, k] Euclidean. */
  distances: Float64Array;
}

/** For each query the reference row that it may not have (itself), or -1; 'self' when queries are the reference. */
export type Exclusion = ArrayLike<number> | 'self';

/** The reference row that query i may not have, or -1. */
export function excludedBy(exclude: Exclusion | undefined, i: number): number {
  return exclude === undefined ? -1 : exclude === 'self' ? i : exclude[i];
}

/** @throws DataError when rows differ in their columns, or fewer than k rows are left to choose from */
export function checkSearch(queries: Rows, reference: Rows, k: number, exclude?: Exclusion): void {
  if (queries.cols !== reference.cols)
    throw new DataError(
      `Neighbours: rows of ${queries.cols} columns are compared with rows of ${reference.cols}.`
    );
  const available = reference.rows - (exclude === undefined ? 0 : 1);
  if (!Number.isInteger(k) || k < 1 || k > available)
    throw new DataError(
      `Neighbours: ${k} were asked for, but a row has ${available} others. Use fewer neighbours or more rows.`
    );
}
