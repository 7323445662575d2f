/**
 * Softmax cross entropy against targets given as probabilities or one-hot rows by the host. The gradient is
 * the fused "softmax minus target", so neither a logarithm of zero nor a scatter occurs, and every node has
 * a WebGPU kernel.
 */
import { ShapeError } from '../../../common/errors.js';
import type { Tensor } from '../graph.js';
import { formatShape, sameShape } from '../shape.js';
import { add, log, mul, neg, sub } from './elementwise.js';
import { reduceNode, reshapeNode } from './nodes.js';

/**
 * Loss of each row. logits [n, c], targets [n, c] with rows that sum to 1, or to 0 for a row to be ignored
 * (its loss and gradient are then 0) -> [n].
 *
 * l = sum_k y_k (max z - z_k) - (sum_k y_k) ln max softmax(z), since the largest softmax is
 * 1 / sum_k e^(z_k - max z); dl/dz = softmax(z) sum_k y_k - y.
 */
export function softmaxCrossEntropy(logits: Tensor, targets: Tensor): Tensor {
  if (logits.shape.length !== 2 || !sameShape(logits.shape, targets.shape)) {
    throw new ShapeError(
      `SoftmaxCrossEntropy: logits ${formatShape(logits.shape)} and targets ${formatShape(targets.shape)} differ.`
    );
  }
  // The value is made of detached nodes: the fused rule below is the only way that a gradient takes.
  const z = { ...logits, requiresGradient: false };
  const [probabilities] = z.graph.node('Softmax', [z], [{ shape: z.shape }], { axis: -1 });
  const mass = reduceNode('ReduceSum', targets, [1], true);
  const below = sub(reduceNode('ReduceMax', z, [1], true), z);
  const logLargest = log(reduceNode('ReduceMax', probabilities!, [1], true));
  const column = add(reduceNode('ReduceSum', mul(targets, below), [1], true), mul(mass, neg(logLargest)));
  const value = reshapeNode(column, [logits.shape[0]!]);
  const loss = { ...value, requiresGradient: logits.requiresGradient };
  return logits.graph.record(loss, [logits], g => [
    mul(sub(mul(probabilities!, mass), targets), reshapeNode(g, [logits.shape[0]!, 1]))
  ]);
}
