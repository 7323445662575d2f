/**
 * Fold discipline at run time (theory.md A0, errata.md E3): F fits, C chooses, V certifies, U holds unlabelled target
 * rows for the certificate. What reaches an estimator goes through `foldOnly` first.
 */
import { FoldError } from '../../common/errors.js';

export type Fold = 'F' | 'C' | 'V' | 'U';

const USE: Record<Fold, string> = {
  F: 'fit',
  C: 'choose',
  V: 'certify (source)',
  U: 'certify (target, unlabelled)'
};

/**
 * The rows, unchanged, when every one is in an allowed fold.
 * @param rows row numbers; @param folds fold of every row of the data
 * @throws FoldError naming the fold, how many rows, and what that fold is for
 */
export function foldOnly<T extends ArrayLike<number>>(
  rows: T,
  folds: ArrayLike<string>,
  allowed: readonly Fold[],
  purpose: string = 'this step'
): T {
  const wrong = new Map<string, number>();
  for (let i = 0; i < rows.length; i++) {
    const fold = folds[rows[i]];
    if (!allowed.includes(fold as Fold)) wrong.set(String(fold), (wrong.get(String(fold)) ?? 0) + 1);
  }
  if (wrong.size) {
    const list = [...wrong].map(
      ([fold, n]) => `${n} of fold ${fold}${fold in USE ? `, kept to ${USE[fold as Fold]}` : ''}`
    );
    throw new FoldError(
      `Rows of fold ${allowed.join(' or ')} alone may be used for ${purpose}, but these were given: ${list.join('; ')}.`
    );
  }
  return rows;
}

/** The numbers of the rows in one of the folds. */
export function rowsOfFold(folds: ArrayLike<string>, ...wanted: Fold[]): Int32Array {
  const out: number[] = [];
  for (let i = 0; i < folds.length; i++) if (wanted.includes(folds[i] as Fold)) out.push(i);
  return Int32Array.from(out);
}
