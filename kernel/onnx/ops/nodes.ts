/**
 * Nodes without gradient rules, shared by the operator families so that none has to import another for its
 * backward pass. Use the functions of the families when building a model: these do not differentiate.
 */
import { ShapeError } from '../../../common/errors.js';
import type { Tensor } from '../graph.js';
import { formatShape, normaliseAxis, sameShape, symbolicSize, type Dim, type Shape } from '../shape.js';

export type Reduction = 'ReduceSum' | 'ReduceMean' | 'ReduceMax';

/** A reduction over `axes`; with `keep` they stay as ones. */
export function reduceNode(operator: Reduction, a: Tensor, axes: readonly number[], keep: boolean): Tensor {
  const reduced = new Set(axes.map(axis => normaliseAxis(operator, a.shape, axis)));
  if (reduced.size === 0) return a;
  const shape: Dim[] = a.shape.flatMap((dim, i) => (reduced.has(i) ? (keep ? [1] : []) : [dim]));
  const sorted = [...reduced].sort((x, y) => x - y);
  return a.graph.node(operator, [a, a.graph.integers(sorted)], [{ shape }], { keepdims: keep ? 1 : 0 })[0]!;
}

/** The same numbers in another shape. At most one open dimension may move to another place. */
export function reshapeNode(a: Tensor, shape: Shape): Tensor {
  if (sameShape(a.shape, shape)) return a;
  if (symbolicSize(a.shape) !== symbolicSize(shape)) {
    throw new ShapeError(
      `Reshape: ${formatShape(a.shape)} does not hold as many numbers as ${formatShape(shape)}.`
    );
  }
  // In ONNX 0 copies the input's dimension of the same place and -1 is worked out from the rest.
  const target = shape.map((dim, i) => (typeof dim === 'number' ? dim : a.shape[i] === dim ? 0 : -1));
  if (target.filter(dim => dim === -1).length > 1) {
    throw new ShapeError(
      `Reshape: more than one open dimension moves, ${formatShape(a.shape)} to ${formatShape(shape)}.`
    );
  }
  return a.graph.node('Reshape', [a, a.graph.integers(target)], [{ shape }])[0]!;
}

/** Axes in another order: axis i of the result is axis `order[i]` of `a`. */
export function transposeNode(a: Tensor, order: readonly number[]): Tensor {
  const seen = new Set(order.map(axis => normaliseAxis('Transpose', a.shape, axis)));
  if (seen.size !== a.shape.length || order.length !== a.shape.length) {
    throw new ShapeError(
      `Transpose: [${order.join(', ')}] is not an order of the axes of ${formatShape(a.shape)}.`
    );
  }
  return a.graph.node('Transpose', [a], [{ shape: order.map(axis => a.shape[axis]!) }], { perm: order })[0]!;
}
