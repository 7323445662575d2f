/**
 * The clean weight kappa(r) = exp(-(r - d0)_+^2 / 2 h^2) of theory.md 2b. d0 and h come from trusted distances, so
 * kappa is a function fixed on F and C and may enter a certificate (errata.md E19).
 */
import { DataError } from '../../common/errors.js';
import { requireFiniteValues } from './matrix.js';
import { weightedQuantile } from './papers.js';

/** Noise floor and bandwidth, in the units of the distance. */
export interface Kappa {
  d0: number;
  h: number;
}

/**
 * d0 = the .90 quantile and h = (.99 - .50) quantile of trusted distances (theory.md 2b, 11).
 * @param weights row weights of recipe P; equal when left out
 * @throws DataError with fewer than 5 distances or when they do not vary
 */
export function fitKappa(distances: ArrayLike<number>, weights?: ArrayLike<number>): Kappa {
  requireFiniteValues(distances, 'Trusted distances');
  if (distances.length < 5)
    throw new DataError(`The clean weight needs at least 5 trusted distances, got ${distances.length}.`);
  const w = weights ?? new Float64Array(distances.length).fill(1);
  const at = (p: number): number => weightedQuantile(distances, w, p);
  const h = at(0.99) - at(0.5);
  if (!(h > 0))
    throw new DataError(
      'The trusted distances do not vary between their median and their .99 quantile, so they give no bandwidth h. ' +
        'Take more trusted rows, or rows that differ.'
    );
  return { d0: at(0.9), h };
}

/** kappa in [0, 1], falling in r. */
export function kappaAt({ d0, h }: Kappa, r: number): number {
  const u = Math.max(r - d0, 0) / h;
  return Math.exp(-0.5 * u * u);
}

export function evaluateKappa(kappa: Kappa, distances: ArrayLike<number>): Float64Array {
  return Float64Array.from(distances, r => kappaAt(kappa, r));
}
