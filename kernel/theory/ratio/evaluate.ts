/** A fitted ratio at any rows. The only place that knows each family's formula as a function. */
import { DataError } from '../../../common/errors.js';
import { matrix, type Matrix } from '../matrix.js';
import { kernelSumAt } from './kernel-sums.js';
import { standardize, type KernelRatio, type LogitQuadRatio, type Ratio } from './types.js';

/** omega-hat at each row, >= 0 and finite. @throws DataError when the columns are not those it was fitted on. */
export function evaluateRatio(ratio: Ratio, x: Matrix): Float64Array {
  if (x.cols !== ratio.cols)
    throw new DataError(`The ratio was fitted on ${ratio.cols} columns and is asked at rows of ${x.cols}.`);
  const raw = rawRatio(ratio, x);
  for (let i = 0; i < raw.length; i++) raw[i] *= ratio.scale;
  return raw;
}

function rawRatio(ratio: Ratio, x: Matrix): Float64Array {
  switch (ratio.kind) {
    case 'uniform':
      return new Float64Array(x.rows).fill(1);
    case 'logit-quad':
      return logitScores(ratio, x).map(oddsOf);
    case 'logit':
      return linearScores(standardize(x, ratio.mean, ratio.sd), ratio.coefficients).map(f =>
        oddsOf(ratio.slope * f + ratio.offset)
      );
    case 'rulsif':
    case 'ulsif':
    case 'kliep':
      return relativeRatio(ratio, x).map(r => toRatio(r, ratio.alpha));
    default:
      return ratio satisfies never;
  }
}

/** Odds from log odds, which are kept within +-12 (theory.md 7, box 2). */
function oddsOf(f: number): number {
  return Math.exp(Math.min(12, Math.max(-12, f)));
}

/** z b + intercept, the intercept last in `coefficients`. */
function linearScores(z: Matrix, coefficients: ArrayLike<number>): Float64Array {
  const q = z.cols;
  return Float64Array.from({ length: z.rows }, (_, i) => {
    let f = coefficients[q];
    for (let j = 0; j < q; j++) f += coefficients[j] * z.data[i * q + j];
    return f;
  });
}

/** The logistic score: log odds of target against source, classes balanced. */
function logitScores(ratio: LogitQuadRatio, x: Matrix): Float64Array {
  const z = standardize(x, ratio.mean, ratio.sd);
  const q = z.cols;
  const b = ratio.coefficients;
  return Float64Array.from({ length: z.rows }, (_, i) => {
    let f = b[2 * q];
    for (let j = 0; j < q; j++) {
      const value = z.data[i * q + j];
      f += b[j] * value + (b[q + j] * (value * value - 1)) / Math.SQRT2;
    }
    return f;
  });
}

/** The relative ratio r_alpha = p_T / ((1 - alpha) p_S + alpha p_T), >= 0. */
function relativeRatio(ratio: KernelRatio, x: Matrix): Float64Array {
  const z = standardize(x, ratio.mean, ratio.sd);
  const theta = Float64Array.from(ratio.theta);
  const centres = matrix(theta.length, ratio.cols, Float64Array.from(ratio.centres));
  return kernelSumAt(z, { centres, bandwidth: ratio.bandwidth }, theta).map(sum => Math.max(sum, 0));
}

/** omega = (1 - alpha) r / (1 - alpha r), r kept below .98 / alpha, its population limit (theory.md 3). */
function toRatio(r: number, alpha: number): number {
  if (alpha === 0) return r;
  const bounded = Math.min(r, 0.98 / alpha);
  return ((1 - alpha) * bounded) / (1 - alpha * bounded);
}
