/**
 * Shapes of tensors, checked while a graph is built. A dimension is a number, or a name for a size that is
 * known only when the graph runs ("batch"); equal names are equal sizes. No ONNX here and no numerics.
 */
import { ShapeError } from '../../common/errors.js';

/** One dimension: a size, or the name of a size given at run time. */
export type Dim = number | string;
export type Shape = readonly Dim[];

/** `[32, 384]` as text, for messages. */
export function formatShape(shape: Shape): string {
  return `[${shape.join(', ')}]`;
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((dim, i) => dim === b[i]);
}

/** Number of elements. Throws ShapeError when a dimension is not known before the graph runs. */
export function sizeOf(shape: Shape, operation: string): number {
  return staticShape(shape, operation).reduce((product, dim) => product * dim, 1);
}

/** The shape as numbers; ShapeError when a dimension is only a name. */
export function staticShape(shape: Shape, operation: string): number[] {
  return shape.map(dim => {
    if (typeof dim === 'number') return dim;
    throw new ShapeError(
      `${operation} needs a shape known before the graph runs, but ${formatShape(shape)} leaves ` +
        `"${dim}" open. Build the graph with a number in its place.`
    );
  });
}

/** The shape that NumPy-style broadcasting gives `a` and `b`. ShapeError names the operation and both shapes. */
export function broadcastShapes(operation: string, a: Shape, b: Shape): Dim[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => {
    const x = a[a.length - rank + i] ?? 1;
    const y = b[b.length - rank + i] ?? 1;
    if (x === y || y === 1) return x;
    if (x === 1) return y;
    throw new ShapeError(
      `${operation}: shapes ${formatShape(a)} and ${formatShape(b)} do not broadcast: ${x} against ${y}.`
    );
  });
}

/** Axis counted from the end when negative; ShapeError when out of range. */
export function normaliseAxis(operation: string, shape: Shape, axis: number): number {
  const index = axis < 0 ? axis + shape.length : axis;
  if (!Number.isInteger(axis) || index < 0 || index >= shape.length) {
    throw new ShapeError(`${operation}: axis ${axis} is outside of shape ${formatShape(shape)}.`);
  }
  return index;
}

/** The number of elements as a factor and a sorted list of names: equal sizes have equal text. */
export function symbolicSize(shape: Shape): string {
  let factor = 1;
  const names: string[] = [];
  for (const dim of shape) {
    if (typeof dim === 'number') factor *= dim;
    else names.push(dim);
  }
  return [factor, ...names.sort()].join('*');
}
