/**
 * Planning before fold V is opened (errata.md E4, "Planning honesty"): what fold C says about c and the spreads, how
 * wide the betting bound will be with n papers, and how many papers would be needed. ESTIMATED throughout; uses C only.
 */
import type { LabelledNumber } from '../../../common/labels.js';
import { weightedMean, paperWeights, type PaperRows } from '../papers.js';
import { moments } from './concentration.js';
import { checkRows, checkSettings, lossRange, type Quantity, type Range } from './terms.js';
import { sensitivityRows } from './theorem1b.js';
import { unitMean, unitsOf, unitSums, type UnitOptions } from './units.js';

/** What is fixed on C for theorem 1B at one cap. */
export interface FixedOnC {
  cap: number;
  /** c: the self-normalised weighted mean loss on C, kept inside the loss range. */
  centre: number;
  /** Of Z = w (loss - c) at Gamma = 1 on C: its mean, and the variance over papers that starts the bets. */
  mean: number;
  variance: number;
  /** The same of b on the target papers of C. */
  tailMean: number;
  tailVariance: number;
  papers: { source: number; target: number };
  range: Range;
  /** Mean rows of a paper over N_max for the risk of the average row; 1 for that of the average paper. */
  fill?: { source: number; target: number };
}

export interface OnC extends UnitOptions {
  quantity: Quantity;
  losses: ArrayLike<number>;
  /** min(w, W) kappa per row of C. */
  weights: ArrayLike<number>;
  papers: PaperRows;
  /** b per target row of C. */
  tail: ArrayLike<number>;
  tailPapers: PaperRows;
  cap: number;
  range?: Range;
}

/** c, and the variances that start the bets, from fold C (theory.md box 3). */
export function fixOnC(input: OnC): FixedOnC {
  const range = input.range ?? lossRange(input.quantity);
  const { losses, weights, papers, cap } = input;
  checkSettings({ delta: 0.05, cap, centre: range[0], range });
  checkRows(losses, weights, papers, range, cap);
  const units = unitsOf(papers, input);
  const mass = unitSums(weights, units).reduce((a, b) => a + b, 0);
  const total = unitSums(
    Float64Array.from(losses, (loss, i) => loss * weights[i]),
    units
  ).reduce((a, b) => a + b, 0);
  const centre = mass > 0 ? Math.min(range[1], Math.max(range[0], total / mass)) : (range[0] + range[1]) / 2;
  const z = unitSums(sensitivityRows(losses, weights, centre, 1), units);
  const targetUnits = unitsOf(input.tailPapers, input);
  const b = unitSums(input.tail, targetUnits);
  const width = (cap * (range[1] - range[0])) ** 2;
  const fill = (mass: Float64Array): number => mass.reduce((a, b) => a + b, 0) / mass.length;
  return {
    cap,
    centre,
    mean: unitMean(z, units),
    // One paper shows no spread: the bets then start from a constant.
    variance: units.count > 1 ? Math.max(moments(z).variance, 1e-6 * width) : 0.01 * width,
    tailMean: b.length ? unitMean(b, targetUnits) : 0,
    tailVariance: b.length > 1 ? Math.max(moments(b).variance, 1e-4) : 0.01,
    papers: { source: units.count, target: b.length },
    range,
    ...(units.estimand === 'row'
      ? { fill: { source: fill(units.mass), target: b.length ? fill(targetUnits.mass) : 1 } }
      : {})
  };
}

/**
 * Half-width of the betting bound to expect from n papers with this mean and deviation in [lo, hi]: solved for a
 * two-point law with these moments and a constant bet, so it costs nothing and falls with n.
 */
export function bettingHalfWidth(s: {
  n: number;
  mean: number;
  sd: number;
  lo: number;
  hi: number;
  delta: number;
}): number {
  const width = s.hi - s.lo;
  if (!(width > 0)) return 0;
  const mu = Math.min(1, Math.max(0, (s.hi - s.mean) / width));
  const sd = Math.min(s.sd / width, Math.sqrt(mu * (1 - mu)));
  const threshold = Math.log(1 / s.delta);
  // Two points with mean mu and deviation sd inside [0, 1]: symmetric where they fit, else one at the end.
  let points: [value: number, mass: number][] = [
    [mu - sd, 0.5],
    [mu + sd, 0.5]
  ];
  if (mu + sd > 1) points = twoPoint(mu, sd, 1);
  else if (mu - sd < 0) points = twoPoint(mu, sd, 0);
  const bet = Math.sqrt((2 * threshold) / (s.n * Math.max(sd * sd, 1e-12)));
  const rejects = (m: number): boolean => {
    const size = Math.min(bet, 0.75 / Math.max(m, 1e-12));
    return (
      s.n * points.reduce((sum, [value, mass]) => sum + mass * Math.log1p(size * (value - m)), 0) >= threshold
    );
  };
  let low = 0;
  let high = mu;
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (rejects(middle)) low = middle;
    else high = middle;
  }
  return width * (mu - low);
}

