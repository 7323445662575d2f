/**
 * UMAP (McInnes, Healy and Melville 2018) from neighbours that somebody has found: a picture of the rows that are their
 * own neighbours, and places in it for rows that came later. For pictures only.
 */
import { DataError } from '../../../common/errors.js';
import { Random } from '../../../common/random.js';
import type { Neighbors } from '../neighbors/query.js';
import type { Rows } from '../matrix.js';
import { fitCurve } from './curve.js';
import { fuzzyUnion, memberships, type Edges } from './graph.js';
import { optimizeLayout, type PictureDimensions } from './layout.js';

export interface UmapOptions {
  dimensions: PictureDimensions;
  /** How near to one another points may lie in the picture. */
  minDist: number;
  /** Passes over the edges; 500, and 200 beyond 10,000 rows, when left out. */
  epochs?: number;
  seed: number;
}

/** Rows from which fewer epochs do, as umap-learn has it. */
const LARGE = 10_000;
/** A start is scaled to reach from -10 to 10, and shaken by so much, which parts rows that are equal. */
const REACH = 10;
const SHAKE = 1e-4;
/** Rows that are placed among others start so near to their place that they move a quarter as far. */
const PLACING_RATE = 0.25;

/**
 * @param neighbors of each row among the others, itself left out: one fewer than UMAP's count of neighbours
 * @param coordinates [n, dimensions or more] to start from, e.g. principal components: the first are taken
 * @param each called now and then with the share that is done; what it throws ends the work
 * @returns row-major [n, dimensions]
 */
export function fitUmap(
  neighbors: Neighbors,
  coordinates: Rows,
  options: UmapOptions,
  each?: (fraction: number) => void
): Float32Array {
  const { dimensions, seed, epochs = coordinates.rows <= LARGE ? 500 : 200 } = options;
  const edges = fuzzyUnion(neighbors, memberships(neighbors, neighbors.k + 1, true));
  const start = startFrom(coordinates, dimensions, new Random(seed, 6));
  const curve = fitCurve(options.minDist);
  return optimizeLayout(start, edges, { dimensions, curve, epochs, rate: 1, seed }, each);
}

/**
 * Places for rows that the picture was not fitted on; those that it was fitted on stay.
 * @param neighbors of each new row among the rows that the picture was fitted on
 * @param picture row-major [m, dimensions], as `fitUmap` gave it
 * @returns row-major [n, dimensions]
 */
export function placeUmap(
  neighbors: Neighbors,
  picture: Float32Array,
  options: UmapOptions,
  each?: (fraction: number) => void
): Float32Array {
  const { dimensions, seed } = options;
  const { k, indices } = neighbors;
  const n = indices.length / k;
  const weights = memberships(neighbors, k, false);
  const start = new Float32Array(n * dimensions);
  for (let i = 0; i < n; i++) {
    let total = 0;
    for (let p = i * k; p < (i + 1) * k; p++) total += weights[p];
    for (let j = 0; j < dimensions; j++) {
      let sum = 0;
      for (let p = i * k; p < (i + 1) * k; p++) sum += weights[p] * picture[indices[p] * dimensions + j];
      start[i * dimensions + j] = sum / total;
    }
  }
  const edges: Edges = {
    heads: Int32Array.from(indices, (_, p) => Math.floor(p / k)),
    tails: indices,
    weights
  };
  const large = picture.length / dimensions > LARGE;
  const epochs = options.epochs === undefined ? (large ? 30 : 100) : Math.ceil(options.epochs / 3);
  const curve = fitCurve(options.minDist);
  return optimizeLayout(
    start,
    edges,
    { dimensions, curve, epochs, rate: PLACING_RATE, seed, fixed: picture },
    each
  );
}

/** The first columns on one scale, shaken. Rows on one line have no second direction: what is missing is 0. */
function startFrom(coordinates: Rows, dimensions: PictureDimensions, random: Random): Float32Array {
  const { rows, cols, data } = coordinates;
  let most = 0;
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < Math.min(cols, dimensions); j++) most = Math.max(most, Math.abs(data[i * cols + j]));
  if (!(most > 0 && Number.isFinite(most)))
    throw new DataError('UMAP: all rows start from one place. Check the embedding: are its rows equal?');
  const out = new Float32Array(rows * dimensions);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < dimensions; j++) {
      const value = j < cols ? (REACH * data[i * cols + j]) / most : 0;
      out[i * dimensions + j] = value + SHAKE * random.normal();
    }
  return out;
}
