/**
 * UMAP's layout by stochastic gradient descent, an epoch at a time, in a WebAssembly module of its own (McInnes, Healy
 * and Melville 2018, section 4.2 and algorithm 5). One thread draws everything, in the order of the edges: same seed,
 * same bits. Powers are looked up by squared distance to 1/64, which is far below the noise of the descent.
 */
import { Random } from '../../../common/random.js';
import { instantiate, type Kernels, type UmapKernels } from '../../wasm/index.js';
import type { Curve } from './curve.js';
import type { Edges } from './graph.js';

export type PictureDimensions = 2 | 3;

export interface LayoutOptions {
  dimensions: PictureDimensions;
  curve: Curve;
  epochs: number;
  /** First step size; it falls to 0 on a line. */
  rate: number;
  seed: number;
  /** Points that stay, row-major [m, dimensions]: tails count among these. Without them tails are points and move too. */
  fixed?: Float32Array;
}

/** Numbers in a point's 8 or 16 bytes. */
const STRIDE = { 2: 2, 3: 4 } as const;

/** Keeps the repulsion of two points that lie on one another finite, as umap-learn's 0.001 does. */
const SOFTENING = 1e-3;

/** Edges in one call of the kernel: some 10 ms, so that a look at the clock in between costs nothing. */
const BLOCK = 1 << 18;

/**
 * @param start row-major [n, dimensions]
 * @param each called between blocks of edges with the share that is done; what it throws ends the layout
 * @returns row-major [n, dimensions]
 */
export function optimizeLayout(
  start: Float32Array,
  edges: Edges,
  options: LayoutOptions,
  each: (fraction: number) => void = () => {}
): Float32Array {
  const { dimensions, epochs, fixed, seed } = options;
  const kernels = instantiate<UmapKernels>('umap');
  const { arena, exports } = kernels;
  const points = putPoints(kernels, start, dimensions);
  const others = fixed ? putPoints(kernels, fixed, dimensions) : points;
  const n = (fixed ?? start).length / dimensions;
  const due = sampled(edges, epochs);
  const heads = arena.put(due.heads);
  const tails = arena.put(due.tails);
  const periods = arena.put(due.periods);
  const next = arena.put(due.periods);
  const { attraction, repulsion } = putTables(kernels, options.curve);
  const seeds = new Random(seed, 7);
  const random = arena.put(Int32Array.of(seeds.bits() | 0, seeds.bits() | 0));
  const count = due.heads.length;
  for (let epoch = 0; epoch < epochs; epoch++) {
    const alpha = options.rate * (1 - epoch / epochs);
    for (let from = 0; from < count; from += BLOCK) {
      each((epoch + from / count) / epochs);
      const to = Math.min(count, from + BLOCK);
      const [now, both, solid] = [epoch + 1, fixed === undefined, dimensions === 3];
      // prettier-ignore
      exports.layoutEpoch(
        points, others, n, heads, tails, periods, next, from, to, attraction, repulsion, now, alpha, random, both, solid
      );
    }
  }
  return takePoints(kernels, points, start.length / dimensions, dimensions);
}

/**
 * How many epochs pass from one sampling of an edge to the next: the strongest edge is sampled in each. What would not be
 * sampled at all is left out.
 */
function sampled(
  { heads, tails, weights }: Edges,
  epochs: number
): { heads: Int32Array; tails: Int32Array; periods: Float32Array } {
  let most = 0;
  for (const weight of weights) most = Math.max(most, weight);
  const kept = Int32Array.from(weights.keys()).filter(e => weights[e] > 0 && weights[e] >= most / epochs);
  return {
    heads: kept.map(e => heads[e]),
    tails: kept.map(e => tails[e]),
    periods: Float32Array.from(kept, e => most / weights[e])
  };
}

function putPoints({ arena }: Kernels<unknown>, rows: Float32Array, dimensions: PictureDimensions): number {
  const n = rows.length / dimensions;
  const stride = STRIDE[dimensions];
  const at = arena.reserve(4 * stride * n);
  const view = arena.f32(at, stride * n).fill(0);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < dimensions; j++) view[i * stride + j] = rows[i * dimensions + j];
  return at;
}

function takePoints(
  { arena }: Kernels<unknown>,
  at: number,
  n: number,
  dimensions: PictureDimensions
): Float32Array {
  const stride = STRIDE[dimensions];
  const view = arena.f32(at, stride * n);
  const out = new Float32Array(n * dimensions);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < dimensions; j++) out[i * dimensions + j] = view[i * stride + j];
  return out;
}

/** d log(similarity)/d(d^2) and d log(1 - similarity)/d(d^2), twice each, by the upper bits of d^2. */
function putTables(
  { arena, exports }: Kernels<UmapKernels>,
  { a, b }: Curve
): { attraction: number; repulsion: number } {
  const shift = exports.tableShift();
  // A float32 that is not negative has 31 bits. Those of infinities and NaN stay 0.
  const size = 2 ** (31 - shift);
  const bits = new Int32Array(1);
  const float = new Float32Array(bits.buffer);
  const attraction = new Float32Array(size);
  const repulsion = new Float32Array(size);
  for (let i = 0; i < size; i++) {
    // The middle of all that share the place.
    bits[0] = (i << shift) | (1 << (shift - 1));
    const squared = float[0];
    if (!Number.isFinite(squared)) break;
    const power = a * squared ** b;
    if (!Number.isFinite(power)) break;
    // At distance 0 there is no direction.
    attraction[i] = i === 0 ? 0 : (-2 * b * power) / (squared * (1 + power));
    repulsion[i] = (2 * b) / ((SOFTENING + squared) * (1 + power));
  }
  return { attraction: arena.put(attraction), repulsion: arena.put(repulsion) };
}
