/**
 * The weighted graph that UMAP lays out (McInnes, Healy and Melville 2018, sections 3.1 and 4.1): each row's
 * neighbours on a scale of their own, and the fuzzy union of what two rows say of each other.
 */
import type { Neighbors } from '../neighbors/query.js';

/** Most steps to a row's scale, and how near the sum of its memberships has to come: as umap-learn has it. */
const STEPS = 64;
const NEAR = 1e-5;

/** A scale is at least this share of the mean distance: rows that lie on one another have no scale of their own. */
const LEAST_SCALE = 1e-3;

/** Undirected edges, each once, in the order of their heads. */
export interface Edges {
  readonly heads: Int32Array;
  readonly tails: Int32Array;
  /** In (0, 1]. */
  readonly weights: Float64Array;
}

/**
 * How strongly each row belongs together with each of its neighbours, [n, k] as `neighbors` are: exp(-(d - rho)/sigma),
 * at most 1. sigma makes a row's memberships add up to log2(`size`).
 *
 * @param size neighbours as UMAP counts them: a row is the first of its own
 * @param connected whether rho is the distance to the nearest other row, so that every row is fully connected to one;
 *   else 0, for rows that are put among others
 */
export function memberships(neighbors: Neighbors, size: number, connected: boolean): Float64Array {
  const { k, distances } = neighbors;
  const n = distances.length / k;
  const out = new Float64Array(distances.length);
  // The row itself is in the mean, at distance 0, where it is one of its neighbours.
  const meanOf = (from: number, to: number): number => {
    let sum = 0;
    for (let p = from; p < to; p++) sum += distances[p];
    return (sum * k) / ((to - from) * size);
  };
  const overall = meanOf(0, distances.length);
  const wanted = Math.log2(size);
  for (let i = 0; i < n; i++) {
    const start = i * k;
    const rho = connected ? firstPositive(distances, start, k) : 0;
    const found = scaleOf(distances, start, k, rho, wanted);
    const sigma = Math.max(found, LEAST_SCALE * (rho > 0 ? meanOf(start, start + k) : overall));
    for (let p = start; p < start + k; p++)
      out[p] = distances[p] > rho ? Math.exp(-(distances[p] - rho) / sigma) : 1;
  }
  return out;
}

/** Distances rise: the first above 0, or 0 where there is none. */
function firstPositive(distances: Float64Array, start: number, k: number): number {
  for (let p = start; p < start + k; p++) if (distances[p] > 0) return distances[p];
  return 0;
}

/** The sigma at which the memberships of one row add up to `wanted`: the sum rises with it. 0 where it is more from the start. */
function scaleOf(distances: Float64Array, start: number, k: number, rho: number, wanted: number): number {
  let [full, beyond] = [0, 0];
  for (let p = start; p < start + k; p++)
    if (distances[p] > rho) beyond += distances[p] - rho;
    else full++;
  if (full >= wanted || full === k) return 0;
  let [low, high, sigma] = [0, Infinity, beyond / (k - full)];
  for (let step = 0; step < STEPS; step++) {
    let [sum, slope] = [full, 0];
    for (let p = start; p < start + k; p++) {
      if (!(distances[p] > rho)) continue;
      const share = (distances[p] - rho) / sigma;
      const membership = Math.exp(-share);
      sum += membership;
      slope += share * membership;
    }
    if (Math.abs(sum - wanted) < NEAR) break;
    if (sum > wanted) high = sigma;
    else low = sigma;
    // Newton's step in log sigma, which bisection replaces where it leaves what is known.
    const next = sigma * Math.exp((wanted - sum) / slope);
    if (next > low && next < high) sigma = next;
    else sigma = high === Infinity ? 2 * sigma : (low + high) / 2;
  }
  return sigma;
}

/** p + q - p q for what two rows say of each other; 0 for the row that says nothing. */
export function fuzzyUnion(neighbors: Neighbors, membership: Float64Array): Edges {
  const { k, indices } = neighbors;
  const n = indices.length / k;
  const heads = new Int32Array(n * k);
  const tails = new Int32Array(n * k);
  const weights = new Float64Array(n * k);
  let count = 0;
  for (let i = 0; i < n; i++)
    for (let p = i * k; p < (i + 1) * k; p++) {
      const j = indices[p];
      let back = j * k;
      while (back < (j + 1) * k && indices[back] !== i) back++;
      const mutual = back < (j + 1) * k;
      // Two rows that both say something share one edge, which the first of them has told.
      if (mutual && j < i) continue;
      const [one, other] = [membership[p], mutual ? membership[back] : 0];
      heads[count] = i;
      tails[count] = j;
      weights[count++] = one + other - one * other;
    }
  return {
    heads: heads.slice(0, count),
    tails: tails.slice(0, count),
    weights: weights.slice(0, count)
  };
}
