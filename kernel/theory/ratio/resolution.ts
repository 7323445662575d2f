/**
 * Whether a fitted ratio says anything that other rows bear out (theory.md 3, "shift not resolved"), and whether the
 * source reaches where the target lies. Both are judged on folds F and C alone and are ESTIMATED.
 */
import { cappedWeights } from '../cap.js';
import { hcrRatio } from '../chi-square.js';
import { weightedMean, weightedQuantile } from '../papers.js';
import { evaluateRatio } from './evaluate.js';
import { lawOf, type Ratio, type Sides } from './types.js';

/** A ratio's values on the rows of the fit and on those of fold C: evaluated once for all that judges it. */
export interface FoldWeights {
  fit: { source: Float64Array; target: Float64Array };
  choose: { source: Float64Array; target: Float64Array };
}

export function foldWeights(ratio: Ratio, fit: Sides, choose: Sides): FoldWeights {
  const at = ({ source, target }: Sides): FoldWeights['fit'] => ({
    source: evaluateRatio(ratio, source.x),
    target: evaluateRatio(ratio, target.x)
  });
  return { fit: at(fit), choose: at(choose) };
}

export interface Resolution {
  /** Hammersley, Chapman and Robbins' estimate of chi^2 on the rows of the fit, and on those of fold C. */
  inSample: number;
  heldOut: number;
  /** False where the held-out one is less than half of the other. */
  resolved: boolean;
  /** Empty where it is resolved. */
  words: string;
}

/** Weights are capped at this quantile of the target's on F first: chi^2 of a few large ones explodes (theory.md 8b). */
const CAP_QUANTILE = 0.99;

export function resolutionOf(weights: FoldWeights, fit: Sides, choose: Sides): Resolution {
  const cap = weightedQuantile(weights.fit.target, lawOf(fit.target), CAP_QUANTILE);
  const hcr = (w: FoldWeights['fit'], { source, target }: Sides): number =>
    hcrRatio(cappedWeights(w.source, cap), lawOf(source), cappedWeights(w.target, cap), lawOf(target));
  const inSample = hcr(weights.fit, fit);
  const heldOut = hcr(weights.choose, choose);
  const resolved = heldOut >= inSample / 2;
  const words = resolved
    ? ''
    : `The shift is not resolved: fold C bears out a χ² of ${heldOut.toFixed(2)} where the rows of the fit show ` +
      `${inSample.toFixed(2)}. Collect more papers, or lower the rank.`;
  return { inSample, heldOut, resolved, words };
}

export interface Overlap {
  /** Share of the target of fold C that lies where the source is so thin that none of its rows is expected there. */
  outside: number;
  /** True where that is most of the target. */
  none: boolean;
  /** Empty where the share is small. */
  words: string;
}

/** Shares of target mass outside of the source's reach that are told, and at which weighting is given up. */
const TELL = 0.05;
const GIVE_UP = 0.5;

/**
 * Where w > n the source has less than 1/n of the target's mass, so of n source rows less than one is expected there:
 * P_S(w > n) <= P_T(w > n) / n for the true ratio.
 * @param held the rows of fold C
 */
export function overlapOf({ fit, choose }: FoldWeights, held: Sides): Overlap {
  const n = fit.source.length;
  const beyond = choose.target.map(w => (w > n ? 1 : 0));
  const outside = weightedMean(beyond, lawOf(held.target));
  const share = `${(100 * outside).toFixed(0)} % of the target lies where none of the ${n} source rows is expected`;
  const words =
    outside < TELL ? '' : `${share}. What the model does there no weight can tell: collect target labels.`;
  return { outside, none: outside > GIVE_UP, words };
}
