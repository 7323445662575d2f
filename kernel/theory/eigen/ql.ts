/**
 * Eigenvalues of a symmetric tridiagonal matrix by the implicit QL method with Wilkinson's shift (Golub and Van Loan,
 * 4th edition, 8.3.3 and 8.3.5, from the other end), and all its eigenvectors where they are wanted: the rotations of
 * a sweep are kept and then run along whole rows, four at a time. Few eigenvectors: inverse-iteration.ts.
 */
import { DataError } from '../../../common/errors.js';

/** Sweeps for one eigenvalue; two are usual. */
const MOST_SWEEPS = 60;

/** Below this, squares lose digits; beside a matrix of size 1 it is zero. */
const TINY = 1e-140;

/** Where the rotations of one sweep are kept, and the vectors [n, n] row-major whose columns they turn. */
export interface Turned {
  vectors: Float64Array;
  cosine: Float64Array;
  sine: Float64Array;
}

/** The largest sum of a diagonal entry and one beside it: T's size, to a factor of two. */
export function sizeOf(d: Float64Array, e: Float64Array): number {
  let size = 0;
  for (let i = 0; i < d.length; i++) size = Math.max(size, Math.abs(d[i]) + Math.abs(e[i]));
  return size;
}

/**
 * d becomes the eigenvalues, in no order; column j of `turned.vectors`, the identity before, the eigenvector of d[j].
 * @param d diagonal [n]
 * @param e [n], entry i between rows i and i + 1; used up
 * @throws DataError when an eigenvalue does not settle, which no finite matrix is known to bring about
 */
export function implicitQl(d: Float64Array, e: Float64Array, turned?: Turned): void {
  const n = d.length;
  const negligible = Number.EPSILON * sizeOf(d, e);
  for (let l = 0; l < n; l++)
    for (let sweeps = 0; ; sweeps++) {
      let m = l;
      while (m < n - 1 && Math.abs(e[m]) > negligible) m++;
      if (m === l) break;
      if (sweeps === MOST_SWEEPS)
        throw new DataError(`An eigenvalue of ${n} did not settle in ${MOST_SWEEPS} sweeps of QL.`);
      const from = sweep(d, e, l, m, turned);
      if (turned) turnColumns(turned, n, from, m);
    }
}

/** One sweep over rows l to m; gives the first row that its rotations reach. */
function sweep(d: Float64Array, e: Float64Array, l: number, m: number, turned?: Turned): number {
  let g = (d[l + 1] - d[l]) / (2 * e[l]);
  const root = Math.sqrt(g * g + 1);
  g = d[m] - d[l] + e[l] / (g >= 0 ? g + root : g - root);
  let s = 1;
  let c = 1;
  let p = 0;
  for (let i = m - 1; i >= l; i--) {
    const f = s * e[i];
    const b = c * e[i];
    const r = Math.sqrt(f * f + g * g);
    if (r < TINY) {
      // The matrix has come apart here: the next sweep starts from its smaller part.
      d[i + 1] -= p;
      e[i + 1] = 0;
      e[m] = 0;
      return i + 1;
    }
    e[i + 1] = r;
    const inverse = 1 / r;
    s = f * inverse;
    c = g * inverse;
    g = d[i + 1] - p;
    const t = (d[i] - g) * s + 2 * c * b;
    p = s * t;
    d[i + 1] = g + p;
    g = c * t - b;
    if (turned) {
      turned.sine[i] = s;
      turned.cosine[i] = c;
    }
  }
  d[l] -= p;
  e[l] = g;
  e[m] = 0;
  return l;
}

/** Rotation i turns columns i and i + 1, from m - 1 down to `from`. Four rows at once hide each one's wait. */
function turnColumns({ vectors: z, cosine, sine }: Turned, n: number, from: number, m: number): void {
  for (let k = 0; k < n; k += 4) {
    // Past the end the last row is named again: its turns are the same, and written twice.
    const p = k * n;
    const q = Math.min(k + 1, n - 1) * n;
    const u = Math.min(k + 2, n - 1) * n;
    const v = Math.min(k + 3, n - 1) * n;
    let a = z[p + m];
    let b = z[q + m];
    let x = z[u + m];
    let y = z[v + m];
    for (let i = m - 1; i >= from; i--) {
      const s = sine[i];
      const c = cosine[i];
      const f = z[p + i];
      const g = z[q + i];
      const h = z[u + i];
      const w = z[v + i];
      z[p + i + 1] = s * f + c * a;
      z[q + i + 1] = s * g + c * b;
      z[u + i + 1] = s * h + c * x;
      z[v + i + 1] = s * w + c * y;
      a = c * f - s * a;
      b = c * g - s * b;
      x = c * h - s * x;
      y = c * w - s * y;
    }
    z[p + from] = a;
    z[q + from] = b;
    z[u + from] = x;
    z[v + from] = y;
  }
}
