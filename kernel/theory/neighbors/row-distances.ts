/**
 * Squared distances of one row to a few others, in the same bits as squaredDistance, by a SIMD kernel: the rows are
 * gathered in its memory first.
 */
import { instantiate, type DistanceKernels, type Kernels } from '../../wasm/index.js';
import type { Rows } from '../matrix.js';

export class RowDistances {
  /** Of the last rows measured; good until the next call. */
  readonly squares: Float64Array;
  private readonly kernels: Kernels<DistanceKernels>;
  private readonly query: number;
  private readonly gathered: number;
  private readonly out: number;
  private readonly own: Rows['data'];
  private readonly others: Rows['data'];
  private readonly wide: boolean;

  /** @param most rows measured at once */
  constructor(
    private readonly queries: Rows,
    private readonly reference: Rows,
    most: number
  ) {
    const { cols } = queries;
    this.kernels = instantiate<DistanceKernels>('distances');
    const { arena } = this.kernels;
    this.wide = queries.data instanceof Float64Array || reference.data instanceof Float64Array;
    const bytes = cols * (this.wide ? 8 : 4);
    this.query = arena.reserve(bytes);
    this.gathered = arena.reserve(most * bytes);
    this.out = arena.reserve(most * 8);
    this.own = this.wide ? arena.f64(this.query, cols) : arena.f32(this.query, cols);
    this.others = this.wide ? arena.f64(this.gathered, most * cols) : arena.f32(this.gathered, most * cols);
    this.squares = arena.f64(this.out, most);
  }

  /** Row i of the queries against the reference rows indices[from ... to - 1]; those below 0 are left as they were. */
  measure(i: number, indices: Int32Array, from: number, to: number): Float64Array {
    const { queries, reference, own, others, kernels } = this;
    const { cols } = queries;
    own.set(queries.data.subarray(i * cols, (i + 1) * cols));
    for (let p = from, at = 0; p < to; p++, at += cols) {
      const j = indices[p];
      if (j >= 0) others.set(reference.data.subarray(j * cols, (j + 1) * cols), at);
    }
    const { squaredDistances32, squaredDistances64 } = kernels.exports;
    (this.wide ? squaredDistances64 : squaredDistances32)(
      this.query,
      this.gathered,
      to - from,
      cols,
      this.out
    );
    return this.squares;
  }
}
