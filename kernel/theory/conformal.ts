/**
 * Conformal p-values and the Benjamini-Hochberg step-up rule (theory.md 5, errata.md D). They flag for people and
 * never weigh. A p-value is CERTIFIED only against "exchangeable with the reference": rows of one paper are not, so
 * take one row a paper (`oneRowPerPaper`), and the flags of rows are ESTIMATED (errata.md E16).
 */
import { DataError } from '../../common/errors.js';

/** p = (1 + #{reference score >= score}) / (N + 1). Scores: larger is stranger. */
export function conformalPValues(reference: ArrayLike<number>, scores: ArrayLike<number>): Float64Array {
  if (reference.length === 0) throw new DataError('Conformal p-values need at least one reference score.');
  const sorted = Float64Array.from(reference).sort();
  return Float64Array.from(scores, score => {
    let lo = 0;
    let hi = sorted.length;
    while (lo < hi) {
      const mid = (lo + hi) >> 1;
      if (sorted[mid] < score) lo = mid + 1;
      else hi = mid;
    }
    return (1 + sorted.length - lo) / (sorted.length + 1);
  });
}

/** 1 where the step-up rule at level q rejects. Larger q never takes a rejection back. */
export function benjaminiHochberg(p: ArrayLike<number>, q: number): Uint8Array {
  const n = p.length;
  const order = Array.from({ length: n }, (_, i) => i).sort((a, b) => p[a] - p[b]);
  let last = -1;
  order.forEach((i, rank) => {
    if (p[i] <= (q * (rank + 1)) / n) last = rank;
  });
  const out = new Uint8Array(n);
  for (let rank = 0; rank <= last; rank++) out[order[rank]] = 1;
  return out;
}
