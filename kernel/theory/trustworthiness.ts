/**
 * How far a picture's neighbours are neighbours in truth (Venna and Kaski 2001): 1 where each row's k nearest in the
 * picture are its k nearest in the data, about 1/2 where the picture is drawn at random.
 */
import { DataError } from '../../common/errors.js';
import { nearestNeighbors } from './knn.js';
import type { Matrix } from './matrix.js';

/**
 * 1 - 2/(n k (2n - 3k - 1)) sum over i, over the k nearest j of i in `picture`, of max(0, rank of j in `x` - k). All
 * pairs are compared: give it a sample of at most some thousand rows.
 * @throws DataError when the rows do not fit, or are fewer than 2k + 1
 */
export function trustworthiness(x: Matrix, picture: Matrix, k: number): number {
  const n = x.rows;
  if (picture.rows !== n)
    throw new DataError(`Trustworthiness: ${n} rows of data are compared with ${picture.rows} of a picture.`);
  if (!(k >= 1 && 2 * k < n))
    throw new DataError(
      `Trustworthiness: ${k} neighbours need at least ${2 * k + 1} rows, but there are ${n}.`
    );
  const near = nearestNeighbors(picture, picture, k, 'self');
  const distances = new Float64Array(n);
  let penalty = 0;
  for (let i = 0; i < n; i++) {
    distancesFrom(x, i, distances);
    for (let p = i * k; p < (i + 1) * k; p++) {
      const j = near.indices[p];
      const own = distances[j];
      let rank = 1;
      // A tie goes to the lower index, as neighbours do.
      for (let l = 0; l < n; l++)
        if (l !== i && (distances[l] < own || (distances[l] === own && l < j))) rank++;
      penalty += Math.max(0, rank - k);
    }
  }
  return 1 - (2 * penalty) / (n * k * (2 * n - 3 * k - 1));
}

/** Squared Euclidean distances of all rows from row i. */
function distancesFrom({ rows, cols, data }: Matrix, i: number, out: Float64Array): void {
  const own = data.subarray(i * cols, (i + 1) * cols);
  for (let l = 0, p = 0; l < rows; l++) {
    let [s, t] = [0, 0];
    let j = 0;
    for (; j + 2 <= cols; j += 2, p += 2) {
      const u = data[p] - own[j];
      const v = data[p + 1] - own[j + 1];
      s += u * u;
      t += v * v;
    }
    if (j < cols) {
      const u = data[p++] - own[j];
      s += u * u;
    }
    out[l] = s + t;
  }
}
