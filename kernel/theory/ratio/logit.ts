/**
 * logit (theory.md 3, the fall-back in high dimension): linear logistic regression with a strong ridge, and Platt's two
 * parameters on the scores of rows that the fit did not see, which undo what the ridge shrinks. Wrong by construction
 * where source and target differ in spread.
 */
import { Random } from '../../../common/random.js';
import { paperFolds } from '../papers.js';
import { balancedProblem, crossFit, LogisticProblem, logLoss } from './logistic.js';
import { Mark, runNow, type Steps } from './steps.js';
import type { LogitRatio, RatioRows } from './types.js';

export interface LogitOptions {
  /** Strong ridges, .1 at least in use, to choose from by 3-fold log loss of the recalibrated scores. */
  lambdas?: readonly number[];
  seed?: number;
}

/** Ridge of Platt's slope: it only keeps separated scores finite. */
const PLATT_RIDGE = 1e-4;

/** @throws DataError without rows, with NaN, or with fewer than 2 papers on a side. */
export function fitLogit(source: RatioRows, target: RatioRows, options: LogitOptions = {}): LogitRatio {
  return runNow(logitSteps(source, target, options));
}

export function* logitSteps(
  source: RatioRows,
  target: RatioRows,
  options: LogitOptions = {}
): Steps<LogitRatio> {
  const lambdas = options.lambdas ?? [0.1, 0.3, 1, 3];
  const { problem, weight, mean, sd } = balancedProblem(source, target, source.x.cols);
  const { nSource } = problem;
  const of = paperFolds(source.papers, target.papers, 3, new Random(options.seed ?? 0, 1));
  const scores = yield* crossFit(problem, weight, of, lambdas, 'logit');
  const fits = scores.map((f, l) => {
    const platt = new LogisticProblem(f.length, 2, nSource, (into, stride) =>
      f.forEach((value, i) => (into[i * stride] = value))
    );
    const [slope, offset] = platt.fit(weight, PLATT_RIDGE);
    const odds = f.map(value => slope * value + offset);
    return { lambda: lambdas[l], slope, offset, loss: logLoss(odds, weight, nSource) };
  });
  const { lambda, slope, offset } = fits.reduce((best, fit) => (fit.loss < best.loss ? fit : best));
  yield new Mark(0.9, 'logit');
  const coefficients = Array.from(problem.fit(weight, lambda));
  return { kind: 'logit', cols: source.x.cols, scale: 1, mean, sd, coefficients, lambda, slope, offset };
}
