/**
 * A classification head on fixed features: linear, or one hidden layer. Makes its training step, its loss on
 * held-out rows, and its predictions as ONNX graphs. It does not train by itself: the engine runs the graphs.
 */
import { ShapeError } from '../../../common/errors.js';
import { Graph, type Tensor } from '../graph.js';
import { gradients } from '../gradient.js';
import { encodeModel } from '../model.js';
import { gelu, relu, softmax } from '../ops/activations.js';
import { softmaxCrossEntropy } from '../ops/cross-entropy.js';
import { mul } from '../ops/elementwise.js';
import { linear } from '../ops/matmul.js';
import { sum } from '../ops/reduce.js';
import { adamW, adamWInputs, type AdamWOptions } from '../optimiser.js';
import {
  layoutOf,
  packGradients,
  parameterCount,
  unpackParameters,
  type ParameterLayout
} from '../parameters.js';
import { Random } from '../../../common/random.js';
import type { Dim } from '../shape.js';

export interface HeadShape {
  /** Numbers in a feature row. */
  features: number;
  classes: number;
  /** Units of the hidden layer; 0 for a linear head. */
  hidden: number;
  /** After the hidden layer. Default 'relu'. */
  activation?: 'relu' | 'gelu';
}

export interface HeadTrainingOptions extends AdamWOptions {
  /** Whether rows carry weights (input w). Weights of 1 give the same bits as no weights. Default true. */
  weighted?: boolean;
  /** Also returns the gradient before clipping, output g [n]. Default false. */
  gradient?: boolean;
}

/** hidden.weight [hidden, features], hidden.bias, output.weight [classes, .], output.bias, as PyTorch's Linear. */
export function headLayout(head: HeadShape): ParameterLayout {
  for (const [name, value, least] of [
    ['features', head.features, 1],
    ['classes', head.classes, 1],
    ['hidden', head.hidden, 0]
  ] as const) {
    if (!Number.isInteger(value) || value < least) {
      throw new ShapeError(`Head: ${name} must be a whole number of at least ${least}, got ${value}.`);
    }
  }
  const { features, classes, hidden } = head;
  const output = [
    { name: 'output.weight', shape: [classes, hidden || features] },
    { name: 'output.bias', shape: [classes] }
  ];
  if (!hidden) return layoutOf(output);
  return layoutOf([
    { name: 'hidden.weight', shape: [hidden, features] },
    { name: 'hidden.bias', shape: [hidden] },
    ...output
  ]);
}

/** Starting parameters: uniform within 1/sqrt(inputs) for weights and biases alike, as PyTorch's Linear. */
export function headInitial(head: HeadShape, seed: number): Float32Array {
  const layout = headLayout(head);
  const source = new Random(seed);
  const flat = new Float32Array(parameterCount(layout));
  for (const { name, shape, offset } of layout) {
    const inputs = name.startsWith('hidden') ? head.features : head.hidden || head.features;
    const bound = 1 / Math.sqrt(inputs);
    const size = shape.reduce((product, dim) => product * dim, 1);
    for (let i = 0; i < size; i++) flat[offset + i] = (2 * source.uniform() - 1) * bound;
  }
  return flat;
}

/** Logits [batch, classes] of features x [batch, features]; weights by the names of headLayout. */
export function headLogits(x: Tensor, weights: Map<string, Tensor>, head: HeadShape): Tensor {
  const weight = (name: string): Tensor => weights.get(name)!;
  if (!head.hidden) return linear(x, weight('output.weight'), weight('output.bias'));
  const inner = linear(x, weight('hidden.weight'), weight('hidden.bias'));
  const activated = head.activation === 'gelu' ? gelu(inner) : relu(inner);
  return linear(activated, weight('output.weight'), weight('output.bias'));
}

/**
 * One AdamW step on `batch` rows. Inputs p, m, v [n], t, lr [], x [batch, features], y [batch, classes]
 * (one-hot), w [batch] unless unweighted, scale []. Outputs p2, m2, v2, t2, loss [] and, asked for, g [n].
 *
 * loss = scale sum(w l) with scale = 1 / (N_step x mean training weight): a full batch is sum(w l)/sum(w).
 * A row of weight 0, or with a target row of zeros, changes nothing, so a short batch is padded with either.
 */
export function headTrainingGraph(
  head: HeadShape,
  batch: number,
  options: HeadTrainingOptions = {}
): Uint8Array {
  const graph = headTraining(head, batch, options);
  return encodeModel(graph, 'head-training');
}

/** As headTrainingGraph, but the graph itself. */
export function headTraining(head: HeadShape, batch: number, options: HeadTrainingOptions = {}): Graph {
  const graph = new Graph();
  const layout = headLayout(head);
  const state = adamWInputs(graph, parameterCount(layout));
  const { loss, weights } = headLoss(graph, state.p, head, batch, options.weighted ?? true);
  const each = gradients(
    loss,
    layout.map(slot => weights.get(slot.name)!)
  );
  const gradient = packGradients(each, layout);
  adamW(state, gradient, options);
  graph.output('loss', loss);
  if (options.gradient) graph.output('g', gradient);
  return graph;
}

/** Held-out loss for any number of rows. Inputs p [n], x, y, w, scale as in training; output loss []. */
export function headLossGraph(head: HeadShape): Uint8Array {
  const graph = new Graph();
  const p = graph.input('p', [parameterCount(headLayout(head))]);
  graph.output('loss', headLoss(graph, p, head, 'batch', true).loss);
  return encodeModel(graph, 'head-loss');
}

/** Predictions for any number of rows. Inputs p [n], x [batch, features]; outputs logits, probabilities [batch, classes]. */
export function headForwardGraph(head: HeadShape): Uint8Array {
  const graph = new Graph();
  const layout = headLayout(head);
  const p = graph.input('p', [parameterCount(layout)]);
  const logits = headLogits(graph.input('x', ['batch', head.features]), unpackParameters(p, layout), head);
  graph.output('logits', logits);
  graph.output('probabilities', softmax(logits));
  return encodeModel(graph, 'head-forward');
}

function headLoss(
  graph: Graph,
  p: Tensor,
  head: HeadShape,
  batch: Dim,
  weighted: boolean
): { loss: Tensor; weights: Map<string, Tensor> } {
  const x = graph.input('x', [batch, head.features]);
  const weights = unpackParameters(p, headLayout(head));
  return { loss: weightedLoss(headLogits(x, weights, head), weighted), weights };
}

/** scale sum(w l) of logits [batch, classes]; declares the inputs y [batch, classes], w [batch] if weighted, scale []. */
export function weightedLoss(logits: Tensor, weighted: boolean): Tensor {
  const { graph, shape } = logits;
  const y = graph.input('y', shape);
  const w = weighted ? graph.input('w', shape.slice(0, 1)) : undefined;
  const scale = graph.input('scale', []);
  const rows = softmaxCrossEntropy(logits, y);
  return mul(sum(w ? mul(rows, w) : rows), scale);
}
