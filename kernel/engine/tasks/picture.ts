/** Coordinates for a picture: the two first principal components. Nothing is ever decided from them. */
import { fitPca, matrix, project } from '../../theory/index.js';
import { defineTask, type Job } from '../task.js';

export interface PictureInput {
  /** Row-major [n, dimension]. */
  vectors: Float32Array;
  dimension: number;
}

export interface PictureOutput {
  /** Row-major [n, 2]. */
  values: Float32Array;
  /** Share of the variance that each axis keeps. */
  shares: [number, number];
}

export const picture = defineTask({
  name: 'picture',
  async run({ vectors, dimension }: PictureInput, job: Job): Promise<PictureOutput> {
    job.progress(0, 'principal components for the picture');
    const x = matrix(vectors.length / dimension, dimension, Float64Array.from(vectors));
    const pca = fitPca(x, { rank: 2 });
    const share = (i: number): number => (pca.rank > i ? pca.values[i]! / pca.totalVariance : 0);
    const inside = project(pca, x);
    const values = new Float32Array(2 * x.rows);
    for (let i = 0; i < x.rows; i++) {
      values[2 * i] = inside.data[i * pca.rank]!;
      // Rows on one line have no second direction.
      values[2 * i + 1] = pca.rank > 1 ? inside.data[i * pca.rank + 1]! : 0;
    }
    return { values, shares: [share(0), share(1)] };
  }
});
