/**
 * What distances to the manifold say of rows: clean weight, p-value, flag (theory.md 2b and 5). Calibrated on trusted
 * papers of fold C. The residuals are given: no manifold is fitted here.
 */
import { DataError } from '../../common/errors.js';
import type { LabelledNumber } from '../../common/labels.js';
import { benjaminiHochberg, conformalPValues } from './conformal.js';
import {
  chooseDenoiser,
  distanceTo,
  type Denoiser,
  type DenoiserChoice,
  type HeldOutError
} from './denoiser.js';
import { evaluateKappa, fitKappa, type Kappa } from './kappa.js';
import type { Residuals } from './manifold.js';
import { select } from './matrix.js';
import { indexPapers, paperWeights, type Papers } from './papers.js';
import {
  leastFlags,
  paperScores,
  rowReference,
  trustedReference,
  typeOneFactors,
  type TrustedReference
} from './reference.js';
import { manifoldCap, noiseDistances, theorem2 } from './theorem2.js';

export interface JudgeInput {
  /** The parts of each row's distance; NaN on rows that are not there. */
  residuals: Pick<Residuals, 'tangentResidual' | 'outsideResidual'>;
  score: ArrayLike<number>;
  papers: Papers;
  /** Trusted rows of fold C. */
  reference: ArrayLike<number>;
  /** Rows that may be flagged. */
  reviewable: ArrayLike<number>;
  /** The map that distances are measured to, or auto for the one with the smallest held-out error. */
  method: Denoiser | 'auto';
  heldOut: readonly HeldOutError[];
  fdr: number;
  /** Declared share of reference papers with foreign rows. */
  contamination: number;
  seed: number;
  /** Noise scale, ambient dimension, rank, tangent dimension and reach of the manifold. */
  sizes: { sigma: number; d: number; rank: number; m: number; reach: number };
  /** (G) of the manifold: where the slider e of theorem 2b (M) begins. */
  gain: number;
}

export interface Judged {
  denoiser: DenoiserChoice;
  distance: Float64Array;
  kappa: Float64Array;
  pValue: Float64Array;
  flagged: Uint8Array;
  d0: number;
  h: number;
  /** What of the reference stayed, without its rows. */
  reference: Omit<TrustedReference, 'rows'> & { rows: number };
  /** Papers that hold a flagged row, of how many that were tested. */
  flaggedPapers: {
    flagged: number;
    of: number;
    /** Papers that must be stranger than all of the reference before one is flagged (`leastFlags`). */
    least: number;
    /** Reference papers with which the rule can flag anything at all. */
    needed: number;
  };
  theorem2: { name: string; number: LabelledNumber }[];
}

/** @throws DataError when the reference has too few rows, or none that differ */
export function judgeDistances(input: JudgeInput): Judged {
  const { score, papers } = input;
  const denoiser = chooseDenoiser(input.heldOut, input.method);
  const distance = distanceTo(denoiser.method, input.residuals);
  const reference = trustedReference(input.reference, score, papers, input.contamination);
  const trusted = select(distance, reference.rows);
  const weights = paperWeights(Array.from(reference.rows, i => papers[i]));
  const kappa = denoiser.method === 'none' ? undefined : fitTrusted(trusted, weights);
  const pValue = conformalPValues(rowReference(reference, score, papers, input.seed), score);
  const { flagged, papers: counts } = flagPapers(input, reference);
  const { rows, ...rest } = reference;
  return {
    denoiser,
    distance,
    // Where no row is moved none can be far from where it went.
    kappa: kappa ? evaluateKappa(kappa, distance) : new Float64Array(distance.length).fill(1),
    pValue,
    flagged,
    ...(kappa ?? { d0: 0, h: 0 }),
    reference: { ...rest, rows: rows.length },
    flaggedPapers: counts,
    theorem2: kappa ? theorem2Terms(kappa, trusted, weights, input, denoiser.method) : []
  };
}

