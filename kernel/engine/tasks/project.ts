/**
 * Coordinates for a picture by choice: principal components, or UMAP, fitted on a sample where there are many rows and
 * the others put among them. Nothing is ever decided from them.
 */
import type { Dense } from '../../../common/dense.js';
import { DataError } from '../../../common/errors.js';
import {
  centreRows,
  fitPca,
  fitPcaInBlocks,
  fitUmap,
  localOrder,
  nearBlockPairs,
  placeUmap,
  Random,
  rowsBetween,
  selectRows,
  suitsPcaInBlocks,
  trustworthiness,
  type Float32Rows,
  type Pca,
  type PictureDimensions
} from '../../theory/index.js';
import { exactNeighbors } from '../neighbors.js';
import { Pool } from '../pool.js';
import { defineTask, type Job } from '../task.js';
import { principalPicture, type PictureCoordinates, type PictureTrust } from './picture.js';

export interface ProjectInput {
  /** Row-major [n, dimension], finite. */
  vectors: Float32Array;
  dimension: number;
  method: 'pca' | 'umap';
  dimensions: PictureDimensions;
  /** Neighbours as UMAP counts them: a row is the first of its own. */
  neighbors: number;
  minDist: number;
  /** Passes over the graph; by the number of rows when left out. */
  epochs?: number;
  metric: 'euclidean' | 'cosine';
  /** Most principal components that neighbours are searched in; by the number of rows when left out. */
  rank?: number;
  /** Most rows that the picture is fitted on. */
  sample: number;
  seed: number;
  /** Threads that neighbours are searched on; one a core when left out. The picture is the same for any number. */
  threads?: number;
}

/**
 * Up to so many rows neighbours are searched among all rows and in all dimensions; beyond in so many principal components,
 * and in so many blocks of rows near each block of them.
 */
const FULL_ROWS = 10_000;
const LARGE_RANK = 64;
const NEAR_BLOCKS = 12;

/** Rows that principal components are found from, for the search of neighbours alone. */
const BASIS_ROWS = 4096;
/** Rows in one product. */
const BLOCK = 2048;
/** Rows that trustworthiness is measured on: all pairs of them are compared. */
const TRUST_ROWS = 2000;

export const project = defineTask({
  name: 'project',
  async run(input: ProjectInput, job: Job): Promise<PictureCoordinates> {
    const { dimension, dimensions, metric, neighbors } = input;
    const n = input.vectors.length / dimension;
    if (n <= neighbors)
      throw new DataError(
        `project: ${n} rows are too few for ${neighbors} neighbors. Use at most ${n - 1}, or load more tables.`
      );
    if (input.method === 'umap' && n > input.sample && input.sample <= neighbors)
      throw new DataError(
        `project: a sample of ${input.sample} rows is too small for ${neighbors} neighbors. Raise sample above ${neighbors}, or use fewer neighbors.`
      );
    const vectors = metric === 'cosine' ? unitRows(input.vectors, dimension) : input.vectors;
    job.progress(0, 'principal components');
    const picture =
      input.method === 'pca'
        ? principalPicture({ rows: n, cols: dimension, data: vectors }, dimensions)
        : await umapPicture(vectors, input, job);
    job.progress(0.95, 'trustworthiness of the picture');
    const trust = trustOf(vectors, picture, input);
    return { ...picture, ...(trust ? { trust } : {}) };
  }
});

const isLarge = (rows: number): boolean => rows > FULL_ROWS;

/** Where rows are many they go in an order in which near rows stand near. */
function orderOf(rows: Float32Rows, chosen: Int32Array): Int32Array {
  return isLarge(chosen.length) ? localOrder(rows, chosen) : chosen;
}

/** The picture alone, without what can be said of it. @param vectors as the metric wants them */
export async function umapPicture(
  vectors: Float32Array,
  input: ProjectInput,
  job: Job
): Promise<PictureCoordinates> {
  const { dimensions, minDist, epochs, neighbors, seed, sample } = input;
  const step = (from: number, to: number, words: string) => (fraction: number) => {
    job.throwIfCancelled();
    if (job.due()) job.progress(from + (to - from) * fraction, words);
  };
  const pool = new Pool(job, input.threads);
  try {
    const { rows, start } = await prepare(vectors, input, pool.dense, job);
    const n = rows.rows;
    const fitted = n > sample ? sampleRows(n, sample, seed, 4) : undefined;
    const members = orderOf(rows, fitted ?? evenRows(n));
    const basis = selectRows(rows, members);
    const [searched, laid] = fitted ? [0.4, 0.7] : [0.5, 0.95];
    job.progress(0.1, 'neighbours');
    const near = await exactNeighbors(pool, {
      ...{ queries: basis, k: neighbors - 1 },
      pairs: isLarge(basis.rows) ? nearBlockPairs(basis, NEAR_BLOCKS) : undefined,
      progress: step(0.1, searched, 'neighbours')
    });
    const options = { dimensions, minDist, epochs, seed };
    job.progress(searched, 'layout');
    const map = fitUmap(near, selectRows(start, members), options, step(searched, laid, 'layout'));
    const values = new Float32Array(n * dimensions);
    putRows(values, members, map, dimensions);
    if (!fitted) return { method: 'umap', dimensions, values };

    const others = without(n, fitted);
    const queries = selectRows(rows, others);
    const words = 'the other rows';
    const among = await exactNeighbors(pool, {
      ...{ queries, reference: basis, k: neighbors },
      progress: step(laid, 0.85, words)
    });
    putRows(values, others, placeUmap(among, map, options, step(0.85, 0.95, words)), dimensions);
    return { method: 'umap', dimensions, values, fitted: fitted.length };
  } finally {
    await pool.close();
  }
}

