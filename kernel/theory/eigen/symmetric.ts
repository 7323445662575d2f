/**
 * Symmetric eigenproblems of one size, one after another in the same work arrays: all eigenvalues, and the first
 * eigenvectors, as many as are asked for. Exact to rounding of the largest eigenvalue, as LAPACK's dsyev is; small
 * eigenvalues of a graded matrix keep no digits of their own. For one matrix alone: symmetricEigen in linalg.ts.
 */
import { InverseIteration } from './inverse-iteration.js';
import { implicitQl, sizeOf } from './ql.js';
import { Tridiagonal } from './tridiagonal.js';

export class SymmetricSolver {
  /** Eigenvalues of the last matrix, falling. */
  readonly values: Float64Array;
  /** The number of eigenvectors found of the last matrix. */
  count = 0;
  private readonly t: Tridiagonal;
  /** Eigenvalues of T, falling. */
  private readonly falling: Float64Array;
  /** Row j: eigenvector j of T. */
  private readonly rows: Float64Array;
  private readonly x: Float64Array;
  private readonly e: Float64Array;
  private readonly few: InverseIteration;

  constructor(readonly n: number) {
    const column = (): Float64Array => new Float64Array(n);
    [this.values, this.falling, this.x, this.e] = [column(), column(), column(), column()];
    this.t = new Tridiagonal(n);
    this.few = new InverseIteration(n);
    this.rows = new Float64Array(n * n);
  }

  /**
   * The eigenvalues of a matrix; `findVectors` may follow.
   * @param a [n, n] row-major; its lower triangle is read
   * @throws DataError when it holds NaN or an infinity
   */
  decompose(a: Float64Array): void {
    const { t, falling, values, e } = this;
    t.reduce(a);
    falling.set(t.diagonal);
    e.set(t.beside);
    implicitQl(falling, e);
    falling.sort().reverse();
    for (let j = 0; j < values.length; j++) values[j] = falling[j] * t.scale;
    this.count = 0;
  }

  /** Eigenvectors of the first `count` eigenvalues. Those of a smaller count are the first of these, to the same bits. */
  findVectors(count: number): void {
    const { t, falling, rows } = this;
    const size = sizeOf(t.diagonal, t.beside);
    if (!this.few.find(t.diagonal, t.beside, falling, size, count, rows)) this.findAll();
    this.count = count;
  }

  /** out[j] = z_j . x for the eigenvectors found. */
  coordinates(x: Float64Array, out: Float64Array): void {
    const { n, rows, x: own } = this;
    own.set(x);
    this.t.enter(own);
    for (let j = 0; j < this.count; j++) {
      let dot = 0;
      for (let i = 0, p = j * n; i < n; i++, p++) dot += rows[p] * own[i];
      out[j] = dot;
    }
  }

  /** out = sum_j c[j] z_j over the eigenvectors found. */
  combine(c: Float64Array, out: Float64Array): void {
    const { n, rows } = this;
    out.fill(0);
    for (let j = 0; j < this.count; j++) {
      const f = c[j];
      for (let i = 0, p = j * n; i < n; i++, p++) out[i] += f * rows[p];
    }
    this.t.leave(out);
  }

  /** Eigenvector j, of those found, into `out`. */
  vector(j: number, out: Float64Array): void {
    out.set(this.rows.subarray(j * this.n, (j + 1) * this.n));
    this.t.leave(out);
  }

  /** All eigenvectors of T by QL, where iteration did not settle: so rare that it may allocate. */
  private findAll(): void {
    const { n, t, rows } = this;
    const vectors = new Float64Array(n * n);
    for (let i = 0; i < n; i++) vectors[i * n + i] = 1;
    const d = t.diagonal.slice();
    implicitQl(d, t.beside.slice(), { vectors, cosine: new Float64Array(n), sine: new Float64Array(n) });
    const order = Array.from(d.keys()).sort((i, j) => d[j] - d[i]);
    order.forEach((from, to) => {
      for (let i = 0; i < n; i++) rows[to * n + i] = vectors[i * n + from];
    });
  }
}
