/**
 * RuLSIF (Yamada et al. 2013; theory.md 3): least squares for r_alpha on Gaussian kernels at target centres,
 * bandwidth and ridge by 5-fold J with papers kept whole. Gram sums are kept by fold, so a fold costs a subtraction
 * and one eigenproblem, and then every ridge is a product.
 */
import { DataError } from '../../../common/errors.js';
import { addGram, squaredDistances, symmetricEigen } from '../linalg.js';
import { matrix, selectRows, stackRows, type Matrix } from '../matrix.js';
import { paperFolds, weightedQuantile } from '../papers.js';
import { Random } from '../../../common/random.js';
import { rowWeights, standardize, standardizer, type RatioRows, type RulsifRatio } from './types.js';

export interface RulsifOptions {
  alpha?: number;
  /** At most this many target rows are centres. */
  centres?: number;
  /** Bandwidths as multiples of the median distance. */
  bandwidths?: readonly number[];
  lambdas?: readonly number[];
  seed?: number;
}

/** 10^-4 ... 10^1 in half decades (theory.md 3). */
export const RULSIF_LAMBDAS: readonly number[] = Array.from({ length: 11 }, (_, i) => 10 ** (-4 + i / 2));
export const RULSIF_BANDWIDTHS: readonly number[] = [0.35, 0.5, 0.7, 1, 1.4, 2, 4];

/** @throws DataError without rows, with NaN, when all rows are equal, or with fewer than 2 papers on a side. */
export function fitRulsif(source: RatioRows, target: RatioRows, options: RulsifOptions = {}): RulsifRatio {
  const alpha = options.alpha ?? 0.1;
  const bandwidths = options.bandwidths ?? RULSIF_BANDWIDTHS;
  const lambdas = options.lambdas ?? RULSIF_LAMBDAS;
  const seed = options.seed ?? 0;
  const a = rowWeights(source, 'The source');
  const b = rowWeights(target, 'The target');
  const { mean, sd } = standardizer(source.x, target.x, a, b);
  const s = standardize(source.x, mean, sd);
  const t = standardize(target.x, mean, sd);
  const order = new Random(seed, 2).permutation(t.rows).subarray(0, options.centres ?? 200);
  const centres = selectRows(t, order.sort());
  const typical = medianDistance(s, t, a, b, seed);
  const ds = squaredDistances(s, centres);
  const dt = squaredDistances(t, centres);

  const choose = bandwidths.length * lambdas.length > 1;
  const folds = choose
    ? paperFolds(source.papers, target.papers, 5, new Random(seed, 3))
    : { folds: 1, source: new Int32Array(s.rows), target: new Int32Array(t.rows) };
  let best = { score: Infinity, bandwidth: bandwidths[0] * typical, lambda: lambdas[0] };
  let system: System | undefined;
  for (const factor of bandwidths) {
    const h = factor * typical;
    const sums = new System(kernel(ds, h), kernel(dt, h), a, b, alpha, folds);
    if (!choose) system = sums;
    else {
      const scores = sums.crossValidate(lambdas);
      scores.forEach((score, j) => {
        if (score < best.score) {
          best = { score, bandwidth: h, lambda: lambdas[j] };
          system = sums;
        }
      });
    }
  }
  if (!system) throw new DataError('RuLSIF: no bandwidth gave a finite score. Check the rows.');
  return {
    kind: 'rulsif',
    cols: source.x.cols,
    scale: 1,
    alpha,
    mean,
    sd,
    centres: Array.from(centres.data),
    bandwidth: best.bandwidth,
    lambda: best.lambda,
    theta: Array.from(system.solve(best.lambda))
  };
}

/** Sums over folds of the kernel's second moments under S and T and its mean under T. */
class System {
  private readonly h: Matrix[] = [];
  private readonly mean: Float64Array[] = [];
  private readonly massS: number[] = [];
  private readonly massT: number[] = [];
  private readonly hs: Matrix[] = [];

  constructor(
    private readonly ps: Matrix,
    private readonly pt: Matrix,
    private readonly a: Float64Array,
    private readonly b: Float64Array,
    private readonly alpha: number,
    private readonly folds: { folds: number; source: Int32Array; target: Int32Array }
  ) {
    const c = ps.cols;
    for (let k = 0; k < folds.folds; k++) {
      const rowsS = indicesOf(folds.source, k);
      const rowsT = indicesOf(folds.target, k);
      const hs = matrix(c, c);
      const ht = matrix(c, c);
      addGram(hs, ps, a, rowsS);
      addGram(ht, pt, b, rowsT);
      const mean = new Float64Array(c);
      for (const i of rowsT) for (let j = 0; j < c; j++) mean[j] += b[i] * pt.data[i * c + j];
      this.hs.push(hs);
      this.h.push(ht);
      this.mean.push(mean);
      this.massS.push(rowsS.reduce((sum, i) => sum + a[i], 0));
      this.massT.push(rowsT.reduce((sum, i) => sum + b[i], 0));
    }
  }

