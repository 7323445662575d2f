/** A small linear classifier for tests: weighted ridge logistic regression on two classes by Newton's method. */
import { matrix, type Matrix, type Predictor } from '../../../kernel/theory/index.js';
import { addGram, solvePositive } from '../../../kernel/theory/linalg.js';

export function trainLinear(x: Matrix, label: ArrayLike<number>, weights: ArrayLike<number>): Predictor {
  const p = x.cols + 1;
  const rows = matrix(x.rows, p);
  let total = 0;
  for (let i = 0; i < x.rows; i++) {
    rows.data.set(x.data.subarray(i * x.cols, (i + 1) * x.cols), i * p);
    rows.data[i * p + x.cols] = 1;
    total += weights[i];
  }
  let beta: Float64Array = new Float64Array(p);
  for (let step = 0; step < 12; step++) {
    const gradient = beta.map(value => 1e-3 * value);
    const curvature = new Float64Array(x.rows);
    for (let i = 0; i < x.rows; i++) {
      let f = 0;
      for (let j = 0; j < p; j++) f += beta[j] * rows.data[i * p + j];
      const probability = 1 / (1 + Math.exp(-f));
      const w = weights[i] / total;
      curvature[i] = w * probability * (1 - probability);
      for (let j = 0; j < p; j++) gradient[j] += w * (probability - label[i]) * rows.data[i * p + j];
    }
    const hessian = matrix(p, p);
    addGram(hessian, rows, curvature);
    for (let j = 0; j < p; j++) hessian.data[j * p + j] += 1e-3;
    const direction = solvePositive(hessian, gradient);
    beta = beta.map((value, j) => value - direction[j]);
  }
  return z =>
    Int32Array.from({ length: z.rows }, (_, i) => {
      let f = beta[x.cols];
      for (let j = 0; j < x.cols; j++) f += beta[j] * z.data[i * z.cols + j];
      return f > 0 ? 1 : 0;
    });
}
