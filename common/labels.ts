/**
 * What a number claims. Every number on screen carries one of these (theory.md, first table). They are
 * ordered: a sum is worth its weakest summand (errata.md E1).
 */

export const LABELS = ['ORACLE', 'CERTIFIED', 'CONDITIONAL', 'LOWER-BOUND', 'ESTIMATED', 'VACUOUS'] as const;

export type Label = (typeof LABELS)[number];

/** What each label claims, for whoever points at its chip. */
export const LABEL_HELP: Record<Label, string> = {
  ORACLE: 'Known because the data are simulated. Real data have no such number.',
  CERTIFIED:
    'Holds with the stated confidence, whatever the data look like. It speaks of papers drawn like those that it was computed from.',
  CONDITIONAL: 'Holds if the assumptions named in the chip do. They cannot all be checked from these data.',
  'LOWER-BOUND': 'The true value is at least this. How much larger it is, these data cannot say.',
  ESTIMATED: 'A best guess from data, without a guarantee. It may be off in either direction.',
  VACUOUS:
    'The bound is too wide to say anything. That is no evidence against the model: more papers are needed.'
};

// What an assumption of a chip says, by how it begins.
const ASSUMPTION_HELP: readonly [RegExp, string][] = [
  [/^A2['′]/, 'given its embedding, a row has the same loss to expect in source and target'],
  [/^overlap/, 'the source reaches wherever the target lies'],
  [/^Γ\s*=/, 'no similarity weight is wrong by more than this factor, up or down'],
  [/^η\s*=/, 'at most this share of the pool is foreign rows'],
  [/^β\s*=/, 'of the weight of foreign rows, the clean weight lets at most this share through'],
  [/^ϱ\s*=/, 'labels are wrong at this rate, whatever the row and the prediction are'],
  [/^ε_w\s*=/, 'the weights are off by this much on average'],
  [/^A3-K/, 'the loss to expect is as smooth in the embedding as R says'],
  [/^no contamination survives/, 'the clean weight is 0 on every foreign row'],
  [/^for S_w$/, 'it speaks of the source as tilted by the weights, not of the target'],
  [/^for S$/, 'it speaks of the source, not of the target'],
  [/^for T$/, 'it speaks of the target, from labels of its own'],
  [/^(Γ|η|β)$/, 'a value that was set by hand, not measured'],
  [/^L(\s*=|$)/, 'the loss changes by at most L for each unit of distance in the embedding'],
  [/^A5/, 'noise has mean 0 and a bounded spread around the manifold'],
  [/^A6/, 'the manifold is smooth and bends no tighter than its reach'],
  [/^A7/, 'the loss changes slowly with distance in the embedding'],
  [/^A8/, 'the pool holds at most a known share of foreign rows'],
  [/^rows independent/, 'rows count as independent, though rows of one paper seldom are']
];

/** An assumption with its meaning, e.g. "Assumes overlap: the source reaches wherever the target lies."; as it is where we have no words for it. */
export function assumptionHelp(assumption: string): string {
  const found = ASSUMPTION_HELP.find(([begins]) => begins.test(assumption));
  return found ? `Assumes ${assumption}: ${found[1]}.` : `Assumes: ${assumption}.`;
}

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
