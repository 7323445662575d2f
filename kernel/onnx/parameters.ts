/**
 * All trained numbers of a model in one flat vector, so that an optimiser is a handful of nodes whatever the
 * model, and a checkpoint is three arrays. The layout says which stretch of the vector is which weight.
 */
import { ShapeError } from '../../common/errors.js';
import type { Tensor } from './graph.js';
import { concat, reshape, split } from './ops/shape.js';
import { formatShape } from './shape.js';

/** One weight's place in the flat vector: `offset` and the product of `shape`, in numbers. */
export interface ParameterSlot {
  name: string;
  shape: readonly number[];
  offset: number;
}

/** Slots in the order of the vector, without gaps. */
export type ParameterLayout = readonly ParameterSlot[];

/** Lays out weights one after the other. */
export function layoutOf(weights: readonly { name: string; shape: readonly number[] }[]): ParameterLayout {
  let offset = 0;
  return weights.map(({ name, shape }) => {
    const slot = { name, shape: [...shape], offset };
    offset += sizeOfSlot(slot);
    return slot;
  });
}

/** Numbers in the flat vector. */
export function parameterCount(layout: ParameterLayout): number {
  return layout.reduce((total, slot) => total + sizeOfSlot(slot), 0);
}

/** The weight's numbers, a view into the flat vector. Throws ShapeError for an unknown name. */
export function parameterOf(flat: Float32Array, layout: ParameterLayout, name: string): Float32Array {
  const slot = layout.find(candidate => candidate.name === name);
  if (!slot) throw new ShapeError(`No parameter ${name}; there are ${layout.map(s => s.name).join(', ')}.`);
  return flat.subarray(slot.offset, slot.offset + sizeOfSlot(slot));
}

/** The weights as tensors of the graph, cut out of the vector `flat` [parameterCount]; gradients flow to them. */
export function unpackParameters(flat: Tensor, layout: ParameterLayout): Map<string, Tensor> {
  const graph = flat.graph;
  if (flat.shape.length !== 1 || flat.shape[0] !== parameterCount(layout)) {
    throw new ShapeError(
      `unpackParameters: vector ${formatShape(flat.shape)} for ${parameterCount(layout)} parameters.`
    );
  }
  const parts = layout.length === 1 ? [flat] : split(flat, layout.map(sizeOfSlot));
  return new Map(layout.map((slot, i) => [slot.name, graph.variable(reshape(parts[i]!, slot.shape))]));
}

/** The weights' gradients joined in the layout's order, [parameterCount]. */
export function packGradients(gradients: readonly Tensor[], layout: ParameterLayout): Tensor {
  const flat = gradients.map((gradient, i) => reshape(gradient, [sizeOfSlot(layout[i]!)]));
  return flat.length === 1 ? flat[0]! : concat(flat);
}

function sizeOfSlot(slot: { shape: readonly number[] }): number {
  return slot.shape.reduce((product, dim) => product * dim, 1);
}
