/**
 * A frozen sentence encoder with LoRA and a classification head on its standardised vectors: the gradient of the
 * weighted loss, and predictions, as ONNX graphs. Frozen weights stay in the model's own safetensors file. The
 * optimiser is a graph of its own, so that a step can add up the gradients of several calls.
 */
import { gradients } from '../gradient.js';
import { Graph, type Tensor } from '../graph.js';
import { encodeModel } from '../model.js';
import { softmax } from '../ops/activations.js';
import { div, sub } from '../ops/elementwise.js';
import { adamW, adamWInputs, type AdamWOptions } from '../optimiser.js';
import {
  layoutOf,
  packGradients,
  parameterCount,
  unpackParameters,
  type ParameterLayout
} from '../parameters.js';
import type { SafetensorsFile } from '../safetensors.js';
import type { Dim } from '../shape.js';
import { bertInputs, bertVectors, type BertConfig, type Pooling } from './bert.js';
import { headInitial, headLayout, headLogits, weightedLoss, type HeadShape } from './head.js';
import { loraAdapt, loraInitial, loraLayout, type LoraSpec } from './lora.js';

/** The encoder's part is that of a SentenceEncoder. */
export interface LoraModel {
  config: BertConfig;
  pooling: Pooling;
  weights: SafetensorsFile;
  lora: LoraSpec;
  /** Its features are the encoder's width. */
  head: HeadShape;
}

/** One flat vector: the adapter's numbers (loraLayout), then the head's (headLayout). */
export function loraModelLayout({
  config,
  lora,
  head
}: Pick<LoraModel, 'config' | 'lora' | 'head'>): ParameterLayout {
  return layoutOf([...loraLayout(config, lora), ...headLayout(head)]);
}

/** Starting parameters of adapter and head; with `head` given, the head starts from those instead. */
export function loraModelInitial(
  model: Pick<LoraModel, 'config' | 'lora' | 'head'>,
  seed: number,
  head: Float32Array = headInitial(model.head, seed)
): Float32Array {
  const adapter = loraInitial(model.config, model.lora, seed);
  const flat = new Float32Array(adapter.length + head.length);
  flat.set(adapter);
  flat.set(head, adapter.length);
  return flat;
}

export interface LoraGradientOptions {
  /** Whether rows carry weights (input w). Weights of 1 give the same bits as no weights. Default true. */
  weighted?: boolean;
}

/**
 * The loss of `batch` rows of `tokens` tokens and its gradient. Inputs p [n], ids [batch, tokens] int32, positions
 * [tokens] int32, mask [batch, tokens], centre and spread [width] (the standardisation), y [batch, classes]
 * one-hot, w [batch] unless unweighted, scale []. Outputs loss [] and g [n].
 *
 * loss = scale sum(w l) as in headTrainingGraph. A row of weight 0, or with a target row of zeros, changes
 * nothing, but must hold at least one token: a vector of length 0 has no direction.
 */
export function loraGradient(
  model: LoraModel,
  { batch, tokens }: { batch: number; tokens: number },
  { weighted = true }: LoraGradientOptions = {}
): Graph {
  const graph = new Graph();
  const layout = loraModelLayout(model);
  const p = graph.input('p', [parameterCount(layout)]);
  const { logits, weights } = loraLogits(graph, p, model, batch, tokens);
  const loss = weightedLoss(logits, weighted);
  const each = gradients(
    loss,
    layout.map(slot => weights.get(slot.name)!)
  );
  graph.output('loss', loss);
  graph.output('g', packGradients(each, layout));
  return graph;
}

/** loraGradient as a model's bytes. Give the session the folder of the weights' file. */
export function loraGradientGraph(
  model: LoraModel,
  size: { batch: number; tokens: number },
  options?: LoraGradientOptions
): Uint8Array {
  return encodeModel(loraGradient(model, size, options), 'lora-gradient');
}

/**
 * Predictions for any number of rows and tokens. Inputs p, ids, positions, mask, centre, spread as in
 * loraGradient; outputs vectors [batch, width] before standardisation, logits and probabilities [batch, classes].
 */
export function loraForwardGraph(model: LoraModel): Uint8Array {
  const graph = new Graph();
  const p = graph.input('p', [parameterCount(loraModelLayout(model))]);
  const { vectors, logits } = loraLogits(graph, p, model, 'batch', 'tokens');
  graph.output('vectors', vectors);
  graph.output('logits', logits);
  graph.output('probabilities', softmax(logits));
  return encodeModel(graph, 'lora-forward');
}

/** One AdamW step on a given gradient g [size], with the inputs and outputs of adamW. */
export function optimiserGraph(size: number, options: AdamWOptions = {}): Uint8Array {
  const graph = new Graph();
  const state = adamWInputs(graph, size);
  adamW(state, graph.input('g', [size]), options);
  return encodeModel(graph, 'adamw');
}

function loraLogits(
  graph: Graph,
  p: Tensor,
  { config, pooling, weights: file, lora, head }: LoraModel,
  batch: Dim,
  tokens: Dim
): { vectors: Tensor; logits: Tensor; weights: Map<string, Tensor> } {
  const weights = unpackParameters(p, loraModelLayout({ config, lora, head }));
  const inputs = bertInputs(graph, batch, tokens);
  const [centre, spread] = [graph.input('centre', [config.width]), graph.input('spread', [config.width])];
  const vectors = bertVectors(config, pooling, file, inputs, loraAdapt(lora, weights));
  const logits = headLogits(div(sub(vectors, centre), spread), weights, head);
  return { vectors, logits, weights };
}
