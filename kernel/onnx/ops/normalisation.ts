/** Layer normalisation over the last axis, and scaling of rows to length one. */
import { ShapeError } from '../../../common/errors.js';
import type { Tensor } from '../graph.js';
import { formatShape, sameShape } from '../shape.js';
import { add, div, maximum, mul, sqrt, square, sub } from './elementwise.js';
import { reduceNode } from './nodes.js';
import { mean, sum, variance } from './reduce.js';

/**
 * (x - mean) / sqrt(var + epsilon) * gain + bias over the last axis. x [..., d], gain and bias [d].
 * Without gradients it is one LayerNormalization node; with them, its parts, whose rules give the gradient.
 */
export function layerNorm(x: Tensor, gain: Tensor, bias: Tensor, epsilon: number): Tensor {
  const width = x.shape.slice(-1);
  if (!sameShape(gain.shape, width) || !sameShape(bias.shape, width)) {
    throw new ShapeError(
      `LayerNorm: gain ${formatShape(gain.shape)} and bias ${formatShape(bias.shape)} do not fit ${formatShape(x.shape)}.`
    );
  }
  if (!x.requiresGradient && !gain.requiresGradient && !bias.requiresGradient) {
    const attributes = { axis: -1, epsilon: { float: epsilon } };
    return x.graph.node('LayerNormalization', [x, gain, bias], [{ shape: x.shape }], attributes)[0]!;
  }
  const centred = sub(x, mean(x, [-1], true));
  const standardised = div(centred, sqrt(add(variance(x, [-1], true), epsilon)));
  return add(mul(standardised, gain), bias);
}

/** Rows of length one along the last axis; a row shorter than `floor` is divided by `floor` (PyTorch's normalize). */
export function l2Normalise(x: Tensor, floor = 1e-12): Tensor {
  const length = x.requiresGradient
    ? sqrt(sum(square(x), [-1], true))
    : sqrt(reduceNode('ReduceSum', square(x), [-1], true));
  return div(x, maximum(length, floor));
}
