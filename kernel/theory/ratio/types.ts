/**
 * What a fitted density ratio is: plain data, so that it travels between processes and into JSON unchanged. It is
 * evaluated by `evaluateRatio`. A ratio estimates omega = p_T / p_S; similarity tilts are not ratios: tilt.ts.
 */
import { DataError } from '../../../common/errors.js';
import { requireFinite, type Matrix } from '../matrix.js';
import { normalized, paperWeights, type Papers } from '../papers.js';

/** Rows of one domain with their papers; `weights` defaults to recipe P's (errata.md E4). */
export interface RatioRows {
  x: Matrix;
  papers: Papers;
  weights?: ArrayLike<number>;
}

interface Fitted {
  /** Number of columns that it expects. */
  cols: number;
  /** Factor that makes its mean 1 on the source rows of F. */
  scale: number;
}

export interface UniformRatio extends Fitted {
  kind: 'uniform';
}

/** exp of a ridge-logistic score on [z, (z^2 - 1)/sqrt2], z standardised. */
export interface LogitQuadRatio extends Fitted {
  kind: 'logit-quad';
  mean: number[];
  sd: number[];
  /** 2 cols + 1 numbers: linear, quadratic, intercept. */
  coefficients: number[];
  lambda: number;
}

/**
 * exp(slope f + offset) of a strongly ridged linear logistic score f, slope and offset fitted on scores of rows that f
 * did not see (theory.md 3, the fall-back in high dimension).
 */
export interface LogitRatio extends Fitted {
  kind: 'logit';
  mean: number[];
  sd: number[];
  /** cols + 1 numbers: linear, intercept. */
  coefficients: number[];
  lambda: number;
  slope: number;
  offset: number;
}

/**
 * Sum of Gaussian kernels at target centres: r_alpha by least squares (RuLSIF; alpha = 0: uLSIF), or omega itself by
 * likelihood (KLIEP; alpha = 0, and it has no ridge).
 */
export interface KernelRatio extends Fitted {
  kind: 'rulsif' | 'ulsif' | 'kliep';
  alpha: number;
  mean: number[];
  sd: number[];
  /** Row-major [centres, cols], standardised. */
  centres: number[];
  bandwidth: number;
  lambda: number;
  theta: number[];
}

export type Ratio = UniformRatio | LogitQuadRatio | LogitRatio | KernelRatio;
export type RatioKind = Ratio['kind'];

/** Row weights that sum to 1. @throws DataError on no rows, or rows with NaN. */
export function rowWeights(rows: RatioRows, what: string): Float64Array {
  if (rows.x.rows === 0) throw new DataError(`${what} has no rows, so there is no density ratio to fit.`);
  // NaN from NaN and from an infinity: one quick look at all, and a slow one to name the rows.
  let bad = 0;
  for (const value of rows.x.data) bad += 0 * value;
  if (bad !== 0) requireFinite(rows.x, what);
  return normalized(rows.weights ?? paperWeights(rows.papers), rows.x.rows);
}

/**
 * Columnwise mean and deviation of both domains together, each domain counting one half. A constant column gets
 * deviation 1, so it becomes 0 everywhere and says nothing.
 */
export function standardizer(
  source: Matrix,
  target: Matrix,
  a: Float64Array,
  b: Float64Array
): { mean: number[]; sd: number[] } {
  const q = source.cols;
  if (target.cols !== q)
    throw new DataError(
      `Source rows have ${q} columns and target rows ${target.cols}: use one embedding for both.`
    );
  const mean: number[] = new Array<number>(q).fill(0);
  const sd: number[] = new Array<number>(q).fill(0);
  for (const [x, w] of [[source, a] as const, [target, b] as const])
    for (let i = 0, p = 0; i < x.rows; i++)
      for (let j = 0; j < q; j++, p++) mean[j] += (w[i] / 2) * x.data[p];
  for (const [x, w] of [[source, a] as const, [target, b] as const])
    for (let i = 0, p = 0; i < x.rows; i++)
      for (let j = 0; j < q; j++, p++) {
        const e = x.data[p] - mean[j];
        sd[j] += (w[i] / 2) * e * e;
      }
  for (let j = 0; j < q; j++) {
    sd[j] = Math.sqrt(sd[j]);
    if (!(sd[j] > 1e-12 * (1 + Math.abs(mean[j])))) sd[j] = 1;
  }
  return { mean, sd };
}

/** (x - mean) / sd, columnwise. */
export function standardize(x: Matrix, mean: ArrayLike<number>, sd: ArrayLike<number>): Matrix {
  const data = new Float64Array(x.data.length);
  for (let i = 0, p = 0; i < x.rows; i++)
    for (let j = 0; j < x.cols; j++, p++) data[p] = (x.data[p] - mean[j]) / sd[j];
  return { rows: x.rows, cols: x.cols, data };
}
