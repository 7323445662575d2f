/**
 * logit-quad (theory.md 3): ridge logistic regression on [z, (z^2 - 1)/sqrt2], classes balanced, by IRLS. Balanced
 * classes make the odds the ratio itself; there is no further n_S / n_T factor (errata.md E12).
 */
import { DataError } from '../../../common/errors.js';
import { addGram, solvePositive } from '../linalg.js';
import { matrix, stackRows, type Matrix } from '../matrix.js';
import { paperFolds } from '../papers.js';
import { Random } from '../../../common/random.js';
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
  const lambdas = options.lambdas ?? [1e-4, 1e-3, 1e-2, 1e-1, 1];
  const a = rowWeights(source, 'The source');
  const b = rowWeights(target, 'The target');
  const { mean, sd } = standardizer(source.x, target.x, a, b);
  const x = features(standardize(stackRows(source.x, target.x), mean, sd));
  const weight = new Float64Array(x.rows);
  a.forEach((value, i) => (weight[i] = value / 2));
  b.forEach((value, j) => (weight[a.length + j] = value / 2));
  const isTarget = (i: number): boolean => i >= a.length;
  let lambda = lambdas[0];
  if (lambdas.length > 1) {
    const folds = paperFolds(source.papers, target.papers, 3, new Random(options.seed ?? 0, 1));
    const fold = (i: number): number => (isTarget(i) ? folds.target[i - a.length] : folds.source[i]);
    let best = Infinity;
    for (const candidate of lambdas) {
      let loss = 0;
      for (let k = 0; k < folds.folds; k++) {
        const inside = balanced(weight, i => fold(i) !== k, a.length);
        if (!inside) continue;
        const beta = logistic(x, inside, a.length, candidate);
        for (let i = 0; i < x.rows; i++)
          if (fold(i) === k)
            loss += weight[i] * softplus(isTarget(i) ? -score(x, i, beta) : score(x, i, beta));
      }
      if (loss < best) {
        best = loss;
        lambda = candidate;
      }
    }
  }
  const coefficients = Array.from(logistic(x, weight, a.length, lambda));
  return { kind: 'logit-quad', cols: source.x.cols, scale: 1, mean, sd, coefficients, lambda };
}

/** [z, (z^2 - 1)/sqrt2, 1] */
function features(z: Matrix): Matrix {
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

/** The weights with some rows left out and each class again one half; undefined when a class is left out whole. */
function balanced(
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

function score(x: Matrix, i: number, beta: Float64Array): number {
  let f = 0;
  for (let j = 0; j < x.cols; j++) f += x.data[i * x.cols + j] * beta[j];
  return f;
}

function softplus(t: number): number {
  return t > 0 ? t + Math.log1p(Math.exp(-t)) : Math.log1p(Math.exp(t));
}

/** Newton with halved steps: weighted log loss + lambda/2 |beta|^2, the intercept (last) nearly free. */
function logistic(x: Matrix, weight: Float64Array, nSource: number, lambda: number): Float64Array {
  const p = x.cols;
  const ridge = (j: number): number => (j === p - 1 ? 1e-9 : lambda);
  const objective = (beta: Float64Array): number => {
    let sum = 0;
    for (let i = 0; i < x.rows; i++)
      if (weight[i] > 0) {
        const f = score(x, i, beta);
        sum += weight[i] * softplus(i < nSource ? f : -f);
      }
    beta.forEach((value, j) => (sum += (ridge(j) * value * value) / 2));
    return sum;
  };
  let beta: Float64Array = new Float64Array(p);
  let now = objective(beta);
  for (let step = 0; step < 50; step++) {
    const gradient = beta.map((value, j) => ridge(j) * value);
    const curvature = new Float64Array(x.rows);
    for (let i = 0; i < x.rows; i++) {
      if (weight[i] === 0) continue;
      const f = Math.min(30, Math.max(-30, score(x, i, beta)));
      const probability = 1 / (1 + Math.exp(-f));
      curvature[i] = weight[i] * probability * (1 - probability);
      const e = weight[i] * (probability - (i < nSource ? 0 : 1));
      for (let j = 0; j < p; j++) gradient[j] += e * x.data[i * p + j];
    }
    const hessian = matrix(p, p);
    addGram(hessian, x, curvature);
    for (let j = 0; j < p; j++) hessian.data[j * p + j] += ridge(j);
    const direction = solvePositive(hessian, gradient);
    let size = 1;
    let next = beta;
    let value = Infinity;
    for (; size > 1e-6; size /= 2) {
      next = beta.map((old, j) => old - size * direction[j]);
      value = objective(next);
      if (value <= now + 1e-14) break;
    }
    if (!(value <= now + 1e-14)) return beta;
    beta = next;
    now = value;
    if (size * Math.max(...direction.map(Math.abs)) < 1e-9) return beta;
  }
  if (!beta.every(Number.isFinite))
    throw new DataError('logit-quad did not converge to finite coefficients.');
  return beta;
}
