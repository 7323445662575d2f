/**
 * logit-quad (theory.md 3): ridge logistic regression on [z, (z^2 - 1)/sqrt2], classes balanced, by IRLS. Balanced
 * classes make the odds the ratio itself; there is no further n_S / n_T factor (errata.md E12).
 */
import { Random } from '../../../common/random.js';
import type { Matrix } from '../matrix.js';
import { paperFolds } from '../papers.js';
import { balancedWeights, crossFit, LogisticProblem, softplus } from './logistic.js';
import { Mark, runNow, type Steps } from './steps.js';
import { rowWeights, standardizer, type LogitQuadRatio, type RatioRows } from './types.js';

export interface LogitQuadOptions {
  /** Ridge values to choose from by 3-fold log loss, papers kept whole. One value skips the choice. */
  lambdas?: readonly number[];
  seed?: number;
}

/** @throws DataError without rows, with NaN, or when a choice of lambda has fewer than 2 papers on a side. */
export function fitLogitQuad(
  source: RatioRows,
  target: RatioRows,
  options: LogitQuadOptions = {}
): LogitQuadRatio {
  return runNow(logitQuadSteps(source, target, options));
}

export function* logitQuadSteps(
  source: RatioRows,
  target: RatioRows,
  options: LogitQuadOptions = {}
): Steps<LogitQuadRatio> {
  const lambdas = options.lambdas ?? [1e-4, 1e-3, 1e-2, 1e-1, 1];
  const a = rowWeights(source, 'The source');
  const b = rowWeights(target, 'The target');
  const { mean, sd } = standardizer(source.x, target.x, a, b);
  const problem = new LogisticProblem(a.length + b.length, 2 * mean.length + 1, a.length, (into, stride) => {
    layQuadratic(into, stride, source.x, mean, sd);
    layQuadratic(into.subarray(a.length * stride), stride, target.x, mean, sd);
  });
  const weight = balancedWeights(a, b);
  let lambda = lambdas[0];
  if (lambdas.length > 1) {
    const of = paperFolds(source.papers, target.papers, 3, new Random(options.seed ?? 0, 1));
    const scores = yield* crossFit(problem, weight, of, lambdas, 'logit-quad');
    const losses = scores.map(f =>
      f.reduce((sum, value, i) => sum + weight[i] * softplus(i < a.length ? value : -value), 0)
    );
    lambda = lambdas[losses.indexOf(Math.min(...losses))];
  }
  yield new Mark(0.9, 'logit-quad');
  const coefficients = Array.from(problem.fit(weight, lambda));
  return { kind: 'logit-quad', cols: source.x.cols, scale: 1, mean, sd, coefficients, lambda };
}

/** [z, (z^2 - 1)/sqrt2] of each row, z standardised. */
function layQuadratic(
  into: Float64Array,
  stride: number,
  x: Matrix,
  mean: readonly number[],
  sd: readonly number[]
): void {
  const q = x.cols;
  for (let i = 0, p = 0, to = 0; i < x.rows; i++, to += stride)
    for (let j = 0; j < q; j++, p++) {
      const z = (x.data[p] - mean[j]) / sd[j];
      into[to + j] = z;
      into[to + q + j] = (z * z - 1) / Math.SQRT2;
    }
}
