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

/** Rows of one fold. */
export interface Sides {
  source: RatioRows;
  target: RatioRows;
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
  /** Of RuLSIF and uLSIF: the relative Pearson divergence on the rows of the fit, -theta' H theta / 2 + h' theta - 1/2. */
  divergence?: number;
}

export type Ratio = UniformRatio | LogitQuadRatio | LogitRatio | KernelRatio;
export type RatioKind = Ratio['kind'];

/** Row weights that sum to 1. @throws DataError on no rows, or rows with NaN. */
export function rowWeights(rows: RatioRows, what: string): Float64Array {
  if (rows.x.rows === 0) throw new DataError(`${what} has no rows, so there is no density ratio to fit.`);
  requireFinite(rows.x, what);
  return lawOf(rows);
}

/** The same of rows that were looked at before. */
export function lawOf({ x, papers, weights }: RatioRows): Float64Array {
  return normalized(weights ?? paperWeights(papers), x.rows);
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
  const mean = new Float64Array(q);
  const sd = new Float64Array(q);
  const sides = [
    [source, a],
    [target, b]
  ] as const;
  for (const [x, w] of sides)
    for (let i = 0, p = 0; i < x.rows; i++) {
      const half = w[i] / 2;
      for (let j = 0; j < q; j++, p++) mean[j] += half * x.data[p];
    }
  for (const [x, w] of sides)
    for (let i = 0, p = 0; i < x.rows; i++) {
      const half = w[i] / 2;
      for (let j = 0; j < q; j++, p++) {
        const e = x.data[p] - mean[j];
        sd[j] += half * e * e;
      }
    }
  for (let j = 0; j < q; j++) {
    sd[j] = Math.sqrt(sd[j]);
    if (!(sd[j] > 1e-12 * (1 + Math.abs(mean[j])))) sd[j] = 1;
  }
  return { mean: Array.from(mean), sd: Array.from(sd) };
}

/** (x - mean) / sd, columnwise. */
export function standardize(x: Matrix, mean: ArrayLike<number>, sd: ArrayLike<number>): Matrix {
  const data = new Float64Array(x.data.length);
  layStandardized(data, x.cols, x, mean, sd);
  return { rows: x.rows, cols: x.cols, data };
}

/** The same into `into`, where a row begins `stride` numbers after the one before. */
export function layStandardized(
  into: Float64Array,
  stride: number,
  x: Matrix,
  mean: ArrayLike<number>,
  sd: ArrayLike<number>
): void {
  const [centre, scale] = [Float64Array.from(mean), Float64Array.from(sd)];
  for (let i = 0, p = 0, to = 0; i < x.rows; i++, to += stride)
    for (let j = 0; j < x.cols; j++, p++) into[to + j] = (x.data[p] - centre[j]) / scale[j];
}
