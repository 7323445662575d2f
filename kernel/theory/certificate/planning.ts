/**
 * Planning before fold V is opened (errata.md E4, "Planning honesty"): what fold C says about c and the spreads, how
 * wide the betting bound will be with n papers, and how many papers would be needed. ESTIMATED throughout; uses C only.
 */
import type { LabelledNumber } from '../../../common/labels.js';
import { weightedMean, paperWeights, type PaperRows } from '../papers.js';
import { bisect } from './capital.js';
import { moments } from './concentration.js';
import { settled, type Question, type Range, type WeightedRows } from './inputs.js';
import type { TailRows } from './tail.js';
import { fromPapers } from './terms.js';
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
  /** Deviation of the loss over papers of C, unweighted; the largest that the mean allows when absent. */
  spread?: number;
  /** Mean rows of a paper over N_max for the risk of the average row; 1 for that of the average paper. */
  fill?: { source: number; target: number };
}

/** Rows of C, whose weights are min(w, W) kappa, and b of the target rows of C. */
export interface OnC
  extends
    Omit<WeightedRows, 'delta'>,
    Omit<TailRows, 'tailFolds'>,
    Omit<Question, 'reference'>,
    UnitOptions {}

/** c, and the variances that start the bets, from fold C (theory.md box 3). */
export function fixOnC(input: OnC): FixedOnC {
  const { quantity, losses, weights, papers, folds, cap } = input;
  const { range } = settled(
    { quantity, losses, weights, papers, folds, cap, range: input.range },
    'C',
    'what is fixed on C'
  );
  const units = unitsOf(papers, input);
  const mass = unitSums(weights, units).reduce((a, b) => a + b, 0);
  const total = unitSums(losses, units, weights).reduce((a, b) => a + b, 0);
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
    ...(units.count > 1 ? { spread: Math.sqrt(moments(unitSums(losses, units)).variance) } : {}),
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
  return width * (mu - bisect(0, mu, 60, rejects)[0]);
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
  /** Target papers whose labels would do instead, with no assumption on weights (theory.md 2.5). */
  labels: LabelledNumber;
  /** Whether the papers at hand are expected to do. */
  enough: boolean;
  /** The bound to expect from the papers at hand. */
  expected: LabelledNumber;
  words: string;
}

/** More papers than this are reported as "no number". */
const MOST = 1e7;

/** The smallest n from 2 at which a function that falls with n is below the reference; Infinity past MOST. */
function smallest(at: (n: number) => number, reference: number): number {
  let low = 1;
  let high = 2;
  while (high < MOST && at(high) >= reference) {
    low = high;
    high *= 2;
  }
  if (at(high) >= reference) return Infinity;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (at(middle) < reference) high = middle;
    else low = middle;
  }
  return high;
}

/**
 * How many papers V (and U) would need for the bound to fall below the reference, for the mean and deviation seen on
 * C (errata.md E4), and of how many target papers labels would do instead. Use split = 1 where no tail is spent on.
 */
export function papersNeeded(
  fixed: FixedOnC,
  have: { source: number; target: number },
  options: Omit<Question, 'range'> & { delta?: number; split?: number }
): PapersNeeded {
  const { quantity, delta = 0.05, split = 0.8 } = options;
  const reference = options.reference ?? (quantity === 'improvement' ? 0 : fixed.range[1]);
  const share = Math.max(have.target, 1) / Math.max(have.source, 1);
  const at = (n: number): number =>
    plannedBound(fixed, { source: n, target: Math.max(1, Math.round(share * n)) }, delta, split);
  const n = smallest(at, reference);
  const [lo, hi] = fixed.range;
  const mean = Math.min(hi, Math.max(lo, fixed.centre + fixed.mean));
  const sd = fixed.spread ?? Math.sqrt((mean - lo) * (hi - mean));
  const k = smallest(count => mean + bettingHalfWidth({ n: count, mean, sd, lo, hi, delta }), reference);
  const number = fromPapers('C', fixed.papers.source, 'ESTIMATED');
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
    labels: number(
      k,
      'Target papers whose labels would do instead, if the weighted papers of C are like them.'
    ),
    enough,
    expected: number(expected, 'The bound to expect from the papers at hand, judged from fold C.'),
    words:
      n === Infinity
        ? `Fold C gives ${seen.toFixed(3)} before any allowance for chance, so no realistic number of papers would certify ${goal}: collect target labels${Number.isFinite(k) ? `, of about ${k} papers` : ''}.`
        : enough
          ? `The ${have.source} papers of V and ${have.target} of U should do: about ${n} and ${target} are needed to certify ${goal}.`
          : `About ${n} papers in V and ${target} in U would be needed to certify ${goal}; there are ${have.source} and ${have.target}.${
              k < n ? ` Labels of about ${k} target papers would do instead.` : ''
            }`
  };
}

/** Mean loss under recipe P: the plain observed risk of the average paper. */
export function observedRisk(losses: ArrayLike<number>, papers: PaperRows): number {
  return weightedMean(losses, paperWeights(papers));
}