function fitTrusted(trusted: Float64Array, weights: Float64Array): Kappa {
  try {
    return fitKappa(trusted, weights);
  } catch (error) {
    if (error instanceof DataError) throw new DataError(`The reference cannot calibrate κ: ${error.message}`);
    throw error;
  }
}

/**
 * The step-up rule on papers: rows of one paper depend on each other, papers do not (errata.md E16). A paper's score
 * is its largest; the rows that are flagged are those of flagged papers that reach the least score that was.
 */
function flagPapers(
  { score, papers, reviewable, fdr }: JudgeInput,
  reference: TrustedReference
): { flagged: Uint8Array; papers: Judged['flaggedPapers'] } {
  const flagged = new Uint8Array(score.length);
  const papersOf = (rows: ArrayLike<number>): Papers => Array.from(rows, row => papers[row]);
  const index = indexPapers(papersOf(reviewable));
  const scores = paperScores(select(score, reviewable), index);
  const trusted = paperScores(select(score, reference.rows), papersOf(reference.rows));
  const p = conformalPValues(trusted, scores);
  const rejected = benjaminiHochberg(p, fdr);
  let count = 0;
  let threshold = Infinity;
  rejected.forEach((flag, paper) => {
    if (!flag) return;
    count++;
    threshold = Math.min(threshold, scores[paper]);
  });
  index.of.forEach((paper, i) => {
    const row = reviewable[i];
    if (rejected[paper] && score[row] >= threshold) flagged[row] = 1;
  });
  return {
    flagged,
    papers: {
      flagged: count,
      of: index.count,
      least: leastFlags(index.count, reference.papers, fdr),
      // If all are rejected, the smallest p, 1 / (N + 1), must not be above q.
      needed: Math.ceil(1 / fdr - 1 - 1e-9)
    }
  };
}

function theorem2Terms(
  kappa: Kappa,
  trusted: Float64Array,
  weights: Float64Array,
  { sizes, gain, contamination }: JudgeInput,
  method: Denoiser
): Judged['theorem2'] {
  const numbers = theorem2(kappa, trusted, weights, sizes, 'C');
  // e is not known. What (G) leaves beside the noise along the manifold, or all noise in PCA space, is a beginning.
  const { sigma, d, rank, m } = sizes;
  const e =
    method === 'local'
      ? sigma * Math.sqrt(Math.max(d * gain * gain - m, 0))
      : sigma * Math.sqrt(Math.max(rank - m, 0));
  const conditional = manifoldCap({ kappa, distances: trusted, weights, e, fold: 'C' });
  const noise = noiseDistances({ ...sizes, boundary: true });
  const price = typeOneFactors(0.05, contamination);
  return [
    { name: 'Theorem 2b, cap d₀ + h e^(−½)', number: numbers.cap },
    { name: 'largest κ r on the reference', number: numbers.largest },
    { name: 'mean distance, κ-weighted', number: numbers.weightedMean },
    { name: 'its bound, Theorem 2b (D)', number: numbers.weightedMeanBound },
    { name: 'its bound for the true manifold, 2b (M)', number: conditional.weightedMeanBound },
    { name: 'Theorem 2a, σ √(d − m)', number: numbers.noiseDistance },
    { name: 'Theorem 2a, σ √d', number: noise.simple },
    { name: 'Theorem 2a, 95 % tail', number: noise.chebyshev },
    { name: 'the same if sub-Gaussian', number: noise.subGaussian },
    ...(contamination > 0
      ? [
          {
            name: 'p ≤ .05 by chance, at most',
            number: {
              value: Math.max(price.kept, price.trimmed),
              label: 'ESTIMATED' as const,
              assumptions: [`ν = ${contamination}`],
              help:
                `${price.kept.toFixed(3)} = t / (1 − ν) where foreign papers that score low stayed, ` +
                `${price.trimmed.toFixed(3)} = t (1 − ν) + ν where clean ones were trimmed; t = .05.`
            }
          }
        ]
      : [])
  ];
}
