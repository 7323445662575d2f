/** What the bounds are told alike, and the checks of it: rows of a fold, their weights, and what is assumed. */
import { DataError, ParameterError } from '../../../common/errors.js';
import { foldOnly, type Fold } from '../folds.js';
import { rowCount, type PaperRows } from '../papers.js';

export type Quantity = 'risk' | 'improvement';

/** [lowest, highest] value of the loss, or of the paired difference. */
export type Range = readonly [number, number];

/** 0 to 1 for a 0-1 risk, -1 to 1 for a paired difference of such. */
export function lossRange(quantity: Quantity): Range {
  return quantity === 'risk' ? [0, 1] : [-1, 1];
}

/** Rows of one fold whose labels were read. */
export interface LossRows {
  /** Per row: the loss, or the difference model minus baseline. */
  losses: ArrayLike<number>;
  papers: PaperRows;
  /** Fold of each row: the one that a bound is for alone is let pass. */
  folds?: ArrayLike<string>;
  delta?: number;
}

/** What is bounded, and what the bound is read against. */
export interface Question {
  quantity: Quantity;
  range?: Range;
  reference?: number;
}

export interface WeightedRows extends LossRows {
  /** Per row, in [0, cap]. */
  weights: ArrayLike<number>;
  /** W, fixed on F and C: never a maximum over V (errata.md E11). */
  cap: number;
}

/** c, fixed on C, and how many papers it was fixed on. */
export interface Centre {
  centre: number;
  centrePapers?: number;
}

/** What leads from source to target, where that is assumed. */
export interface Shift {
  /**
   * What w is a function of, where that is not the whole embedding, e.g. "PCA, rank 16": A2' is then assumed for it
   * (errata.md E1).
   */
  conditioning?: string;
  /** True when kappa is not 1 everywhere: adds the assumption on what contamination survives it. */
  cleaned?: boolean;
}

/** Labels are wrong at this known rate (errata.md E5). */
export interface LabelNoise {
  /** rho. */
  rate: number;
  /** K; 2 when left out. */
  classes?: number;
}

/**
 * What a column of weights is. Only an untempered ratio may stand in theorems 1A and 1B: a tilt is no ratio
 * (theory.md 2.3), and a tempered ratio misses the target by design (errata.md B).
 */
export type WeightKind = 'ratio' | 'tilt' | 'tempered';

/** @throws ParameterError for weights that give no number for the target */
export function requireRatio(kind: WeightKind = 'ratio'): void {
  if (kind === 'ratio') return;
  throw new ParameterError(
    'certify',
    'weights',
    kind === 'tilt'
      ? 'A similarity tilt is no density ratio, so it gives no number for the target: use the tilt certificate, theorem 1B-tilt.'
      : 'Tempered weights are for training: certify with the untempered column min(w, W) kappa, or use the tilt certificate.'
  );
}

/**
 * The input's range, reference and delta, or those that stand where none is given, once all of it is checked.
 * @param fold the only one whose rows may be in it
 * @throws ParameterError, DataError, FoldError as the checks below
 */
export function settled(
  input: LossRows & Question & Partial<WeightedRows & Centre> & { gamma?: number },
  fold: Fold,
  purpose: string
): { range: Range; reference: number; delta: number } {
  const { quantity, losses, papers, weights, folds, cap = 1, gamma, delta = 0.05 } = input;
  const range = input.range ?? lossRange(quantity);
  const reference = input.reference ?? (quantity === 'improvement' ? 0 : range[1]);
  checkSettings({ delta, cap, gamma, centre: input.centre ?? range[0], range });
  checkRows({ losses, weights, papers }, range, cap, fold);
  checkFolds(folds, fold, purpose);
  return { range, reference, delta };
}

/** @throws FoldError when a row is of a fold that this use may not see (theory.md A0) */
export function checkFolds(folds: ArrayLike<string> | undefined, allowed: Fold, purpose: string): void {
  if (!folds) return;
  foldOnly(
    Array.from(folds, (_, i) => i),
    folds,
    [allowed],
    purpose
  );
}

/** @throws ParameterError when delta, cap, gamma or centre are out of range (errata.md E8, E11). */
function checkSettings(settings: {
  delta: number;
  cap: number;
  gamma?: number;
  centre: number;
  range: Range;
}): void {
  const { delta, cap, gamma = 1, centre, range } = settings;
  const fail = (name: string, words: string): never => {
    throw new ParameterError('certify', name, words);
  };
  if (!(delta > 0 && delta < 1)) fail('delta', `delta must lie between 0 and 1, got ${delta}.`);
  if (!(cap > 0 && cap < Infinity)) fail('cap', `The cap W must be positive and finite, got ${cap}.`);
  if (!(gamma >= 1 && gamma < Infinity)) fail('gamma', `Gamma must be at least 1, got ${gamma}.`);
  if (!(range[1] > range[0])) fail('range', `The loss range [${range[0]}, ${range[1]}] is empty.`);
  if (!(centre >= range[0] && centre <= range[1]))
    fail('centre', `The centre c must lie in the loss range [${range[0]}, ${range[1]}], got ${centre}.`);
}

/** @throws DataError when a loss leaves its declared range or a weight, where there are any, leaves [0, cap]. */
export function checkRows(
  { losses, weights, papers }: LossRows & Partial<WeightedRows>,
  range: Range,
  cap: number,
  fold: Fold
): void {
  if (losses.length === 0)
    throw new DataError(`Fold ${fold} has no rows, so nothing can be certified. Give it papers.`);
  if ((weights && weights.length !== losses.length) || rowCount(papers) !== losses.length)
    throw new DataError(
      `Losses (${losses.length}), ${weights ? `weights (${weights.length})` : 'no weights'} and papers (${rowCount(papers)}) must be one a row.`
    );
  const slack = 1e-9 * Math.max(1, cap);
  for (let i = 0; i < losses.length; i++) {
    if (!(losses[i] >= range[0] - 1e-12 && losses[i] <= range[1] + 1e-12))
      throw new DataError(
        `Loss ${i} is ${losses[i]}, outside its declared range [${range[0]}, ${range[1]}].`
      );
    if (weights && !(weights[i] >= 0 && weights[i] <= cap + slack))
      throw new DataError(
        `Weight ${i} is ${weights[i]}, outside [0, ${cap}]: use the capped column "certify".`
      );
  }
}
