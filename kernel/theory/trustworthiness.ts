/**
 * How far a picture's neighbours are neighbours in truth (Venna and Kaski 2001): 1 where each row's k nearest in the
 * picture are its k nearest in the data, about 1/2 where the picture is drawn at random.
 */
import { DataError } from '../../common/errors.js';
import { instantiate, type DistanceKernels } from '../wasm/index.js';
import { nearestNeighbors } from './knn.js';
import type { Rows } from './matrix.js';

/**
 * 1 - 2/(n k (2n - 3k - 1)) sum over i, over the k nearest j of i in `picture`, of max(0, rank of j in `x` - k). All
 * pairs are compared: give it a sample of at most some thousand rows.
 * @throws DataError when the rows do not fit, or are fewer than 2k + 1
 */
export function trustworthiness(x: Rows, picture: Rows, k: number): number {
  const n = x.rows;
  if (picture.rows !== n)
    throw new DataError(`Trustworthiness: ${n} rows of data are compared with ${picture.rows} of a picture.`);
  if (!(k >= 1 && 2 * k < n))
    throw new DataError(
      `Trustworthiness: ${k} neighbours need at least ${2 * k + 1} rows, but there are ${n}.`
    );
  const near = nearestNeighbors(picture, picture, k, 'self');
  const distancesFrom = allDistances(x);
  let penalty = 0;
  for (let i = 0; i < n; i++) {
    const distances = distancesFrom(i);
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

/** Squared Euclidean distances of all rows from row i, good until the next are asked for. */
function allDistances({ rows, cols, data }: Rows): (i: number) => Float64Array {
  const { arena, exports } = instantiate<DistanceKernels>('distances');
  const wide = data instanceof Float64Array;
  const bytes = cols * (wide ? 8 : 4);
  const at = arena.put(data);
  const out = arena.reserve(rows * 8);
  const distances = arena.f64(out, rows);
  const measure = wide ? exports.squaredDistances64 : exports.squaredDistances32;
  return i => {
    measure(at + i * bytes, at, rows, cols, out);
    return distances;
  };
}
