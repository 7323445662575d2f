/** Parts of a denoising: rows seen from a PCA, and their feet on tangent planes. */
import {
  centreRows,
  LocalPcaBatch,
  localPcaAt,
  rowsBetween,
  suitsBatch,
  type Float32Rows,
  type Pca,
  type Rows
} from '../../theory/index.js';
import { definePart } from './part.js';

/** Rows from ... to - 1. */
export interface Range {
  from: number;
  to: number;
}

export const projectRows = definePart({
  name: 'project-rows',
  open({ x, pca }: { x: Rows; pca: Pick<Pca, 'mean' | 'components'> }, dense) {
    const { cols: d } = x;
    const { rows: rank, data } = pca.components;
    const components = Float32Array.from(data);
    const transposed = new Float32Array(d * rank);
    for (let r = 0; r < rank; r++) for (let j = 0; j < d; j++) transposed[j * rank + r] = data[r * d + j]!;
    return {
      /** Coordinates in the components [rows, rank], and distances from the space that they span. */
      async step({ from, to }: Range): Promise<{ inside: Float32Array; outside: Float64Array }> {
        const rows = to - from;
        const centred = centreRows(pca, rowsBetween(x, from, to), new Float32Array(rows * d));
        const inside = new Float32Array(rows * rank);
        await dense.timesTransposed(centred, components, d, inside);
        const flat = new Float32Array(rows * d);
        await dense.timesTransposed(inside, transposed, rank, flat);
        const outside = new Float64Array(rows);
        for (let i = 0, p = 0; i < rows; i++) {
          let sum = 0;
          for (let j = 0; j < d; j++, p++) sum += (centred[p]! - flat[p]!) * (centred[p]! - flat[p]!);
          outside[i] = Math.sqrt(sum);
        }
        return { inside, outside };
      },
      finish: (): undefined => undefined
    };
  }
});

export interface TangentInput {
  queries: Float32Rows;
  reference: Float32Rows;
  /** [queries, k] */
  indices: Int32Array;
  k: number;
  dimension: number;
}

export const tangentResiduals = definePart({
  name: 'tangent-residuals',
  open({ queries, reference, indices, k, dimension }: TangentInput) {
    const q = queries.cols;
    const batch = suitsBatch(k, dimension) ? new LocalPcaBatch(reference.data, q, k, dimension) : undefined;
    return {
      step({ from, to }: Range): ArrayLike<number> {
        const own = rowsBetween(queries, from, to);
        const near = indices.subarray(from * k, to * k);
        if (batch) return batch.decompose(own.data, near).residual;
        return localPcaAt(own, reference, { indices: near, k }, dimension).residual;
      },
      finish: (): undefined => undefined
    };
  }
});
