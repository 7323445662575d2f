/**
 * One neighbourhood after another in the same work arrays: its centre, the spectrum of its scatter, and where a query
 * falls on its tangent plane. Nothing is allocated a row: these loops are most of what a denoising takes. Which rows are
 * neighbours, and what is made of the answers, is local-pca.ts.
 */
import { SymmetricSolver } from './eigen/symmetric.js';
import type { Matrix, Rows } from './matrix.js';

/** Neighbourhoods of k reference rows each. */
export class Neighborhood {
  private readonly centre: Float64Array;
  /** Neighbours less their centre: [k, q], or [q, k] where the covariance is decomposed. */
  private readonly y: Float64Array;
  private readonly scatter: Float64Array;
  private readonly solver: SymmetricSolver;
  private readonly gram: boolean;
  private readonly t: Float64Array;
  private readonly foot: Float64Array;
  private readonly inner: Float64Array;
  private readonly coordinates: Float64Array;

  constructor(
    private readonly reference: Rows,
    private readonly k: number
  ) {
    const q = reference.cols;
    const n = Math.min(k, q);
    this.gram = k < q;
    this.y = new Float64Array(k * q);
    this.scatter = new Float64Array(n * n);
    this.solver = new SymmetricSolver(n);
    [this.centre, this.t, this.foot] = [new Float64Array(q), new Float64Array(q), new Float64Array(q)];
    [this.inner, this.coordinates] = [new Float64Array(n), new Float64Array(n)];
  }

  /** Neighbourhood i of `indices`. */
  decompose(indices: Int32Array, i: number): void {
    const { k, y, centre, gram } = this;
    const { cols: q, data } = this.reference;
    centre.fill(0);
    for (let r = i * k; r < (i + 1) * k; r++)
      for (let p = 0, from = indices[r] * q; p < q; p++) centre[p] += data[from + p];
    for (let p = 0; p < q; p++) centre[p] /= k;
    for (let r = 0; r < k; r++)
      for (let p = 0, from = indices[i * k + r] * q; p < q; p++)
        y[gram ? r * q + p : p * k + r] = data[from + p] - centre[p];
    rowProducts(y, this.solver.n, this.scatter);
    this.solver.decompose(this.scatter);
  }

  /** m tangent directions, or the fewer that neighbours span: where they repeat one another the rest is rounding. */
  findTangents(m: number): void {
    const { values } = this.solver;
    let count = 0;
    while (count < m && values[count] > 1e-12 * values[0]) count++;
    this.solver.findVectors(count);
  }

  spectrum(into: Matrix, i: number): void {
    const { values } = this.solver;
    for (let j = 0; j < values.length; j++)
      into.data[i * into.cols + j] = Math.max(values[j], 0) / (this.k - 1);
  }

  /** The foot of query i into row i of `feet`; gives the distance to it. */
  project(queries: Rows, i: number, feet: Matrix): number {
    const { centre, t, foot } = this;
    const q = queries.cols;
    for (let p = 0; p < q; p++) t[p] = queries.data[i * q + p] - centre[p];
    if (this.gram) this.projectByGram();
    else this.projectByCovariance();
    let sum = 0;
    for (let p = 0; p < q; p++) {
      feet.data[i * q + p] = centre[p] + foot[p];
      sum += (t[p] - foot[p]) ** 2;
    }
    return Math.sqrt(sum);
  }

  /** foot = sum_j u_j (u_j . t), the u_j being eigenvectors. */
  private projectByCovariance(): void {
    const { solver, coordinates } = this;
    solver.coordinates(this.t, coordinates);
    solver.combine(coordinates, this.foot);
  }

  /** The same with u_j = Y^T v_j / sqrt(lambda_j): foot = Y^T sum_j v_j (v_j . Y t) / lambda_j. */
  private projectByGram(): void {
    const { solver, coordinates, inner, y, t, foot, k } = this;
    const q = t.length;
    for (let r = 0; r < k; r++) {
      let dot = 0;
      for (let p = 0, from = r * q; p < q; p++) dot += y[from + p] * t[p];
      inner[r] = dot;
    }
    solver.coordinates(inner, coordinates);
    for (let j = 0; j < solver.count; j++) coordinates[j] /= solver.values[j];
    solver.combine(coordinates, inner);
    foot.fill(0);
    for (let r = 0; r < k; r++) for (let p = 0, from = r * q; p < q; p++) foot[p] += inner[r] * y[from + p];
  }
}

/** Lower triangle of y y^T [n, n] for y [n, .]; two rows by two, so that each entry that is read serves twice. */
function rowProducts(y: Float64Array, n: number, out: Float64Array): void {
  const length = y.length / n;
  for (let a = 0; a < n; a += 2)
    for (let b = 0; b <= a; b += 2) {
      const r = a * length;
      // At the end of an odd number the last row stands in for the one after it.
      const s = Math.min(a + 1, n - 1) * length;
      const u = b * length;
      const v = Math.min(b + 1, n - 1) * length;
      let ru = 0;
      let rv = 0;
      let su = 0;
      let sv = 0;
      for (let p = 0; p < length; p++) {
        const f = y[r + p];
        const g = y[s + p];
        const h = y[u + p];
        const w = y[v + p];
        ru += f * h;
        rv += f * w;
        su += g * h;
        sv += g * w;
      }
      out[a * n + b] = ru;
      if (b + 1 < n) out[a * n + b + 1] = rv;
      if (a + 1 < n) out[(a + 1) * n + b] = su;
      if (a + 1 < n && b + 1 < n) out[(a + 1) * n + b + 1] = sv;
    }
}
