/**
 * Element by element, with NumPy broadcasting. A gradient is summed over the axes that were broadcast.
 * Every operator here and in its gradient has a WebGPU kernel.
 */
import { ShapeError } from '../../../common/errors.js';
import type { DataType, Tensor } from '../graph.js';
import { broadcastShapes, formatShape, sameShape } from '../shape.js';
import { reduceNode, reshapeNode } from './nodes.js';

/** A tensor, or a number that stands for a scalar constant. */
export type Operand = Tensor | number;

function lift(a: Operand, b: Operand): [Tensor, Tensor] {
  const graph = typeof a !== 'number' ? a.graph : (b as Tensor).graph;
  return [typeof a === 'number' ? graph.constant(a) : a, typeof b === 'number' ? graph.constant(b) : b];
}

function binary(operator: string, a: Tensor, b: Tensor, dtype?: DataType): Tensor {
  if (a.dtype !== b.dtype) {
    throw new ShapeError(
      `${operator}: ${a.dtype} ${formatShape(a.shape)} and ${b.dtype} ${formatShape(b.shape)} are of different types.`
    );
  }
  return a.graph.node(operator, [a, b], [{ shape: broadcastShapes(operator, a.shape, b.shape), dtype }])[0]!;
}

function unary(operator: string, a: Tensor): Tensor {
  return a.graph.node(operator, [a], [{ shape: a.shape }])[0]!;
}

/** Sums a gradient over what broadcasting repeated, back to the shape of `like`. */
function unbroadcast(gradient: Tensor, like: Tensor): Tensor {
  if (sameShape(gradient.shape, like.shape)) return gradient;
  const offset = gradient.shape.length - like.shape.length;
  const axes = gradient.shape.flatMap((dim, i) =>
    i < offset || (like.shape[i - offset] === 1 && dim !== 1) ? [i] : []
  );
  return reshapeNode(reduceNode('ReduceSum', gradient, axes, true), like.shape);
}

/** a + b */
export function add(a: Operand, b: Operand): Tensor {
  const [x, y] = lift(a, b);
  return x.graph.record(binary('Add', x, y), [x, y], g => [
    x.requiresGradient ? unbroadcast(g, x) : undefined,
    y.requiresGradient ? unbroadcast(g, y) : undefined
  ]);
}

/** a - b */
export function sub(a: Operand, b: Operand): Tensor {
  const [x, y] = lift(a, b);
  return x.graph.record(binary('Sub', x, y), [x, y], g => [
    x.requiresGradient ? unbroadcast(g, x) : undefined,
    y.requiresGradient ? unbroadcast(neg(g), y) : undefined
  ]);
}

/** a b; (ab)' = a'b + ab' */
export function mul(a: Operand, b: Operand): Tensor {
  const [x, y] = lift(a, b);
  return x.graph.record(binary('Mul', x, y), [x, y], g => [
    x.requiresGradient ? unbroadcast(mul(g, y), x) : undefined,
    y.requiresGradient ? unbroadcast(mul(g, x), y) : undefined
  ]);
}

/** a / b; (a/b)' = a'/b - (a/b) b'/b */
export function div(a: Operand, b: Operand): Tensor {
  const [x, y] = lift(a, b);
  const quotient = binary('Div', x, y);
  return x.graph.record(quotient, [x, y], g => {
    const scaled = div(g, y);
    return [
      x.requiresGradient ? unbroadcast(scaled, x) : undefined,
      y.requiresGradient ? unbroadcast(neg(mul(scaled, quotient)), y) : undefined
    ];
  });
}

/** -a */
export function neg(a: Tensor): Tensor {
  return a.graph.record(unary('Neg', a), [a], g => [neg(g)]);
}

/** The larger of a and b, element by element; at a tie the gradient goes to b. */
export function maximum(a: Operand, b: Operand): Tensor {
  const [x, y] = lift(a, b);
  return where(greater(x, y), x, y);
}

/** The smaller of a and b, element by element; at a tie the gradient goes to a. */
export function minimum(a: Operand, b: Operand): Tensor {
  const [x, y] = lift(a, b);
  return where(greater(x, y), y, x);
}

/** e^a */
export function exp(a: Tensor): Tensor {
  const y = unary('Exp', a);
  return a.graph.record(y, [a], g => [mul(g, y)]);
}

/** ln a */
export function log(a: Tensor): Tensor {
  return a.graph.record(unary('Log', a), [a], g => [div(g, a)]);
}

/** Square root; (sqrt a)' = a' / (2 sqrt a) */
export function sqrt(a: Tensor): Tensor {
  const y = unary('Sqrt', a);
  return a.graph.record(y, [a], g => [div(g, mul(y, 2))]);
}

/** a^2 */
export function square(a: Tensor): Tensor {
  return mul(a, a);
}

/** tanh a; tanh' = 1 - tanh^2 */
export function tanh(a: Tensor): Tensor {
  const y = unary('Tanh', a);
  return a.graph.record(y, [a], g => [mul(g, sub(1, square(y)))]);
}

/** erf a; erf' = 2/sqrt(pi) e^(-a^2) */
export function erf(a: Tensor): Tensor {
  return a.graph.record(unary('Erf', a), [a], g => [
    mul(g, mul(exp(neg(square(a))), 2 / Math.sqrt(Math.PI)))
  ]);
}

/** Whether a > b: bool, no gradient. */
export function greater(a: Operand, b: Operand): Tensor {
  const [x, y] = lift(a, b);
  return { ...binary('Greater', x, y, 'bool'), requiresGradient: false };
}

/** `condition ? a : b`, element by element. */
export function where(condition: Tensor, a: Operand, b: Operand): Tensor {
  const [x, y] =
    typeof a === 'number' && typeof b === 'number'
      ? [condition.graph.constant(a), condition.graph.constant(b)]
      : lift(a, b);
  const shape = broadcastShapes('Where', condition.shape, broadcastShapes('Where', x.shape, y.shape));
  const [out] = condition.graph.node('Where', [condition, x, y], [{ shape, dtype: x.dtype }]);
  return condition.graph.record(out!, [x, y], g => [
    x.requiresGradient ? unbroadcast(where(condition, g, 0), x) : undefined,
    y.requiresGradient ? unbroadcast(where(condition, 0, g), y) : undefined
  ]);
}
