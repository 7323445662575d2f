/** Bounds shown beside the betting one for comparison (theory.md 2.2). Taking the least of several costs delta / #. */
import { DataError } from '../../../common/errors.js';
import { normalQuantile } from '../special.js';
import { checkRange } from './betting.js';

export interface Moments {
  n: number;
  mean: number;
  /** Divisor n - 1; 0 for one value. */
  variance: number;
}

export function moments(z: ArrayLike<number>): Moments {
  const n = z.length;
  let mean = 0;
  for (let i = 0; i < n; i++) mean += z[i] / n;
  let squares = 0;
  for (let i = 0; i < n; i++) squares += (z[i] - mean) ** 2;
  return { n, mean, variance: n > 1 ? squares / (n - 1) : 0 };
}

/** mean + sqrt(2 V ln(2/delta)/n) + 7 (hi - lo) ln(2/delta) / 3(n - 1): valid for z in [lo, hi]. */
export function maurerPontilUcb(z: ArrayLike<number>, lo: number, hi: number, delta: number): number {
  checkRange(z, lo, hi, 'The Maurer-Pontil bound');
  if (z.length < 2) throw new DataError('The Maurer-Pontil bound needs at least 2 values.');
  const { n, mean, variance } = moments(z);
  const log = Math.log(2 / delta);
  return mean + Math.sqrt((2 * variance * log) / n) + (7 * (hi - lo) * log) / (3 * (n - 1));
}

/** mean + z_(1 - delta) s / sqrt n: ESTIMATED only. */
export function cltUcb(z: ArrayLike<number>, delta: number): number {
  const { n, mean, variance } = moments(z);
  return mean + normalQuantile(1 - delta) * Math.sqrt(variance / n);
}
