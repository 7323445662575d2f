/**
 * The rows that a probe computes on: folds F and C, since views show no others, and of large data an even share of the
 * papers. Row numbers go from Data's to the subset's and back here.
 */
import { SAVED_ROWS } from '../../../common/views/payload.js';
import type { Preview } from '../values/extent.js';
import type { Space } from '../values/space.js';

export interface Subset {
  /** Rows of Data, rising. */
  readonly rows: readonly number[];
  /** Absent where these are all rows of folds F and C. */
  readonly preview?: Preview;
  readonly vectors: Float32Array;
  readonly papers: string[];
  /** Rows of the subset for rows of Data; those that are not in it are left out. */
  within(rows: readonly number[]): number[];
  /** One entry a row of Data, NaN where the subset has none. */
  spread(values: Float64Array): Float64Array;
  /** The subset's entries of a column over Data. */
  take(values: Float64Array): Float64Array;
}

const subsets = new WeakMap<Space, Subset>();

export function subsetOf(space: Space): Subset {
  let subset = subsets.get(space);
  if (!subset) subsets.set(space, (subset = makeSubset(space)));
  return subset;
}

function makeSubset(space: Space): Subset {
  const { data, dimension } = space;
  const open = space.openRows();
  const rows = open.length <= SAVED_ROWS ? open : evenPapers(space, open, SAVED_ROWS);
  const vectors = new Float32Array(rows.length * dimension);
  const place = new Int32Array(data.length).fill(-1);
  rows.forEach((row, k) => {
    place[row] = k;
    vectors.set(space.vectors.subarray(row * dimension, (row + 1) * dimension), k * dimension);
  });
  return {
    rows,
    preview: rows === open ? undefined : { rows, of: open.length },
    vectors,
    papers: rows.map(i => data.paper[i]!),
    within: wanted => wanted.flatMap(row => (place[row]! >= 0 ? [place[row]!] : [])),
    spread(values) {
      const out = new Float64Array(data.length).fill(NaN);
      rows.forEach((row, k) => (out[row] = values[k]!));
      return out;
    },
    take: values => Float64Array.from(rows, row => values[row]!)
  };
}

/** Whole papers, of each fold and kind of domain the same share, in the order in which the data has them. */
function evenPapers({ data }: Space, open: readonly number[], most: number): number[] {
  const papers = new Map<string, { fold: string; domains: Set<string>; rows: number[] }>();
  for (const row of open) {
    const name = data.paper[row]!;
    let paper = papers.get(name);
    if (!paper) papers.set(name, (paper = { fold: data.fold[row]!, domains: new Set(), rows: [] }));
    paper.domains.add(data.domain[row]!);
    paper.rows.push(row);
  }
  const strata = new Map<string, number[][]>();
  for (const { fold, domains, rows } of papers.values()) {
    const stratum = `${fold} ${[...domains].sort().join()}`;
    if (!strata.has(stratum)) strata.set(stratum, []);
    strata.get(stratum)!.push(rows);
  }
  // Papers differ in size: the share is lowered until theirs fit.
  for (let share = most / open.length; ; share *= 0.97) {
    let papersLeft = false;
    const chosen = [...strata.values()].flatMap(stratum => {
      const count = Math.max(1, Math.floor(share * stratum.length));
      papersLeft ||= count > 1;
      return Array.from(
        { length: count },
        (_, k) => stratum[Math.floor((k * stratum.length) / count)]!
      ).flat();
    });
    if (chosen.length <= most || !papersLeft) return chosen.sort((a, b) => a - b);
  }
}
