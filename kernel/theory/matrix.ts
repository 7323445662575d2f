/**
 * The one matrix convention of this layer: row-major float64 with its sizes beside it. Small helpers only; products
 * and decompositions that need care are in linalg.ts.
 */
import { DataError } from '../../common/errors.js';

/** Row-major: entry (i, j) is `data[i * cols + j]`. Treated as immutable once built. */
export interface Matrix {
  rows: number;
  cols: number;
  data: Float64Array;
}

/** Rows that are only read, in float32 where they are too many to be held in float64. Every Matrix is one. */
export interface Rows {
  rows: number;
  cols: number;
  data: Float32Array | Float64Array;
}

/** As embeddings come, and as threads share them. */
export type Float32Rows = Rows & { data: Float32Array };

/** A matrix over `data` (not copied), or of zeros. @throws DataError when the sizes do not fit. */
export function matrix(rows: number, cols: number, data?: Float64Array): Matrix {
  if (data && data.length !== rows * cols)
    throw new DataError(
      `A ${rows} x ${cols} matrix needs ${rows * cols} numbers, but there are ${data.length}.`
    );
  return { rows, cols, data: data ?? new Float64Array(rows * cols) };
}

/** A matrix from rows of equal length. `cols` is needed only when there is no row. */
export function fromRows(rows: ArrayLike<ArrayLike<number>>, cols: number = rows[0]?.length ?? 0): Matrix {
  const out = matrix(rows.length, cols);
  for (let i = 0; i < rows.length; i++) {
    if (rows[i].length !== cols)
      throw new DataError(`Row ${i} has ${rows[i].length} entries where ${cols} were expected.`);
    out.data.set(rows[i], i * cols);
  }
  return out;
}

/** Float32 or plain numbers, row-major, as a float64 matrix. */
export function fromFlat(data: ArrayLike<number>, cols: number): Matrix {
  if (cols < 1 || data.length % cols !== 0)
    throw new DataError(`${data.length} numbers cannot be rows of ${cols} columns.`);
  return matrix(data.length / cols, cols, Float64Array.from(data));
}

/** Row i as a view (no copy). */
export function rowOf(x: Matrix, i: number): Float64Array {
  return x.data.subarray(i * x.cols, (i + 1) * x.cols);
}

/** The rows with these indices, in this order (copied), in the precision that they had. */
export function selectRows<T extends Rows>({ cols, data }: T, index: ArrayLike<number>): T;
export function selectRows({ cols, data }: Rows, index: ArrayLike<number>): Rows {
  const out =
    data instanceof Float32Array
      ? new Float32Array(index.length * cols)
      : new Float64Array(index.length * cols);
  for (let i = 0; i < index.length; i++)
    out.set(data.subarray(index[i] * cols, (index[i] + 1) * cols), i * cols);
  return { rows: index.length, cols, data: out };
}

/** Rows from ... to - 1 (no copy). */
export function rowsBetween<T extends Rows>(x: T, from: number, to: number): T;
export function rowsBetween({ cols, data }: Rows, from: number, to: number): Rows {
  return { rows: to - from, cols, data: data.subarray(from * cols, to * cols) };
}

/** The entries with these indices, in this order (copied). */
export function select(values: ArrayLike<number>, index: ArrayLike<number>): Float64Array {
  return Float64Array.from({ length: index.length }, (_, i) => values[index[i]]);
}

/** `a` above `b`. @throws DataError when their columns differ. */
export function stackRows(a: Matrix, b: Matrix): Matrix {
  if (a.cols !== b.cols)
    throw new DataError(
      `Rows of ${a.cols} and of ${b.cols} columns cannot be stacked: use one embedding for both.`
    );
  const out = matrix(a.rows + b.rows, a.cols);
  out.data.set(a.data);
  out.data.set(b.data, a.data.length);
  return out;
}

/** @throws DataError naming the first rows that hold NaN or an infinity. */
export function requireFinite({ rows, cols, data }: Rows, what: string): void {
  // NaN from NaN and from an infinity: one quick look at all, and a slow one to name the rows.
  let quick = 0;
  for (let p = 0; p < data.length; p++) quick += 0 * data[p];
  if (quick === 0) return;
  const bad: number[] = [];
  for (let i = 0; i < rows && bad.length < 5; i++)
    if (!data.subarray(i * cols, (i + 1) * cols).every(Number.isFinite)) bad.push(i);
  if (bad.length)
    throw new DataError(
      `${what}: NaN or an infinity in row ${bad.join(', ')}${bad.length === 5 ? ', ...' : ''}. ` +
        'Remove these rows or embed them again.'
    );
}

/** @throws DataError naming the first entry that is NaN or an infinity. */
export function requireFiniteValues(values: ArrayLike<number>, what: string): void {
  for (let i = 0; i < values.length; i++)
    if (!Number.isFinite(values[i])) throw new DataError(`${what}: entry ${i} is ${values[i]}.`);
}
