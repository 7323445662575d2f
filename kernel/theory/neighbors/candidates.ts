/**
 * Candidates for the nearest rows of many queries: the smallest entries of blocks of squared distances, in float32. They
 * are kept in heaps in a SIMD kernel's memory. What they are worth is refine.ts.
 */
import type { Dense } from '../../../common/dense.js';
import { instantiate, type Kernels, type NeighborKernels } from '../../wasm/index.js';
import { requireFinite, type Rows } from '../matrix.js';
import {
  BLOCK,
  blockRows,
  frameOf,
  takeQueries,
  takeReferences,
  type BlockFrame,
  type BlockRows
} from './blocks.js';
import { excludedBy, type Exclusion } from './query.js';

/** Candidates [queries, keep] in no order: values in the frame of the blocks, indices -1 where there are fewer. */
export interface Candidates {
  keep: number;
  values: Float32Array;
  indices: Int32Array;
}

export interface CandidateSearch {
  queries: BlockRows;
  reference: BlockRows;
  /** Whether the queries are the reference: then a block serves its rows and its columns, and no row has itself. */
  same: boolean;
  /** For each query the reference row that it may not have, or -1. */
  exclude?: Int32Array;
  /** Candidates a query. */
  keep: number;
}

/** What a search needs before its blocks are compared. */
export interface PreparedSearch extends CandidateSearch {
  frame: BlockFrame;
}

/** Candidates kept for k neighbours: some more, so that brute force seldom has to decide. */
function candidatesFor(k: number, available: number): number {
  return Math.min(available, k + Math.max(4, k >> 2));
}

/**
 * @param shared whether threads are to share the blocks
 * @throws DataError naming rows that hold NaN or an infinity
 */
export function prepareSearch(
  queries: Rows,
  reference: Rows,
  k: number,
  exclude: Exclusion | undefined,
  shared = false
): PreparedSearch {
  const same = queries === reference && exclude === 'self';
  requireFinite(reference, 'Neighbours');
  if (queries !== reference) requireFinite(queries, 'Neighbours');
  const frame = frameOf(reference);
  const blocks = blockRows(reference, frame, shared);
  return {
    queries: queries === reference ? blocks : blockRows(queries, frame, shared),
    reference: blocks,
    ...{ same, frame },
    exclude:
      same || exclude === undefined
        ? undefined
        : Int32Array.from({ length: queries.rows }, (_, i) => excludedBy(exclude, i)),
    keep: candidatesFor(k, reference.rows - (exclude === undefined ? 0 : 1))
  };
}

/** All candidates, found on the caller's thread by products of the kernel's own. */
export function candidatesHere(
  queries: Rows,
  reference: Rows,
  k: number,
  exclude?: Exclusion
): { blocks: BlockRows; frame: BlockFrame; candidates: Candidates } {
  const search = prepareSearch(queries, reference, k, exclude);
  const heaps = new CandidateHeaps(search);
  for (const [a, b] of blockPairs(queries.rows, reference.rows, search.same)) heaps.compareHere(a, b);
  return { blocks: search.queries, frame: search.frame, candidates: heaps.take() };
}

export class CandidateHeaps {
  private readonly kernels: Kernels<NeighborKernels>;
  private readonly values: number;
  private readonly indices: number;
  private readonly roots: number;
  private readonly not: number;
  private readonly block: number;
  /** A block of queries and one of references in the kernel's memory, where it multiplies them itself. */
  private operands: { left: number; right: number } | undefined;
  private readonly left: Float32Array;
  private readonly right: Float32Array;
  private taken = -1;
  private queryBlock: Float32Array;

  constructor(private readonly search: CandidateSearch) {
    const { queries, reference, keep, same } = search;
    this.kernels = instantiate<NeighborKernels>('neighbors');
    const { arena } = this.kernels;
    // Columns that fill up the last block have heaps too.
    const heaps = same ? Math.ceil(queries.rows / 8) * 8 : queries.rows;
    this.values = arena.reserve(heaps * keep * 4);
    this.indices = arena.reserve(heaps * keep * 4);
    this.roots = arena.reserve(heaps * 4);
    this.not = arena.reserve(BLOCK * 4);
    this.block = arena.reserve(BLOCK * BLOCK * 4);
    arena.f32(this.values, heaps * keep).fill(Infinity);
    arena.i32(this.indices, heaps * keep).fill(-1);
    arena.f32(this.roots, heaps).fill(Infinity).fill(-Infinity, queries.rows);
    this.left = new Float32Array(BLOCK * queries.width);
    this.right = new Float32Array(BLOCK * reference.width);
    this.queryBlock = this.left;
  }

