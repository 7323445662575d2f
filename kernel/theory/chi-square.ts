/**
 * How far the target is from the source: chi^2 = E_S omega^2 - 1. Only lower bounds exist (theory.md 3); the one here
 * holds with confidence (errata.md E12). The plug-in is ESTIMATED.
 */
import type { LabelledNumber } from '../../common/labels.js';
import { cappedWeights } from './cap.js';
import { bettingLcb, bettingUcb } from './certificate/betting.js';
import { percent, shuffledPaperMeans } from './certificate/terms.js';
import { indexPapers, weightedMean, paperWeights, type Papers } from './papers.js';

export interface ChiSquareInput {
  /** w on source and target rows that neither fitted w nor chose the cap. */
  source: ArrayLike<number>;
  sourcePapers: Papers;
  target: ArrayLike<number>;
  targetPapers: Papers;
  cap: number;
  /** Mean of min(w, W) on the source of C; 1 when left out. */
  centre?: number;
  delta?: number;
  fold: string;
  seed?: number;
}

/**
 * (LCB_T f - UCB_S f)_+^2 / UCB_S (f - c)^2 with f = min(w, W), delta / 3 each: chi^2 is at least this with
 * probability 1 - delta, by Hammersley, Chapman and Robbins with Var f <= E(f - c)^2 (errata.md E12).
 */
export function chiSquareLowerBound(input: ChiSquareInput): LabelledNumber {
  const { cap, centre = 1, delta = 0.05, seed = 0 } = input;
  const s = cappedWeights(input.source, cap);
  const sourcePapers = indexPapers(input.sourcePapers);
  const sMeans = shuffledPaperMeans(s, sourcePapers, seed);
  const tMeans = shuffledPaperMeans(cappedWeights(input.target, cap), input.targetPapers, seed + 1);
  const squares = shuffledPaperMeans(
    s.map(value => (value - centre) ** 2),
    sourcePapers,
    seed + 2
  );
  const most = Math.max(centre, cap - centre) ** 2;
  const each = { lo: 0, hi: cap, delta: delta / 3 };
  const gap = Math.max(0, bettingLcb(tMeans, each) - bettingUcb(sMeans, each));
  const spread = bettingUcb(squares, { lo: 0, hi: most, delta: delta / 3 });
  return {
    value: spread > 0 ? (gap * gap) / spread : 0,
    label: 'LOWER-BOUND',
    assumptions: [`confidence ${percent(1 - delta)}`],
    n: Math.min(sMeans.length, tMeans.length),
    unit: 'papers',
    fold: input.fold,
    help: 'The chi-square distance of target from source is at least this. No upper bound can be had from data.'
  };
}

/**
 * Plug-in (E_T f - E_S f)^2 / Var_S f with f = min(w, W), after Hammersley, Chapman and Robbins: below chi^2 in the
 * population whatever w, and free of its scale (theory.md 3), but held-out values exceed it half of the time for the
 * best w (errata.md E12), so it is ESTIMATED. 0 where f does not vary.
 */
export function chiSquareEstimate(input: Omit<ChiSquareInput, 'centre' | 'delta' | 'seed'>): LabelledNumber {
  return {
    value: hcrRatio(
      cappedWeights(input.source, input.cap),
      paperWeights(input.sourcePapers),
      cappedWeights(input.target, input.cap),
      paperWeights(input.targetPapers)
    ),
    label: 'ESTIMATED',
    n: input.source.length + input.target.length,
    unit: 'rows',
    fold: input.fold,
    help: 'How far apart the capped weights put source and target, as observed. The certificate gives a lower bound that holds.'
  };
}

/** (E_T f - E_S f)^2 / Var_S f under row weights that need not sum to 1; 0 where f does not vary. */
export function hcrRatio(
  source: ArrayLike<number>,
  sourceLaw: ArrayLike<number>,
  target: ArrayLike<number>,
  targetLaw: ArrayLike<number>
): number {
  const mean = weightedMean(source, sourceLaw);
  const spread = weightedMean(
    Float64Array.from(source, value => (value - mean) ** 2),
    sourceLaw
  );
  const gap = weightedMean(target, targetLaw) - mean;
  return spread > 0 ? (gap * gap) / spread : 0;
}
