/**
 * A symmetric matrix as Q T Q^T with T tridiagonal, by Householder reflections (Golub and Van Loan, Matrix
 * Computations, 4th edition, 8.3.1), row by row from the last, so that every inner loop runs along a row. Work arrays
 * are made once and serve any number of matrices of one size. Eigenvalues are not its business: ql.ts.
 */
import { DataError } from '../../../common/errors.js';

/** Of a matrix whose largest entry is about 1: lengths below 1e-30 are rounding of rounding, and count as zero. */
const TINY_SQUARE = 1e-60;

export class Tridiagonal {
  /** Diagonal of T, of the matrix divided by `scale`. */
  readonly diagonal: Float64Array;
  /** Entry i lies between rows i and i + 1 of T; the last is 0. Divided by `scale` too. */
  readonly beside: Float64Array;
  /** A power of two near the largest entry, so that dividing by it changes no digit. */
  scale = 1;
  /** Row i holds the vector of reflection i, which changes coordinates 0 to i - 1. */
  private readonly rows: Float64Array;
  /** Reflection i is 1 - tau v v^T. */
  private readonly tau: Float64Array;
  private readonly v: Float64Array;
  private readonly w: Float64Array;

  constructor(readonly n: number) {
    const column = (): Float64Array => new Float64Array(n);
    this.rows = new Float64Array(n * n);
    [this.diagonal, this.beside, this.tau, this.v, this.w] = [
      column(),
      column(),
      column(),
      column(),
      column()
    ];
  }

  /**
   * @param a [n, n] row-major; only its lower triangle is read, and nothing is written to it
   * @throws DataError when an entry of the lower triangle is NaN or an infinity
   */
  reduce(a: Float64Array): void {
    const { n, rows, diagonal, beside, tau, v } = this;
    this.load(a);
    for (let i = n - 1; i > 0; i--) {
      const row = i * n;
      diagonal[i] = rows[row + i];
      const alpha = rows[row + i - 1];
      let squares = 0;
      for (let j = 0; j < i - 1; j++) squares += rows[row + j] * rows[row + j];
      tau[i] = 0;
      beside[i - 1] = alpha;
      if (squares < TINY_SQUARE) continue;
      const length = Math.sqrt(squares + alpha * alpha);
      // The sign that adds, so that nothing cancels.
      beside[i - 1] = alpha > 0 ? -length : length;
      rows[row + i - 1] = alpha - beside[i - 1];
      tau[i] = 2 / (squares + rows[row + i - 1] ** 2);
      for (let j = 0; j < i; j++) v[j] = rows[row + j];
      this.reflectBothSides(i, tau[i]);
    }
    diagonal[0] = rows[0];
  }

  /** x := Q^T x: into the coordinates of T. */
  enter(x: Float64Array): void {
    for (let i = this.n - 1; i > 1; i--) this.reflect(x, i);
  }

  /** x := Q x: back from the coordinates of T. */
  leave(x: Float64Array): void {
    for (let i = 2; i < this.n; i++) this.reflect(x, i);
  }

  private reflect(x: Float64Array, i: number): void {
    const { rows, tau, n } = this;
    if (tau[i] === 0) return;
    const row = i * n;
    let dot = 0;
    for (let j = 0; j < i; j++) dot += rows[row + j] * x[j];
    const f = tau[i] * dot;
    for (let j = 0; j < i; j++) x[j] -= f * rows[row + j];
  }

  private load(a: Float64Array): void {
    const { n, rows } = this;
    let largest = 0;
    let bad = 0;
    for (let i = 0; i < n; i++)
      for (let p = i * n; p <= i * n + i; p++) {
        const size = Math.abs(a[p]);
        bad += 0 * size; // NaN from NaN and from an infinity
        if (size > largest) largest = size;
      }
    if (bad !== 0)
      throw new DataError('An eigenproblem has NaN or an infinity in its matrix: rows are not finite.');
    // Not below 2^-1000, since the reciprocals of the smallest numbers are no numbers.
    this.scale = largest > 0 ? 2 ** Math.max(Math.floor(Math.log2(largest)), -1000) : 1;
    const f = 1 / this.scale;
    for (let i = 0; i < n; i++) for (let p = i * n; p <= i * n + i; p++) rows[p] = f * a[p];
    this.beside.fill(0);
  }

  /** The leading i x i block B becomes H B H: with p = tau B v and w = p - (tau / 2)(v.p) v, that is B - v w^T - w v^T. */
  private reflectBothSides(i: number, tau: number): void {
    const { n, rows, v, w } = this;
    w.fill(0, 0, i);
    // Two rows at a time, each entry of the lower triangle read once for both of its places.
    let r = i % 2;
    if (r === 1) w[0] = rows[0] * v[0];
    for (; r < i; r += 2) {
      const upper = r * n;
      const lower = upper + n;
      const f = v[r];
      const g = v[r + 1];
      let s = 0;
      let t = 0;
      for (let c = 0; c < r; c++) {
        const x = rows[upper + c];
        const y = rows[lower + c];
        s += x * v[c];
        t += y * v[c];
        w[c] += f * x + g * y;
      }
      w[r] = s + f * rows[upper + r] + g * rows[lower + r];
      w[r + 1] = t + f * rows[lower + r] + g * rows[lower + r + 1];
    }
    let dot = 0;
    for (let c = 0; c < i; c++) dot += v[c] * w[c];
    const half = (tau * tau * dot) / 2;
    for (let c = 0; c < i; c++) w[c] = tau * w[c] - half * v[c];
    // Both rows of a pair run to the end of the lower one: the entry too many lies above the diagonal and is not read.
    for (let k = i % 2 === 1 ? -1 : 0; k < i; k += 2) {
      const upper = Math.max(k, 0) * n;
      const lower = (k + 1) * n;
      const f = k < 0 ? 0 : v[k];
      const g = k < 0 ? 0 : w[k];
      const h = v[k + 1];
      const u = w[k + 1];
      for (let c = 0; c <= k + 1; c++) {
        const x = w[c];
        const y = v[c];
        rows[upper + c] -= f * x + g * y;
        rows[lower + c] -= h * x + u * y;
      }
    }
  }
}
