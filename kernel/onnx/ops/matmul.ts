/** Products of matrices: the batched product and the fully connected layer, with their gradients. */
import { ShapeError } from '../../../common/errors.js';
import type { Tensor } from '../graph.js';
import { broadcastShapes, formatShape, sameShape, sizeOf } from '../shape.js';
import { reduceNode, reshapeNode, transposeNode } from './nodes.js';

function matmulNode(a: Tensor, b: Tensor): Tensor {
  const [rows, inner] = a.shape.slice(-2);
  const [innerB, columns] = b.shape.slice(-2);
  if (a.shape.length < 2 || b.shape.length < 2 || inner !== innerB) {
    throw new ShapeError(
      `MatMul: ${formatShape(a.shape)} times ${formatShape(b.shape)}: inner sizes differ.`
    );
  }
  const batch = broadcastShapes('MatMul', a.shape.slice(0, -2), b.shape.slice(0, -2));
  return a.graph.node('MatMul', [a, b], [{ shape: [...batch, rows!, columns!] }])[0]!;
}

function swapLast(a: Tensor): Tensor {
  const rank = a.shape.length;
  const order = Array.from({ length: rank }, (_, i) =>
    i < rank - 2 ? i : i === rank - 2 ? rank - 1 : rank - 2
  );
  return transposeNode(a, order);
}

/**
 * Batched product [..., m, k] x [..., k, n] -> [..., m, n]. To differentiate, the leading dimensions must be
 * equal, or b a plain matrix [k, n]. dA = dY B^T, dB = A^T dY.
 */
export function matmul(a: Tensor, b: Tensor): Tensor {
  const out = matmulNode(a, b);
  const plain = b.shape.length === 2 && a.shape.length > 2;
  if (out.requiresGradient && !plain && !sameShape(a.shape.slice(0, -2), b.shape.slice(0, -2))) {
    throw new ShapeError(
      `MatMul: no gradient for leading dimensions that broadcast, ${formatShape(a.shape)} times ${formatShape(b.shape)}.`
    );
  }
  return a.graph.record(out, [a, b], g => {
    const da = a.requiresGradient ? matmulNode(g, swapLast(b)) : undefined;
    if (!b.requiresGradient) return [da, undefined];
    if (!plain) return [da, matmulNode(swapLast(a), g)];
    const rows = sizeOf(a.shape.slice(0, -1), 'the gradient of MatMul');
    const flatA = reshapeNode(a, [rows, a.shape.at(-1)!]);
    const flatG = reshapeNode(g, [rows, g.shape.at(-1)!]);
    return [da, gemm(flatA, flatG, undefined, { transA: 1 }, b.shape)];
  });
}

function gemm(
  a: Tensor,
  b: Tensor,
  c: Tensor | undefined,
  attributes: { transA?: 1; transB?: 1; alpha?: { float: number } },
  shape: Tensor['shape']
): Tensor {
  return a.graph.node('Gemm', c ? [a, b, c] : [a, b], [{ shape }], attributes)[0]!;
}

/**
 * A fully connected layer: x [n, inputs], weight [outputs, inputs] (PyTorch's layout), bias [outputs] ->
 * x W^T + b, [n, outputs]. dx = dY W, dW = dY^T x, db = the column sums of dY.
 */
export function linear(x: Tensor, weight: Tensor, bias?: Tensor): Tensor {
  const [outputs, inputs] = weight.shape;
  if (x.shape.length !== 2 || weight.shape.length !== 2 || x.shape[1] !== inputs) {
    throw new ShapeError(
      `Linear: input ${formatShape(x.shape)} does not fit weight ${formatShape(weight.shape)}.`
    );
  }
  if (bias && !sameShape(bias.shape, [outputs!])) {
    throw new ShapeError(
      `Linear: bias ${formatShape(bias.shape)} does not fit weight ${formatShape(weight.shape)}.`
    );
  }
  const out = gemm(x, weight, bias, { transB: 1 }, [x.shape[0]!, outputs!]);
  return x.graph.record(out, bias ? [x, weight, bias] : [x, weight], g => [
    x.requiresGradient ? gemm(g, weight, undefined, {}, x.shape) : undefined,
    weight.requiresGradient ? gemm(g, x, undefined, { transA: 1 }, weight.shape) : undefined,
    bias?.requiresGradient ? reduceNode('ReduceSum', g, [0], false) : undefined
  ]);
}

/**
 * A scaled layer added to what is there: x [n, inputs], weight [outputs, inputs], base [n, outputs] ->
 * scale x W^T + base, as one Gemm. dx = scale dY W, dW = scale dY^T x, dbase = dY. A LoRA update is
 * linearAdd(linear(x, A), B, frozen, scaling).
 */
export function linearAdd(x: Tensor, weight: Tensor, base: Tensor, scale: number): Tensor {
  const [outputs, inputs] = weight.shape;
  const fits = x.shape.length === 2 && weight.shape.length === 2 && x.shape[1] === inputs;
  if (!fits || !sameShape(base.shape, [x.shape[0]!, outputs!])) {
    throw new ShapeError(
      `LinearAdd: input ${formatShape(x.shape)}, weight ${formatShape(weight.shape)} and base ` +
        `${formatShape(base.shape)} do not fit.`
    );
  }
  const alpha = { float: scale };
  const out = gemm(x, weight, base, { transB: 1, alpha }, base.shape);
  return x.graph.record(out, [x, weight, base], g => [
    x.requiresGradient ? gemm(g, weight, undefined, { alpha }, x.shape) : undefined,
    weight.requiresGradient ? gemm(g, x, undefined, { transA: 1, alpha }, weight.shape) : undefined,
    base.requiresGradient ? g : undefined
  ]);
}
