/**
 * The eigenvectors of the first few eigenvalues of a symmetric tridiagonal matrix by inverse iteration (Golub and Van
 * Loan, 4th edition, 8.2.2), kept apart where eigenvalues are close: there, any of their combinations would pass. What
 * is found is checked; where the check fails the caller falls back on QL, which has no such case.
 */

/** Eigenvalues nearer than this share of T's size: inverse iteration alone leaves their vectors less than orthogonal. */
const CLOSE = 1e-3;
const MOST_STEPS = 8;

export class InverseIteration {
  private readonly pivot: Float64Array;
  private readonly next: Float64Array;
  private readonly third: Float64Array;
  private readonly factor: Float64Array;
  private readonly swapped: Uint8Array;
  private readonly start: Float64Array;

  constructor(private readonly n: number) {
    const column = (): Float64Array => new Float64Array(n);
    [this.pivot, this.next, this.third, this.factor] = [column(), column(), column(), column()];
    this.swapped = new Uint8Array(n);
    // Any vector that leans on every eigenvector; fixed, so that the same matrix gives the same bits.
    this.start = Float64Array.from({ length: 2 * n }, (_, i) => 1 - 2 * (((i + 1) * 0.6180339887498949) % 1));
  }

  /**
   * Rows 0 to count - 1 of `out` [., n] become unit eigenvectors.
   * @param values eigenvalues of T, falling
   * @param size of T, as sizeOf in ql.ts has it
   * @returns false where a vector did not settle
   */
  find(
    d: Float64Array,
    e: Float64Array,
    values: Float64Array,
    size: number,
    count: number,
    out: Float64Array
  ): boolean {
    const { n } = this;
    if (!(size > 0)) return count === 0;
    const enough = 4 * (n + 8) * Number.EPSILON * size;
    for (let j = 0, first = 0; j < count; j++) {
      while (values[first] - values[j] > CLOSE * size) first++;
      this.factorize(d, e, values[j], Number.EPSILON * size);
      const x = out.subarray(j * n, (j + 1) * n);
      x.set(this.start.subarray(j, j + n));
      // One step more than is enough costs little and takes what is left of the neighbours out.
      let good = 0;
      for (let step = 0; step < MOST_STEPS && good < 2; step++) {
        this.solve(x);
        if (!keepApart(x, out, first, j)) return false;
        good = residual(d, e, values[j], x) <= enough ? good + 1 : 0;
      }
      if (good === 0) return false;
    }
    return true;
  }

  /** T - shift = P L U with rows swapped for the larger pivot; a pivot of zero becomes `least`. */
  private factorize(d: Float64Array, e: Float64Array, shift: number, least: number): void {
    const { n, pivot, next, third, factor, swapped } = this;
    let a = d[0] - shift;
    let b = e[0];
    for (let i = 0; i < n - 1; i++) {
      const below = e[i];
      const diagonal = d[i + 1] - shift;
      if (Math.abs(below) > Math.abs(a)) {
        swapped[i] = 1;
        factor[i] = a / below;
        pivot[i] = 1 / below;
        next[i] = diagonal;
        third[i] = e[i + 1];
        a = b - factor[i] * diagonal;
        b = -factor[i] * e[i + 1];
      } else {
        if (Math.abs(a) < least) a = least;
        swapped[i] = 0;
        factor[i] = below / a;
        pivot[i] = 1 / a;
        next[i] = b;
        third[i] = 0;
        a = diagonal - factor[i] * b;
        b = e[i + 1];
      }
    }
    pivot[n - 1] = 1 / (Math.abs(a) < least ? least : a);
  }

  private solve(x: Float64Array): void {
    const { n, pivot, next, third, factor, swapped } = this;
    for (let i = 0; i < n - 1; i++) {
      const upper = x[i];
      if (swapped[i] === 1) {
        x[i] = x[i + 1];
        x[i + 1] = upper - factor[i] * x[i];
      } else x[i + 1] -= factor[i] * upper;
    }
    x[n - 1] *= pivot[n - 1];
    if (n > 1) x[n - 2] = (x[n - 2] - next[n - 2] * x[n - 1]) * pivot[n - 2];
    for (let i = n - 3; i >= 0; i--) x[i] = (x[i] - next[i] * x[i + 1] - third[i] * x[i + 2]) * pivot[i];
  }
}

/** Unit length, and orthogonal to rows first to last - 1 of `rows`; false where nothing is left of x. */
function keepApart(x: Float64Array, rows: Float64Array, first: number, last: number): boolean {
  const n = x.length;
  if (normalize(x) === 0) return false;
  if (first === last) return true;
  for (let pass = 0; pass < 3; pass++) {
    for (let k = first; k < last; k++) {
      let dot = 0;
      for (let i = 0, p = k * n; i < n; i++, p++) dot += rows[p] * x[i];
      for (let i = 0, p = k * n; i < n; i++, p++) x[i] -= dot * rows[p];
    }
    // Where most of x went, what is left is much rounding: once more.
    if (normalize(x) > 0.5) return true;
  }
  return false;
}

/** Divides by the length that it gives; leaves alone what has none. */
function normalize(x: Float64Array): number {
  let largest = 0;
  for (let i = 0; i < x.length; i++) largest = Math.max(largest, Math.abs(x[i]));
  if (!(largest > 0 && largest < Infinity)) return 0;
  let sum = 0;
  for (let i = 0; i < x.length; i++) {
    x[i] /= largest;
    sum += x[i] * x[i];
  }
  const length = Math.sqrt(sum);
  const f = 1 / length;
  for (let i = 0; i < x.length; i++) x[i] *= f;
  return largest * length;
}

/** Largest entry of T x - value x. */
function residual(d: Float64Array, e: Float64Array, value: number, x: Float64Array): number {
  let worst = 0;
  for (let i = 0; i < x.length; i++) {
    let sum = (d[i] - value) * x[i];
    if (i > 0) sum += e[i - 1] * x[i - 1];
    if (i < x.length - 1) sum += e[i] * x[i + 1];
    worst = Math.max(worst, Math.abs(sum));
  }
  return worst;
}
