/**
 * A confidence bound of a ratio of means E p / E m, as Fieller inverts it (theory.md 2.3; errata.md E4 recipe R, E12):
 * the tilted risk, the risk of the average row, and 1 - micro-F1 are such ratios. Bet sizes do not depend on the value
 * tested and each factor of the capital rises with it, so the values not rejected are an interval and bisection is
 * exact.
 */
import { DataError, ParameterError } from '../../../common/errors.js';
import { betSizes, bisect } from './capital.js';

export interface RatioUcbOptions {
  /** lo m <= p <= hi m for every pair, known beforehand. */
  lo: number;
  hi: number;
  delta: number;
  /** t0: a guess of the ratio from fold C, by which bets are sized. */
  centre: number;
  /** First variance of p - t0 m, from fold C; .01 (hi - lo)^2 when left out. */
  variance?: number;
}

/**
 * inf{t: the capital of bets on t m - p >= 0 reaches 1 / delta}, hi where none does. Bets are
 * min(lambda_i, (3/4) / (hi - t)), and t m - p >= -(hi - t) as m <= 1, so a factor is never below 1/4.
 * @param p numerators, one an independent unit in a fixed order; @param m denominators in [0, 1]
 * @throws DataError when a pair leaves its range
 */
export function ratioUcb(p: ArrayLike<number>, m: ArrayLike<number>, options: RatioUcbOptions): number {
  const { lo, hi, delta, centre } = options;
  checkPairs(p, m, options);
  const n = p.length;
  const threshold = Math.log(1 / delta);
  const prior = options.variance ?? 0.01 * (hi - lo) ** 2;
  const guessed = Float64Array.from({ length: n }, (_, i) => centre * m[i] - p[i]);
  const bets = betSizes(guessed, { mean: 0, variance: prior }, threshold);
  const rejects = (t: number): boolean => {
    const most = 0.75 / Math.max(hi - t, 1e-12);
    let capital = 0;
    for (let i = 0; i < n; i++) {
      capital += Math.log1p(Math.min(bets[i], most) * (t * m[i] - p[i]));
      if (capital >= threshold) return true;
    }
    return false;
  };
  return rejects(hi) ? bisect(lo, hi, 50, t => !rejects(t))[1] : hi;
}

function checkPairs(
  p: ArrayLike<number>,
  m: ArrayLike<number>,
  { lo, hi, delta, centre }: RatioUcbOptions
): void {
  if (!(delta > 0 && delta < 1))
    throw new ParameterError('certify', 'delta', `delta must lie between 0 and 1, got ${delta}.`);
  if (!(centre >= lo && centre <= hi))
    throw new ParameterError(
      'certify',
      'centre',
      `The guess ${centre} lies outside the ratio's range [${lo}, ${hi}].`
    );
  if (p.length === 0 || m.length !== p.length)
    throw new DataError(
      `A ratio of means needs at least one pair, got ${p.length} numerators and ${m.length} denominators.`
    );
  const slack = 1e-9 * Math.max(1, Math.abs(lo), Math.abs(hi));
  for (let i = 0; i < p.length; i++)
    if (!(m[i] >= 0 && m[i] <= 1 + 1e-9 && p[i] >= lo * m[i] - slack && p[i] <= hi * m[i] + slack))
      throw new DataError(
        `Unit ${i}: numerator ${p[i]} and denominator ${m[i]}; the denominator must lie in [0, 1] and the numerator ` +
          `between ${lo} and ${hi} times it. A bound on them would be false: check the loss limits and the cap.`
      );
}
