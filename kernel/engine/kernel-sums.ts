/**
 * Kernel sums for density ratios on ONNX Runtime: float32 blocks, added up in float64 in the order of the rows, so that
 * the bits do not depend on the number of threads. The plain float64 sums of theory stay the reference.
 */
import { KERNEL_EXTRA_COLUMNS, kernelGramGraph, kernelScoresGraph } from '../onnx/index.js';
import {
  matrix,
  type KernelBasis,
  type KernelMoments,
  type KernelScores,
  type KernelSums,
  type Matrix
} from '../theory/index.js';
import { openSession, type Session } from './session.js';

/** Rows of a block. A block's sums fit the cache, and its rounding is that of this many terms. */
const BLOCK = 2048;

/** (ln w)/2 of a row of weight 0: its kernel row is 0 exactly. */
const NOTHING = -1e4;

export class BlockedKernelSums implements KernelSums {
  private gram: Promise<Session> | undefined;
  private score: Promise<Session> | undefined;

  /** @param threads within a product */
  constructor(private readonly threads: number = 1) {}

  async moments(x: Matrix, weights: Float64Array, basis: KernelBasis): Promise<KernelMoments> {
    const session = await (this.gram ??= openSession(kernelGramGraph(), { threads: this.threads }));
    const b = basis.centres.rows;
    // A centre more, whose kernel is 1: its Gram column is the kernel's mean.
    const centres = { data: centreRows(basis, true), shape: [b + 1, columns(x)] };
    const total = new Float64Array((b + 1) * (b + 1));
    // Row weights are shares of a fold's mass, 1e-5 and less: they are scaled to about 1 within float32.
    const scale = x.rows;
    for (let from = 0; from < x.rows; from += BLOCK) {
      const to = Math.min(x.rows, from + BLOCK);
      const rows = blockRows(x, from, to, basis, i =>
        weights[i] > 0 ? Math.log(scale * weights[i]) / 2 : NOTHING
      );
      const { gram } = await session.run({ rows: { data: rows, shape: [to - from, columns(x)] }, centres });
      for (let p = 0; p < total.length; p++) total[p] += gram![p]!;
    }
    const gram = matrix(b, b);
    const mean = new Float64Array(b);
    for (let c = 0; c < b; c++) {
      for (let d = 0; d < b; d++) gram.data[c * b + d] = total[c * (b + 1) + d]! / scale;
      mean[c] = total[c * (b + 1) + b]! / scale;
    }
    return { gram, mean };
  }

  async scores(x: Matrix, weights: Float64Array, basis: KernelBasis, theta: Matrix): Promise<KernelScores> {
    const session = await (this.score ??= openSession(kernelScoresGraph(), { threads: this.threads }));
    const [b, l] = [basis.centres.rows, theta.rows];
    const centres = { data: centreRows(basis, false), shape: [b, columns(x)] };
    const turned = new Float32Array(b * l);
    for (let k = 0; k < l; k++) for (let c = 0; c < b; c++) turned[c * l + k] = theta.data[k * b + c]!;
    const mean = new Float64Array(l);
    const square = new Float64Array(l);
    for (let from = 0; from < x.rows; from += BLOCK) {
      const to = Math.min(x.rows, from + BLOCK);
      const { scores } = await session.run({
        rows: { data: blockRows(x, from, to, basis, () => 0), shape: [to - from, columns(x)] },
        centres,
        theta: { data: turned, shape: [b, l] }
      });
      for (let i = from, p = 0; i < to; i++)
        for (let k = 0; k < l; k++, p++) {
          const r = scores![p]!;
          mean[k]! += weights[i]! * r;
          square[k]! += weights[i]! * r * r;
        }
    }
    return { mean, square };
  }

  /** Frees the sessions; safe to call twice. */
  async dispose(): Promise<void> {
    const open = [this.gram, this.score];
    this.gram = this.score = undefined;
    for (const session of open) await (await session)?.dispose();
  }
}

const columns = (x: Matrix): number => x.cols + KERNEL_EXTRA_COLUMNS;

/** [c/h, -1, -|c|^2/2h^2, 1]; with `one` a last row whose kernel is sqrt(w), as at a centre that is everywhere. */
function centreRows({ centres, bandwidth }: KernelBasis, one: boolean): Float32Array {
  const { rows, cols, data } = centres;
  const k = cols + KERNEL_EXTRA_COLUMNS;
  const out = new Float32Array((rows + (one ? 1 : 0)) * k);
  for (let c = 0; c < rows; c++) {
    let square = 0;
    for (let j = 0; j < cols; j++) {
      const value = data[c * cols + j]! / bandwidth;
      out[c * k + j] = value;
      square += value * value;
    }
    out.set([-1, -square / 2, 1], c * k + cols);
  }
  if (one) out[rows * k + cols + 2] = 1;
  return out;
}

/** [x/h, |x|^2/2h^2, 1, (ln w)/2] */
function blockRows(
  x: Matrix,
  from: number,
  to: number,
  { bandwidth }: KernelBasis,
  logWeight: (row: number) => number
): Float32Array {
  const k = columns(x);
  const out = new Float32Array((to - from) * k);
  for (let i = from, p = 0; i < to; i++, p += k) {
    let square = 0;
    for (let j = 0; j < x.cols; j++) {
      const value = x.data[i * x.cols + j]! / bandwidth;
      out[p + j] = value;
      square += value * value;
    }
    out[p + x.cols] = square / 2;
    out[p + x.cols + 1] = 1;
    out[p + x.cols + 2] = logWeight(i);
  }
  return out;
}
