/**
 * Kernel sums for density ratios on ONNX Runtime: float32 blocks, added up in float64 in the order of the rows, so that
 * the bits do not depend on the number of threads. The plain float64 sums of theory stay the reference.
 */
import { KERNEL_EXTRA_COLUMNS, kernelGramGraph, kernelScoresGraph } from '../onnx/index.js';
import {
  matrix,
  plainKernelSums,
  type KernelBasis,
  type KernelMoments,
  type KernelScores,
  type KernelSums,
  type Matrix
} from '../theory/index.js';
import { lateSession } from './late-session.js';
import type { Session } from './session.js';

/** Rows of a block. A block's sums fit the cache, and its rounding is that of this many terms. */
const BLOCK = 2048;

/** The centres go through in as many parts, of which only the pairs i <= j are multiplied: ten of sixteen. */
const PARTS = 4;

/** (ln w)/2 of a row of weight 0: its kernel row is 0 exactly. */
const NOTHING = -1e4;

export class BlockedKernelSums implements KernelSums {
  private readonly gram: Session;
  private readonly score: Session;

  /** @param threads within a product */
  constructor(threads: number = 1) {
    this.gram = lateSession(() => kernelGramGraph(PARTS), { threads });
    this.score = lateSession(kernelScoresGraph, { threads });
  }

  async moments(x: Matrix, weights: Float64Array, basis: KernelBasis): Promise<KernelMoments> {
    if (basis.centres.rows < PARTS) return plainKernelSums.moments(x, weights, basis);
    const b = basis.centres.rows;
    const k = columns(x);
    // A centre more, whose kernel is 1: its Gram column is the kernel's mean.
    const all = centreRows(basis, true);
    const edges = partEdges(b + 1);
    const centres = Object.fromEntries(
      edges
        .slice(1)
        .map((to, i) => [
          `centres${i}`,
          { data: all.subarray(edges[i]! * k, to * k), shape: [to - edges[i]!, k] }
        ])
    );
    const upper = new Float64Array((b + 1) * (b + 1));
    // Row weights are shares of a fold's mass, 1e-5 and less: they are scaled to about 1 within float32.
    const scale = x.rows;
    const logWeight = (i: number): number => (weights[i]! > 0 ? Math.log(scale * weights[i]!) / 2 : NOTHING);
    for (let from = 0; from < x.rows; from += BLOCK) {
      const to = Math.min(x.rows, from + BLOCK);
      const rows = { data: blockRows(x, from, to, basis, logWeight), shape: [to - from, k] };
      const found = await this.gram.run({ rows, ...centres });
      for (let i = 0; i < PARTS; i++)
        for (let j = i; j < PARTS; j++) addBlock(upper, b + 1, found[`gram_${i}_${j}`]!, edges, i, j);
    }
    const gram = matrix(b, b);
    const mean = new Float64Array(b);
    for (let c = 0; c < b; c++) {
      for (let d = c; d < b; d++)
        gram.data[c * b + d] = gram.data[d * b + c] = upper[c * (b + 1) + d]! / scale;
      mean[c] = upper[c * (b + 1) + b]! / scale;
    }
    return { gram, mean };
  }

  async scores(x: Matrix, weights: Float64Array, basis: KernelBasis, theta: Matrix): Promise<KernelScores> {
    const [b, l] = [basis.centres.rows, theta.rows];
    const centres = { data: centreRows(basis, false), shape: [b, columns(x)] };
    const turned = new Float32Array(b * l);
    for (let k = 0; k < l; k++) for (let c = 0; c < b; c++) turned[c * l + k] = theta.data[k * b + c]!;
    const mean = new Float64Array(l);
    const square = new Float64Array(l);
    for (let from = 0; from < x.rows; from += BLOCK) {
      const to = Math.min(x.rows, from + BLOCK);
      const { scores } = await this.score.run({
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
    await this.gram.dispose();
    await this.score.dispose();
  }
}

/** Where the parts of `count` centres begin, and the end: all but the first whole multiples of 16, if they can be. */
function partEdges(count: number): number[] {
  const quarter = Math.floor(count / PARTS);
  const each = quarter >= 16 ? quarter - (quarter % 16) : quarter;
  return [0, ...Array.from({ length: PARTS }, (_, i) => count - (PARTS - 1 - i) * each)];
}

/** Adds a product of parts i and j to where it belongs in the whole [n, n]. */
function addBlock(
  into: Float64Array,
  n: number,
  block: Float32Array,
  edges: readonly number[],
  i: number,
  j: number
): void {
  const [top, bottom, left, right] = [edges[i]!, edges[i + 1]!, edges[j]!, edges[j + 1]!];
  for (let r = top, p = 0; r < bottom; r++)
    for (let c = left, q = r * n + left; c < right; c++, p++, q++) into[q]! += block[p]!;
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
