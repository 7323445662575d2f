/** Moving numbers about without changing them: reshape, transpose, concat, split, gather. */
import { ShapeError } from '../../../common/errors.js';
import type { Tensor } from '../graph.js';
import { formatShape, normaliseAxis, sameShape, staticShape, type Dim, type Shape } from '../shape.js';
import { reshapeNode, transposeNode } from './nodes.js';

/** The same numbers, row-major, in another shape. */
export function reshape(a: Tensor, shape: Shape): Tensor {
  if (sameShape(a.shape, shape)) return a;
  return a.graph.record(reshapeNode(a, shape), [a], g => [reshapeNode(g, a.shape)]);
}

/** Axis i of the result is axis `order[i]` of `a`. */
export function transpose(a: Tensor, order: readonly number[]): Tensor {
  const inverse: number[] = [];
  order.forEach((axis, i) => (inverse[axis] = i));
  return a.graph.record(transposeNode(a, order), [a], g => [transposeNode(g, inverse)]);
}

/** WebGPU promises 8 buffers to a shader: with more parts, Concat and Split go in stages. */
const MOST_PARTS = 7;

/** Groups of neighbours, at most MOST_PARTS of them. */
function grouped<T>(parts: readonly T[]): T[][] {
  const size = Math.ceil(parts.length / MOST_PARTS);
  return Array.from({ length: Math.ceil(parts.length / size) }, (_, i) =>
    parts.slice(i * size, (i + 1) * size)
  );
}

/** Joins along `axis`; the other dimensions must be equal. */
export function concat(parts: readonly Tensor[], axis = 0): Tensor {
  const [first] = parts;
  if (!first) throw new ShapeError('Concat: no parts were given.');
  if (parts.length === 1) return first;
  if (parts.length > MOST_PARTS) {
    return concat(
      grouped(parts).map(group => concat(group, axis)),
      axis
    );
  }
  const at = normaliseAxis('Concat', first.shape, axis);
  for (const part of parts) {
    const others = (shape: Shape): Dim[] => shape.filter((_, i) => i !== at);
    if (part.shape.length !== first.shape.length || !sameShape(others(part.shape), others(first.shape))) {
      throw new ShapeError(
        `Concat along axis ${axis}: ${formatShape(first.shape)} and ${formatShape(part.shape)} do not join.`
      );
    }
  }
  const sizes = parts.map(part => staticShape([part.shape[at]!], 'Concat')[0]!);
  const shape = first.shape.map((dim, i) => (i === at ? sizes.reduce((a, b) => a + b, 0) : dim));
  const [out] = first.graph.node('Concat', parts, [{ shape }], { axis: at });
  return first.graph.record(out!, parts, g => splitNodes(g, sizes, at));
}

function splitNodes(a: Tensor, sizes: readonly number[], axis: number): Tensor[] {
  const shapes = sizes.map(size => ({ shape: a.shape.map((dim, i) => (i === axis ? size : dim)) }));
  return a.graph.node('Split', [a, a.graph.integers(sizes)], shapes, { axis });
}

/** Cuts `a` along `axis` into parts of the given sizes, which must add up to the axis. */
export function split(a: Tensor, sizes: readonly number[], axis = 0): Tensor[] {
  const at = normaliseAxis('Split', a.shape, axis);
  if (sizes.reduce((total, size) => total + size, 0) !== a.shape[at]) {
    throw new ShapeError(
      `Split: sizes [${sizes.join(', ')}] do not add up to axis ${axis} of ${formatShape(a.shape)}.`
    );
  }
  if (sizes.length === 1) return [a];
  if (sizes.length > MOST_PARTS) {
    const groups = grouped(sizes);
    const totals = groups.map(group => group.reduce((total, size) => total + size, 0));
    return split(a, totals, at).flatMap((part, i) => split(part, groups[i]!, at));
  }
  const parts = splitNodes(a, sizes, at);
  parts.forEach((part, k) =>
    a.graph.record(part, [a], g => {
      // The other parts did not feed this path: their share of the gradient is zero.
      const zeros = (size: number): Tensor => {
        const shape = staticShape(g.shape, 'The gradient of Split').map((dim, i) => (i === at ? size : dim));
        return a.graph.node('Expand', [a.graph.constant(0), a.graph.integers(shape)], [{ shape }])[0]!;
      };
      const pieces = sizes.map((size, j) => (j === k ? g : zeros(size)));
      return [a.graph.node('Concat', pieces, [{ shape: a.shape }], { axis: at })[0]!];
    })
  );
  return parts;
}

/** Rows of `table` [rows, width] chosen by integer `indices` [...] -> [..., width]. No gradient. */
export function gather(table: Tensor, indices: Tensor): Tensor {
  if (table.shape.length < 1 || indices.dtype === 'float32' || indices.dtype === 'bool') {
    throw new ShapeError(
      `Gather: table ${formatShape(table.shape)} with indices ${formatShape(indices.shape)} of type ${indices.dtype}.`
    );
  }
  if (table.requiresGradient) {
    throw new ShapeError(
      `Gather: no gradient for a trained table, ${formatShape(table.shape)} by ${formatShape(indices.shape)}.`
    );
  }
  const shape = [...indices.shape, ...table.shape.slice(1)];
  return table.graph.node('Gather', [table, indices], [{ shape }], { axis: 0 })[0]!;
}

/** Numbers of one type as another; a gradient does not pass. */
export function cast(a: Tensor, dtype: 'float32' | 'int64' | 'int32'): Tensor {
  const code = { float32: 1, int32: 6, int64: 7 }[dtype];
  const [out] = a.graph.node('Cast', [a], [{ shape: a.shape, dtype }], { to: code });
  return { ...out!, requiresGradient: false };
}
