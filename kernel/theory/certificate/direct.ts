/**
 * A bound on the plain mean loss of one domain from its own labels: the source risk when the weights are uniform, or
 * the target risk when target labels exist (theory.md 2.5, "prefer direct labels"; errata.md E1). CERTIFIED for that
 * domain. Recipe P.
 */
import type { LabelledNumber } from '../../../common/labels.js';
import type { Papers } from '../papers.js';
import { bettingUcb } from './betting.js';
import { moments } from './concentration.js';
import {
  checkRows,
  checkSettings,
  judge,
  lossRange,
  shuffledPaperMeans,
  type Bound,
  type Quantity,
  type Range
} from './terms.js';

export interface DirectInput {
  quantity: Quantity;
  population: 'S' | 'T';
  losses: ArrayLike<number>;
  papers: Papers;
  fold: string;
  /** Variance of paper means from fold C; .01 (B - a)^2 when left out. */
  variance?: number;
  delta?: number;
  range?: Range;
  reference?: number;
  seed?: number;
}

export function directBound(input: DirectInput): Bound {
  const { quantity, population, losses, papers, fold, delta = 0.05 } = input;
  const range = input.range ?? lossRange(quantity);
  const reference = input.reference ?? (quantity === 'improvement' ? 0 : range[1]);
  checkSettings({ delta, cap: 1, centre: range[0], range });
  checkRows(losses, new Float64Array(losses.length).fill(1), papers, range, 1);
  const means = shuffledPaperMeans(losses, papers, input.seed ?? 0);
  const observed = moments(means).mean;
  const bound = bettingUcb(means, { lo: range[0], hi: range[1], delta, variance: input.variance });
  const verdict = judge(bound, quantity, reference, range[1]);
  const number = (value: number, help: string): LabelledNumber => ({
    value,
    label: 'CERTIFIED',
    assumptions: [`for ${population}`],
    n: means.length,
    unit: 'papers',
    fold,
    help
  });
  const name = population === 'S' ? 'source' : 'target';
  const seen = number(observed, `Mean over the ${name} papers of fold ${fold}, as observed.`);
  const width = number(
    bound - observed,
    `What ${means.length} independent papers leave open (betting bound).`
  );
  const total = number(
    bound,
    `Upper bound on the ${name} ${quantity === 'risk' ? 'risk' : 'change of risk'} of the average paper, at confidence ` +
      `${Number((100 * (1 - delta)).toFixed(2))} %. No assumption beyond independent papers.`
  );
  if (verdict === 'vacuous') total.label = 'VACUOUS';
  return {
    quantity,
    population,
    terms: [
      { name: 'observed', symbol: 'ℓ̄', number: seen, help: seen.help ?? '' },
      { name: 'width', symbol: 'UCB(ℓ) − ℓ̄', number: width, help: width.help ?? '' }
    ],
    bound: total,
    verdict,
    reference
  };
}
