/**
 * Exact nearest neighbours by brute force, with exclusion by index (errata.md E, code item 2: never by a distance
 * near 0). Ties go to the lower index, so the answer does not depend on the order of the work.
 */
import { DataError } from '../../common/errors.js';
import type { Matrix } from './matrix.js';

export interface Neighbors {
  k: number;
  /** [queries, k] row-major, nearest first. */
  indices: Int32Array;
  /** [queries, k] Euclidean. */
  distances: Float64Array;
}

/**
 * @param exclude for each query the reference row that it may not have (itself), or -1; 'self' when the queries
 *   are the reference
 * @throws DataError when fewer than k rows are left to choose from
 */
export function nearestNeighbors(
  queries: Matrix,
  reference: Matrix,
  k: number,
  exclude?: ArrayLike<number> | 'self'
): Neighbors {
  if (queries.cols !== reference.cols)
    throw new DataError(
      `Neighbours: rows of ${queries.cols} columns are compared with rows of ${reference.cols}.`
    );
  const available = reference.rows - (exclude === undefined ? 0 : 1);
  if (!Number.isInteger(k) || k < 1 || k > available)
    throw new DataError(
      `Neighbours: ${k} were asked for, but a row has ${available} others. Use fewer neighbours or more rows.`
    );
  const q = queries.cols;
  const indices = new Int32Array(queries.rows * k);
  const distances = new Float64Array(queries.rows * k);
  const [left, right] = [queries.data, reference.data];
  const best = new Float64Array(k);
  const who = new Int32Array(k);
  for (let i = 0; i < queries.rows; i++) {
    const skip = exclude === undefined ? -1 : exclude === 'self' ? i : exclude[i];
    const start = i * q;
    let filled = 0;
    let worst = Infinity;
    for (let j = 0; j < reference.rows; j++) {
      if (j === skip) continue;
      let sum = 0;
      const other = j * q;
      // In slices of 8: a row that is already too far is dropped early, and sums of a slice need not wait.
      let p = 0;
      for (; p + 8 <= q && sum < worst; p += 8) {
        const u = start + p;
        const v = other + p;
        const a = left[u] - right[v];
        const b = left[u + 1] - right[v + 1];
        const c = left[u + 2] - right[v + 2];
        const d = left[u + 3] - right[v + 3];
        const e = left[u + 4] - right[v + 4];
        const f = left[u + 5] - right[v + 5];
        const g = left[u + 6] - right[v + 6];
        const h = left[u + 7] - right[v + 7];
        sum += a * a + b * b + (c * c + d * d) + (e * e + f * f + (g * g + h * h));
      }
      for (; p < q && sum < worst; p++) {
        const e = left[start + p] - right[other + p];
        sum += e * e;
      }
      if (sum >= worst) continue;
      let at = filled < k ? filled++ : k - 1;
      for (; at > 0 && best[at - 1] > sum; at--) {
        best[at] = best[at - 1];
        who[at] = who[at - 1];
      }
      best[at] = sum;
      who[at] = j;
      if (filled === k) worst = best[k - 1];
    }
    for (let r = 0; r < k; r++) {
      indices[i * k + r] = who[r];
      distances[i * k + r] = Math.sqrt(best[r]);
    }
  }
  return { k, indices, distances };
}
