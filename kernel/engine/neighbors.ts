/**
 * Exact nearest neighbours of many rows on a pool: candidates from products of blocks in float32, then the answer in
 * float64. The same bits as nearestNeighbors, for any number of threads. Work grows with queries times references.
 */
import {
  blockPairs,
  checkSearch,
  mergeCandidates,
  prepareSearch,
  type Candidates,
  type Exclusion,
  type Neighbors,
  type Rows
} from '../theory/index.js';
import type { Pool } from './pool.js';

/** Blocks that an item compares, so that a worker asks for more each 0.1 s or so. */
const BLOCKS_AN_ITEM = 8;
/** Queries that an item refines. */
const QUERIES_AN_ITEM = 2048;

export interface ExactSearch {
  queries: Rows;
  /** The queries themselves when left out: then no row is its own neighbour. */
  reference?: Rows;
  k: number;
  /** For each query the reference row that it may not have, or -1. */
  exclude?: Exclusion;
  /**
   * The pairs of blocks to compare where not all are: the rows found are then the nearest of these alone. A query that
   * they leave without k rows is compared with all.
   */
  pairs?: readonly [number, number][];
  progress?: (fraction: number) => void;
}

export interface FoundNeighbors extends Neighbors {
  /** Queries that float32 left in doubt, so that brute force decided them. */
  scanned: number;
}

/** @throws DataError when a row holds NaN or an infinity, or fewer than k rows are left to choose from */
export async function exactNeighbors(pool: Pool, search: ExactSearch): Promise<FoundNeighbors> {
  const { queries, k, progress } = search;
  const reference = search.reference ?? queries;
  const exclude: Exclusion | undefined = search.reference ? search.exclude : 'self';
  checkSearch(queries, reference, k, exclude);
  const { frame, ...ready } = prepareSearch(queries, reference, k, exclude, true);
  const { same } = ready;
  const items = itemsOf(search.pairs ?? blockPairs(queries.rows, reference.rows, same));
  let done = 0;
  const found = await pool.run('find-candidates', {
    input: ready,
    items,
    onResult: () => progress?.((0.9 * ++done) / items.length)
  });
  const candidates = shareCandidates(mergeCandidates(found, reference.rows));

  const indices = new Int32Array(queries.rows * k);
  const distances = new Float64Array(queries.rows * k);
  let scanned = 0;
  done = 0;
  const sharedReference = shareRows(reference);
  await pool.run('refine-candidates', {
    input: {
      queries: queries === reference ? sharedReference : shareRows(queries),
      reference: sharedReference,
      ...{ k, exclude: same ? 'self' : ready.exclude, blocks: ready.queries, frame, candidates }
    },
    items: rangesOf(queries.rows, QUERIES_AN_ITEM),
    onResult: (part, { from, to }) => {
      indices.set(part.indices, from * k);
      distances.set(part.distances, from * k);
      scanned += part.scanned;
      done += to - from;
      progress?.(0.9 + (0.1 * done) / queries.rows);
    }
  });
  return { k, indices, distances, scanned };
}

/** Pairs of blocks with the same queries, at most so many an item, in their order. */
function itemsOf(pairs: readonly [number, number][]): { a: number; b: number[] }[] {
  const items: { a: number; b: number[] }[] = [];
  for (const [a, b] of pairs) {
    const last = items.at(-1);
    if (last?.a === a && last.b.length < BLOCKS_AN_ITEM) last.b.push(b);
    else items.push({ a, b: [b] });
  }
  return items;
}

/** Rows 0 ... rows - 1 in ranges of at most `size`. */
export function rangesOf(rows: number, size: number): { from: number; to: number }[] {
  return Array.from({ length: Math.ceil(rows / size) }, (_, i) => ({
    from: i * size,
    to: Math.min(rows, (i + 1) * size)
  }));
}

/** The same rows in memory that threads share; those that are there already are not copied. */
export function shareRows<T extends Rows>(x: T): T {
  return { ...x, data: shared(x.data) };
}

function shareCandidates({ keep, values, indices }: Candidates): Candidates {
  return { keep, values: shared(values), indices: shared(indices) };
}

function shared<T extends Float32Array | Float64Array | Int32Array>(values: T): T {
  if (values.buffer instanceof SharedArrayBuffer) return values;
  const Type = values.constructor as new (buffer: SharedArrayBuffer) => T;
  const copy = new Type(new SharedArrayBuffer(values.byteLength));
  copy.set(values);
  return copy;
}
