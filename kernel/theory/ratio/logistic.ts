/**
 * Weighted ridge logistic regression by Newton's method with halved steps (IRLS; theory.md 7, box 2): what logit and
 * logit-quad have in common. The passes over the rows are the SIMD kernels of assembly/logistic.ts, in float64.
 */
import { DataError } from '../../../common/errors.js';
import { instantiate, type Kernels, type LogisticKernels } from '../../wasm/index.js';
import { solvePositive } from '../linalg.js';
import { matrix, type Matrix } from '../matrix.js';
import { Mark, type Steps } from './steps.js';
import { layStandardized, rowWeights, standardizer, type RatioRows } from './types.js';

/** Most Newton steps; a handful is the rule. */
const MOST_STEPS = 50;

/** A full step below this leaves an error of about 1e-11, in units of standardised columns. */
const CLOSE = 3e-6;

/** Rows of two classes, the source's first, laid out once for any number of fits. */
export class LogisticProblem {
  private readonly kernels: Kernels<LogisticKernels>;
  /** Columns rounded up to a whole SIMD register. */
  private readonly stride: number;
  private readonly at: {
    x: number;
    weight: number;
    beta: number;
    gradient: number;
    hessian: number;
    zero: number;
  };

  /**
   * @param rows how many, of both classes
   * @param cols the features, and the 1 of the intercept
   * @param lay writes the features of all rows, row i from `i * stride` on, but for the intercept's
   */
  constructor(
    readonly rows: number,
    readonly cols: number,
    readonly nSource: number,
    lay: (into: Float64Array, stride: number) => void
  ) {
    this.kernels = instantiate<LogisticKernels>('logistic');
    const { arena } = this.kernels;
    this.stride = cols + (cols % 2);
    const row = 8 * this.stride;
    this.at = {
      x: arena.reserve(rows * row),
      weight: arena.reserve(8 * rows),
      beta: arena.reserve(row),
      gradient: arena.reserve(row),
      hessian: arena.reserve(this.stride * row),
      zero: arena.reserve(row)
    };
    const laid = arena.f64(this.at.x, rows * this.stride);
    lay(laid, this.stride);
    for (let i = 0; i < rows; i++) laid[i * this.stride + cols - 1] = 1;
  }

  /** Scores of every row. */
  scores(beta: Float64Array): Float64Array {
    const { rows, cols, stride } = this;
    const x = this.kernels.arena.f64(this.at.x, rows * stride);
    return Float64Array.from({ length: rows }, (_, i) => {
      let f = 0;
      for (let j = 0, p = i * stride; j < cols; j++) f += x[p + j] * beta[j];
      return f;
    });
  }

  /**
   * Minimiser of sum_i w_i log loss_i + lambda/2 |beta|^2, the last coefficient nearly free.
   * @param start where Newton begins; the minimum does not depend on it
   * @throws DataError when the coefficients are not finite
   */
  fit(weight: Float64Array, lambda: number, start?: Float64Array): Float64Array {
    const p = this.cols;
    const ridge = (j: number): number => (j === p - 1 ? 1e-9 : lambda);
    this.kernels.arena.f64(this.at.weight, this.rows).set(weight);
    let beta: Float64Array = start?.slice() ?? new Float64Array(p);
    let now = this.objective(beta, ridge);
    for (let step = 0; step < MOST_STEPS; step++) {
      const { gradient, hessian } = this.derivatives(beta);
      for (let j = 0; j < p; j++) {
        gradient[j] += ridge(j) * beta[j];
        hessian.data[j * p + j] += ridge(j);
      }
      const direction = solvePositive(hessian, gradient);
      let size = 1;
      let next = beta;
      let value = Infinity;
      for (; size > 1e-6; size /= 2) {
        next = beta.map((old, j) => old - size * direction[j]);
        value = this.objective(next, ridge);
        if (value <= now + 1e-14) break;
      }
      if (!(value <= now + 1e-14)) break;
      beta = next;
      now = value;
      // Newton's error is about the square of its last full step.
      if (size === 1 && Math.max(...direction.map(Math.abs)) < CLOSE) break;
    }
    if (!beta.every(Number.isFinite))
      throw new DataError(
        'The logistic ratio did not converge to finite coefficients. Raise the ridge (lambda).'
      );
    return beta;
  }

  private objective(beta: Float64Array, ridge: (j: number) => number): number {
    const { x, weight, beta: to } = this.at;
    this.kernels.arena.f64(to, this.stride).fill(0).set(beta);
    let sum = this.kernels.exports.loss(x, this.rows, this.stride, weight, this.nSource, to);
    for (let j = 0; j < beta.length; j++) sum += (ridge(j) * beta[j] * beta[j]) / 2;
    return sum;
  }

