/**
 * Intrinsic dimension three ways (theory.md 5): local PCA with the Marchenko-Pastur edge (the default), TwoNN (Facco
 * et al. 2017) and Levina-Bickel with MacKay and Ghahramani's average. All are ESTIMATED; when they differ by more
 * than 1 the caller shows all three. Run them after global PCA, never on raw rows.
 */
import { DataError } from '../../common/errors.js';
import { nearestNeighbors } from './knn.js';
import type { Neighbors } from './neighbors/query.js';
import { median } from './linalg.js';
import { localSpectrum } from './local-pca.js';
import { rowOf, selectRows, type Matrix } from './matrix.js';
import { Random } from '../../common/random.js';

export interface DimensionVotes {
  /** Median count over points; 0.5 steps are possible, 0 means "below the noise". */
  localPca: number;
  twoNN: number;
  levinaBickel: number;
  /** The default rule: local PCA, rounded, at least 1. */
  chosen: number;
  /** True when two votes are more than 1 apart. */
  disagree: boolean;
  /** Distinct rows that voted. */
  n: number;
}

export interface LocalPcaDimensionOptions {
  neighbors?: number;
  /** Noise scale of global PCA. */
  sigma?: number;
  /** Share of the first eigenvalue that a direction must reach. */
  fraction?: number;
  /** At most this many points vote. */
  points?: number;
  seed?: number;
}

/** Rows whose neighbour distances TwoNN and Levina-Bickel average: beyond some 2,000 their error is not the rows'. */
const MOST_VOTERS = 2000;

/** A neighbour this many times further than the middle one is foreign to the neighbourhood. In one dimension it is 2. */
const FAR = 3;

/**
 * Median over points of #{lambda_j > max(.1 lambda_1, 2 sigma^2 (1 + sqrt(q/k))^2)} (theory.md 5). A neighbour far
 * beyond the others is left out of its neighbourhood: it would own lambda_1 and hide the true directions.
 */
export function localPcaDimension(x: Matrix, options: LocalPcaDimensionOptions = {}): number {
  const { sigma = 0, fraction = 0.1, points = 200, seed = 0 } = options;
  const k = Math.min(options.neighbors ?? 60, x.rows);
  const chosen = new Random(seed).permutation(x.rows).subarray(0, points);
  const near = nearestNeighbors(selectRows(x, chosen), x, k);
  const counts: number[] = [];
  neighborhoodsBySize(near).forEach((indices, kept) => {
    const spectrum = localSpectrum(x, Int32Array.from(indices), kept);
    const noise = 2 * sigma * sigma * (1 + Math.sqrt(x.cols / kept)) ** 2;
    for (let i = 0; i < spectrum.rows; i++) {
      const row = rowOf(spectrum, i);
      counts.push(row.filter(value => value > Math.max(fraction * row[0], noise)).length);
    }
  });
  return median(counts);
}

/** Neighbours without those too far out, neighbourhoods of one size together: size -> indices, one after another. */
function neighborhoodsBySize({ k, indices, distances }: Neighbors): Map<number, number[]> {
  const sizes = new Map<number, number[]>();
  for (let from = 0; from < indices.length; from += k) {
    const middle = distances[from + (k >> 1)];
    let kept = k;
    while (middle > 0 && distances[from + kept - 1] > FAR * middle) kept--;
    const list = sizes.get(kept) ?? [];
    for (let r = from; r < from + kept; r++) list.push(indices[r]);
    sizes.set(kept, list);
  }
  return sizes;
}

/** TwoNN: slope of -ln(1 - F) on ln(r2 / r1), the largest `trim` share dropped. */
export function twoNN(x: Matrix, trim: number = 0.1): number {
  return twoNNFrom(nearestNeighbors(x, x, 2, 'self'), trim);
}

function twoNNFrom({ k, distances }: Neighbors, trim: number): number {
  const ratios: number[] = [];
  for (let i = 0; i < distances.length; i += k)
    if (distances[i] > 0) ratios.push(distances[i + 1] / distances[i]);
  const kept = Float64Array.from(ratios)
    .sort()
    .subarray(0, Math.floor(ratios.length * (1 - trim)));
  let xy = 0;
  let xx = 0;
  kept.forEach((ratio, i) => {
    const a = Math.log(ratio);
    xy += a * -Math.log(1 - (i + 1) / (kept.length / (1 - trim)));
    xx += a * a;
  });
  if (!(xx > 0))
    throw new DataError('TwoNN: too few rows are distinct to compare a first and a second neighbour.');
  return xy / xx;
}

/** Levina-Bickel, averaged over points by MacKay and Ghahramani's rule and over k from k1 to k2. */
export function levinaBickel(x: Matrix, k1: number = 10, k2: number = 20): number {
  return levinaBickelFrom(nearestNeighbors(x, x, k2, 'self'), k1);
}

function levinaBickelFrom({ k: k2, distances }: Neighbors, k1: number): number {
  const logs = distances.map(value => Math.log(Math.max(value, 1e-12)));
  const rows = logs.length / k2;
  let total = 0;
  for (let k = k1; k <= k2; k++) {
    let sum = 0;
    for (let i = 0; i < rows; i++)
      for (let j = 0; j < k - 1; j++) sum += (logs[i * k2 + k - 1] - logs[i * k2 + j]) / (k - 2);
    total += rows / sum;
  }
  return total / (k2 - k1 + 1);
}

/**
 * All three votes on the distinct rows of x (copies of a row would look like dimension 0).
 * @param x rows after global PCA
 * @throws DataError with fewer than 10 distinct rows
 */
export function dimensionVotes(x: Matrix, options: LocalPcaDimensionOptions = {}): DimensionVotes {
  const distinct = distinctRows(x);
  if (distinct.length < 10)
    throw new DataError(
      `Intrinsic dimension needs at least 10 distinct rows, got ${distinct.length} among ${x.rows}. Load more tables.`
    );
  const rows = distinct.length === x.rows ? x : selectRows(x, distinct);
  const local = localPcaDimension(rows, options);
  const k = Math.min(60, rows.rows - 1);
  const voters = new Random(options.seed ?? 0, 1).permutation(rows.rows).subarray(0, MOST_VOTERS).sort();
  const near = nearestNeighbors(selectRows(rows, voters), rows, k, voters);
  const two = twoNNFrom(near, 0.1);
  const bickel = levinaBickelFrom(near, Math.min(40, near.k));
  const votes = [local, two, bickel];
  return {
    localPca: local,
    twoNN: two,
    levinaBickel: bickel,
    chosen: Math.max(1, Math.round(local)),
    disagree: Math.max(...votes) - Math.min(...votes) > 1,
    n: rows.rows
  };
}

/** Of each group of equal rows the first, rising. */
function distinctRows(x: Matrix): Int32Array {
  const { cols: q, data } = x;
  const compare = (a: number, b: number): number => {
    for (let p = 0, u = a * q, v = b * q; p < q; p++)
      if (data[u + p] !== data[v + p]) return data[u + p] - data[v + p];
    return 0;
  };
  const order = Int32Array.from({ length: x.rows }, (_, i) => i).sort((a, b) => compare(a, b) || a - b);
  return order.filter((row, i) => i === 0 || compare(order[i - 1], row) !== 0).sort();
}
