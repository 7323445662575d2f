/**
 * The paper is the unit of independence (errata.md E4). Recipe P draws a paper, then a row of it: every mean,
 * quantile and fit weighs a row by 1 / (papers x rows of its paper). This file holds that law's weights, means,
 * quantiles, effective sample size and folds; nothing here knows of domains or labels.
 */
import { DataError } from '../../common/errors.js';
import type { Random } from '../../common/random.js';

/** One paper identifier a row. */
export type Papers = ArrayLike<string | number>;

/** Rows grouped by paper. Papers are ordered by identifier, so that a permutation of rows changes nothing. */
export interface PaperIndex {
  count: number;
  ids: (string | number)[];
  /** Paper number of each row. */
  of: Int32Array;
  /** Rows of each paper. */
  sizes: Int32Array;
}

/** One paper a row, by identifiers or grouped already: grouping 100,000 rows once is cheaper than for every term. */
export type PaperRows = Papers | PaperIndex;

/** How many rows. */
export function rowCount(papers: PaperRows): number {
  return 'of' in papers ? papers.of.length : papers.length;
}

export function indexPapers(papers: PaperRows): PaperIndex {
  if ('of' in papers) return papers;
  const met = new Map<string | number, number>();
  const found: (string | number)[] = [];
  const raw = new Int32Array(papers.length);
  for (let i = 0; i < papers.length; i++) {
    const id = papers[i];
    let number = met.get(id);
    if (number === undefined) {
      number = found.push(id) - 1;
      met.set(id, number);
    }
    raw[i] = number;
  }
  // 1 and "1" name the same paper.
  const keys = [...new Set(found.map(String))].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const numbers = new Map(keys.map((key, i) => [key, i]));
  const sorted = found.map(id => numbers.get(String(id))!);
  const of = raw.map(number => sorted[number]);
  const sizes = new Int32Array(keys.length);
  for (const paper of of) sizes[paper]++;
  const ids = new Array<string | number>(keys.length);
  found.forEach((id, i) => (ids[sorted[i]] = id));
  return { count: keys.length, ids, of, sizes };
}

/** Recipe P's row weights 1 / (papers x rows of paper): they sum to 1 (errata.md E4). */
export function paperWeights(papers: PaperRows): Float64Array {
  const index = indexPapers(papers);
  return Float64Array.from(index.of, paper => 1 / (index.count * index.sizes[paper]));
}

/** Mean of each paper's rows, papers ordered as in `indexPapers`. */
export function paperMeans(values: ArrayLike<number>, papers: PaperRows): Float64Array {
  const index = indexPapers(papers);
  requireLength(values, index.of.length, 'values', 'paper identifiers');
  const out = new Float64Array(index.count);
  for (let i = 0; i < values.length; i++) out[index.of[i]] += values[i];
  for (let p = 0; p < index.count; p++) out[p] /= index.sizes[p];
  return out;
}

/** Weighted mean. @throws DataError when the weights are negative or sum to 0. */
export function weightedMean(values: ArrayLike<number>, weights: ArrayLike<number>): number {
  const share = normalized(weights, values.length);
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += share[i] * values[i];
  return sum;
}

/**
 * Weighted quantile, as the inverse of the weighted distribution function: the smallest value v such that the
 * values <= v hold a share p of the weight. Splitting a row's weight among copies of it changes nothing.
 */
export function weightedQuantile(values: ArrayLike<number>, weights: ArrayLike<number>, p: number): number {
  if (!(p >= 0 && p <= 1)) throw new DataError(`A quantile's level must lie between 0 and 1, got ${p}.`);
  const share = normalized(weights, values.length);
  const order = Array.from(values, (_, i) => i).filter(i => share[i] > 0);
  order.sort((a, b) => values[a] - values[b]);
  let sum = 0;
  for (const i of order) {
    sum += share[i];
    if (sum >= p - 1e-12) return values[i];
  }
  return values[order[order.length - 1]];
}

/** Effective number of papers of row weights: (sum of paper means)^2 / sum of squares (errata.md E4). */
export function paperEss(weights: ArrayLike<number>, papers: PaperRows): number {
  return effectiveNumber(paperMeans(weights, papers));
}

/** How many equal weights say as much: (sum)^2 / sum of squares, 0 where all are 0. */
export function effectiveNumber(weights: Float64Array): number {
  let sum = 0;
  let squares = 0;
  for (const weight of weights) {
    sum += weight;
    squares += weight * weight;
  }
  return squares > 0 ? (sum * sum) / squares : 0;
}

/** One row of each paper at random: the reference that conformal p-values may use (errata.md E16). */
export function oneRowPerPaper(papers: Papers, random: Random): Int32Array {
  const index = indexPapers(papers);
  const rows: number[][] = Array.from({ length: index.count }, () => []);
  index.of.forEach((paper, row) => rows[paper].push(row));
  return Int32Array.from(rows, list => list[random.integer(list.length)]);
}

/**
 * Cross-validation folds, a paper never split, also not between source and target. Papers with target rows are
 * dealt out first, so that each fold has some of both.
 * @returns fold number of each source row and of each target row
 * @throws DataError when either side has fewer papers than 2
 */
export function paperFolds(
  source: Papers,
  target: Papers,
  folds: number,
  random: Random
): { folds: number; source: Int32Array; target: Int32Array } {
  const s = indexPapers(source);
  const t = indexPapers(target);
  const k = Math.min(folds, s.count, t.count);
  if (k < 2)
    throw new DataError(
      `Cross-validation by paper needs 2 papers on each side; the source has ${s.count} and the target ${t.count}.`
    );
  const of = new Map<string, number>();
  const deal = (ids: (string | number)[]): void => {
    for (const i of random.permutation(ids.length)) {
      const id = String(ids[i]);
      if (!of.has(id)) of.set(id, of.size % k);
    }
  };
  deal(t.ids);
  deal(s.ids);
  const at = (papers: Papers): Int32Array =>
    Int32Array.from({ length: papers.length }, (_, i) => of.get(String(papers[i]))!);
  return { folds: k, source: at(source), target: at(target) };
}

/** Weights scaled to sum 1. @throws DataError when one is negative or not finite, or all are 0. */
export function normalized(weights: ArrayLike<number>, length: number): Float64Array {
  requireLength(weights, length, 'weights', 'values');
  let sum = 0;
  for (let i = 0; i < length; i++) {
    if (!(weights[i] >= 0) || weights[i] === Infinity)
      throw new DataError(`Weight ${i} is ${weights[i]}: weights must be finite and not negative.`);
    sum += weights[i];
  }
  if (!(sum > 0)) throw new DataError(`All ${length} weights are 0: there is nothing to average.`);
  return Float64Array.from({ length }, (_, i) => weights[i] / sum);
}

/** @throws DataError when two columns that belong together differ in length. */
export function requireLength(a: ArrayLike<unknown>, length: number, what: string, beside: string): void {
  if (a.length !== length)
    throw new DataError(`There are ${a.length} ${what} beside ${length} ${beside}: they must be one a row.`);
}
