/**
 * logit-quad (theory.md 3): ridge logistic regression on [z, (z^2 - 1)/sqrt2], classes balanced, by IRLS. Balanced
 * classes make the odds the ratio itself; there is no further n_S / n_T factor (errata.md E12).
 */
import { Random } from '../../../common/random.js';
import { matrix, stackRows, type Matrix } from '../matrix.js';
import { paperFolds } from '../papers.js';
import { balancedWeights, crossFit, LogisticProblem, softplus } from './logistic.js';
import { Mark, runNow, type Steps } from './steps.js';
import { rowWeights, standardize, standardizer, type LogitQuadRatio, type RatioRows } from './types.js';

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
  const x = quadraticFeatures(standardize(stackRows(source.x, target.x), mean, sd));
  const problem = new LogisticProblem(x, a.length);
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

/** [z, (z^2 - 1)/sqrt2, 1] */
function quadraticFeatures(z: Matrix): Matrix {
  const q = z.cols;
  const out = matrix(z.rows, 2 * q + 1);
  for (let i = 0; i < z.rows; i++) {
    const row = i * out.cols;
    for (let j = 0; j < q; j++) {
      const value = z.data[i * q + j];
      out.data[row + j] = value;
      out.data[row + q + j] = (value * value - 1) / Math.SQRT2;
    }
    out.data[row + 2 * q] = 1;
  }
  return out;
}
