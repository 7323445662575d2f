/**
 * Theorem 1B-tilt (theory.md 2.3, hardened as errata.md E12): a CERTIFIED bound on the tilted risk
 * L_w = E_S[w loss] / E_S[w], for any weight fixed on F and C. It is about the tilted source S_w, which is not the
 * target. Recipe P. Bet sizes come from the loss minus t0 fixed on C, so the capital rises with t and bisection is
 * exact.
 */
import type { LabelledNumber } from '../../../common/labels.js';
import { indexPapers, paperMeans, type Papers } from '../papers.js';
import { Random } from '../../../common/random.js';
import {
  checkRows,
  checkSettings,
  judge,
  lossRange,
  type Bound,
  type Quantity,
  type Range
} from './terms.js';

export interface TiltInput {
  quantity: Quantity;
  /** Per row of V: the loss, or the difference model minus baseline. */
  losses: ArrayLike<number>;
  /** Per row of V, in [0, cap]; its scale does not matter. */
  weights: ArrayLike<number>;
  papers: Papers;
  cap: number;
  /** t0: the tilted mean on C. */
  centre: number;
  /** Variance over papers of w (loss - t0) on C; .01 (cap (B - a))^2 when left out. */
  variance?: number;
  delta?: number;
  range?: Range;
  reference?: number;
  seed?: number;
}

/** Terms: the observed tilted mean, and what the papers leave open. @throws as `theorem1b` */
export function theorem1bTilt(input: TiltInput): Bound {
  const { quantity, losses, weights, papers, cap, centre, delta = 0.05 } = input;
  const range = input.range ?? lossRange(quantity);
  const reference = input.reference ?? (quantity === 'improvement' ? 0 : range[1]);
  checkSettings({ delta, cap, centre, range });
  checkRows(losses, weights, papers, range, cap);
  const index = indexPapers(papers);
  // Scaled to a cap of 1: A(t) = p - t m per paper, with p = mean w loss and m = mean w.
  const m = paperMeans(
    Float64Array.from(weights, w => w / cap),
    index
  );
  const p = paperMeans(
    Float64Array.from(weights, (w, i) => (w / cap) * losses[i]),
    index
  );
  const order = new Random(input.seed ?? 0, 7).permutation(index.count);
  const [a, B] = range;
  const prior = input.variance === undefined ? 0.01 * (B - a) ** 2 : input.variance / cap ** 2;
  const bound = fiellerUpper(order, p, m, { a, B, centre, prior, delta });
  const mass = m.reduce((sum, value) => sum + value, 0);
  const observed = mass > 0 ? p.reduce((sum, value) => sum + value, 0) / mass : B;
  const verdict = judge(bound, quantity, reference, B);
  const what = quantity === 'risk' ? 'risk' : 'change of risk (model minus baseline)';
  const number = (value: number, help: string): LabelledNumber => ({
    value,
    label: 'CERTIFIED',
    assumptions: ['for S_w'],
    n: index.count,
    unit: 'papers',
    fold: 'V',
    help
  });
  const seen = number(observed, 'Weighted mean over the papers of fold V, as observed.');
  const width = number(
    bound - observed,
    `What ${index.count} independent papers leave open (betting, inverted as Fieller).`
  );
  const total = number(
    bound,
    `Upper bound on the ${what} of the source tilted by the weights, at confidence ${Number((100 * (1 - delta)).toFixed(2))} %. ` +
      'No assumption on the ratio; it says nothing of the target by itself.'
  );
  if (verdict === 'vacuous') total.label = 'VACUOUS';
  return {
    quantity,
    population: 'S_w',
    terms: [
      { name: 'observed', symbol: 'Σwℓ / Σw', number: seen, help: seen.help ?? '' },
      { name: 'width', symbol: 'U_w − Σwℓ / Σw', number: width, help: width.help ?? '' }
    ],
    bound: total,
    verdict,
    reference
  };
}

/**
 * inf{t: the capital of bets on t m - p >= 0 reaches 1/delta}. Bets are min(lambda_i, (3/4) / (B - t)): lambda_i does
 * not depend on t and the second part makes the factor rise with t, so rejection is an up-set in t (errata.md E12).
 */
function fiellerUpper(
  order: Int32Array,
  p: Float64Array,
  m: Float64Array,
  s: { a: number; B: number; centre: number; prior: number; delta: number }
): number {
  const n = order.length;
  const threshold = Math.log(1 / s.delta);
  const bets = new Float64Array(n);
  let sum = 0;
  let squares = s.prior;
  let variance = s.prior;
  for (let i = 0; i < n; i++) {
    bets[i] = Math.sqrt((2 * threshold) / (n * Math.max(variance, 1e-12)));
    const g = s.centre * m[order[i]] - p[order[i]];
    sum += g;
    squares += (g - sum / (i + 2)) ** 2;
    variance = squares / (i + 2);
  }
  const rejects = (t: number): boolean => {
    const most = 0.75 / Math.max(s.B - t, 1e-12);
    let capital = 0;
    for (let i = 0; i < n; i++) {
      capital += Math.log1p(Math.min(bets[i], most) * (t * m[order[i]] - p[order[i]]));
      if (capital >= threshold) return true;
    }
    return false;
  };
  let low = s.a;
  let high = s.B;
  if (!rejects(high)) return s.B;
  for (let step = 0; step < 50; step++) {
    const middle = (low + high) / 2;
    if (rejects(middle)) high = middle;
    else low = middle;
  }
  return high;
}
