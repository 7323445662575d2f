/**
 * Kernel mean matching (Huang et al. 2007; theory.md 3): the weights in [0, W] that bring the source's kernel mean
 * nearest to the target's. It is transductive: it weighs these rows and is no function of others, and as a pointwise
 * ratio it is poor (NMSE 5 to 18), so it serves theorem 1C alone, which holds for any weights that were chosen without
 * the labels of V. What 1C's bound depends on besides the distance is the weights' length, so a ridge on it traces the
 * trade-off between the two; KMM without one minimises the first term only (errata.md E12).
 */
import { DataError } from '../../../common/errors.js';
import { dot } from '../linalg.js';
import { rowOf, type Matrix } from '../matrix.js';
import { kernelAt, kernelSumAt } from './kernel-sums.js';
import { rowWeights, type RatioRows } from './types.js';

export interface KmmOptions {
  /** W: the largest weight. */
  cap: number;
  /** h of the Gaussian kernel, fixed without the rows of V and U (errata.md E12): it decides what is certified. */
  bandwidth: number;
  /** rho in 1/2 MMD^2 + rho/2 sum (a_i w_i)^2, a_i the row weights. */
  ridge?: number;
  /** Steps of the accelerated projected gradient. */
  iterations?: number;
}

export interface KmmWeights {
  /** One a source row, in [0, W]; never rescaled out of the box (errata.md E, code item 4). */
  weights: Float64Array;
  /** Biased MMD between the target and the weighted source, of the rows given. */
  mmd: number;
  /** sqrt(sum (a_i w_i)^2), which theorem 1C's label term is proportional to where rows are independent. */
  length: number;
}

/** Most source rows: the kernel between all of them is held. */
export const KMM_ROWS = 5000;

/**
 * Minimises 1/2 |sum a_i w_i phi(z_i) - sum b_j phi(t_j)|^2 + rho/2 sum (a_i w_i)^2 over 0 <= w <= W, a and b the row
 * weights of source and target (recipe P).
 * @throws DataError without rows, with NaN, with more than 5,000 source rows, or when cap or bandwidth is not positive
 */
export function kernelMeanMatching(
  source: RatioRows,
  target: RatioRows,
  { cap, bandwidth, ridge = 0, iterations = 400 }: KmmOptions
): KmmWeights {
  const a = rowWeights(source, 'The source');
  const b = rowWeights(target, 'The target');
  const n = a.length;
  if (n > KMM_ROWS)
    throw new DataError(
      `Kernel mean matching weighs at most ${KMM_ROWS} source rows at once, got ${n}. Draw some of the papers.`
    );
  if (!(cap > 0 && bandwidth > 0 && ridge >= 0))
    throw new DataError(
      `Kernel mean matching needs a positive cap and bandwidth and no negative ridge, got ${cap}, ${bandwidth} and ${ridge}.`
    );
  const inner = kernelAt(source.x, { centres: source.x, bandwidth });
  const atTarget = { centres: target.x, bandwidth };
  const toward = kernelSumAt(source.x, atTarget, b);
  const targetNorm = dot(b, kernelSumAt(target.x, atTarget, b));
  // In v = sqrt(a) w the curvature is sqrt(a) K sqrt(a) + rho a; its largest eigenvalue by power iteration.
  const root = a.map(Math.sqrt);
  const applied = (w: Float64Array): Float64Array => {
    const mass = w.map((value, i) => a[i] * value);
    const out = times(inner, mass);
    for (let i = 0; i < n; i++) out[i] += ridge * mass[i] - toward[i];
    return out;
  };
  let direction: Float64Array = new Float64Array(n).fill(1 / Math.sqrt(n));
  let largest = 0;
  for (let step = 0; step < 30; step++) {
    const image = times(
      inner,
      direction.map((value, i) => root[i] * value)
    ).map((value, i) => root[i] * value + ridge * a[i] * direction[i]);
    largest = Math.sqrt(dot(image, image));
    direction = image.map(value => value / largest);
  }
  // Power iteration comes from below: a step of 1 over a little more cannot overshoot.
  const size = 1 / (1.01 * largest);
  let weights: Float64Array = new Float64Array(n).fill(Math.min(1, cap));
  let ahead = weights;
  let t = 1;
  for (let step = 0; step < iterations; step++) {
    // The gradient in v, divided by sqrt(a), is the same step in w: the box stays a box.
    const gradient = applied(ahead);
    const next = ahead.map((value, i) => Math.min(cap, Math.max(0, value - size * gradient[i])));
    const momentum = (1 + Math.sqrt(1 + 4 * t * t)) / 2;
    ahead = next.map((value, i) => value + ((t - 1) / momentum) * (value - weights[i]));
    [weights, t] = [next, momentum];
  }
  const mass = weights.map((value, i) => a[i] * value);
  const square = dot(mass, times(inner, mass)) - 2 * dot(mass, toward) + targetNorm;
  return { weights, mmd: Math.sqrt(Math.max(0, square)), length: Math.sqrt(dot(mass, mass)) };
}

function times(m: Matrix, v: Float64Array): Float64Array {
  return Float64Array.from({ length: m.rows }, (_, i) => dot(rowOf(m, i), v));
}
