/**
 * Reverse-mode differentiation while a graph is built: walks the recorded operations backwards and adds the
 * nodes that compute the gradients. The graph that results is plain ONNX; no training operators are needed.
 */
import { ShapeError } from '../../common/errors.js';
import { add } from './ops/elementwise.js';
import type { Tensor } from './graph.js';
import { formatShape, sameShape } from './shape.js';

/**
 * Gradients of the scalar `loss` with respect to `variables`, in their order and shapes.
 * Throws ShapeError when the loss is not a scalar or does not depend on a variable.
 */
export function gradients(loss: Tensor, variables: readonly Tensor[]): Tensor[] {
  const graph = loss.graph;
  if (loss.shape.length !== 0) {
    throw new ShapeError(`gradients: the loss must be a scalar, got shape ${formatShape(loss.shape)}.`);
  }
  const found = new Map<string, Tensor>([[loss.name, graph.constant(1)]]);
  // The rules add nodes of their own, which may record; only what was there before is walked.
  for (const { output, inputs, rule } of graph.tape.slice().reverse()) {
    const outputGradient = found.get(output.name);
    if (!outputGradient) continue;
    const inputGradients = rule(outputGradient);
    inputs.forEach((input, i) => {
      const gradient = inputGradients[i];
      if (!input.requiresGradient || !gradient) return;
      if (!sameShape(gradient.shape, input.shape)) {
        throw new ShapeError(
          `gradient of ${input.name}: shape ${formatShape(gradient.shape)} for a value of shape ${formatShape(input.shape)}.`
        );
      }
      const earlier = found.get(input.name);
      found.set(input.name, earlier ? add(earlier, gradient) : gradient);
    });
  }
  return variables.map(variable => {
    const gradient = found.get(variable.name);
    if (!gradient) throw new ShapeError(`gradients: the loss does not depend on ${variable.name}.`);
    return gradient;
  });
}
