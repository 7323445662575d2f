/** Sums, means and maxima over axes. */
import type { Tensor } from '../graph.js';
import { normaliseAxis, staticShape, type Dim } from '../shape.js';
import { div, greater, mul, sub, where } from './elementwise.js';
import { reduceNode, reshapeNode } from './nodes.js';

function allAxes(a: Tensor): number[] {
  return a.shape.map((_, i) => i);
}

/** Repeats a reduced gradient along the axes that were reduced. */
function spread(g: Tensor, a: Tensor, axes: readonly number[]): Tensor {
  const reduced = new Set(axes.map(axis => normaliseAxis('gradient of a reduction', a.shape, axis)));
  const kept: Dim[] = a.shape.map((dim, i) => (reduced.has(i) ? 1 : dim));
  const shape = staticShape(a.shape, 'The gradient of a reduction');
  return a.graph.node('Expand', [reshapeNode(g, kept), a.graph.integers(shape)], [{ shape }])[0]!;
}

/** Sum over `axes` (all by default); with `keep` the axes stay, of size 1. */
export function sum(a: Tensor, axes: readonly number[] = allAxes(a), keep = false): Tensor {
  return a.graph.record(reduceNode('ReduceSum', a, axes, keep), [a], g => [spread(g, a, axes)]);
}

/** Arithmetic mean over `axes` (all by default). */
export function mean(a: Tensor, axes: readonly number[] = allAxes(a), keep = false): Tensor {
  return a.graph.record(reduceNode('ReduceMean', a, axes, keep), [a], g => {
    const shape = staticShape(a.shape, 'The gradient of a mean');
    const count = axes.reduce((n, axis) => n * shape[normaliseAxis('ReduceMean', shape, axis)]!, 1);
    return [div(spread(g, a, axes), count)];
  });
}

/** Largest over `axes`; where several are largest, the gradient is shared equally among them. */
export function max(a: Tensor, axes: readonly number[] = allAxes(a), keep = false): Tensor {
  const out = reduceNode('ReduceMax', a, axes, keep);
  return a.graph.record(out, [a], g => {
    // Nothing is larger than the maximum, so "not smaller" marks the largest.
    const isLargest = where(greater(spread(out, a, axes), a), 0, 1);
    const count = spread(reduceNode('ReduceSum', isLargest, axes, true), a, axes);
    return [div(mul(spread(g, a, axes), isLargest), count)];
  });
}

/** Mean of squared deviations from the mean over `axes` (no correction for the degrees of freedom). */
export function variance(a: Tensor, axes: readonly number[] = allAxes(a), keep = false): Tensor {
  const centred = sub(a, mean(a, axes, true));
  return mean(mul(centred, centred), axes, keep);
}
