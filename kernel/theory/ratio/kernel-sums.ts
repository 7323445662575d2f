/**
 * Sums over rows of Gaussian kernels at centres: all that kernel ratios need of the rows, so that any number of rows
 * costs the same memory. The plain float64 sums here are the reference; the engine has blocked float32 ones with
 * float64 accumulation behind the same interface.
 */
import { addGram, sharedColumns, squaredDistances } from '../linalg.js';
import { matrix, type Matrix } from '../matrix.js';

/** phi_c(x) = exp(-|x - centre_c|^2 / 2h^2). */
export interface KernelBasis {
  /** [b, q] */
  centres: Matrix;
  bandwidth: number;
}

export interface KernelMoments {
  /** sum_i w_i phi(x_i) phi(x_i)^T, [b, b] */
  gram: Matrix;
  /** sum_i w_i phi(x_i), [b] */
  mean: Float64Array;
}

export interface KernelScores {
  /** sum_i w_i r_l(x_i) for each of the L coefficient rows, r_l = max(theta_l . phi, 0). */
  mean: Float64Array;
  /** sum_i w_i r_l(x_i)^2 */
  square: Float64Array;
}

/** Where kernel sums are computed: at once, or elsewhere. */
export interface KernelSums {
  moments(x: Matrix, weights: Float64Array, basis: KernelBasis): KernelMoments | Promise<KernelMoments>;
  /** @param theta [L, b] */
  scores(
    x: Matrix,
    weights: Float64Array,
    basis: KernelBasis,
    theta: Matrix
  ): KernelScores | Promise<KernelScores>;
}

/** Kernel values [n, b] of rows at the centres. */
export function kernelAt(x: Matrix, { centres, bandwidth }: KernelBasis): Matrix {
  const phi = squaredDistances(x, centres);
  const f = -1 / (2 * bandwidth * bandwidth);
  for (let p = 0; p < phi.data.length; p++) phi.data[p] = Math.exp(f * phi.data[p]);
  return phi;
}

/** sum_c theta_c phi_c(x_i) at each row, without the kernel's values in memory. */
export function kernelSumAt(
  x: Matrix,
  { centres, bandwidth }: KernelBasis,
  theta: Float64Array
): Float64Array {
  const q = sharedColumns(x, centres);
  const f = -1 / (2 * bandwidth * bandwidth);
  const [rows, at] = [x.data, centres.data];
  return Float64Array.from({ length: x.rows }, (_, i) => {
    let sum = 0;
    for (let c = 0; c < theta.length; c++) {
      let distance = 0;
      for (let j = 0, p = i * q, r = c * q; j < q; j++) {
        const e = rows[p + j] - at[r + j];
        distance += e * e;
      }
      sum += theta[c] * Math.exp(f * distance);
    }
    return sum;
  });
}

/** Float64 throughout, all rows of a call at once. */
export const plainKernelSums: KernelSums = {
  moments(x, weights, basis) {
    const phi = kernelAt(x, basis);
    const b = phi.cols;
    const gram = matrix(b, b);
    addGram(gram, phi, weights);
    const mean = new Float64Array(b);
    for (let i = 0; i < phi.rows; i++)
      for (let c = 0; c < b; c++) mean[c] += weights[i] * phi.data[i * b + c];
    return { gram, mean };
  },

  scores(x, weights, basis, theta) {
    const phi = kernelAt(x, basis);
    const b = phi.cols;
    const mean = new Float64Array(theta.rows);
    const square = new Float64Array(theta.rows);
    for (let i = 0; i < phi.rows; i++)
      for (let l = 0; l < theta.rows; l++) {
        let r = 0;
        for (let c = 0; c < b; c++) r += theta.data[l * b + c] * phi.data[i * b + c];
        if (!(r > 0)) continue;
        mean[l] += weights[i] * r;
        square[l] += weights[i] * r * r;
      }
    return { mean, square };
  }
};
