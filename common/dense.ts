/**
 * Products of dense blocks: the one kind of work that a tuned library does many times faster than loops of ours. Who
 * needs them takes a Dense as an argument; the engine makes one on ONNX Runtime. float32 throughout: what needs more
 * digits adds blocks up in float64, or refines what a product only found.
 */

/**
 * Blocks are row-major float32 in memory that is not shared between threads. The same blocks give the same bits, whatever
 * else runs; another number of rows may round otherwise.
 */
export interface Dense {
  /** out = a b^T: a [n, k], b [m, k], out [n, m]. */
  timesTransposed(a: Float32Array, b: Float32Array, k: number, out: Float32Array): Promise<void>;
  /** out = a^T b: a [rows, n], b [rows, m], out [n, m]. */
  transposedTimes(a: Float32Array, b: Float32Array, rows: number, out: Float32Array): Promise<void>;
}
