/** Products of two blocks of any size, as graphs of one node: what the engine's Dense runs. */
import { Graph } from '../graph.js';
import { encodeModel } from '../model.js';

/** out = a b^T [n, m] for a [n, k], b [m, k]. */
export function timesTransposedGraph(): Uint8Array {
  return product(['n', 'k'], ['m', 'k'], { transB: 1 });
}

/** out = a^T b [n, m] for a [k, n], b [k, m]. */
export function transposedTimesGraph(): Uint8Array {
  return product(['k', 'n'], ['k', 'm'], { transA: 1 });
}

function product(a: string[], b: string[], attributes: Record<string, number>): Uint8Array {
  const graph = new Graph();
  const [out] = graph.node(
    'Gemm',
    [graph.input('a', a), graph.input('b', b)],
    [{ shape: ['n', 'm'] }],
    attributes
  );
  graph.output('out', out!);
  return encodeModel(graph);
}
