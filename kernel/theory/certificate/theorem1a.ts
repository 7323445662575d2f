/**
 * Theorem 1A and corollary 1A' (theory.md 2.1, in the software form of errata.md E10): a PAC-Bayes bound on the target
 * risk of the Gibbs model, which draws its parameters anew from N(theta, s^2 I) for every row. It is not a bound for
 * the deployed parameters theta. CONDITIONAL on the ratio: no data bound what it is off by.
 *
 * What makes it computable: lambda is taken from an absolute grid, fixed by n, B and delta alone; the second moment of
 * the weights is bounded by their squares on the sample, which needs the cap; the weights and the prior must not have
 * seen the sample, which is why it is evaluated on fold V.
 */
import { DataError, ParameterError } from '../../../common/errors.js';
import type { LabelledNumber } from '../../../common/labels.js';
import { requireLength } from '../papers.js';
import { bettingLcb, bettingUcb } from './betting.js';
import {
  checkFolds,
  checkRows,
  requireRatio,
  settled,
  type Shift,
  type WeightedRows,
  type WeightKind
} from './inputs.js';
import { CUT_OFF, tailSums, type TailRows } from './tail.js';
import {
  concluded,
  fromPapers,
  percent,
  sameLoss,
  SURVIVES,
  termOf,
  trim,
  type Bound,
  type Term
} from './terms.js';
import { unitMean, unitsOf, unitSums, type UnitOptions } from './units.js';

/** Rows of V: `losses` are means of the loss in [0, B] over the draws from the posterior. */
export interface Theorem1aInput extends WeightedRows, TailRows, Shift, Pick<UnitOptions, 'seed'> {
  /** Draws from the posterior behind `losses`. */
  draws: number;
  /** KL(posterior | prior); the prior must be fixed without fold V. */
  kl: number;
  /** Per row of V: the loss of theta_0; makes it corollary 1A', a bound on the change of risk. */
  baseline?: ArrayLike<number>;
  kind?: WeightKind;
  /** The ratio is right within this factor. */
  gamma?: number;
  /** epsilon_w = E_S |omega - w|, set by hand: then nothing else is assumed of the ratio, and no tail is added. */
  weightError?: number;
  /** B. */
  most?: number;
}

export interface Theorem1a extends Bound {
  /** The width that 1.061 B sqrt(2 M (KL + ln(K / delta)) / n) gives (theory.md 1A): never below the grid's. */
  closedForm: LabelledNumber;
  /** Values of lambda tried. */
  grid: number[];
}

/**
 * K values lambda_j = sqrt2 2^j lambda_lo with lambda_lo = 2 ln(1/delta) / (n B): nothing in it comes from the data
 * (errata.md E10).
 */
export function lambdaGrid(n: number, most: number, delta: number): number[] {
  const log = Math.log(1 / delta);
  const lowest = (2 * log) / (n * most);
  const count = Math.max(1, Math.ceil(Math.log2(n / (2 * log))));
  return Array.from({ length: count }, (_, j) => Math.SQRT2 * 2 ** j * lowest);
}

/** min over the grid of lambda/2 B^2 M + (KL + ln(K / delta)) / (lambda n). */
export function pacBayesWidth(s: {
  n: number;
  most: number;
  secondMoment: number;
  kl: number;
  delta: number;
}): number {
  const grid = lambdaGrid(s.n, s.most, s.delta);
  const cost = s.kl + Math.log(grid.length / s.delta);
  return Math.min(...grid.map(lambda => (lambda / 2) * s.most ** 2 * s.secondMoment + cost / (lambda * s.n)));
}

/** How delta is split: what each part of the sum may miss. */
const SHARES = { posterior: 0.5, moment: 0.15, tail: 0.15, draws: 0.2 };
const SHARES_PAIRED = { posterior: 0.35, moment: 0.1, tail: 0.1, draws: 0.15, baseline: 0.3 };

/** KL between N(a, s^2 I) and N(b, s^2 I): |a - b|^2 / 2 s^2. */
export function gaussianKl(a: ArrayLike<number>, b: ArrayLike<number>, s: number): number {
  requireLength(a, b.length, 'posterior parameters', 'prior parameters');
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] - b[i]) ** 2;
  return sum / (2 * s * s);
}

