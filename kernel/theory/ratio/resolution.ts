/**
 * Whether a fitted ratio says anything that other rows bear out (theory.md 3, "shift not resolved"), and whether the
 * source reaches where the target lies. Both are judged on folds F and C alone and are ESTIMATED.
 */
import { hcrRatio } from '../chi-square.js';
import { normalized, paperWeights, weightedMean, weightedQuantile } from '../papers.js';
import { evaluateRatio } from './evaluate.js';
import type { Ratio, RatioRows } from './types.js';

export interface Resolution {
  /** Hammersley, Chapman and Robbins' estimate of chi^2 on the rows of the fit, and on those of fold C. */
  inSample: number;
  heldOut: number;
  /** False where the held-out one is less than half of the other. */
  resolved: boolean;
  /** Empty where it is resolved. */
  words: string;
}

interface Sides {
  source: RatioRows;
  target: RatioRows;
}

/** Weights are capped at this quantile of the target's on F first: chi^2 of a few large ones explodes (theory.md 8b). */
const CAP_QUANTILE = 0.99;

export function resolutionOf(ratio: Ratio, fit: Sides, choose: Sides): Resolution {
  const cap = weightedQuantile(evaluateRatio(ratio, fit.target.x), lawOf(fit.target), CAP_QUANTILE);
  const hcr = ({ source, target }: Sides): number => {
    const capped = (rows: RatioRows): Float64Array => evaluateRatio(ratio, rows.x).map(w => Math.min(w, cap));
    return hcrRatio(capped(source), lawOf(source), capped(target), lawOf(target));
  };
  const inSample = hcr(fit);
  const heldOut = hcr(choose);
  const resolved = heldOut >= inSample / 2;
  const words = resolved
    ? ''
    : `The shift is not resolved: fold C bears out a χ² of ${heldOut.toFixed(2)} where the rows of the fit show ` +
      `${inSample.toFixed(2)}. Collect more papers, or lower the rank.`;
  return { inSample, heldOut, resolved, words };
}

function lawOf(rows: RatioRows): Float64Array {
  return normalized(rows.weights ?? paperWeights(rows.papers), rows.x.rows);
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
 */
export function overlapOf(ratio: Ratio, fit: Sides, choose: Sides): Overlap {
  const n = fit.source.x.rows;
  const beyond = evaluateRatio(ratio, choose.target.x).map(w => (w > n ? 1 : 0));
  const outside = weightedMean(beyond, lawOf(choose.target));
  const share = `${(100 * outside).toFixed(0)} % of the target lies where none of the ${n} source rows is expected`;
  const words =
    outside < TELL ? '' : `${share}. What the model does there no weight can tell: collect target labels.`;
  return { outside, none: outside > GIVE_UP, words };
}