/**
 * `rows`: what neighbours are searched among, all dimensions or the first principal components. `start`: the first
 * principal components, where the layout begins.
 */
async function prepare(
  vectors: Float32Array,
  input: ProjectInput,
  dense: Dense,
  job: Job
): Promise<{ rows: Float32Rows; start: Float32Rows }> {
  const { dimension, dimensions, sample, seed } = input;
  const all = { rows: vectors.length / dimension, cols: dimension, data: vectors };
  const most = input.rank ?? (isLarge(Math.min(all.rows, sample)) ? LARGE_RANK : dimension);
  const rank = Math.max(dimensions, most < dimension ? most : 0);
  const some = all.rows > BASIS_ROWS ? sampleRows(all.rows, BASIS_ROWS, seed, 5) : evenRows(all.rows);
  const basis = selectRows(all, some);
  const options = { rank: Math.min(rank, dimension) };
  const pca = suitsPcaInBlocks(basis)
    ? await fitPcaInBlocks(basis, dense, options, () => job.throwIfCancelled())
    : fitPca(basis, options);
  const start = await coordinatesIn(pca, all, dense, job);
  return { rows: most < dimension ? start : all, start };
}

async function coordinatesIn(pca: Pca, x: Float32Rows, dense: Dense, job: Job): Promise<Float32Rows> {
  const { rows: n, cols: d } = x;
  const { components, rank } = pca;
  const axes = Float32Array.from(components.data);
  const centred = new Float32Array(Math.min(n, BLOCK) * d);
  const out = new Float32Array(n * rank);
  for (let from = 0; from < n; from += BLOCK) {
    job.throwIfCancelled();
    const to = Math.min(n, from + BLOCK);
    const block = centreRows(pca, rowsBetween(x, from, to), centred);
    await dense.timesTransposed(block, axes, d, out.subarray(from * rank, to * rank));
  }
  return { rows: n, cols: rank, data: out };
}

/** Measured in the space that the picture is of, with all of its dimensions; undefined where rows are too few. */
function trustOf(
  vectors: Float32Array,
  { values, dimensions }: PictureCoordinates,
  { dimension, neighbors, seed }: ProjectInput
): PictureTrust | undefined {
  const n = vectors.length / dimension;
  const rows = n > TRUST_ROWS ? sampleRows(n, TRUST_ROWS, seed, 3) : evenRows(n);
  if (2 * neighbors >= rows.length) return undefined;
  const x = selectRows({ rows: n, cols: dimension, data: vectors }, rows);
  const y = selectRows({ rows: n, cols: dimensions, data: values }, rows);
  return { value: trustworthiness(x, y, neighbors), rows: rows.length, neighbors };
}

const evenRows = (n: number): Int32Array => Int32Array.from({ length: n }, (_, i) => i);

/** `count` rows drawn without replacement, rising. */
function sampleRows(n: number, count: number, seed: number, stream: number): Int32Array {
  return new Random(seed, stream).permutation(n).slice(0, count).sort();
}

/** Rows 0 ... n - 1 that are not in `rows`, which rise. */
function without(n: number, rows: Int32Array): Int32Array {
  const taken = new Uint8Array(n);
  for (const row of rows) taken[row] = 1;
  return evenRows(n).filter(row => taken[row] === 0);
}

function putRows(into: Float32Array, rows: Int32Array, from: Float32Array, cols: number): void {
  rows.forEach((row, k) => into.set(from.subarray(k * cols, (k + 1) * cols), row * cols));
}

/** Rows of length 1, whose Euclidean distances are those of the cosine. */
function unitRows(vectors: Float32Array, dimension: number): Float32Array {
  const out = new Float32Array(vectors.length);
  for (let from = 0; from < vectors.length; from += dimension) {
    let squares = 0;
    for (let p = from; p < from + dimension; p++) squares += vectors[p]! * vectors[p]!;
    if (squares === 0)
      throw new DataError(
        `project: row ${from / dimension} is all zeros and has no direction. Use metric: "euclidean", or remove the row.`
      );
    const scale = 1 / Math.sqrt(squares);
    for (let p = from; p < from + dimension; p++) out[p] = scale * vectors[p]!;
  }
  return out;
}
