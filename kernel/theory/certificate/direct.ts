/**
 * A bound on the plain mean loss of one domain from its own labels: the source risk when the weights are uniform, or
 * the target risk when target labels exist (theory.md 2.5, "prefer direct labels"; errata.md E1). CERTIFIED for that
 * domain.
 */
import type { Fold } from '../folds.js';
import { settled, type LabelNoise, type LossRows, type Question } from './inputs.js';
import { noiseTerm } from './label-noise.js';
import { averageOf, concluded, fromPapers, percent, termOf, type Bound } from './terms.js';
import { unitMean, unitsOf, unitSums, upperMean, type UnitOptions } from './units.js';

export interface DirectInput extends LossRows, Question, UnitOptions {
  population: 'S' | 'T';
  fold: Fold;
  /** Variance of paper means from fold C; .01 (B - a)^2 when left out. */
  variance?: number;
  noise?: LabelNoise;
}

export function directBound(input: DirectInput): Bound {
  const { quantity, population, losses, papers, fold } = input;
  const { range, reference, delta } = settled(input, fold, 'a bound from labels');
  const units = unitsOf(papers, input);
  const sums = unitSums(losses, units);
  const observed = unitMean(sums, units);
  const [lo, hi] = range;
  const upper = upperMean(sums, units, { lo, hi, delta, variance: input.variance });
  const number = fromPapers(fold, units.count, 'CERTIFIED', [`for ${population}`]);
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
  return concluded(
    { quantity, population, terms, reference },
    hi,
    { n: units.count, fold },
    `Upper bound on the ${name} ${quantity === 'risk' ? 'risk' : 'change of risk'} of ${averageOf(units.estimand)}, at confidence ` +
      `${percent(1 - delta)}. No assumption beyond independent papers${input.noise ? ' and the rate of wrong labels' : ''}.`
  );
}