  private derivatives(beta: Float64Array): { gradient: Float64Array; hessian: Matrix } {
    const { stride, at } = this;
    const { arena, exports } = this.kernels;
    const p = beta.length;
    arena.f64(at.beta, stride).fill(0).set(beta);
    arena.f64(at.zero, stride).fill(0);
    const gradient = arena.f64(at.gradient, stride).fill(0);
    const upper = arena.f64(at.hessian, stride * stride).fill(0);
    exports.derivatives(
      at.x,
      this.rows,
      stride,
      at.weight,
      this.nSource,
      at.beta,
      at.gradient,
      at.hessian,
      at.zero
    );
    const hessian = matrix(p, p);
    for (let j = 0; j < p; j++)
      for (let k = j; k < p; k++) hessian.data[j * p + k] = hessian.data[k * p + j] = upper[j * stride + k];
    return { gradient: gradient.slice(0, p), hessian };
  }
}

export interface BalancedProblem {
  problem: LogisticProblem;
  /** Of each row, one half a class. */
  weight: Float64Array;
  mean: number[];
  sd: number[];
}

/**
 * The rows of both domains, standardised together.
 * @param features of a row, of which the first are its standardised columns
 * @param layFurther writes the others, from the standardised columns that lie at the beginning of each row
 * @throws DataError without rows, with NaN or with unlike columns
 */
export function balancedProblem(
  source: RatioRows,
  target: RatioRows,
  features: number,
  layFurther?: (into: Float64Array, stride: number) => void
): BalancedProblem {
  const a = rowWeights(source, 'The source');
  const b = rowWeights(target, 'The target');
  const { mean, sd } = standardizer(source.x, target.x, a, b);
  const problem = new LogisticProblem(a.length + b.length, features + 1, a.length, (into, stride) => {
    layStandardized(into, stride, source.x, mean, sd);
    layStandardized(into.subarray(a.length * stride), stride, target.x, mean, sd);
    layFurther?.(into, stride);
  });
  return { problem, weight: balancedWeights(a, b), mean, sd };
}

/** Row weights of both domains in one column, one half each. */
function balancedWeights(a: Float64Array, b: Float64Array): Float64Array {
  const out = new Float64Array(a.length + b.length);
  for (let i = 0; i < a.length; i++) out[i] = a[i] / 2;
  for (let j = 0; j < b.length; j++) out[a.length + j] = b[j] / 2;
  return out;
}

/** The weights with some rows left out and each class again one half; undefined when a class is left out whole. */
function rebalanced(
  weight: Float64Array,
  keep: (i: number) => boolean,
  nSource: number
): Float64Array | undefined {
  const out = weight.map((value, i) => (keep(i) ? value : 0));
  const half = [0, 0];
  out.forEach((value, i) => (half[i < nSource ? 0 : 1] += value));
  if (!(half[0] > 0 && half[1] > 0)) return undefined;
  return out.map((value, i) => (0.5 * value) / half[i < nSource ? 0 : 1]);
}

/** ln(1 + e^t) without overflow. */
function softplus(t: number): number {
  return t > 0 ? t + Math.log1p(Math.exp(-t)) : Math.log1p(Math.exp(t));
}

/** Weighted log loss of these log odds of every row, the source's first. */
export function logLoss(odds: Float64Array, weight: Float64Array, nSource: number): number {
  return odds.reduce((sum, value, i) => sum + weight[i] * softplus(i < nSource ? value : -value), 0);
}

/**
 * Scores of every row by fits that did not see its fold, for each ridge. A fold without one class gives 0.
 * @param folds fold number of each source row and of each target row
 */
export function* crossFit(
  problem: LogisticProblem,
  weight: Float64Array,
  folds: { folds: number; source: Int32Array; target: Int32Array },
  lambdas: readonly number[],
  what: string
): Steps<Float64Array[]> {
  const { rows, nSource } = problem;
  const fold = (i: number): number => (i < nSource ? folds.source[i] : folds.target[i - nSource]);
  const scores = lambdas.map(() => new Float64Array(rows));
  // From the strongest ridge to the weakest, each fit begun where the last ended.
  const order = lambdas.map((_, l) => l).sort((l, m) => lambdas[m] - lambdas[l]);
  for (let k = 0; k < folds.folds; k++) {
    const inside = rebalanced(weight, i => fold(i) !== k, nSource);
    if (!inside) continue;
    let beta: Float64Array | undefined;
    for (const [step, l] of order.entries()) {
      yield new Mark((0.9 * (k + step / order.length)) / folds.folds, `${what}, ridge by cross-validation`);
      beta = problem.fit(inside, lambdas[l], beta);
      const f = problem.scores(beta);
      for (let i = 0; i < rows; i++) if (fold(i) === k) scores[l][i] = f[i];
    }
  }
  return scores;
}
