/**
 * Coordinates for a picture by choice: principal components, or UMAP, fitted on a sample where there are many rows and
 * the others put among them. Nothing is ever decided from them.
 */
import { DataError } from '../../../common/errors.js';
import {
  fitPca,
  fitUmap,
  matrix,
  nearestNeighbors,
  placeUmap,
  project as coordinatesIn,
  Random,
  selectRows,
  trustworthiness,
  type Matrix,
  type Neighbors,
  type PictureDimensions
} from '../../theory/index.js';
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
}

/** Up to so many rows neighbours are searched in all dimensions, beyond in so many principal components. */
const FULL_ROWS = 10_000;
const LARGE_RANK = 64;
/** Rows that principal components are found from, for the search of neighbours alone. */
const BASIS_ROWS = 8192;
/** Rows in one step between two looks at whether the job was cancelled. */
const BLOCK = 256;
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
    const vectors = metric === 'cosine' ? unitRows(input.vectors, dimension) : input.vectors;
    job.progress(0, 'principal components');
    const picture =
      input.method === 'pca'
        ? principalPicture(rowsAt(vectors, dimension, evenRows(n)), dimensions)
        : await umapPicture(vectors, input, job);
    job.progress(0.95, 'trustworthiness of the picture');
    const trust = trustOf(vectors, picture, input);
    return { ...picture, ...(trust ? { trust } : {}) };
  }
});

async function umapPicture(
  vectors: Float32Array,
  input: ProjectInput,
  job: Job
): Promise<PictureCoordinates> {
  const { dimensions, minDist, epochs, seed, sample } = input;
  const reduced = reduce(vectors, input, job);
  const n = reduced.rows;
  const fitted = n > sample ? sampleRows(n, sample, seed, 4) : undefined;
  const basis = fitted ? selectRows(reduced, fitted) : reduced;
  const step = (from: number, to: number, words: string) => (fraction: number) => {
    job.throwIfCancelled();
    if (job.due()) job.progress(from + (to - from) * fraction, words);
  };
  const [searched, laid, placed] = fitted ? [0.4, 0.7, 0.95] : [0.5, 0.95, 0.95];
  const near = search(basis, basis, input.neighbors - 1, true, step(0.1, searched, 'neighbours'));
  const options = { dimensions, minDist, epochs, seed };
  const map = fitUmap(near, basis, options, step(searched, laid, 'layout'));
  const values = fitted ? new Float32Array(n * dimensions) : map;
  if (fitted) {
    const isFitted = new Uint8Array(n);
    fitted.forEach((row, k) => {
      isFitted[row] = 1;
      values.set(map.subarray(k * dimensions, (k + 1) * dimensions), row * dimensions);
    });
    const others = evenRows(n).filter(row => !isFitted[row]);
    const rest = selectRows(reduced, others);
    const halfway = (laid + placed) / 2;
    const among = search(
      rest,
      basis,
      input.neighbors,
      false,
      step(laid, halfway, 'neighbours of the others')
    );
    const places = placeUmap(among, map, options, step(halfway, placed, 'places of the others'));
    others.forEach((row, k) =>
      values.set(places.subarray(k * dimensions, (k + 1) * dimensions), row * dimensions)
    );
  }
  return { method: 'umap', dimensions, values, ...(fitted ? { fitted: fitted.length } : {}) };
}

/** Rows in their first principal components, which a picture also starts from. */
function reduce(vectors: Float32Array, input: ProjectInput, job: Job): Matrix {
  const { dimension, sample, seed } = input;
  const n = vectors.length / dimension;
  const rank = input.rank ?? (Math.min(n, sample) > FULL_ROWS ? LARGE_RANK : dimension);
  const pca = fitPca(
    rowsAt(vectors, dimension, n > BASIS_ROWS ? sampleRows(n, BASIS_ROWS, seed, 5) : evenRows(n)),
    { rank: Math.min(rank, dimension) }
  );
  const out = matrix(n, pca.rank);
  for (let from = 0; from < n; from += BLOCK) {
    job.throwIfCancelled();
    const rows = Int32Array.from({ length: Math.min(BLOCK, n - from) }, (_, i) => from + i);
    out.data.set(coordinatesIn(pca, rowsAt(vectors, dimension, rows)).data, from * pca.rank);
  }
  return out;
}

function search(
  queries: Matrix,
  reference: Matrix,
  k: number,
  own: boolean,
  each: (fraction: number) => void
): Neighbors {
  const n = queries.rows;
  const indices = new Int32Array(n * k);
  const distances = new Float64Array(n * k);
  for (let from = 0; from < n; from += BLOCK) {
    each(from / n);
    const rows = Int32Array.from({ length: Math.min(BLOCK, n - from) }, (_, i) => from + i);
    const found = nearestNeighbors(selectRows(queries, rows), reference, k, own ? rows : undefined);
    indices.set(found.indices, from * k);
    distances.set(found.distances, from * k);
  }
  return { k, indices, distances };
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
  const [x, y] = [rowsAt(vectors, dimension, rows), rowsAt(values, dimensions, rows)];
  return { value: trustworthiness(x, y, neighbors), rows: rows.length, neighbors };
}

const evenRows = (n: number): Int32Array => Int32Array.from({ length: n }, (_, i) => i);

/** `count` rows drawn without replacement, rising. */
function sampleRows(n: number, count: number, seed: number, stream: number): Int32Array {
  return new Random(seed, stream).permutation(n).slice(0, count).sort();
}

function rowsAt(values: Float32Array, cols: number, rows: Int32Array): Matrix {
  const out = matrix(rows.length, cols);
  rows.forEach((row, k) => out.data.set(values.subarray(row * cols, (row + 1) * cols), k * cols));
  return out;
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