/** Corollary 1A' when a baseline is given. @throws as `theorem1b` */
export function theorem1a(input: Theorem1aInput): Theorem1a {
  const { losses, weights, papers, folds, cap, kl, draws, baseline } = input;
  const { gamma = 1, most = 1, seed = 0, weightError } = input;
  requireRatio(input.kind);
  const quantity = baseline ? 'improvement' : 'risk';
  const { delta, range, reference } = settled(
    { quantity, losses, weights, papers, folds, cap, gamma, delta: input.delta, range: [0, most] },
    'V',
    'theorem 1A'
  );
  if (!(kl >= 0 && kl < Infinity))
    throw new DataError(`The divergence of posterior from prior must be finite and not negative, got ${kl}.`);
  if (!(Number.isInteger(draws) && draws >= 1))
    throw new DataError(`The Gibbs risk needs at least one draw from the posterior, got ${draws}.`);
  if (weightError !== undefined && !(weightError >= 0 && gamma === 1))
    throw new ParameterError(
      'certify',
      'weight_error',
      'The weights’ error must not be negative, and stands in place of Γ: leave Γ at 1.'
    );
  if (baseline) checkRows({ losses: baseline, papers }, range, cap, 'V');
  checkFolds(input.tailFolds, 'U', 'the tail of theorem 1A');
  const share: Record<keyof typeof SHARES_PAIRED, number> = baseline
    ? SHARES_PAIRED
    : { ...SHARES, baseline: 0 };
  const units = unitsOf(papers, { seed });
  const n = units.count;
  const z = unitSums(losses, units, weights);
  const mass = unitSums(weights, units);
  // Z of a paper is at most B times its mean weight, so E Z^2 <= B^2 E[mean weight^2].
  const secondMoment = bettingUcb(
    mass.map(w => w * w),
    { lo: 0, hi: cap * cap, delta: delta * share.moment }
  );
  const deltaP = delta * share.posterior;
  const shape = { n, most, secondMoment, kl, delta: deltaP };
  const width = pacBayesWidth(shape);
  const observed = unitMean(z, units);
  const drawing = most * unitMean(mass, units) * Math.sqrt(Math.log(1 / (delta * share.draws)) / (2 * draws));
  const number = fromPapers('V', n);
  const terms: Term[] = [
    termOf(
      'observed',
      'Γ · mean wℓ',
      number(gamma * observed, `Weighted loss of ${draws} draws of the model, as observed.`)
    ),
    termOf(
      'width',
      'Γ min_λ …',
      number(
        gamma * width,
        `PAC-Bayes: what ${n} papers leave open for a posterior at divergence ${kl.toPrecision(3)} from its prior.`
      )
    ),
    termOf(
      'draws',
      'Γ B w̄ √(ln(1/δ)/2M)',
      number(gamma * drawing, `What ${draws} draws of the parameters leave open (Hoeffding).`)
    )
  ];
  if (baseline) {
    const zBase = unitSums(baseline, units, weights);
    const seen = unitMean(zBase, units);
    const low = bettingLcb(zBase, { lo: 0, hi: cap * most, delta: delta * share.baseline });
    terms.push(
      termOf(
        'baseline',
        '− mean wℓ₀ / Γ',
        number(-seen / gamma, 'Weighted loss of the baseline, as observed.')
      ),
      termOf(
        'baseline’s width',
        '(mean − LCB) / Γ',
        number((seen - low) / gamma, `What ${n} papers leave open for the baseline (betting bound).`)
      )
    );
  }
  const assumptions = [sameLoss(input.conditioning), 'overlap'];
  if (input.cleaned) assumptions.push(SURVIVES);
  if (weightError === undefined) {
    const { sums } = tailSums(input, { seed });
    const upper = bettingUcb(sums, { lo: 0, hi: 1, delta: delta * share.tail });
    terms.push(termOf('tail', 'B · UCB(b)', fromPapers('U', sums.length)(most * upper, CUT_OFF)));
    assumptions.push(`Γ = ${trim(gamma)}`);
  }
  terms.push(
    termOf(weightError === undefined ? 'from source to target' : 'weights’ error', 'B ε_w', {
      value: most * (weightError ?? 0),
      label: 'CONDITIONAL',
      assumptions: weightError === undefined ? assumptions : [...assumptions, `ε_w = ${trim(weightError)}`],
      help: 'What the weights may be off by on average. No data bound it from above: it is assumed.'
    })
  );
  const result = concluded(
    { quantity, population: 'T', terms, reference },
    most,
    { n, fold: weightError === undefined ? 'V, U' : 'V' },
    `Upper bound on the target ${baseline ? 'change of risk' : 'risk'} of the Gibbs model, whose parameters are drawn anew for each row, at ` +
      `confidence ${percent(1 - delta)}, if its assumptions hold. The deployed model is not the Gibbs model.`
  );
  const grid = lambdaGrid(n, most, deltaP);
  return {
    ...result,
    grid,
    closedForm: number(
      1.061 * most * Math.sqrt((2 * secondMoment * (kl + Math.log(grid.length / deltaP))) / n),
      'The width in closed form, 1.061 B sqrt(2 M (KL + ln(K/δ)) / n), as theorem 1A is printed.'
    )
  };
}
