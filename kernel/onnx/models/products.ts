/** Products of two blocks of any size, as graphs of one node: what the engine's Dense runs. */
import { Graph, type Tensor } from '../graph.js';
import { encodeModel } from '../model.js';
import { linear } from '../ops/matmul.js';

/** out = a b^T [n, m] for a [n, k], b [m, k]. */
export function timesTransposedGraph(): Uint8Array {
  return product(['n', 'k'], ['m', 'k'], linear);
}

/** out = a^T b [n, m] for a [k, n], b [k, m]. */
export function transposedTimesGraph(): Uint8Array {
  return product(['k', 'n'], ['k', 'm'], transposedTimes);
}

/** a^T b for a [k, n], b [k, m]; no gradient flows. */
export function transposedTimes(a: Tensor, b: Tensor): Tensor {
  return a.graph.node('Gemm', [a, b], [{ shape: [a.shape[1]!, b.shape[1]!] }], { transA: 1 })[0]!;
}

function product(a: string[], b: string[], of: (a: Tensor, b: Tensor) => Tensor): Uint8Array {
  const graph = new Graph();
  graph.output('out', of(graph.input('a', a), graph.input('b', b)));
  return encodeModel(graph);
}
