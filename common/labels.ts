/**
 * What a number claims. Every number on screen carries one of these (theory.md, first table). They are
 * ordered: a sum is worth its weakest summand (errata.md E1).
 */

export const LABELS = ['ORACLE', 'CERTIFIED', 'CONDITIONAL', 'LOWER-BOUND', 'ESTIMATED', 'VACUOUS'] as const;

export type Label = (typeof LABELS)[number];

/** A number with what it claims, on what assumptions, and from how many independent units. */
export interface LabelledNumber {
  value: number;
  label: Label;
  /** For CONDITIONAL: the assumptions, in words short enough for a chip, e.g. "A2'", "Γ = 1.1". */
  assumptions?: string[];
  /** Independent units behind the number (papers, unless `unit` says otherwise). */
  n?: number;
  unit?: 'papers' | 'rows';
  /** The fold that the number came from. */
  fold?: string;
  /** One sentence for a tooltip. */
  help?: string;
}

/** The weakest of several labels: what a sum of such numbers may claim. */
export function weakest(labels: readonly Label[]): Label {
  return labels.reduce((a, b) => (LABELS.indexOf(b) > LABELS.indexOf(a) ? b : a), 'ORACLE' as Label);
}

/** As a chip shows it: `CONDITIONAL(A2', Γ = 1.1)`. */
export function chip(number: LabelledNumber): string {
  return number.assumptions?.length ? `${number.label}(${number.assumptions.join(', ')})` : number.label;
}