  /** H = (1 - alpha) H_S + alpha H_T and h over the folds other than `without` (-1: all). */
  private sums(without: number): { H: Matrix; h: Float64Array } | undefined {
    const c = this.ps.cols;
    const H = matrix(c, c);
    const h = new Float64Array(c);
    const total = (mass: number[]): number => mass.reduce((sum, m, k) => (k === without ? sum : sum + m), 0);
    const massS = total(this.massS);
    const massT = total(this.massT);
    if (!(massS > 0 && massT > 0)) return undefined;
    for (let k = 0; k < this.folds.folds; k++) {
      if (k === without) continue;
      for (let p = 0; p < H.data.length; p++)
        H.data[p] +=
          ((1 - this.alpha) / massS) * this.hs[k].data[p] + (this.alpha / massT) * this.h[k].data[p];
      for (let j = 0; j < c; j++) h[j] += this.mean[k][j] / massT;
    }
    return { H, h };
  }

  /** J_alpha of each ridge, summed over held-out folds with at least one paper of either side. */
  crossValidate(lambdas: readonly number[]): Float64Array {
    const scores = new Float64Array(lambdas.length);
    for (let k = 0; k < this.folds.folds; k++) {
      const sums = this.sums(k);
      if (!sums || !(this.massS[k] > 0 && this.massT[k] > 0)) continue;
      const { values, vectors } = symmetricEigen(sums.H);
      const q = times(vectors, sums.h);
      const rowsS = indicesOf(this.folds.source, k);
      const rowsT = indicesOf(this.folds.target, k);
      lambdas.forEach((lambda, l) => {
        const theta = transposedTimes(
          vectors,
          q.map((value, j) => value / (Math.max(values[j], 0) + lambda))
        );
        let squareS = 0;
        let squareT = 0;
        let meanT = 0;
        for (const i of rowsS) squareS += this.a[i] * Math.max(dot(this.ps, i, theta), 0) ** 2;
        for (const i of rowsT) {
          const r = Math.max(dot(this.pt, i, theta), 0);
          squareT += this.b[i] * r * r;
          meanT += this.b[i] * r;
        }
        scores[l] +=
          ((1 - this.alpha) * squareS) / (2 * this.massS[k]) +
          ((this.alpha / 2) * squareT - meanT) / this.massT[k];
      });
    }
    return scores;
  }

  solve(lambda: number): Float64Array {
    const { H, h } = this.sums(-1)!;
    const { values, vectors } = symmetricEigen(H);
    const q = times(vectors, h);
    return transposedTimes(
      vectors,
      q.map((value, j) => value / (Math.max(values[j], 0) + lambda))
    );
  }
}

function kernel(distances: Matrix, h: number): Matrix {
  const f = -1 / (2 * h * h);
  return { ...distances, data: distances.data.map(value => Math.exp(f * value)) };
}

function indicesOf(folds: Int32Array, k: number): number[] {
  const out: number[] = [];
  folds.forEach((fold, i) => fold === k && out.push(i));
  return out;
}

function dot(x: Matrix, i: number, theta: Float64Array): number {
  let sum = 0;
  for (let j = 0, p = i * x.cols; j < x.cols; j++) sum += x.data[p + j] * theta[j];
  return sum;
}

function times(a: Matrix, v: Float64Array): Float64Array {
  return Float64Array.from({ length: a.rows }, (_, i) => dot(a, i, v));
}

function transposedTimes(a: Matrix, v: Float64Array): Float64Array {
  const out = new Float64Array(a.cols);
  for (let i = 0; i < a.rows; i++) for (let j = 0; j < a.cols; j++) out[j] += v[i] * a.data[i * a.cols + j];
  return out;
}

/** Weighted median distance between at most 500 pooled rows: the usual bandwidth. */
function medianDistance(s: Matrix, t: Matrix, a: Float64Array, b: Float64Array, seed: number): number {
  const all = stackRows(s, t);
  const weight = Float64Array.from([...a, ...b]);
  const rows = new Random(seed, 4).permutation(all.rows).subarray(0, 500).sort();
  const some = selectRows(all, rows);
  const squared = squaredDistances(some, some);
  const distances: number[] = [];
  const weights: number[] = [];
  for (let i = 0; i < rows.length; i++)
    for (let j = i + 1; j < rows.length; j++) {
      const value = squared.data[i * rows.length + j];
      if (value <= 0) continue; // copies of one row say nothing about scale
      distances.push(Math.sqrt(value));
      weights.push(weight[rows[i]] * weight[rows[j]]);
    }
  if (distances.length === 0)
    throw new DataError(
      'All rows of source and target are equal, so kernels have no bandwidth. Check the embedding.'
    );
  return weightedQuantile(distances, weights, 0.5);
}
