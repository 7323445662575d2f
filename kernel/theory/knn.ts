/**
 * Exact nearest neighbours, with exclusion by index (errata.md E, code item 2: never by a distance near 0). Ties go to
 * the lower index, so the answer does not depend on the order of the work. Brute force in float64 is the definition;
 * what is faster finds candidates by products of blocks and proves that none is missing (neighbors/).
 */
import type { Rows } from './matrix.js';
import { candidatesHere } from './neighbors/candidates.js';
import { checkSearch, excludedBy, type Exclusion, type Neighbors } from './neighbors/query.js';
import { refine } from './neighbors/refine.js';
import { Nearest } from './neighbors/row-scan.js';

/** Products of numbers from which blocks are worth what it takes to make them ready. */
const WORTH_BLOCKS = 2e7;

/**
 * On the caller's thread; for more rows, on all cores, the engine has exactNeighbors. The same bits either way.
 * @throws DataError when rows differ in their columns, or fewer than k rows are left to choose from
 */
export function nearestNeighbors(queries: Rows, reference: Rows, k: number, exclude?: Exclusion): Neighbors {
  checkSearch(queries, reference, k, exclude);
  if (queries.rows * reference.rows * queries.cols < WORTH_BLOCKS)
    return bruteForceNeighbors(queries, reference, k, exclude);
  const found = candidatesHere(queries, reference, k, exclude);
  const { indices, distances } = refine({ queries, reference, k, exclude, ...found }, 0, queries.rows);
  return { k, indices, distances };
}

/** The definition. NaN is nobody's neighbour. @throws DataError as nearestNeighbors */
export function bruteForceNeighbors(
  queries: Rows,
  reference: Rows,
  k: number,
  exclude?: Exclusion
): Neighbors {
  checkSearch(queries, reference, k, exclude);
  const out = { indices: new Int32Array(queries.rows * k), distances: new Float64Array(queries.rows * k) };
  const nearest = new Nearest(k);
  for (let i = 0; i < queries.rows; i++) {
    nearest.scan(queries, i, reference, excludedBy(exclude, i));
    nearest.write(out, i);
  }
  return { k, ...out };
}
