/**
 * What kernel ratios share before they differ: standardised rows cut into cross-validation folds, centres among the
 * target's rows, and the median distance that bandwidths are multiples of.
 */
import { DataError } from '../../../common/errors.js';
import { Random } from '../../../common/random.js';
import { squaredDistances } from '../linalg.js';
import { select, selectRows, stackRows, type Matrix } from '../matrix.js';
import { paperFolds, type Papers } from '../papers.js';
import { rowWeights, standardize, standardizer, type RatioRows } from './types.js';

/** Rows of one domain in one fold. */
export interface FoldRows {
  x: Matrix;
  weights: Float64Array;
  /** Sum of the weights. */
  mass: number;
}

export interface GaussianProblem {
  mean: number[];
  sd: number[];
  /** Standardised, and the row weights, which sum to 1. */
  source: { x: Matrix; weights: Float64Array; papers: Papers };
  target: { x: Matrix; weights: Float64Array; papers: Papers };
  centres: Matrix;
  /** Median distance of pooled rows. */
  typical: number;
}

/** @throws DataError without rows, with NaN, with unlike columns, or when all rows are equal */
export function gaussianProblem(
  source: RatioRows,
  target: RatioRows,
  options: { centres?: number; seed: number }
): GaussianProblem {
  const a = rowWeights(source, 'The source');
  const b = rowWeights(target, 'The target');
  const { mean, sd } = standardizer(source.x, target.x, a, b);
  const s = standardize(source.x, mean, sd);
  const t = standardize(target.x, mean, sd);
  const order = new Random(options.seed, 2).sample(t.rows, options.centres ?? 200);
  return {
    mean,
    sd,
    source: { x: s, weights: a, papers: source.papers },
    target: { x: t, weights: b, papers: target.papers },
    centres: selectRows(t, order),
    typical: medianDistance(s, t, a, b, options.seed)
  };
}

/**
 * Rows by cross-validation fold, papers kept whole.
 * @throws DataError when a choice (`folds` > 1) finds fewer than 2 papers on a side
 */
export function foldRows(
  { source, target }: GaussianProblem,
  folds: number,
  seed: number
): { source: FoldRows[]; target: FoldRows[] } {
  if (folds === 1) return { source: [whole(source)], target: [whole(target)] };
  const of = paperFolds(source.papers, target.papers, folds, new Random(seed, 3));
  const cut = (side: GaussianProblem['source'], fold: Int32Array): FoldRows[] =>
    Array.from({ length: of.folds }, (_, k) => {
      const index = fold.map((f, i) => (f === k ? i : -1)).filter(i => i >= 0);
      const weights = select(side.weights, index);
      return { x: selectRows(side.x, index), weights, mass: sum(weights) };
    });
  return { source: cut(source, of.source), target: cut(target, of.target) };
}

function whole({ x, weights }: GaussianProblem['source']): FoldRows {
  return { x, weights, mass: sum(weights) };
}

/** In their order. */
export function sum(values: Float64Array): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

/** Pooled rows whose distances give the bandwidth. */
const MEDIAN_ROWS = 300;

/** Weighted median distance between some pooled rows: the usual bandwidth. */
export function medianDistance(s: Matrix, t: Matrix, a: Float64Array, b: Float64Array, seed: number): number {
  const rows = new Random(seed, 4).sample(s.rows + t.rows, MEDIAN_ROWS);
  const some = stackRows(
    selectRows(
      s,
      rows.filter(i => i < s.rows)
    ),
    selectRows(
      t,
      rows.filter(i => i >= s.rows).map(i => i - s.rows)
    )
  );
  const weight = Float64Array.from(rows, i => (i < s.rows ? a[i] : b[i - s.rows]));
  const squared = squaredDistances(some, some);
  const distances: number[] = [];
  const weights: number[] = [];
  for (let i = 0; i < rows.length; i++)
    for (let j = i + 1; j < rows.length; j++) {
      const value = squared.data[i * rows.length + j];
      if (value <= 0) continue; // copies of one row say nothing about scale
      distances.push(Math.sqrt(value));
      weights.push(weight[i] * weight[j]);
    }
  if (distances.length === 0)
    throw new DataError(
      'All rows of source and target are equal, so kernels have no bandwidth. Check the embedding.'
    );
  return weightedMedian(Float64Array.from(distances), Float64Array.from(weights));
}

/** As weightedQuantile at 1/2, without sorting all: halves the range until few values are left in it. */
function weightedMedian(values: Float64Array, weights: Float64Array): number {
  const half = (sum(weights) / 2) * (1 - 1e-12);
  let [low, high] = [-Infinity, -Infinity];
  for (const value of values) high = Math.max(high, value);
  /** Weight of what is at most `low`. */
  let below = 0;
  for (let round = 0; round < 30; round++) {
    const middle = round === 0 ? high / 2 : (Math.max(low, 0) + high) / 2;
    let [weight, inside] = [0, 0];
    for (let i = 0; i < values.length; i++) {
      if (values[i] <= middle) weight += weights[i];
      if (values[i] > low && values[i] <= high) inside++;
    }
    if (inside < 64) break;
    if (weight >= half) high = middle;
    else [low, below] = [middle, weight];
  }
  const left: number[] = [];
  for (let i = 0; i < values.length; i++) if (values[i] > low && values[i] <= high) left.push(i);
  left.sort((i, j) => values[i] - values[j]);
  for (const i of left) if ((below += weights[i]) >= half) return values[i];
  return high;
}
