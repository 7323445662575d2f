/**
 * The ESS gate of the training weights (theory.md 6, errata.md B): temper min(w, W)^gamma until enough papers count.
 * Judged on F only. Tempered weights train; the certificate keeps the untempered ones.
 */
import { indexPapers, paperEss, requireLength, type Papers } from './papers.js';

export interface EssGate {
  /** Largest gamma in [0, 1] that passes. 1: not tempered; 0: uniform, rows of weight 0 included. */
  gamma: number;
  /** Paper-ESS at gamma, and at gamma = 1. */
  ess: number;
  untempered: number;
  gate: number;
  papers: number;
}

/**
 * Papers that must count: theory.md's max(50, n / 20), but never more than half of the n papers, since with fewer than
 * 100 papers that gate would ask for nearly uniform weights, or could not be met at all.
 */
export function gateOf(papers: number): number {
  return Math.min(Math.max(50, 0.05 * papers), papers / 2);
}

/**
 * @param weights min(w, W) per source row of F
 * @param kappa clean weight per row, which multiplies the tempered ratio (theory.md 6); 1 when left out
 */
export function essGate(weights: ArrayLike<number>, papers: Papers, kappa?: ArrayLike<number>): EssGate {
  requireLength(weights, papers.length, 'weights', 'paper identifiers');
  const index = indexPapers(papers);
  const gate = gateOf(index.count);
  const at = (gamma: number): number => {
    const tempered = temper(weights, gamma);
    return paperEss(kappa ? tempered.map((w, i) => w * kappa[i]) : tempered, index);
  };
  const untempered = at(1);
  let gamma = 0;
  // Scanned from above: ESS falls with gamma for rows, but need not for means over papers.
  for (let step = 100; step > 0; step--) {
    if (at(step / 100) < gate) continue;
    let low = step / 100;
    let high = Math.min(1, low + 0.01);
    for (let i = 0; i < 20 && low < 1; i++) {
      const middle = (low + high) / 2;
      if (at(middle) >= gate) low = middle;
      else high = middle;
    }
    gamma = low;
    break;
  }
  return { gamma, ess: at(gamma), untempered, gate, papers: index.count };
}

/** w^gamma, with 0^0 = 1: gamma = 0 is uniform. */
export function temper(weights: ArrayLike<number>, gamma: number): Float64Array {
  return Float64Array.from(weights, w => (gamma === 1 ? w : Math.pow(w, gamma)));
}