function twoPoint(mu: number, sd: number, end: number): [number, number][] {
  const gap = end - mu;
  if (gap === 0 || sd === 0) return [[mu, 1]];
  const mass = (sd * sd) / (sd * sd + gap * gap);
  return [
    [end, mass],
    [mu - (sd * sd) / gap, 1 - mass]
  ];
}

/**
 * The bound of theorem 1B at Gamma = 1 to expect from nV source and nU target papers, if they look like C's. With
 * split = 1 there is no tail: uniform weights, which bound the source alone.
 */
export function plannedBound(
  fixed: FixedOnC,
  counts: { source: number; target: number },
  delta: number = 0.05,
  split: number = 0.8
): number {
  const [a, B] = fixed.range;
  const { source, target } = fixed.fill ?? { source: 1, target: 1 };
  // A sum over N_max rows is off by its half-width; the mean of the average row by that over the mean fill.
  const z =
    bettingHalfWidth({
      n: counts.source,
      mean: fixed.mean * source,
      sd: Math.sqrt(fixed.variance),
      lo: -(fixed.centre - a) * fixed.cap,
      hi: (B - fixed.centre) * fixed.cap,
      delta: delta * split
    }) / source;
  if (split >= 1) return fixed.centre + fixed.mean + z;
  const b =
    bettingHalfWidth({
      n: counts.target,
      mean: fixed.tailMean * target,
      sd: Math.sqrt(fixed.tailVariance),
      lo: 0,
      hi: 1,
      delta: delta * (1 - split)
    }) / target;
  return fixed.centre + fixed.mean + z + (B - fixed.centre) * Math.min(1, fixed.tailMean + b);
}

export interface PapersNeeded {
  /** Papers of V and of U, kept in the proportion of `have`; Infinity where no number would do. */
  source: LabelledNumber;
  target: LabelledNumber;
  /** Whether the papers at hand are expected to do. */
  enough: boolean;
  /** The bound to expect from the papers at hand. */
  expected: LabelledNumber;
  words: string;
}

/** More papers than this are reported as "no number". */
const MOST = 1e7;

/**
 * How many papers V (and U) would need for the bound to fall below the reference, for the mean and deviation seen on
 * C (errata.md E4). The search doubles and halves on a function that falls with n. Use split = 1 for uniform weights.
 */
export function papersNeeded(
  fixed: FixedOnC,
  have: { source: number; target: number },
  options: { quantity: Quantity; reference?: number; delta?: number; split?: number }
): PapersNeeded {
  const { quantity, delta = 0.05, split = 0.8 } = options;
  const reference = options.reference ?? (quantity === 'improvement' ? 0 : fixed.range[1]);
  const share = Math.max(have.target, 1) / Math.max(have.source, 1);
  const at = (n: number): number =>
    plannedBound(fixed, { source: n, target: Math.max(1, Math.round(share * n)) }, delta, split);
  let low = 1;
  let high = 2;
  while (high < MOST && at(high) >= reference) {
    low = high;
    high *= 2;
  }
  let n = Infinity;
  if (at(high) < reference) {
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (at(middle) < reference) high = middle;
      else low = middle;
    }
    n = high;
  }
  const number = (value: number, help: string): LabelledNumber => ({
    value,
    label: 'ESTIMATED',
    n: fixed.papers.source,
    unit: 'papers',
    fold: 'C',
    help
  });
  const expected = plannedBound(
    fixed,
    { source: Math.max(1, have.source), target: Math.max(1, have.target) },
    delta,
    split
  );
  const enough = expected < reference;
  const target = n === Infinity ? Infinity : Math.max(1, Math.round(share * n));
  const seen = fixed.centre + fixed.mean + (fixed.range[1] - fixed.centre) * fixed.tailMean;
  const goal = quantity === 'improvement' ? 'an improvement' : `a risk below ${reference}`;
  return {
    source: number(n, 'Papers that fold V would need, if they look like those of fold C.'),
    target: number(target, 'Target papers that fold U would need beside them.'),
    enough,
    expected: number(expected, 'The bound to expect from the papers at hand, judged from fold C.'),
    words:
      n === Infinity
        ? `Fold C gives ${seen.toFixed(3)} before any allowance for chance, so no realistic number of papers would certify ${goal}: collect target labels.`
        : enough
          ? `The ${have.source} papers of V and ${have.target} of U should do: about ${n} and ${target} are needed to certify ${goal}.`
          : `About ${n} papers in V and ${target} in U would be needed to certify ${goal}; there are ${have.source} and ${have.target}.`
  };
}

/** Mean loss under recipe P: the plain observed risk of the average paper. */
export function observedRisk(losses: ArrayLike<number>, papers: PaperRows): number {
  return weightedMean(losses, paperWeights(papers));
}
