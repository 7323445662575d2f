/**
 * Local PCA of many neighbourhoods in float32, by a SIMD kernel: what localPca gives, but eigenvalues of tangent
 * directions alone, to 1e-5 of the first one (subspace iteration, oversampled). For rows in float64, few rows, or
 * neighbourhoods that the kernel does not suit: local-pca.ts.
 */
import { DataError } from '../../common/errors.js';
import { instantiate, type Kernels, type LocalPcaKernels } from '../wasm/index.js';

/** Directions iterated on beyond those wanted: without them an eigenvalue close to the last is taken for it. */
const OVERSAMPLING = 4;

/** Products with the Gram matrix. With the oversampling: errors below 1e-5 of the first eigenvalue. */
const PRODUCTS = 12;

/** Queries that are worked on at a time. */
const AT_ONCE = 512;

const upTo = (value: number, multiple: number): number => Math.ceil(value / multiple) * multiple;

const widthFor = (m: number): number => upTo(m + OVERSAMPLING, 4);

/** Whether the kernel suits: the iteration saves nothing where it needs nearly all directions, or neighbours are many. */
export function suitsBatch(neighbors: number, dimension: number): boolean {
  return widthFor(dimension) < 0.75 * neighbors && neighbors <= 128;
}

export interface LocalPcaPart {
  /** [queries, q] row-major: the foot on the tangent plane. */
  projection: Float32Array;
  /** Distance from query to foot. */
  residual: Float32Array;
  /** [queries, m]: local eigenvalues (divisor k - 1), falling. */
  values: Float32Array;
}

export class LocalPcaBatch {
  private readonly kernels: Kernels<LocalPcaKernels>;
  /** Columns as the kernel has them. */
  private readonly padded: number;
  private readonly start: number;
  private readonly work: number;
  private readonly points: number;
  private readonly free: number;

  /**
   * @param reference float32 rows [n, q]
   * @throws DataError when k neighbours cannot have a tangent of m dimensions
   */
  constructor(
    reference: Float32Array,
    private readonly q: number,
    private readonly k: number,
    private readonly m: number
  ) {
    if (!Number.isInteger(m) || m < 1 || m > Math.min(k - 1, q) || !suitsBatch(k, m))
      throw new DataError(
        `Local PCA: a tangent of ${m} dimensions cannot come from ${k} neighbours in ${q} dimensions.`
      );
    this.padded = upTo(q, 4);
    this.kernels = instantiate<LocalPcaKernels>('local-pca');
    const { arena, exports } = this.kernels;
    const [w, kp] = [widthFor(m), upTo(k, 8)];
    this.start = arena.reserve(w * kp * 4);
    this.work = arena.reserve(exports.workBytes(this.padded, k, kp, w));
    this.points = arena.reserve((reference.length / q) * this.padded * 4);
    this.pad(reference, this.points);
    this.free = arena.mark;
    // Cosines: orthogonal to one another, and to no neighbourhood.
    const start = arena.f32(this.start, w * kp).fill(0);
    for (let j = 0; j < w; j++)
      for (let a = 0; a < k; a++) start[j * kp + a] = Math.cos((Math.PI * (j + 1) * (a + 0.5)) / k);
  }

  /**
   * @param queries [count, q]
   * @param indices [count, k], rows of the reference
   */
  decompose(queries: Float32Array, indices: Int32Array): LocalPcaPart {
    const { q, k, m, padded, kernels, free } = this;
    const { arena, exports } = kernels;
    const count = indices.length / k;
    const out = {
      projection: new Float32Array(count * q),
      residual: new Float32Array(count),
      values: new Float32Array(count * m)
    };
    for (let from = 0; from < count; from += AT_ONCE) {
      const part = Math.min(AT_ONCE, count - from);
      const near = arena.reserve(part * k * 4);
      const own = arena.reserve(part * padded * 4);
      const feet = arena.reserve(part * padded * 4);
      const values = arena.reserve(part * m * 4);
      const residuals = arena.reserve(part * 4);
      arena.i32(near, part * k).set(indices.subarray(from * k, (from + part) * k));
      this.pad(queries.subarray(from * q, (from + part) * q), own);
      exports.localPca(
        ...([this.points, near, own, part, k, upTo(k, 8), padded, m, widthFor(m), PRODUCTS] as const),
        ...([this.start, this.work, values, feet, residuals] as const)
      );
      const found = arena.f32(feet, part * padded);
      for (let i = 0; i < part; i++)
        out.projection.set(found.subarray(i * padded, i * padded + q), (from + i) * q);
      out.residual.set(arena.f32(residuals, part), from);
      out.values.set(arena.f32(values, part * m), from * m);
      arena.release(free);
    }
    for (let p = 0; p < out.values.length; p++) out.values[p] /= k - 1;
    return out;
  }

  /** Rows with zeros behind their last column. */
  private pad(rows: Float32Array, to: number): void {
    const { q, padded, kernels } = this;
    const count = rows.length / q;
    const into = kernels.arena.f32(to, count * padded);
    if (padded === q) into.set(rows);
    else {
      into.fill(0);
      for (let i = 0; i < count; i++) into.set(rows.subarray(i * q, (i + 1) * q), i * padded);
    }
  }
}
