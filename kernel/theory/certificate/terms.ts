/** Terms of a bound as a screen shows them. A sum carries its weakest summand's label (errata.md E1). */
import { weakest, type LabelledNumber } from '../../../common/labels.js';
import { DataError, ParameterError } from '../../../common/errors.js';
import { foldOnly, type Fold } from '../folds.js';
import { rowCount, type PaperRows } from '../papers.js';
import { unitsOf, unitSums, type Estimand } from './units.js';

export interface Term {
  name: string;
  symbol: string;
  number: LabelledNumber;
  help: string;
}

/** What a bound is about: the target, the source, or the tilted source S_w. */
export type Population = 'T' | 'S' | 'S_w';

/**
 * holds: below its reference. unresolved: an improvement that is neither shown nor refuted. vacuous: no better than
 * what the loss's own limits say.
 */
export type Verdict = 'holds' | 'unresolved' | 'vacuous';

export interface Bound {
  quantity: 'risk' | 'improvement';
  population: Population;
  terms: Term[];
  /** The sum of the terms. */
  bound: LabelledNumber;
  verdict: Verdict;
  /** What the bound is read against. */
  reference: number;
}

export type Quantity = Bound['quantity'];

/** [lowest, highest] value of the loss, or of the paired difference. */
export type Range = readonly [number, number];

/** 0 to 1 for a 0-1 risk, -1 to 1 for a paired difference of such. */
export function lossRange(quantity: Quantity): Range {
  return quantity === 'risk' ? [0, 1] : [-1, 1];
}

/** Sums terms into a bound: values add, the weakest label wins, assumptions are gathered. */
export function sumTerms(
  terms: Term[],
  base: Pick<LabelledNumber, 'n' | 'fold'>,
  help: string
): LabelledNumber {
  const assumptions = [...new Set(terms.flatMap(term => term.number.assumptions ?? []))];
  return {
    ...base,
    unit: 'papers',
    value: terms.reduce((sum, term) => sum + term.number.value, 0),
    label: weakest(terms.map(term => term.number.label)),
    ...(assumptions.length ? { assumptions } : {}),
    help
  };
}

/** How a bound reads against its reference and the largest value that the loss can take. */
export function judge(value: number, quantity: Quantity, reference: number, highest: number): Verdict {
  if (value >= highest) return 'vacuous';
  if (value < reference) return 'holds';
  return quantity === 'improvement' ? 'unresolved' : 'vacuous';
}

/** Paper means in an order fixed by identifiers and a seed, so that the order of rows cannot matter. */
export function shuffledPaperMeans(values: ArrayLike<number>, papers: PaperRows, seed: number): Float64Array {
  return unitSums(values, unitsOf(papers, { seed }));
}

/**
 * What a column of weights is. Only an untempered ratio may stand in theorem 1B: a tilt is no ratio (theory.md 2.3),
 * and a tempered ratio misses the target by design (errata.md B).
 */
export type WeightKind = 'ratio' | 'tilt' | 'tempered';

/** What is assumed of rows that a clean weight lets through, where no share of them is declared (errata.md E9). */
export const SURVIVES = 'no contamination survives κ';

/** A part of a sum as a screen shows it. */
export function termOf(name: string, symbol: string, number: LabelledNumber): Term {
  return { name, symbol, number, help: number.help ?? '' };
}

export function percent(share: number): string {
  return `${Number((100 * share).toFixed(2))} %`;
}

export function trim(value: number): string {
  return String(Number(value.toPrecision(3)));
}

/** What a risk is averaged over, in words. */
export function averageOf(estimand: Estimand): string {
  return estimand === 'row' ? 'the average row' : 'the average paper';
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
export function checkSettings(settings: {
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

/** @throws DataError when a loss leaves its declared range or a weight leaves [0, cap]. */
export function checkRows(
  losses: ArrayLike<number>,
  weights: ArrayLike<number>,
  papers: PaperRows,
  range: Range,
  cap: number
): void {
  if (losses.length === 0)
    throw new DataError('Fold V has no rows, so nothing can be certified. Give it papers.');
  if (weights.length !== losses.length || rowCount(papers) !== losses.length)
    throw new DataError(
      `Losses (${losses.length}), weights (${weights.length}) and papers (${rowCount(papers)}) must be one a row.`
    );
  const slack = 1e-9 * Math.max(1, cap);
  for (let i = 0; i < losses.length; i++) {
    if (!(losses[i] >= range[0] - 1e-12 && losses[i] <= range[1] + 1e-12))
      throw new DataError(
        `Loss ${i} is ${losses[i]}, outside its declared range [${range[0]}, ${range[1]}].`
      );
    if (!(weights[i] >= 0 && weights[i] <= cap + slack))
      throw new DataError(
        `Weight ${i} is ${weights[i]}, outside [0, ${cap}]: use the capped column "certify".`
      );
  }
}
