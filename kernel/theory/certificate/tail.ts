/** The target mass that weights cut off, from unlabelled papers of fold U (theory.md 2.2, errata.md E2). */
import { DataError } from '../../../common/errors.js';
import { requireLength, rowCount, type PaperRows } from '../papers.js';
import { checkRange } from './betting.js';
import { unitsOf, unitSums, type UnitOptions, type Units } from './units.js';

export interface TailRows {
  /** Per row of U: b of `tailVariable`. */
  tail: ArrayLike<number>;
  tailPapers: PaperRows;
  /** Fold of each target row: U alone is let pass. */
  tailFolds?: ArrayLike<string>;
}

/** What a tail term counts. */
export const CUT_OFF =
  'Target mass that the cap, the clean weight or a zero ratio cuts off, each unit counted at the worst loss.';

/**
 * b = 1 - kappa min(1, W / w) per target row, and 1 where w = 0 (theory.md Corollary 3, errata.md E2). With
 * `capAsserted` it is 1 - kappa: then the capped ratio is the one that Gamma speaks of.
 */
export function tailVariable(
  weights: ArrayLike<number>,
  cap: number,
  kappa?: ArrayLike<number>,
  capAsserted: boolean = false
): Float64Array {
  return Float64Array.from({ length: weights.length }, (_, j) => {
    const w = weights[j];
    const k = kappa ? kappa[j] : 1;
    if (!(w >= 0) || !(k >= 0 && k <= 1))
      throw new DataError(
        `Target row ${j}: weight ${w} and clean weight ${k}; they must be >= 0 and in [0, 1].`
      );
    if (w === 0) return 1;
    return 1 - k * (capAsserted ? 1 : Math.min(1, cap / w));
  });
}

/**
 * b of the papers of U, in another order than V's.
 * @throws DataError when there are none, or a b leaves [0, 1]
 */
export function tailSums(
  { tail, tailPapers }: TailRows,
  options: UnitOptions
): { sums: Float64Array; units: Units } {
  requireLength(tail, rowCount(tailPapers), 'tail values', 'target papers');
  if (tail.length === 0)
    throw new DataError('Fold U has no rows, so the tail cannot be bounded. Give it target papers.');
  checkRange(tail, 0, 1, 'The tail variable b');
  const units = unitsOf(tailPapers, { ...options, seed: (options.seed ?? 0) + 1 });
  return { sums: unitSums(tail, units), units };
}
