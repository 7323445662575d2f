/**
 * The cap W of the certified weights, chosen on fold C among quantiles of the target's weights (theory.md 2.2, box 3).
 * `chooseCap` knows no model and minimises a worst case; `capByCertificate` has the losses of C.
 */
import { DataError } from '../../common/errors.js';
import { bettingHalfWidth, fixOnC, plannedBound, type FixedOnC } from './certificate/planning.js';
import type { Quantity, Range } from './certificate/inputs.js';
import { tailVariable } from './certificate/tail.js';
import { moments } from './certificate/concentration.js';
import { paperMeans, paperWeights, weightedQuantile, type Papers } from './papers.js';

/** Quantiles of the target's weights that are tried (theory.md 3 and 11). */
export const CAP_QUANTILES: readonly number[] = [0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 1];

export interface CapInput {
  /** w on source rows of C, uncapped. */
  source: ArrayLike<number>;
  sourcePapers: Papers;
  /** w on target rows of C, uncapped. */
  target: ArrayLike<number>;
  targetPapers: Papers;
  /** kappa of these rows; 1 when left out. */
  sourceKappa?: ArrayLike<number>;
  targetKappa?: ArrayLike<number>;
  /** Papers that V and U will have; those of C when left out. */
  nV?: number;
  nU?: number;
  delta?: number;
  split?: number;
}

export interface CapRow {
  quantile: number;
  cap: number;
  /** The criterion that the choice minimises. */
  bound: number;
}

export interface CapChoice {
  cap: number;
  table: CapRow[];
}

/**
 * The cap that minimises theorem 1B in the worst case over losses, for want of a model: c in the middle of the loss
 * range, every loss at one of its ends, so |Z| <= W / 2 and its deviation over papers is at most half the root mean
 * square of the papers' weights, per unit B - a. Width by the betting bound with nV papers, tail with nU.
 * @throws DataError when no target row has a positive weight
 */
export function chooseCap(input: CapInput): CapChoice {
  const { delta = 0.05, split = 0.8 } = input;
  return minimise(input, (cap, weights, tail) => {
    const means = paperMeans(weights, input.sourcePapers);
    const rms = Math.sqrt(means.reduce((sum, w) => sum + w * w, 0) / means.length);
    const b = moments(paperMeans(tail, input.targetPapers));
    const width = bettingHalfWidth({
      n: input.nV ?? means.length,
      mean: 0,
      sd: rms / 2,
      lo: -cap / 2,
      hi: cap / 2,
      delta: delta * split
    });
    const tailWidth = bettingHalfWidth({
      n: input.nU ?? b.n,
      mean: b.mean,
      sd: Math.sqrt(b.variance),
      lo: 0,
      hi: 1,
      delta: delta * (1 - split)
    });
    return 0.5 + width + 0.5 * Math.min(1, b.mean + tailWidth);
  });
}

export interface CapWithLosses extends CapInput {
  quantity: Quantity;
  /** Losses (or differences) of the source rows of C. */
  losses: ArrayLike<number>;
  range?: Range;
}

/** The cap that minimises the planned theorem 1B bound with the losses of C, and what is fixed with it. */
export function capByCertificate(input: CapWithLosses): CapChoice & { fixed: FixedOnC } {
  const fix = (cap: number, weights: Float64Array, tail: Float64Array): FixedOnC =>
    fixOnC({
      quantity: input.quantity,
      losses: input.losses,
      weights,
      papers: input.sourcePapers,
      tail,
      tailPapers: input.targetPapers,
      cap,
      range: input.range
    });
  const choice = minimise(input, (cap, weights, tail) => {
    const fixed = fix(cap, weights, tail);
    const counts = { source: input.nV ?? fixed.papers.source, target: input.nU ?? fixed.papers.target };
    return plannedBound(fixed, counts, input.delta, input.split);
  });
  const weights = cappedWeights(input.source, choice.cap, input.sourceKappa);
  return {
    ...choice,
    fixed: fix(choice.cap, weights, tailVariable(input.target, choice.cap, input.targetKappa))
  };
}

/** min(w, W) kappa: the column that certificates use, never tempered (errata.md B). */
export function cappedWeights(w: ArrayLike<number>, cap: number, kappa?: ArrayLike<number>): Float64Array {
  return Float64Array.from({ length: w.length }, (_, i) => Math.min(w[i], cap) * (kappa ? kappa[i] : 1));
}

function minimise(
  input: CapInput,
  criterion: (cap: number, weights: Float64Array, tail: Float64Array) => number
): CapChoice {
  const share = paperWeights(input.targetPapers);
  if (input.target.length === 0 || !Array.from(input.target).some(w => w > 0))
    throw new DataError(
      'No target row of fold C has a positive weight, so no cap can be chosen. Use uniform weights.'
    );
  const table: CapRow[] = [];
  for (const quantile of CAP_QUANTILES) {
    const cap = weightedQuantile(input.target, share, quantile);
    if (!(cap > 0) || table.some(row => row.cap === cap)) continue;
    const weights = cappedWeights(input.source, cap, input.sourceKappa);
    const bound = criterion(cap, weights, tailVariable(input.target, cap, input.targetKappa));
    table.push({ quantile, cap, bound });
  }
  const best = table.reduce((a, b) => (b.bound < a.bound ? b : a));
  return { cap: best.cap, table };
}
