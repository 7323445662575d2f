/**
 * What projecting should gain: (G) of theory.md 4, 2c, for a projection after global PCA, and the number of neighbours
 * that makes it least. A heuristic with plug-in m, sigma, reach: ESTIMATED. What was gained is denoiser.ts.
 */
import { nearestNeighbors } from './knn.js';
import { median } from './linalg.js';
import { selectRows, type Matrix } from './matrix.js';
import { Random } from '../../common/random.js';

export interface GainSizes {
  /** Ambient dimension d, rank q of global PCA, tangent dimension m. */
  d: number;
  rank: number;
  dimension: number;
  sigma: number;
  reach: number;
}

/**
 * (G): RMS of |z-hat - z| over that of |z-tilde - z|, at least sqrt(m/d). Noise of the local mean counts in the q - m
 * directions that global PCA has left to it.
 * @param radius distance to the k-th neighbour without noise
 */
export function predictedGain(sizes: GainSizes, k: number, radius: number): number {
  const { d, rank, dimension: m, sigma, reach } = sizes;
  const curvature = (m * radius * radius) / (2 * (m + 2) * reach);
  return Math.sqrt(
    m / d + Math.max(0, rank - m) / (d * k) + (curvature * curvature) / (sigma * sigma * d || Infinity)
  );
}

export interface NeighborChoice {
  neighbors: number;
  /** (G) at each number of neighbours that was looked at. */
  table: { neighbors: number; gain: number }[];
}

/** Neighbours at which the radius is measured, and what is looked at as multiples of the least. */
const PILOT = 20;
const STEPS = [1, 4 / 3, 5 / 3, 2];

/**
 * k from 15 to 30 that makes (G) least (theory.md 11); more where the tangent has so many dimensions that 15 rows
 * could not span it, fewer where there are no more rows. r_k grows as k^(1/m) from the radius measured at one k.
 * @param fit rows after global PCA [n, q]
 * @param asked a number of neighbours to take in place of the best, with its (G)
 */
export function chooseNeighbors(
  fit: Matrix,
  sizes: GainSizes,
  { seed = 0, asked }: { seed?: number; asked?: number } = {}
): NeighborChoice {
  const { dimension: m, rank, sigma } = sizes;
  const pilot = Math.min(PILOT, fit.rows - 1);
  const chosen = new Random(seed, 3).permutation(fit.rows).subarray(0, 200);
  const { distances } = nearestNeighbors(selectRows(fit, chosen), fit, pilot, chosen);
  const measured = median(Array.from(chosen, (_, i) => distances[(i + 1) * pilot - 1]));
  // Two noisy rows are further apart than the points they come from: E |x - y|^2 grows by 2 sigma^2 q.
  const radius = Math.sqrt(Math.max(measured ** 2 - 2 * sigma * sigma * rank, 0.01 * measured ** 2));
  const least = Math.max(15, 2 * (m + 1));
  const looked = asked === undefined ? STEPS.map(step => Math.round(step * least)) : [asked];
  const table = [...new Set(looked.map(k => Math.min(k, fit.rows - 2)))].map(neighbors => ({
    neighbors,
    gain: predictedGain(sizes, neighbors, radius * (neighbors / pilot) ** (1 / m))
  }));
  const { neighbors } = table.reduce((a, b) => (b.gain < a.gain ? b : a));
  return { neighbors, table };
}

/** (G) at the number of neighbours that was taken. */
export function gainAt({ neighbors, table }: NeighborChoice): number {
  return table.find(row => row.neighbors === neighbors)!.gain;
}
