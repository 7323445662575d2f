/**
 * Where near rows stand near, most neighbours of a block of rows are in a few blocks: an order of rows, and the pairs of
 * blocks that are worth comparing. What is found from these alone is approximate: some neighbours are missed.
 */
import { DataError } from '../../../common/errors.js';
import type { Rows } from '../matrix.js';
import { BLOCK } from './blocks.js';

/**
 * An order of the rows by halving: across the column in which rows differ most, again and again until a part is a block.
 * Columns should be uncorrelated, e.g. principal components. Equal values go by row number.
 * @param chosen the rows to order, rising; all when left out
 */
export function localOrder({ rows, cols, data }: Rows, chosen?: Int32Array): Int32Array {
  const order = chosen?.slice() ?? Int32Array.from({ length: rows }, (_, i) => i);
  const key = new Float64Array(rows);
  const halve = (part: Int32Array): void => {
    if (part.length <= BLOCK) return;
    const column = widestColumn(part);
    for (const row of part) key[row] = data[row * cols + column];
    part.sort((a, b) => key[a] - key[b] || a - b);
    // Whole blocks on the left, so that blocks are parts.
    const middle = Math.floor(Math.ceil(part.length / BLOCK) / 2) * BLOCK;
    halve(part.subarray(0, middle));
    halve(part.subarray(middle));
  };
  const widestColumn = (part: Int32Array): number => {
    const sums = new Float64Array(cols);
    const squares = new Float64Array(cols);
    for (const row of part)
      for (let j = 0, p = row * cols; j < cols; j++, p++) {
        sums[j] += data[p];
        squares[j] += data[p] * data[p];
      }
    const spread = squares.map((square, j) => square / part.length - (sums[j] / part.length) ** 2);
    return spread.indexOf(Math.max(...spread));
  };
  halve(order);
  return order;
}

/**
 * Pairs [a, b], b >= a, of the first rows of blocks: each block with itself and with the `nearest` blocks whose means are
 * nearest to its own. A block's pairs stand together.
 * @param x in an order in which near rows stand near
 */
export function nearBlockPairs({ rows, cols, data }: Rows, nearest: number): [number, number][] {
  if (!(nearest >= 1)) throw new DataError(`Neighbours: a block needs another to look in, got ${nearest}.`);
  const blocks = Math.ceil(rows / BLOCK);
  const means = Array.from({ length: blocks }, (_, block) => {
    const [from, to] = [block * BLOCK, Math.min(rows, (block + 1) * BLOCK)];
    const mean = new Float64Array(cols);
    for (let i = from, p = from * cols; i < to; i++)
      for (let j = 0; j < cols; j++, p++) mean[j] += data[p] / (to - from);
    return mean;
  });
  const wanted = means.map(() => new Uint8Array(blocks));
  means.forEach((own, a) => {
    const distance = means.map(mean => mean.reduce((sum, value, j) => sum + (value - own[j]) ** 2, 0));
    const near = [...distance.keys()].sort((b, c) => distance[b] - distance[c] || b - c);
    for (const b of near.filter(b => b !== a).slice(0, nearest)) wanted[Math.min(a, b)][Math.max(a, b)] = 1;
    wanted[a][a] = 1;
  });
  return wanted.flatMap((row, a) =>
    [...row.keys()].filter(b => row[b]).map((b): [number, number] => [a * BLOCK, b * BLOCK])
  );
}
