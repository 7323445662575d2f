/**
 * The float64 distance of two rows, and one query's nearest rows found by it. Whatever finds candidates faster ends
 * here, so that its answers are those of brute force to the bit.
 */
import type { Rows } from '../matrix.js';

type Values = Rows['data'];

/**
 * Squared distance of the rows that begin at `u` and `v`, summed in slices of 8: a row that is already as far as `worst`
 * is dropped early, and the sums of a slice need not wait for one another.
 */
export function squaredDistance(
  left: Values,
  u: number,
  right: Values,
  v: number,
  cols: number,
  worst: number
): number {
  let sum = 0;
  let p = 0;
  for (; p + 8 <= cols && sum < worst; p += 8) {
    const i = u + p;
    const j = v + p;
    const a = left[i] - right[j];
    const b = left[i + 1] - right[j + 1];
    const c = left[i + 2] - right[j + 2];
    const d = left[i + 3] - right[j + 3];
    const e = left[i + 4] - right[j + 4];
    const f = left[i + 5] - right[j + 5];
    const g = left[i + 6] - right[j + 6];
    const h = left[i + 7] - right[j + 7];
    sum += a * a + b * b + (c * c + d * d) + (e * e + f * f + (g * g + h * h));
  }
  for (; p < cols && sum < worst; p++) {
    const e = left[u + p] - right[v + p];
    sum += e * e;
  }
  return sum;
}

/** The k nearest so far of one query after another, nearest first; of equal distances the lower index first. */
export class Nearest {
  readonly squares: Float64Array;
  readonly indices: Int32Array;
  filled = 0;

  constructor(readonly k: number) {
    this.squares = new Float64Array(k);
    this.indices = new Int32Array(k);
  }

  /** The square that a new row must stay below, or equal with a lower index. */
  get worst(): number {
    return this.filled < this.k ? Infinity : this.squares[this.k - 1];
  }

  offer(square: number, index: number): void {
    const { squares, indices, k } = this;
    const full = this.filled === k;
    if (full && !(square < squares[k - 1] || (square === squares[k - 1] && index < indices[k - 1]))) return;
    let at = full ? k - 1 : this.filled++;
    for (; at > 0; at--) {
      const before = squares[at - 1];
      if (before < square || (before === square && indices[at - 1] < index)) break;
      squares[at] = before;
      indices[at] = indices[at - 1];
    }
    squares[at] = square;
    indices[at] = index;
  }

  /** Brute force: row i of `queries` against all of `reference` but row `skip` (-1: none). */
  scan(queries: Rows, i: number, reference: Rows, skip: number): void {
    const { cols } = queries;
    this.filled = 0;
    for (let j = 0; j < reference.rows; j++) {
      if (j === skip) continue;
      const worst = this.worst;
      const square = squaredDistance(queries.data, i * cols, reference.data, j * cols, cols, worst);
      // Later rows of the same distance have the higher index.
      if (square < worst) this.offer(square, j);
    }
  }

  /** Writes the indices and the distances of query i of an answer. */
  write(into: { indices: Int32Array; distances: Float64Array }, i: number): void {
    for (let r = 0, to = i * this.k; r < this.k; r++, to++) {
      into.indices[to] = this.indices[r];
      into.distances[to] = Math.sqrt(this.squares[r]);
    }
  }
}
