/** Coordinates for a picture: the first principal components. Nothing is ever decided from them. */
import { fitPca, project, type PictureDimensions, type Rows } from '../../theory/index.js';
import { defineTask, type Job } from '../task.js';

/** How far the neighbours in a picture are neighbours in the data, measured on some rows. */
export interface PictureTrust {
  value: number;
  rows: number;
  neighbors: number;
}

/** Where the rows of an embedding stand in a picture. */
export interface PictureCoordinates {
  method: 'pca' | 'umap';
  dimensions: PictureDimensions;
  /** Row-major [n, dimensions]. */
  values: Float32Array;
  /** Share of the variance that each axis keeps, where the axes are principal components. */
  shares?: number[];
  trust?: PictureTrust;
  /** Rows that the picture was fitted on where the others were put among them later. */
  fitted?: number;
}

export interface PictureInput {
  /** Row-major [n, dimension]. */
  vectors: Float32Array;
  dimension: number;
}

export const picture = defineTask({
  name: 'picture',
  async run({ vectors, dimension }: PictureInput, job: Job): Promise<PictureCoordinates> {
    job.progress(0, 'principal components for the picture');
    return principalPicture({ rows: vectors.length / dimension, cols: dimension, data: vectors }, 2);
  }
});

export function principalPicture(x: Rows, dimensions: PictureDimensions): PictureCoordinates {
  const pca = fitPca(x, { rank: dimensions });
  const inside = project(pca, x);
  const values = new Float32Array(dimensions * x.rows);
  // Rows on one line have no second direction: what is missing stays 0.
  for (let i = 0; i < x.rows; i++)
    for (let j = 0; j < pca.rank; j++) values[dimensions * i + j] = inside.data[i * pca.rank + j]!;
  const shares = Array.from({ length: dimensions }, (_, j) =>
    pca.rank > j ? pca.values[j]! / pca.totalVariance : 0
  );
  return { method: 'pca', dimensions, values, shares };
}
