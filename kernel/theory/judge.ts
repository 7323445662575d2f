/**
 * What distances to the manifold say of rows: clean weight, p-value, flag (theory.md 2b and 5). Calibrated on trusted
 * rows of fold C. The distances are given: no manifold is fitted here.
 */
import type { LabelledNumber } from '../../common/labels.js';
import { benjaminiHochberg, conformalPValues } from './conformal.js';
import { evaluateKappa, fitKappa } from './kappa.js';
import { select } from './matrix.js';
import { paperWeights, type Papers } from './papers.js';
import { theorem2 } from './theorem2.js';

export interface JudgeInput {
  /** Of each row. */
  distance: ArrayLike<number>;
  score: ArrayLike<number>;
  papers: Papers;
  /** Trusted rows of fold C. */
  reference: ArrayLike<number>;
  /** Rows that may be flagged. */
  reviewable: ArrayLike<number>;
  fdr: number;
  /** Noise scale, ambient dimension and tangent dimension of the manifold. */
  sizes: { sigma: number; d: number; m: number };
}

export interface Judged {
  kappa: Float64Array;
  pValue: Float64Array;
  flagged: Uint8Array;
  d0: number;
  h: number;
  theorem2: { name: string; number: LabelledNumber }[];
}

/** @throws DataError when the reference has too few rows, or none that differ */
export function judgeDistances(input: JudgeInput): Judged {
  const { distance, score, papers, reference, reviewable } = input;
  const trusted = select(distance, reference);
  const weights = paperWeights(Array.from(reference, i => papers[i]));
  const kappa = fitKappa(trusted, weights);
  const pValue = conformalPValues(select(score, reference), score);
  const flagged = new Uint8Array(distance.length);
  benjaminiHochberg(select(pValue, reviewable), input.fdr).forEach((flag, k) => {
    flagged[reviewable[k]] = flag;
  });
  const numbers = theorem2(kappa, trusted, weights, input.sizes, 'C');
  return {
    kappa: evaluateKappa(kappa, distance),
    pValue,
    flagged,
    ...kappa,
    theorem2: [
      { name: 'Theorem 2b, cap d₀ + h e^(−½)', number: numbers.cap },
      { name: 'largest κ r on the reference', number: numbers.largest },
      { name: 'mean distance, κ-weighted', number: numbers.weightedMean },
      { name: 'Theorem 2a, σ √(d − m)', number: numbers.noiseDistance }
    ]
  };
}
