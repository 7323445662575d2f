/**
 * A bound on the plain mean loss of one domain from its own labels: the source risk when the weights are uniform, or
 * the target risk when target labels exist (theory.md 2.5, "prefer direct labels"; errata.md E1). CERTIFIED for that
 * domain.
 */
import type { LabelledNumber } from '../../../common/labels.js';
import type { Fold } from '../folds.js';
import type { PaperRows } from '../papers.js';
import { noiseTerm, type LabelNoise } from './label-noise.js';
import {
  averageOf,
  checkFolds,
  checkRows,
  checkSettings,
  judge,
  lossRange,
  percent,
  sumTerms,
  termOf,
  type Bound,
  type Quantity,
  type Range
} from './terms.js';
import { unitMean, unitsOf, unitSums, upperMean, type UnitOptions } from './units.js';

export interface DirectInput extends UnitOptions {
  quantity: Quantity;
  population: 'S' | 'T';
  losses: ArrayLike<number>;
  papers: PaperRows;
  fold: Fold;
  /** Fold of each row: all must be `fold`. */
  folds?: ArrayLike<string>;
  /** Variance of paper means from fold C; .01 (B - a)^2 when left out. */
  variance?: number;
  delta?: number;
  range?: Range;
  reference?: number;
  /** Labels are wrong at this known rate (errata.md E5). */
  noise?: LabelNoise;
}

export function directBound(input: DirectInput): Bound {
  const { quantity, population, losses, papers, fold, delta = 0.05 } = input;
  const range = input.range ?? lossRange(quantity);
  const reference = input.reference ?? (quantity === 'improvement' ? 0 : range[1]);
  checkSettings({ delta, cap: 1, centre: range[0], range });
  checkRows(losses, new Float64Array(losses.length).fill(1), papers, range, 1);
  checkFolds(input.folds, fold, 'a bound from labels');
  const units = unitsOf(papers, input);
  const sums = unitSums(losses, units);
  const observed = unitMean(sums, units);
  const [lo, hi] = range;
  const upper = upperMean(sums, units, { lo, hi, delta, variance: input.variance });
  const number = (value: number, help: string): LabelledNumber => ({
    value,
    label: 'CERTIFIED',
    assumptions: [`for ${population}`],
    n: units.count,
    unit: 'papers',
    fold,
    help
  });
  const name = population === 'S' ? 'source' : 'target';
  const terms = [
    termOf('observed', 'ℓ̄', number(observed, `Mean over the ${name} papers of fold ${fold}, as observed.`)),
    termOf(
      'width',
      'UCB(ℓ) − ℓ̄',
      number(upper - observed, `What ${units.count} independent papers leave open (betting bound).`)
    ),
    ...(input.noise ? [noiseTerm(upper, quantity, input.noise)] : [])
  ];
  const bound = sumTerms(
    terms,
    { n: units.count, fold },
    `Upper bound on the ${name} ${quantity === 'risk' ? 'risk' : 'change of risk'} of ${averageOf(units.estimand)}, at confidence ` +
      `${percent(1 - delta)}. No assumption beyond independent papers${input.noise ? ' and the rate of wrong labels' : ''}.`
  );
  const verdict = judge(bound.value, quantity, reference, hi);
  if (verdict === 'vacuous') bound.label = 'VACUOUS';
  return { quantity, population, terms, bound, verdict, reference };
}
