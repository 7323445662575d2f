/**
 * Rows made ready for products: squared distances of two blocks are one product of theirs. A row y is held as
 * (s(y - c), 1, |s(y - c)|^2) in float32, and a query x as (-2s(x - c), |s(x - c)|^2, 1); c is about the middle of the
 * rows and s a power of two, so that float32 loses little and never overflows. How much it can lose is here too.
 */
import { median } from '../linalg.js';
import type { Rows } from '../matrix.js';

/** Rows of a block of queries and of a block of references: large enough for a product, small enough for a cache. */
export const BLOCK = 1024;

/** References come in multiples of this many. Rows that fill up are farther than any. */
const STEP = 8;
const FAR = 1e30;

/** Rows that the centre is the median of. */
const SAMPLE = 255;

/** What is taken from rows and what they are multiplied by: the same for queries and references. */
export interface BlockFrame {
  centre: Float64Array;
  /** A power of two. */
  scale: number;
}

export interface BlockRows {
  /** Without those that fill up. */
  rows: number;
  /** cols + 2. */
  width: number;
  /** [rows filled up to a multiple of 8, width] */
  data: Float32Array;
}

/** A frame in which no row is longer than 1. Medians, so that one far row takes no digits from all others. */
export function frameOf(rows: Rows): BlockFrame {
  const { cols, data } = rows;
  const step = Math.max(1, Math.floor(rows.rows / SAMPLE));
  const count = Math.min(rows.rows, SAMPLE);
  const centre = Float64Array.from({ length: cols }, (_, j) =>
    median(Float64Array.from({ length: count }, (_, i) => data[i * step * cols + j]))
  );
  let longest = 0;
  for (let i = 0, p = 0; i < rows.rows; i++) {
    let square = 0;
    for (let j = 0; j < cols; j++, p++) square += (data[p] - centre[j]) * (data[p] - centre[j]);
    if (square > longest) longest = square;
  }
  return { centre, scale: longest > 0 ? 2 ** -Math.ceil(Math.log2(longest) / 2) : 1 };
}

/** @param shared whether threads are to share what is made */
export function blockRows(rows: Rows, { centre, scale }: BlockFrame, shared = false): BlockRows {
  const { cols } = rows;
  const width = cols + 2;
  const filled = Math.ceil(rows.rows / STEP) * STEP;
  const bytes = filled * width * 4;
  const data = new Float32Array(shared ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes));
  for (let i = 0, p = 0; i < rows.rows; i++) {
    const to = i * width;
    for (let j = 0; j < cols; j++, p++) data[to + j] = scale * (rows.data[p] - centre[j]);
    let square = 0;
    for (let j = 0; j < cols; j++) square += data[to + j] * data[to + j];
    data[to + cols] = 1;
    data[to + cols + 1] = square;
  }
  for (let i = rows.rows; i < filled; i++) {
    data[i * width + cols] = 1;
    data[i * width + cols + 1] = FAR;
  }
  return { rows: rows.rows, width, data };
}

/** Rows from ... to - 1 as references, fill-ups at the end included; copied into `into`. */
export function takeReferences({ width, data }: BlockRows, from: number, into: Float32Array): Float32Array {
  const block = data.subarray(from * width, Math.min(data.length, (from + BLOCK) * width));
  into.set(block);
  return into.subarray(0, block.length);
}

/** Rows from ... to - 1 as queries, in `into`. */
export function takeQueries(
  { rows, width, data }: BlockRows,
  from: number,
  into: Float32Array
): Float32Array {
  const to = Math.min(rows, from + BLOCK);
  for (let i = from, p = 0, q = from * width; i < to; i++) {
    for (let j = 0; j < width - 2; j++) into[p++] = -2 * data[q++];
    into[p++] = data[q + 1];
    into[p++] = data[q];
    q += 2;
  }
  return into.subarray(0, (to - from) * width);
}

/**
 * The most by which a squared distance in the frame can be off for a query whose square is `square`, against any row that
 * could be nearer than sqrt(`within`). Rounding of the rows and of a sum of width products, in whatever order (Higham
 * 2002, 3.1), for float32's unit 2^-24; rows longer than |x| + sqrt(within) are farther than that by themselves.
 */
export function errorBound(width: number, square: number, within: number): number {
  const longest = Math.min(1, Math.sqrt(square) + Math.sqrt(Math.max(0, within)));
  return 2 * (width + 16) * 2 ** -24 * (square + 1.001 * longest * longest);
}
