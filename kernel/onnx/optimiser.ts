/**
 * AdamW as nodes of the training graph (Loshchilov and Hutter 2019, algorithm 2), and clipping by the global
 * norm. The learning rate is fed at each step, so a schedule is arithmetic of the host (schedule.ts).
 */
import { ShapeError } from '../../common/errors.js';
import type { Graph, Tensor } from './graph.js';
import { add, div, minimum, mul, sqrt, square, sub, tanh } from './ops/elementwise.js';
import { sum } from './ops/reduce.js';
import { formatShape, sameShape } from './shape.js';

export interface AdamWOptions {
  /** Decoupled decay: each step multiplies the parameters by 1 - lr weightDecay. Default 0.01. */
  weightDecay?: number;
  /** Decay of the first moment. Default 0.9. */
  beta1?: number;
  /** Decay of the second moment. Default 0.999. */
  beta2?: number;
  /** Added to the root of the second moment. Default 1e-8. */
  epsilon?: number;
  /** Largest Euclidean norm of the whole gradient; a longer one is scaled down to it. Default: no clipping. */
  clipNorm?: number;
}

/** The optimiser's state as inputs of the graph: parameters and moments [n], steps done and learning rate []. */
export interface AdamWState {
  p: Tensor;
  m: Tensor;
  v: Tensor;
  t: Tensor;
  lr: Tensor;
}

/** Declares the inputs p, m, v [n] and t, lr [] of a training graph. */
export function adamWInputs(graph: Graph, parameters: number): AdamWState {
  const vector = (name: string): Tensor => graph.input(name, [parameters]);
  return {
    p: vector('p'),
    m: vector('m'),
    v: vector('v'),
    t: graph.input('t', []),
    lr: graph.input('lr', [])
  };
}

/**
 * One step; adds the outputs p2, m2, v2 [n] and t2 []. `gradient` is [n].
 *
 * m' = b1 m + (1 - b1) g;  v' = b2 v + (1 - b2) g^2;
 * p' = p (1 - lr decay) - lr / (1 - b1^t') * m' / (sqrt(v' / (1 - b2^t')) + epsilon), as PyTorch orders it.
 */
export function adamW(state: AdamWState, gradient: Tensor, options: AdamWOptions = {}): void {
  const { weightDecay = 0.01, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, clipNorm } = options;
  const { p, m, v, t, lr } = state;
  const graph = p.graph;
  if (!sameShape(gradient.shape, p.shape)) {
    throw new ShapeError(
      `AdamW: gradient ${formatShape(gradient.shape)} for parameters ${formatShape(p.shape)}.`
    );
  }
  const g = clipNorm === undefined ? gradient : clipByNorm(gradient, clipNorm);
  const t2 = add(t, 1);
  const m2 = add(mul(m, beta1), mul(g, 1 - beta1));
  const v2 = add(mul(v, beta2), mul(square(g), 1 - beta2));
  const denominator = add(div(sqrt(v2), sqrt(biasCorrection(t2, beta2))), epsilon);
  const stepSize = div(lr, biasCorrection(t2, beta1));
  const decayed = mul(p, sub(1, mul(lr, weightDecay)));
  graph.output('p2', sub(decayed, div(mul(m2, stepSize), denominator)));
  graph.output('m2', m2);
  graph.output('v2', v2);
  graph.output('t2', t2);
}

/**
 * 1 - beta^t. Subtracting in float32 would lose four of seven digits at t = 1 and beta = 0.999, so it is
 * written with tanh: 1 - e^x = -2 tanh(x/2) / (1 - tanh(x/2)), x = t ln beta.
 */
function biasCorrection(t: Tensor, beta: number): Tensor {
  const half = tanh(mul(t, Math.log(beta) / 2));
  return div(mul(half, -2), sub(1, half));
}

/** g min(1, limit / (|g| + 1e-6)), as PyTorch's clip_grad_norm_. */
export function clipByNorm(gradient: Tensor, limit: number): Tensor {
  const norm = sqrt(sum(square(gradient)));
  return mul(gradient, minimum(div(limit, add(norm, 1e-6)), 1));
}
