/**
 * From candidates in float32 to the exact answer in float64: candidates are measured again, and where the farthest
 * candidate is not farther than the answer by more than float32 can be wrong, brute force decides. So the answer is that
 * of brute force to the bit, whatever found the candidates.
 */
import type { Rows } from '../matrix.js';
import { errorBound, type BlockRows, type BlockFrame } from './blocks.js';
import type { Candidates } from './candidates.js';
import { excludedBy, type Exclusion, type Neighbors } from './query.js';
import { RowDistances } from './row-distances.js';
import { Nearest } from './row-scan.js';

export interface Refinement {
  queries: Rows;
  reference: Rows;
  k: number;
  exclude?: Exclusion;
  /** The queries as they were compared, and in which frame. */
  blocks: BlockRows;
  frame: BlockFrame;
  candidates: Candidates;
}

/** The answer for queries from ... to - 1, and how many of them brute force decided. */
export function refine(search: Refinement, from: number, to: number): Neighbors & { scanned: number } {
  const { queries, reference, k, exclude, blocks, frame, candidates } = search;
  const { keep, values, indices: candidate } = candidates;
  const out = { indices: new Int32Array((to - from) * k), distances: new Float64Array((to - from) * k) };
  const nearest = new Nearest(k);
  const distances = new RowDistances(queries, reference, keep);
  const available = reference.rows - (exclude === undefined ? 0 : 1);
  let scanned = 0;
  for (let i = from; i < to; i++) {
    nearest.filled = 0;
    let farthest = -Infinity;
    const squares = distances.measure(i, candidate, i * keep, (i + 1) * keep);
    for (let r = 0, p = i * keep; r < keep; r++, p++) {
      if (candidate[p] < 0) continue;
      if (values[p] > farthest) farthest = values[p];
      nearest.offer(squares[r], candidate[p]);
    }
    const square = blocks.data[(i + 1) * blocks.width - 1];
    const room = farthest - errorBound(blocks.width, square, farthest);
    const sure = keep >= available || nearest.squares[k - 1] * frame.scale ** 2 < room;
    if (nearest.filled < k || !sure) {
      nearest.scan(queries, i, reference, excludedBy(exclude, i));
      scanned++;
    }
    nearest.write(out, i - from);
  }
  return { k, ...out, scanned };
}
