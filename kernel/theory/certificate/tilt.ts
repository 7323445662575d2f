/**
 * Theorem 1B-tilt (theory.md 2.3, hardened as errata.md E12): a CERTIFIED bound on the tilted risk
 * L_w = E_S[w loss] / E_S[w], for any weight fixed on F and C. It is about the tilted source S_w, which is not the
 * target. Bet sizes come from the loss minus t0 fixed on C, so the capital rises with t and bisection is
 * exact.
 */
import type { LabelledNumber } from '../../../common/labels.js';
import type { PaperRows } from '../papers.js';
import { noiseTerm, type LabelNoise } from './label-noise.js';
import { ratioUcb } from './ratio-mean.js';
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
import { unitsOf, unitSums, type UnitOptions } from './units.js';

export interface TiltInput extends UnitOptions {
  quantity: Quantity;
  /** Per row of V: the loss, or the difference model minus baseline. */
  losses: ArrayLike<number>;
  /** Per row of V, in [0, cap]; its scale does not matter. */
  weights: ArrayLike<number>;
  papers: PaperRows;
  cap: number;
  /** t0: the tilted mean on C. */
  centre: number;
  /** Variance over papers of w (loss - t0) on C; .01 (cap (B - a))^2 when left out. */
  variance?: number;
  delta?: number;
  range?: Range;
  reference?: number;
  /** Labels of V are wrong at this known rate (errata.md E5). */
  noise?: LabelNoise;
  /** Fold of each row: V alone is let pass. */
  folds?: ArrayLike<string>;
}

/** Terms: the observed tilted mean, and what the papers leave open. @throws as `theorem1b` */
export function theorem1bTilt(input: TiltInput): Bound {
  const { quantity, losses, weights, papers, cap, centre, delta = 0.05 } = input;
  const range = input.range ?? lossRange(quantity);
  const reference = input.reference ?? (quantity === 'improvement' ? 0 : range[1]);
  checkSettings({ delta, cap, centre, range });
  checkRows(losses, weights, papers, range, cap);
  checkFolds(input.folds, 'V', 'the tilt certificate');
  const units = unitsOf(papers, input);
  // Scaled to a cap of 1: A(t) = p - t m per paper, with p = mean w loss and m = mean w.
  const m = unitSums(
    Float64Array.from(weights, w => w / cap),
    units
  );
  const p = unitSums(
    Float64Array.from(weights, (w, i) => (w / cap) * losses[i]),
    units
  );
  const [lo, hi] = range;
  const variance = input.variance === undefined ? undefined : input.variance / cap ** 2;
  const upper = ratioUcb(p, m, { lo, hi, centre, variance, delta });
  const mass = m.reduce((sum, value) => sum + value, 0);
  const observed = mass > 0 ? p.reduce((sum, value) => sum + value, 0) / mass : hi;
  const what = quantity === 'risk' ? 'risk' : 'change of risk (model minus baseline)';
  const number = (value: number, help: string): LabelledNumber => ({
    value,
    label: 'CERTIFIED',
    assumptions: ['for S_w'],
    n: units.count,
    unit: 'papers',
    fold: 'V',
    help
  });
  const terms = [
    termOf('observed', 'Σwℓ / Σw', number(observed, 'Weighted mean over the papers of fold V, as observed.')),
    termOf(
      'width',
      'U_w − Σwℓ / Σw',
      number(
        upper - observed,
        `What ${units.count} independent papers leave open (betting, inverted as Fieller).`
      )
    ),
    ...(input.noise ? [noiseTerm(upper, quantity, input.noise)] : [])
  ];
  const bound = sumTerms(
    terms,
    { n: units.count, fold: 'V' },
    `Upper bound on the ${what} of ${averageOf(units.estimand)} of the source tilted by the weights, at confidence ${percent(1 - delta)}. ` +
      'No assumption on the ratio; it says nothing of the target by itself.'
  );
  const verdict = judge(bound.value, quantity, reference, hi);
  if (verdict === 'vacuous') bound.label = 'VACUOUS';
  return { quantity, population: 'S_w', terms, bound, verdict, reference };
}
