/**
 * Candidates for the nearest rows of many queries: the smallest entries of blocks of squared distances, in float32. They
 * are kept in heaps in a SIMD kernel's memory. What they are worth is refine.ts.
 */
import type { Dense } from '../../../common/dense.js';
import { instantiate, type Kernels, type NeighborKernels } from '../../wasm/index.js';
import { BLOCK, takeQueries, takeReferences, type BlockRows } from './blocks.js';

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

export class CandidateHeaps {
  private readonly kernels: Kernels<NeighborKernels>;
  private readonly values: number;
  private readonly indices: number;
  private readonly roots: number;
  private readonly not: number;
  private readonly block: number;
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
    const { queries, reference, same, exclude, keep } = this.search;
    const { exports, arena } = this.kernels;
    if (this.taken !== a) this.queryBlock = takeQueries(queries, a, this.left);
    this.taken = a;
    const { width } = queries;
    const referenceBlock = takeReferences(reference, b, this.right);
    const [rows, cols] = [this.queryBlock.length / width, referenceBlock.length / width];
    await dense.timesTransposed(this.queryBlock, referenceBlock, width, arena.f32(this.block, rows * cols));
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
