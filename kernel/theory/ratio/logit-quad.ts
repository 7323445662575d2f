/**
 * logit-quad (theory.md 3): ridge logistic regression on [z, (z^2 - 1)/sqrt2], classes balanced, by IRLS. Balanced
 * classes make the odds the ratio itself; there is no further n_S / n_T factor (errata.md E12).
 */
import { Random } from '../../../common/random.js';
import { paperFolds } from '../papers.js';
import { balancedProblem, crossFit, logLoss } from './logistic.js';
import { Mark, runNow, type Steps } from './steps.js';
import type { LogitQuadRatio, RatioRows } from './types.js';

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
  const q = source.x.cols;
  const { problem, weight, mean, sd } = balancedProblem(source, target, 2 * q, (into, stride) =>
    laySquares(into, stride, q)
  );
  let lambda = lambdas[0];
  if (lambdas.length > 1) {
    const of = paperFolds(source.papers, target.papers, 3, new Random(options.seed ?? 0, 1));
    const scores = yield* crossFit(problem, weight, of, lambdas, 'logit-quad');
    const losses = scores.map(f => logLoss(f, weight, problem.nSource));
    lambda = lambdas[losses.indexOf(Math.min(...losses))];
  }
  yield new Mark(0.9, 'logit-quad');
  const coefficients = Array.from(problem.fit(weight, lambda));
  return { kind: 'logit-quad', cols: q, scale: 1, mean, sd, coefficients, lambda };
}

/** (z^2 - 1)/sqrt2 behind the q columns z of each row. */
function laySquares(into: Float64Array, stride: number, q: number): void {
  const half = 1 / Math.SQRT2;
  for (let to = 0; to < into.length; to += stride)
    for (let j = to; j < to + q; j++) into[j + q] = (into[j] * into[j] - 1) * half;
}
