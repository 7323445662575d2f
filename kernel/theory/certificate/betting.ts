/**
 * The betting confidence bound for a bounded mean (theory.md 2.2; Waudby-Smith and Ramdas 2023), hardened as errata.md
 * E11: the range is asserted, never clipped, and the first variance is never the sample's own. One-sided at delta.
 */
import { DataError, ParameterError } from '../../../common/errors.js';
import { betSizes, bisect } from './capital.js';

export interface BettingOptions {
  /** Range of the variable, known beforehand: never from these values. */
  lo: number;
  hi: number;
  delta: number;
  /** First variance, in squared units of z, from fold C or a constant; .01 (hi - lo)^2 when left out. */
  variance?: number;
  /** Largest share of the capital that a bet may lose. */
  fraction?: number;
}

/**
 * Upper confidence bound of E z, for independent z in the order given.
 * @throws DataError when z is empty or leaves [lo, hi]
 */
export function bettingUcb(z: ArrayLike<number>, options: BettingOptions): number {
  const { lo, hi } = options;
  checkRange(z, lo, hi, 'The betting bound');
  const width = hi - lo;
  if (width === 0) return hi;
  return (
    hi -
    width *
      lowerMean(
        Float64Array.from(z, value => unit((hi - value) / width)),
        options
      )
  );
}

/** Lower confidence bound of E z. */
export function bettingLcb(z: ArrayLike<number>, options: BettingOptions): number {
  const { lo, hi } = options;
  checkRange(z, lo, hi, 'The betting bound');
  const width = hi - lo;
  if (width === 0) return lo;
  return (
    lo +
    width *
      lowerMean(
        Float64Array.from(z, value => unit((value - lo) / width)),
        options
      )
  );
}

/** The largest mean m of y in [0, 1] that the capital process rejects, by bisection: conservative. */
function lowerMean(y: Float64Array, options: BettingOptions): number {
  const { delta, fraction = 0.75 } = options;
  const width = options.hi - options.lo;
  if (!(delta > 0 && delta < 1))
    throw new ParameterError('certify', 'delta', `delta must lie between 0 and 1, got ${delta}.`);
  const prior = options.variance === undefined ? 0.01 : options.variance / (width * width);
  const n = y.length;
  const threshold = Math.log(1 / delta);
  const bets = betSizes(y, { mean: 0.5, variance: prior }, threshold);
  const rejects = (m: number): boolean => {
    const most = fraction / Math.max(m, 1e-12);
    let capital = 0;
    for (let i = 0; i < n; i++) {
      capital += Math.log1p(Math.min(bets[i], most) * (y[i] - m));
      if (capital >= threshold) return true;
    }
    return false;
  };
  const least = 1e-9;
  if (!rejects(least)) return 0;
  return bisect(least, y.reduce((a, b) => a + b, 0) / n, 40, rejects)[0];
}

/** @throws DataError when z is empty, holds NaN, or leaves [lo, hi] by more than rounding. */
export function checkRange(z: ArrayLike<number>, lo: number, hi: number, what: string): void {
  if (z.length === 0) throw new DataError(`${what} needs at least one value, got none.`);
  if (!(hi >= lo)) throw new DataError(`${what}: the range [${lo}, ${hi}] is empty.`);
  const slack = 1e-9 * Math.max(1, hi - lo);
  for (let i = 0; i < z.length; i++)
    if (!(z[i] >= lo - slack && z[i] <= hi + slack))
      throw new DataError(
        `${what}: value ${i} is ${z[i]}, outside its declared range [${lo}, ${hi}]. ` +
          'A bound on it would be false: check the loss limits and the cap.'
      );
}

/** Takes rounding off the ends of [0, 1]; anything more has already raised. */
function unit(value: number): number {
  return value < 0 ? 0 : value > 1 ? 1 : value;
}
