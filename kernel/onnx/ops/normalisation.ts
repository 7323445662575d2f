/** Layer normalisation over the last axis, and scaling of rows to length one. */
import { ShapeError } from '../../../common/errors.js';
import type { Tensor } from '../graph.js';
import { formatShape, sameShape } from '../shape.js';
import { div, maximum, mul, sqrt, square, sub } from './elementwise.js';
import { reduceNode } from './nodes.js';
import { sum } from './reduce.js';

/**
 * (x - mean) / sqrt(var + epsilon) * gain + bias over the last axis. x [..., d], gain and bias [d].
 * With z = (x - mean) / sqrt(var + epsilon) and h = dY gain: dx = (h - mean(h) - z mean(h z)) / sqrt(var + epsilon),
 * dgain = sum(dY z), dbias = sum(dY). Mean and 1 / sqrt(var + epsilon) are the node's second and third output.
 */
export function layerNorm(x: Tensor, gain: Tensor, bias: Tensor, epsilon: number): Tensor {
  const width = x.shape.slice(-1);
  if (!sameShape(gain.shape, width) || !sameShape(bias.shape, width)) {
    throw new ShapeError(
      `LayerNorm: gain ${formatShape(gain.shape)} and bias ${formatShape(bias.shape)} do not fit ${formatShape(x.shape)}.`
    );
  }
  const attributes = { axis: -1, epsilon: { float: epsilon } };
  const differentiable = [x, gain, bias].some(input => input.requiresGradient);
  const row = { shape: [...x.shape.slice(0, -1), 1] };
  const [y, centre, inverse] = x.graph.node(
    'LayerNormalization',
    [x, gain, bias],
    differentiable ? [{ shape: x.shape }, row, row] : [{ shape: x.shape }],
    attributes
  );
  const leading = x.shape.slice(0, -1).map((_, i) => i);
  return x.graph.record(y!, [x, gain, bias], g => {
    const z = mul(sub(x, centre!), inverse!);
    const h = mul(g, gain);
    const along = sub(sub(h, rowMean(h)), mul(z, rowMean(mul(h, z))));
    return [
      x.requiresGradient ? mul(along, inverse!) : undefined,
      gain.requiresGradient ? reduceNode('ReduceSum', mul(g, z), leading, false) : undefined,
      bias.requiresGradient ? reduceNode('ReduceSum', g, leading, false) : undefined
    ];
  });
}

function rowMean(a: Tensor): Tensor {
  return reduceNode('ReduceMean', a, [-1], true);
}

/** Rows of length one along the last axis; a row shorter than `floor` is divided by `floor` (PyTorch's normalize). */
export function l2Normalise(x: Tensor, floor = 1e-12): Tensor {
  const length = x.requiresGradient
    ? sqrt(sum(square(x), [-1], true))
    : sqrt(reduceNode('ReduceSum', square(x), [-1], true));
  return div(x, maximum(length, floor));
}
