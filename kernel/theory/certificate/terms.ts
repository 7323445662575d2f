/** Terms of a bound as a screen shows them. A sum carries its weakest summand's label (errata.md E1). */
import { weakest, type Label, type LabelledNumber } from '../../../common/labels.js';
import type { PaperRows } from '../papers.js';
import type { Quantity } from './inputs.js';
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
  quantity: Quantity;
  population: Population;
  terms: Term[];
  /** The sum of the terms. */
  bound: LabelledNumber;
  verdict: Verdict;
  /** What the bound is read against. */
  reference: number;
}

/** Sums terms: values add, the weakest label wins, assumptions are gathered. */
function sumTerms(terms: Term[], base: Pick<LabelledNumber, 'n' | 'fold'>, help: string): LabelledNumber {
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
function judge(value: number, quantity: Quantity, reference: number, highest: number): Verdict {
  if (value >= highest) return 'vacuous';
  if (value < reference) return 'holds';
  return quantity === 'improvement' ? 'unresolved' : 'vacuous';
}

/** The bound that the terms add up to. @param highest the largest value that the loss can take */
export function concluded(
  { quantity, population, terms, reference }: Omit<Bound, 'bound' | 'verdict'>,
  highest: number,
  base: Pick<LabelledNumber, 'n' | 'fold'>,
  help: string
): Bound {
  const bound = sumTerms(terms, base, help);
  const verdict = judge(bound.value, quantity, reference, highest);
  if (verdict === 'vacuous') bound.label = 'VACUOUS';
  return { quantity, population, terms, bound, verdict, reference };
}

/** Paper means in an order fixed by identifiers and a seed, so that the order of rows cannot matter. */
export function shuffledPaperMeans(values: ArrayLike<number>, papers: PaperRows, seed: number): Float64Array {
  return unitSums(values, unitsOf(papers, { seed }));
}

/** What is assumed of rows that a clean weight lets through, where no share of them is declared (errata.md E9). */
export const SURVIVES = 'no contamination survives κ';

/** A part of a sum as a screen shows it. */
export function termOf(name: string, symbol: string, number: LabelledNumber): Term {
  return { name, symbol, number, help: number.help ?? '' };
}

/** Numbers from so many papers of a fold, which claim the same. */
export function fromPapers(
  fold: string,
  n: number,
  label: Label = 'CERTIFIED',
  assumptions?: string[]
): (value: number, help: string) => LabelledNumber {
  const base = { label, n, unit: 'papers' as const, fold, ...(assumptions ? { assumptions } : {}) };
  return (value, help) => ({ value, ...base, help });
}

/** A2' as it is assumed: for the whole embedding, or for what w is a function of. */
export function sameLoss(conditioning?: string): string {
  return conditioning ? `A2' for ${conditioning}` : "A2'";
}

/** What is bounded, in words. */
export function riskWords(quantity: Quantity): string {
  return quantity === 'risk' ? 'risk' : 'change of risk (model minus baseline)';
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
