/**
 * Theorem 1B-tilt (theory.md 2.3, hardened as errata.md E12): a CERTIFIED bound on the tilted risk
 * L_w = E_S[w loss] / E_S[w], for any weight fixed on F and C. It is about the tilted source S_w, which is not the
 * target. Bet sizes come from the loss minus t0 fixed on C, so the capital rises with t and bisection is
 * exact.
 */
import { settled, type Centre, type LabelNoise, type Question, type WeightedRows } from './inputs.js';
import { noiseTerm } from './label-noise.js';
import { ratioUcb } from './ratio-mean.js';
import { averageOf, concluded, fromPapers, percent, riskWords, termOf, type Bound } from './terms.js';
import { unitsOf, unitSums, type UnitOptions } from './units.js';

/** Rows of V. The scale of the weights does not matter, and the centre is t0, the tilted mean on C. */
export interface TiltInput extends WeightedRows, Question, Centre, UnitOptions {
  /** Variance over papers of w (loss - t0) on C; .01 (cap (B - a))^2 when left out. */
  variance?: number;
  noise?: LabelNoise;
}

/** Terms: the observed tilted mean, and what the papers leave open. @throws as `theorem1b` */
export function theorem1bTilt(input: TiltInput): Bound {
  const { quantity, losses, weights, papers, cap, centre } = input;
  const { range, reference, delta } = settled(input, 'V', 'the tilt certificate');
  const units = unitsOf(papers, input);
  // Scaled to a cap of 1: A(t) = p - t m per paper, with p = mean w loss and m = mean w.
  const scaled = Float64Array.from(weights, w => w / cap);
  const m = unitSums(scaled, units);
  const p = unitSums(losses, units, scaled);
  const [lo, hi] = range;
  const variance = input.variance === undefined ? undefined : input.variance / cap ** 2;
  const upper = ratioUcb(p, m, { lo, hi, centre, variance, delta });
  const mass = m.reduce((sum, value) => sum + value, 0);
  const observed = mass > 0 ? p.reduce((sum, value) => sum + value, 0) / mass : hi;
  const number = fromPapers('V', units.count, 'CERTIFIED', ['for S_w']);
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
  return concluded(
    { quantity, population: 'S_w', terms, reference },
    hi,
    { n: units.count, fold: 'V' },
    `Upper bound on the ${riskWords(quantity)} of ${averageOf(units.estimand)} of the source tilted by the weights, at confidence ${percent(1 - delta)}. ` +
      'No assumption on the ratio; it says nothing of the target by itself.'
  );
}
