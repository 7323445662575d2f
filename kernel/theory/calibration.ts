/**
 * The calibration ratio Gamma_cal: by how much the weights are off on average in bins of their own size (theory.md 8a).
 * ESTIMATED, not a floor: true weights give 1.26 (errata.md E12), and error inside a bin cannot be seen.
 */
import type { LabelledNumber } from '../../common/labels.js';
import { bettingLcb, bettingUcb } from './certificate/betting.js';
import { percent, shuffledPaperMeans } from './certificate/terms.js';
import { indexPapers, paperWeights, weightedQuantile, type Papers } from './papers.js';

export interface CalibrationBin {
  /** Weights from `low` (included) to `high` (left out, but in the last bin). */
  low: number;
  high: number;
  /** Target's share of mass in the bin. */
  target: number;
  /** What the weights promise: E_S[w 1_bin]. */
  promised: number;
}

export interface Calibration {
  gamma: LabelledNumber;
  bins: CalibrationBin[];
}

/**
 * Worst ratio, either way, of target mass to promised mass over bins at pooled quantiles of w. A bin with one and not
 * the other gives Infinity: it is the strongest evidence there is, and is not dropped (errata.md E12).
 */
export function calibrationRatio(
  source: ArrayLike<number>,
  sourcePapers: Papers,
  target: ArrayLike<number>,
  targetPapers: Papers,
  fold: string,
  bins: number = 5
): Calibration {
  const a = paperWeights(sourcePapers);
  const b = paperWeights(targetPapers);
  const pooled = [...Array.from(source), ...Array.from(target)];
  const share = [...a, ...b];
  const edges = binEdges(pooled, share, bins);
  const all = [-Infinity, ...edges, Infinity];
  const table = all.slice(1).map((high, i) => ({ low: all[i], high, target: 0, promised: 0 }));
  const binOf = (w: number): CalibrationBin => table[binAt(edges, w)];
  a.forEach((weight, i) => (binOf(source[i]).promised += weight * source[i]));
  b.forEach((weight, j) => (binOf(target[j]).target += weight));
  let gamma = 1;
  for (const bin of table) {
    if (bin.target === 0 && bin.promised === 0) continue;
    const ratio = bin.target / bin.promised;
    gamma = Math.max(gamma, ratio, 1 / ratio);
  }
  return {
    gamma: {
      value: gamma,
      label: 'ESTIMATED',
      n: source.length + target.length,
      unit: 'rows',
      fold,
      help: 'Worst factor between target mass and what the weights promise, in bins of the weights. True weights give about 1.3 too.'
    },
    bins: table
  };
}

/** Inner edges of bins at quantiles, rising; values equal to an edge belong above it. */
export function binEdges(values: ArrayLike<number>, weights: ArrayLike<number>, bins: number): number[] {
  let least = Infinity;
  for (let i = 0; i < values.length; i++) least = Math.min(least, values[i]);
  const inner = Array.from({ length: bins - 1 }, (_, i) => weightedQuantile(values, weights, (i + 1) / bins));
  return [...new Set(inner)].filter(edge => edge > least);
}

/** Number of the bin that w lies in. */
function binAt(edges: readonly number[], w: number): number {
  return edges.filter(edge => edge <= w).length;
}

export interface CalibrationFloorInput {
  /** Inner edges of the bins, rising, from rows of fold F. */
  edges: readonly number[];
  /** w on source and target rows that did not fit w. */
  source: ArrayLike<number>;
  sourcePapers: Papers;
  target: ArrayLike<number>;
  targetPapers: Papers;
  /** Any number above the last edge, from fold F: w counts up to it where too little of it is what is to be shown. */
  largest: number;
  delta?: number;
  /** How many weights were candidates where these rows chose w: each is spent a share of delta. */
  candidates?: number;
  fold: string;
  seed?: number;
}

/**
 * The lower limit of Gamma that holds with confidence 1 - delta (errata.md E12): A3-Gamma gives P_T(bin) <= Gamma
 * E_S[w 1_bin] and the converse, so Gamma is at least LCB of one over UCB of the other, either way, in every bin, at
 * delta / (4 bins) a limit. Bins that hold nothing count. In the last bin w has no bound, so no UCB of what it promises
 * is had there. Error inside of a bin cannot be seen: a limit of 1 is no evidence that the weights are right.
 */
export function calibrationFloor(input: CalibrationFloorInput): LabelledNumber {
  const { edges, delta = 0.05, candidates = 1, seed = 0 } = input;
  const bins = edges.length + 1;
  const each = delta / (4 * bins * candidates);
  const binsOf = (w: ArrayLike<number>): Int32Array => Int32Array.from(w, value => binAt(edges, value));
  const [sourceBin, targetBin] = [binsOf(input.source), binsOf(input.target)];
  const [sourcePapers, targetPapers] = [indexPapers(input.sourcePapers), indexPapers(input.targetPapers)];
  let floor = 1;
  let papers = Infinity;
  for (let k = 0; k < bins; k++) {
    const inside = Float64Array.from(targetBin, bin => (bin === k ? 1 : 0));
    const top = k < edges.length ? edges[k] : Math.max(input.largest, edges[k - 1] ?? 0);
    const promised = Float64Array.from(input.source, (w, i) => (sourceBin[i] === k ? Math.min(w, top) : 0));
    const target = shuffledPaperMeans(inside, targetPapers, seed + 2 * k);
    const source = shuffledPaperMeans(promised, sourcePapers, seed + 2 * k + 1);
    papers = Math.min(papers, target.length, source.length);
    const unit = { lo: 0, hi: 1, delta: each };
    const range = { lo: 0, hi: top, delta: each };
    if (k < edges.length && top > 0)
      floor = Math.max(floor, bettingLcb(target, unit) / bettingUcb(source, range));
    if (top > 0) floor = Math.max(floor, bettingLcb(source, range) / bettingUcb(target, unit));
  }
  return {
    value: floor,
    label: 'LOWER-BOUND',
    assumptions: [`confidence ${percent(1 - delta)}`],
    n: papers,
    unit: 'papers',
    fold: input.fold,
    help: 'Γ is at least this, whatever the true ratio. That it is 1 does not say that the weights are right.'
  };
}
