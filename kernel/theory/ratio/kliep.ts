/**
 * KLIEP (Sugiyama et al. 2008; theory.md 3): the mixture of Gaussian kernels at target centres, each divided by its mean
 * c_l under the source, that makes the target's rows most likely; weights by EM, bandwidth by likelihood
 * cross-validation (LCV) with papers kept whole.
 */
import { DataError } from '../../../common/errors.js';
import { Random } from '../../../common/random.js';
import { select, selectRows, type Matrix } from '../matrix.js';
import { paperFolds } from '../papers.js';
import { gaussianProblem, sum, type GaussianProblem } from './gaussian.js';
import { kernelAt } from './kernel-sums.js';
import { Mark, runNow, type Steps } from './steps.js';
import type { KernelRatio, RatioRows } from './types.js';

export interface KliepOptions {
  centres?: number;
  /** Bandwidths as multiples of the median distance. One value skips the choice. */
  bandwidths?: readonly number[];
  /** EM steps of the fit and of each fit of the choice. */
  iterations?: number;
  choiceIterations?: number;
  /** EM visits every target row at every step: at most this many, drawn at random, and of the source four times it. */
  rows?: number;
  seed?: number;
}

export const KLIEP_BANDWIDTHS: readonly number[] = [0.35, 0.5, 0.7, 1, 1.4, 2];
export const KLIEP_ROWS = 2000;

/** @throws DataError without rows, with NaN, when all rows are equal, or with one target paper to choose on */
export function fitKliep(source: RatioRows, target: RatioRows, options: KliepOptions = {}): KernelRatio {
  return runNow(kliepSteps(source, target, options));
}

export function* kliepSteps(
  source: RatioRows,
  target: RatioRows,
  options: KliepOptions = {}
): Steps<KernelRatio> {
  const { bandwidths = KLIEP_BANDWIDTHS, iterations = 150, choiceIterations = 40, seed = 0 } = options;
  const problem = gaussianProblem(source, target, { ...options, seed });
  const most = options.rows ?? KLIEP_ROWS;
  const s = sample(problem.source, 4 * most, new Random(seed, 8));
  const t = sample(problem.target, most, new Random(seed, 9));
  const at = (factor: number): { c: Float64Array; a: Matrix; bandwidth: number } => {
    const basis = { centres: problem.centres, bandwidth: factor * problem.typical };
    const c = meanUnder(kernelAt(s.x, basis), s.weights);
    const a = kernelAt(t.x, basis);
    for (let i = 0; i < a.rows; i++) for (let l = 0; l < a.cols; l++) a.data[i * a.cols + l] /= c[l];
    return { c, a, bandwidth: basis.bandwidth };
  };
  let chosen = bandwidths[0];
  if (bandwidths.length > 1) {
    const folds = paperFolds(t.papers, t.papers, 3, new Random(seed, 10));
    let best = -Infinity;
    for (const [step, factor] of bandwidths.entries()) {
      yield new Mark(step / bandwidths.length, `KLIEP, bandwidth ${step + 1} of ${bandwidths.length}`);
      const { a } = at(factor);
      let score = 0;
      for (let k = 0; k < folds.folds; k++) {
        const inside = t.weights.map((w, i) => (folds.target[i] === k ? 0 : w));
        const mixture = mix(a, mixtureWeights(a, inside, choiceIterations));
        for (let i = 0; i < a.rows; i++)
          if (folds.target[i] === k) score += t.weights[i] * Math.log(mixture[i] + 1e-12);
      }
      if (score > best) [best, chosen] = [score, factor];
    }
    if (best === -Infinity)
      throw new DataError('KLIEP: no bandwidth gave a finite likelihood. Check the rows.');
  }
  yield new Mark(0.9, 'KLIEP');
  const { c, a, bandwidth } = at(chosen);
  const weights = mixtureWeights(a, t.weights, iterations);
  return {
    kind: 'kliep',
    cols: source.x.cols,
    scale: 1,
    alpha: 0,
    mean: problem.mean,
    sd: problem.sd,
    centres: Array.from(problem.centres.data),
    bandwidth,
    lambda: 0,
    theta: Array.from(weights, (w, l) => w / c[l])
  };
}

/** At most `most` of the rows. */
function sample(side: GaussianProblem['source'], most: number, random: Random): GaussianProblem['source'] {
  if (side.x.rows <= most) return side;
  const rows = random.sample(side.x.rows, most);
  const weights = select(side.weights, rows);
  const total = sum(weights);
  return {
    x: selectRows(side.x, rows),
    weights: weights.map(w => w / total),
    papers: Array.from(rows, i => side.papers[i])
  };
}

/** c_l = E_S phi_l, kept off 0, where a centre has no source near it. */
function meanUnder(phi: Matrix, weights: Float64Array): Float64Array {
  const out = new Float64Array(phi.cols).fill(1e-12);
  for (let i = 0; i < phi.rows; i++)
    for (let l = 0; l < phi.cols; l++) out[l] += weights[i] * phi.data[i * phi.cols + l];
  return out;
}

/** EM for the mixture's weights: a_l <- a_l E_T[A_l / sum_l a_l A_l] (theory.md 3). Rows of weight 0 are left out. */
function mixtureWeights(a: Matrix, weights: Float64Array, iterations: number): Float64Array {
  const b = a.cols;
  const total = sum(weights);
  if (!(total > 0)) throw new DataError('KLIEP: a fold has no target row. Use fewer folds.');
  let now = new Float64Array(b).fill(1 / b);
  for (let step = 0; step < iterations; step++) {
    const next = new Float64Array(b);
    for (let i = 0; i < a.rows; i++) {
      if (weights[i] === 0) continue;
      const row = a.data.subarray(i * b, (i + 1) * b);
      let mixture = 1e-300;
      for (let l = 0; l < b; l++) mixture += now[l] * row[l];
      const f = weights[i] / total / mixture;
      for (let l = 0; l < b; l++) next[l] += f * row[l];
    }
    for (let l = 0; l < b; l++) next[l] *= now[l];
    now = next;
  }
  return now;
}

function mix(a: Matrix, weights: Float64Array): Float64Array {
  return Float64Array.from({ length: a.rows }, (_, i) => {
    let value = 0;
    for (let l = 0; l < a.cols; l++) value += weights[l] * a.data[i * a.cols + l];
    return value;
  });
}
