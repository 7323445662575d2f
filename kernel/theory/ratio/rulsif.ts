/**
 * RuLSIF (Yamada et al. 2013) and uLSIF, its case alpha = 0 (Kanamori et al. 2009; theory.md 3): least squares for
 * r_alpha on Gaussian kernels at target centres, bandwidth and ridge by 5-fold J with papers kept whole. Gram sums are
 * kept by fold, so only a bandwidth costs a pass over the rows; a fold costs a subtraction and one reduction to
 * tridiagonal form, a ridge a tridiagonal system, and a further alpha the same without the pass.
 */
import { DataError } from '../../../common/errors.js';
import { Tridiagonal } from '../eigen/tridiagonal.js';
import { matrix, type Matrix } from '../matrix.js';
import { foldRows, gaussianProblem, type FoldRows } from './gaussian.js';
import { plainKernelSums, type KernelBasis, type KernelMoments, type KernelSums } from './kernel-sums.js';
import { awaited, Mark, runNow, type Steps } from './steps.js';
import type { KernelRatio, RatioRows } from './types.js';

export interface RulsifOptions {
  /** In [0, 1); 0 is uLSIF. */
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
export function fitRulsif(source: RatioRows, target: RatioRows, options: RulsifOptions = {}): KernelRatio {
  return runNow(rulsifSteps(source, target, [options.alpha ?? 0.1], options))[0];
}

/** One ratio for each alpha, from the same passes. @throws as `fitRulsif` does */
export function* rulsifSteps(
  source: RatioRows,
  target: RatioRows,
  alphas: readonly number[],
  options: Omit<RulsifOptions, 'alpha'> = {},
  sums: KernelSums = plainKernelSums
): Steps<KernelRatio[]> {
  const { bandwidths = RULSIF_BANDWIDTHS, lambdas = RULSIF_LAMBDAS, seed = 0 } = options;
  const wrong = alphas.find(alpha => !(alpha >= 0 && alpha < 1));
  if (wrong !== undefined) throw new DataError(`RuLSIF: alpha must lie in [0, 1), got ${wrong}.`);
  const problem = gaussianProblem(source, target, { ...options, seed });
  const choose = bandwidths.length * lambdas.length > 1;
  const folds = foldRows(problem, choose ? 5 : 1, seed);
  const best = alphas.map(alpha => ({
    alpha,
    score: Infinity,
    bandwidth: 0,
    lambda: 0,
    system: undefined as NormalEquations | undefined
  }));
  for (const [step, factor] of bandwidths.entries()) {
    yield new Mark(step / bandwidths.length, `kernel ratio, bandwidth ${step + 1} of ${bandwidths.length}`);
    const basis = { centres: problem.centres, bandwidth: factor * problem.typical };
    const sides: FoldSums[] = [];
    for (const [k, s] of folds.source.entries())
      sides.push({
        source: yield* awaited(sums.moments(s.x, s.weights, basis)),
        target: yield* awaited(sums.moments(folds.target[k].x, folds.target[k].weights, basis)),
        massS: s.mass,
        massT: folds.target[k].mass
      });
    const scores = choose
      ? yield* crossValidate(alphas, lambdas, folds, sides, basis, sums)
      : alphas.map(() => Float64Array.of(0));
    for (const [p, kept] of best.entries())
      for (const [l, lambda] of lambdas.entries())
        if (scores[p][l] < kept.score) {
          const system = kept.bandwidth === basis.bandwidth ? kept.system : add(sides, kept.alpha, -1);
          Object.assign(kept, { score: scores[p][l], bandwidth: basis.bandwidth, lambda, system });
        }
  }
  return best.map(({ alpha, system, bandwidth, lambda }) => {
    if (!system) throw new DataError('RuLSIF: no bandwidth gave a finite score. Check the rows.');
    return {
      kind: alpha === 0 ? 'ulsif' : 'rulsif',
      cols: source.x.cols,
      scale: 1,
      alpha,
      mean: problem.mean,
      sd: problem.sd,
      centres: Array.from(problem.centres.data),
      bandwidth,
      lambda,
      theta: Array.from(solve(system, [lambda]).data)
    };
  });
}

/** The kernel's weighted sums in one fold. */
interface FoldSums {
  source: KernelMoments;
  target: KernelMoments;
  massS: number;
  massT: number;
}

/** H = (1 - alpha) H_S + alpha H_T, and h, the kernel's mean under T. */
interface NormalEquations {
  H: Matrix;
  h: Float64Array;
}

/** Over the folds other than `without` (-1: all); undefined where these have no row of a side. */
function add(sides: readonly FoldSums[], alpha: number, without: number): NormalEquations | undefined {
  const used = sides.filter((_, k) => k !== without);
  const massS = used.reduce((total, side) => total + side.massS, 0);
  const massT = used.reduce((total, side) => total + side.massT, 0);
  if (!(massS > 0 && massT > 0)) return undefined;
  const b = sides[0].source.gram.cols;
  const H = matrix(b, b);
  const h = new Float64Array(b);
  for (const { source, target } of used) {
    const [fs, ft] = [(1 - alpha) / massS, alpha / massT];
    for (let p = 0; p < H.data.length; p++) H.data[p] += fs * source.gram.data[p] + ft * target.gram.data[p];
    for (let c = 0; c < b; c++) h[c] += target.mean[c] / massT;
  }
  return { H, h };
}

/**
 * theta of each ridge [L, b] from one reduction H = Q T Q^T to tridiagonal form: (H + lambda I) theta = h is then one
 * tridiagonal system a ridge, and no eigenvector is needed.
 */
function solve({ H, h }: NormalEquations, lambdas: readonly number[]): Matrix {
  const b = h.length;
  const reduced = new Tridiagonal(b);
  reduced.reduce(H.data);
  const entered = h.slice();
  reduced.enter(entered);
  const out = matrix(lambdas.length, b);
  const pivots = new Float64Array(b);
  for (const [l, lambda] of lambdas.entries()) {
    const theta = out.data.subarray(l * b, (l + 1) * b);
    for (let j = 0; j < b; j++) {
      const beside = j > 0 ? reduced.beside[j - 1] * reduced.scale : 0;
      const f = j > 0 ? beside / pivots[j - 1] : 0;
      // T is positive semidefinite up to rounding, so no pivot is below the ridge but for that.
      pivots[j] = Math.max(reduced.diagonal[j] * reduced.scale + lambda - f * beside, lambda / 2);
      theta[j] = entered[j] - (j > 0 ? f * theta[j - 1] : 0);
    }
    for (let j = b - 1; j >= 0; j--) {
      const next = j + 1 < b ? reduced.beside[j] * reduced.scale * theta[j + 1] : 0;
      theta[j] = (theta[j] - next) / pivots[j];
    }
    reduced.leave(theta);
  }
  return out;
}

/** J_alpha of each alpha and ridge, summed over held-out folds with at least one paper of either side. */
function* crossValidate(
  alphas: readonly number[],
  lambdas: readonly number[],
  folds: { source: FoldRows[]; target: FoldRows[] },
  sides: readonly FoldSums[],
  basis: KernelBasis,
  sums: KernelSums
): Steps<Float64Array[]> {
  const scores = alphas.map(() => new Float64Array(lambdas.length));
  const b = basis.centres.rows;
  for (const [k, { massS, massT }] of sides.entries()) {
    const systems = alphas.map(alpha => add(sides, alpha, k));
    if (!(massS > 0 && massT > 0) || systems.some(system => !system)) continue;
    const theta = matrix(alphas.length * lambdas.length, b);
    systems.forEach((system, p) => theta.data.set(solve(system!, lambdas).data, p * lambdas.length * b));
    const [s, t] = [folds.source[k], folds.target[k]];
    const underS = yield* awaited(sums.scores(s.x, s.weights, basis, theta));
    const underT = yield* awaited(sums.scores(t.x, t.weights, basis, theta));
    for (const [p, alpha] of alphas.entries())
      for (let l = 0; l < lambdas.length; l++) {
        const at = p * lambdas.length + l;
        scores[p][l] +=
          ((1 - alpha) * underS.square[at]) / (2 * massS) +
          ((alpha / 2) * underT.square[at] - underT.mean[at]) / massT;
      }
  }
  return scores;
}