  /** Compares the queries from row `a` with the references from row `b`, a block of each; `same` searches take b >= a. */
  async compare(dense: Dense, a: number, b: number): Promise<void> {
    const { width } = this.search.queries;
    const [queries, references] = [this.takeQueries(a), takeReferences(this.search.reference, b, this.right)];
    const [rows, cols] = [queries.length / width, references.length / width];
    await dense.timesTransposed(queries, references, width, this.kernels.arena.f32(this.block, rows * cols));
    this.scan(a, b, rows, cols);
  }

  /** The same with a product of the kernel's own. */
  compareHere(a: number, b: number): void {
    const { arena, exports } = this.kernels;
    const { width } = this.search.queries;
    const { left, right } = (this.operands ??= {
      left: arena.reserve(BLOCK * width * 4),
      right: arena.reserve(BLOCK * width * 4)
    });
    const fresh = this.taken !== a;
    const queries = this.takeQueries(a);
    const references = takeReferences(this.search.reference, b, this.right);
    const [rows, cols] = [queries.length / width, references.length / width];
    // The kernel takes four rows at a time: those that fill up are computed and not looked at.
    if (fresh) arena.f32(left, BLOCK * width).set(queries);
    const panels = arena.f32(right, cols * width);
    for (let c = 0, to = 0; c < cols; c += 8)
      for (let t = 0; t < width; t++)
        for (let p = c * width + t; p < (c + 8) * width; p += width) panels[to++] = references[p];
    exports.multiply(left, right, Math.ceil(rows / 4) * 4, cols, width, this.block);
    this.scan(a, b, rows, cols);
  }

  private takeQueries(a: number): Float32Array {
    if (this.taken !== a) this.queryBlock = takeQueries(this.search.queries, a, this.left);
    this.taken = a;
    return this.queryBlock;
  }

  /** Takes what is small in the block [rows, cols] of queries from `a` and references from `b` into the heaps. */
  private scan(a: number, b: number, rows: number, cols: number): void {
    const { same, exclude, keep } = this.search;
    const { exports, arena } = this.kernels;
    const { values, indices, roots, block } = this;
    if (same && a !== b) {
      exports.scanBoth(block, rows, cols, a, b, values, indices, roots, keep);
      return;
    }
    const not = arena.i32(this.not, rows);
    if (same) for (let i = 0; i < rows; i++) not[i] = a + i;
    else if (exclude) not.set(exclude.subarray(a, a + rows));
    else not.fill(-1);
    exports.scanRows(block, rows, cols, a, b, this.not, values, indices, keep);
    if (same) exports.roots(values, a, a + rows, keep, roots);
  }

  /** What was found so far, copied. */
  take(): Candidates {
    const { queries, keep } = this.search;
    const { arena } = this.kernels;
    const size = queries.rows * keep;
    return {
      keep,
      values: arena.f32(this.values, size).slice(),
      indices: arena.i32(this.indices, size).slice()
    };
  }
}

/** Blocks that a search compares, [a, b] each: those on the diagonal first, which leaves little to insert for others. */
export function blockPairs(queries: number, reference: number, same: boolean): [number, number][] {
  const starts = (rows: number): number[] =>
    Array.from({ length: Math.ceil(rows / BLOCK) }, (_, i) => i * BLOCK);
  if (!same) return starts(queries).flatMap(a => starts(reference).map((b): [number, number] => [a, b]));
  const all = starts(queries);
  return [
    ...all.map((a): [number, number] => [a, a]),
    ...all.flatMap(a => all.filter(b => b > a).map((b): [number, number] => [a, b]))
  ];
}

/** The best of what several threads found of the same queries, into the first. `rows` references are real. */
export function mergeCandidates([first, ...others]: readonly Candidates[], rows: number): Candidates {
  const { keep, values } = first;
  for (const part of others)
    for (let p = 0; p < values.length; p++) {
      if (part.indices[p] < 0 || part.indices[p] >= rows) continue;
      const root = p - (p % keep);
      if (part.values[p] < values[root]) replaceRoot(first, root, part.values[p], part.indices[p]);
    }
  return first;
}

/** As the kernel does it: (value, index) in the place of the largest of the heap that begins at `root`. */
function replaceRoot(
  { keep, values, indices }: Candidates,
  root: number,
  value: number,
  index: number
): void {
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= keep) break;
    if (child + 1 < keep && values[root + child + 1] > values[root + child]) child++;
    if (values[root + child] <= value) break;
    values[root + at] = values[root + child];
    indices[root + at] = indices[root + child];
    at = child;
  }
  values[root + at] = value;
  indices[root + at] = index;
}
