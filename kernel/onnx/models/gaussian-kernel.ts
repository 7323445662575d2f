/**
 * Sums of Gaussian kernels over a block of rows, as one graph each, so that the kernel's values never leave the
 * runtime. Kernel and row weight come from a single product: with rows [x/h, |x|^2/2h^2, 1, (ln w)/2] and centres
 * [c/h, -1, -|c|^2/2h^2, 1] it is (ln w)/2 - |x - c|^2/2h^2, whose exponential is sqrt(w) phi_c(x).
 */
import { Graph } from '../graph.js';
import { encodeModel } from '../model.js';
import { relu } from '../ops/activations.js';
import { exp } from '../ops/elementwise.js';
import { linear, matmul } from '../ops/matmul.js';
import { transposedTimes } from './products.js';

/** Columns of rows and centres beside the coordinates. */
export const KERNEL_EXTRA_COLUMNS = 3;

/**
 * Inputs rows [block, k] and centres0 [b0, k], centres1, ...: the centres cut into parts. Outputs gram_i_j [bi, bj] for
 * i <= j, the sum over rows of phi_i phi_j^T: a symmetric matrix's lower blocks are not computed.
 */
export function kernelGramGraph(parts: number): Uint8Array {
  const graph = new Graph();
  const rows = graph.input('rows', ['block', 'k']);
  const phi = Array.from({ length: parts }, (_, i) =>
    exp(linear(rows, graph.input(`centres${i}`, [`b${i}`, 'k'])))
  );
  for (let i = 0; i < parts; i++)
    for (let j = i; j < parts; j++) graph.output(`gram_${i}_${j}`, transposedTimes(phi[i]!, phi[j]!));
  return encodeModel(graph);
}

/** Inputs rows [block, k], centres [b, k] and theta [b, l]; output scores [block, l] = max(phi theta, 0). */
export function kernelScoresGraph(): Uint8Array {
  const graph = new Graph();
  const rows = graph.input('rows', ['block', 'k']);
  const phi = exp(linear(rows, graph.input('centres', ['b', 'k'])));
  graph.output('scores', relu(matmul(phi, graph.input('theta', ['b', 'l']))));
  return encodeModel(graph);
}
