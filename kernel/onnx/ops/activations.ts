/** Non-linearities: relu, sigmoid, the exact gelu, softmax. tanh is in elementwise.ts. */
import type { Tensor } from '../graph.js';
import { add, div, erf, exp, greater, mul, square, sub, where } from './elementwise.js';
import { reduceNode } from './nodes.js';

/** max(a, 0); the gradient at 0 is 0, as in PyTorch. */
export function relu(a: Tensor): Tensor {
  const [y] = a.graph.node('Relu', [a], [{ shape: a.shape }]);
  return a.graph.record(y!, [a], g => [where(greater(a, 0), g, 0)]);
}

/** 1 / (1 + e^-a); s' = s (1 - s) */
export function sigmoid(a: Tensor): Tensor {
  const [y] = a.graph.node('Sigmoid', [a], [{ shape: a.shape }]);
  return a.graph.record(y!, [a], g => [mul(g, mul(y!, sub(1, y!)))]);
}

/** a Phi(a), with the exact normal distribution function Phi; its derivative is Phi(a) + a phi(a). */
export function gelu(a: Tensor): Tensor {
  const [y] = a.graph.node('Gelu', [a], [{ shape: a.shape }], { approximate: 'none' });
  return a.graph.record(y!, [a], g => {
    const cdf = mul(add(erf(mul(a, Math.SQRT1_2)), 1), 0.5);
    const density = div(exp(mul(square(a), -0.5)), Math.sqrt(2 * Math.PI));
    return [mul(g, add(cdf, mul(a, density)))];
  });
}

/** e^a / sum e^a along the last axis; dx = y (g - sum(g y)) */
export function softmax(a: Tensor): Tensor {
  const [y] = a.graph.node('Softmax', [a], [{ shape: a.shape }], { axis: -1 });
  return a.graph.record(y!, [a], g => {
    const inner = reduceNode('ReduceSum', mul(g, y!), [-1], true);
    return [mul(y!, sub(g, inner))];
  });
}
