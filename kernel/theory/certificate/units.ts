/**
 * Rows as independent units (errata.md E4). Papers are independent, rows of one paper are not, so every bound is over
 * papers; what the bound is about is the estimand. Recipe P: the risk of the average paper, E[mean of its rows]. Recipe
 * R: the risk of the average row, E[sum of rows] / E[rows], with N_max rows of a paper at most, fixed in advance.
 */
import { ParameterError } from '../../../common/errors.js';
import { Random } from '../../../common/random.js';
import { indexPapers, type PaperRows } from '../papers.js';
import { bettingUcb } from './betting.js';
import { bisect } from './capital.js';
import { cltUcb, maurerPontilUcb } from './concentration.js';
import { ratioUcb } from './ratio-mean.js';

export type Estimand = 'paper' | 'row';

export interface UnitOptions {
  /** Default paper. */
  estimand?: Estimand;
  /** N_max of recipe R, fixed without a look at fold V: rows of a larger paper are drawn at random. */
  rowsPerPaper?: number;
  seed?: number;
}

export interface Units {
  estimand: Estimand;
  /** Papers. */
  count: number;
  /** Rows that count. */
  rows: number;
  /** Position of each row's paper in an order fixed by identifiers and the seed. */
  slot: Int32Array;
  /** What each row adds to its paper's sum: 1 / N_i (recipe P), 1 / N_max or 0 (recipe R). */
  share: Float64Array;
  /** Sum of `share` per paper: 1 (recipe P), N_i / N_max (recipe R). */
  mass: Float64Array;
}

/** @throws ParameterError when recipe R has no N_max */
export function unitsOf(papers: PaperRows, options: UnitOptions = {}): Units {
  const { estimand = 'paper', rowsPerPaper, seed = 0 } = options;
  const { of, sizes, count } = indexPapers(papers);
  const position = new Int32Array(count);
  new Random(seed, 7).permutation(count).forEach((paper, at) => (position[paper] = at));
  const slot = of.map(paper => position[paper]);
  const mass = new Float64Array(count);
  const share = new Float64Array(of.length);
  let rows = of.length;
  if (estimand === 'paper') {
    of.forEach((paper, i) => (share[i] = 1 / sizes[paper]));
    mass.fill(1);
    return { estimand, count, rows, slot, share, mass };
  }
  if (!(Number.isInteger(rowsPerPaper) && rowsPerPaper! >= 1))
    throw new ParameterError(
      'certify',
      'rows_per_paper',
      `The risk of the average row needs the most rows that a paper may count, a whole number from 1, fixed before fold V is seen; got ${rowsPerPaper}.`
    );
  const most = rowsPerPaper!;
  const random = new Random(seed, 11);
  // Selection sampling: each row of a paper is as likely, and exactly N_max of a larger paper are kept.
  const seen = new Int32Array(count);
  const kept = new Int32Array(count);
  of.forEach((paper, i) => {
    const wanted = Math.min(most, sizes[paper]) - kept[paper];
    const left = sizes[paper] - seen[paper]++;
    if (wanted < left && random.uniform() * left >= wanted) {
      rows--;
      return;
    }
    kept[paper]++;
    share[i] = 1 / most;
  });
  kept.forEach((n, paper) => (mass[position[paper]] = n / most));
  return { estimand, count, rows, slot, share, mass };
}

/**
 * Per paper, in the order of the units: the mean of its rows (recipe P), or their sum / N_max (recipe R).
 * @param weights one a row that its value is multiplied by
 */
export function unitSums(values: ArrayLike<number>, units: Units, weights?: ArrayLike<number>): Float64Array {
  const { slot, share } = units;
  const out = new Float64Array(units.count);
  for (let i = 0; i < slot.length; i++)
    out[slot[i]] += share[i] * (weights ? values[i] * weights[i] : values[i]);
  return out;
}

export interface UpperOptions {
  /** Range of the values of single rows, known beforehand. */
  lo: number;
  hi: number;
  delta: number;
  /** First variance of a paper's sum about the mean, from fold C or a constant. */
  variance?: number;
  /** A guess of the mean from fold C; recipe R sizes its bets by it. 0, inside the range, when left out. */
  centre?: number;
}

/** Upper confidence bound of the mean that the units speak of, from their sums: betting. */
export function upperMean(sums: Float64Array, units: Units, options: UpperOptions): number {
  if (units.estimand === 'paper') return bettingUcb(sums, options);
  const { lo, hi } = options;
  return ratioUcb(sums, units.mass, { ...options, centre: Math.min(hi, Math.max(lo, options.centre ?? 0)) });
}

/** The mean itself: sum of the sums over sum of the masses. */
export function unitMean(sums: Float64Array, units: Units): number {
  return sums.reduce((a, b) => a + b, 0) / units.mass.reduce((a, b) => a + b, 0);
}

/** The same by Maurer and Pontil and by the normal approximation: sup{s: UCB(A(s)) >= 0}, A_i(s) = sum - s mass. */
export function otherUpperMeans(
  sums: Float64Array,
  units: Units,
  options: UpperOptions
): { maurerPontil: number; clt: number } {
  const { lo, hi, delta } = options;
  const one = units.count < 2;
  if (units.estimand === 'paper')
    return { maurerPontil: one ? Infinity : maurerPontilUcb(sums, lo, hi, delta), clt: cltUcb(sums, delta) };
  const invert = (ucb: (a: Float64Array, s: number) => number): number => {
    const at = (s: number): number =>
      ucb(
        sums.map((sum, i) => sum - s * units.mass[i]),
        s
      );
    return at(hi) >= 0 ? hi : bisect(unitMean(sums, units), hi, 25, s => at(s) >= 0)[1];
  };
  return {
    maurerPontil: one
      ? Infinity
      : invert((a, s) => maurerPontilUcb(a, Math.min(0, lo - s), Math.max(0, hi - s), delta)),
    clt: invert(a => cltUcb(a, delta))
  };
}
