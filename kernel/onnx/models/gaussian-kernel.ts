/**
 * Sums of Gaussian kernels over a block of rows, as one graph each, so that the kernel's values never leave the
 * runtime. Kernel and row weight come from a single product: with rows [x/h, |x|^2/2h^2, 1, (ln w)/2] and centres
 * [c/h, -1, -|c|^2/2h^2, 1] it is (ln w)/2 - |x - c|^2/2h^2, whose exponential is sqrt(w) phi_c(x).
 */
import { Graph, type Tensor } from '../graph.js';
import { encodeModel } from '../model.js';
import { relu } from '../ops/activations.js';
import { exp } from '../ops/elementwise.js';
import { linear, matmul } from '../ops/matmul.js';

/** Columns of rows and centres beside the coordinates. */
export const KERNEL_EXTRA_COLUMNS = 3;

/** rows [block, k], centres [b, k] -> [block, b] */
function kernel(graph: Graph): Tensor {
  return exp(linear(graph.input('rows', ['block', 'k']), graph.input('centres', ['b', 'k'])));
}

/** Inputs rows [block, k] and centres [b, k]; output gram [b, b], the sum over rows of phi phi^T. */
export function kernelGramGraph(): Uint8Array {
  const graph = new Graph();
  const phi = kernel(graph);
  const [gram] = graph.node('Gemm', [phi, phi], [{ shape: ['b', 'b'] }], { transA: 1 });
  graph.output('gram', gram!);
  return encodeModel(graph);
}

/** Inputs rows [block, k], centres [b, k] and theta [b, l]; output scores [block, l] = max(phi theta, 0). */
export function kernelScoresGraph(): Uint8Array {
  const graph = new Graph();
  graph.output('scores', relu(matmul(kernel(graph), graph.input('theta', ['b', 'l']))));
  return encodeModel(graph);
}
