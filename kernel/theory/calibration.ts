/**
 * The calibration ratio Gamma_cal: by how much the weights are off on average in bins of their own size (theory.md 8a).
 * ESTIMATED, not a floor: true weights give 1.26 (errata.md E12), and error inside a bin cannot be seen.
 */
import type { LabelledNumber } from '../../common/labels.js';
import { paperWeights, weightedQuantile, type Papers } from './papers.js';

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
  const inner = Array.from({ length: bins - 1 }, (_, i) => weightedQuantile(pooled, share, (i + 1) / bins));
  const edges = [...new Set(inner)].filter(edge => edge > Math.min(...pooled));
  const all = [-Infinity, ...edges, Infinity];
  const table = all.slice(1).map((high, i) => ({ low: all[i], high, target: 0, promised: 0 }));
  const binOf = (w: number): CalibrationBin => table[edges.filter(edge => edge <= w).length];
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
