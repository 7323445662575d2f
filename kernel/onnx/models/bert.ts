/**
 * The encoder of the BERT family as an ONNX graph: token ids in, hidden states or one vector a text out. It
 * knows the names of Hugging Face's safetensors; folders and their configuration are read by
 * sentence-encoder.ts, and text becomes ids elsewhere (the engine's tokenizer).
 */
import { basename } from 'node:path';
import { ModelError } from '../../../common/errors.js';
import { Graph, type Tensor } from '../graph.js';
import { encodeModel } from '../model.js';
import { gelu, softmax } from '../ops/activations.js';
import { add, div, maximum, mul, sub } from '../ops/elementwise.js';
import { linear, matmul } from '../ops/matmul.js';
import { l2Normalise, layerNorm } from '../ops/normalisation.js';
import { sum } from '../ops/reduce.js';
import { gather, reshape, split, transpose } from '../ops/shape.js';
import { float32Entry, type SafetensorsFile } from '../safetensors.js';
import type { Dim, Shape } from '../shape.js';

/** What of config.json the graph depends on. */
export interface BertConfig {
  vocabulary: number;
  width: number;
  layers: number;
  heads: number;
  /** Units of the feed-forward layer. */
  inner: number;
  positions: number;
  epsilon: number;
}

export interface Pooling {
  /** Mean over the text's tokens, or the state of the first token. */
  kind: 'mean' | 'first';
  /** Whether vectors are scaled to length one. */
  normalise: boolean;
}

/** Added to the score of a padding token: after softmax its share is exactly zero. */
const MASKED = -1e9;

/**
 * Changes what a linear module gives, as an adapter does. `module` is its name in Hugging Face's BertModel, x
 * [..., inputs] what goes in, y [..., outputs] what the frozen weight makes of it; with known shapes both are
 * flattened to two axes.
 */
export type Adapt = (module: string, x: Tensor, y: Tensor) => Tensor;

/** Looks weights up by name in the safetensors file and leaves their numbers there. */
class Weights {
  private readonly prefix: string;
  constructor(
    private readonly graph: Graph,
    private readonly file: SafetensorsFile,
    private readonly adapt: Adapt = (_module, _x, y) => y
  ) {
    // A checkpoint saved with a task head keeps the encoder under "bert.".
    this.prefix = file.tensors.has('bert.embeddings.word_embeddings.weight') ? 'bert.' : '';
  }

  get(name: string, shape: readonly number[]): Tensor {
    const { offset, length } = float32Entry(this.file, this.prefix + name, shape);
    return this.graph.weight(name, shape, { location: basename(this.file.path), offset, length });
  }

  /**
   * x W^T + b on the last axis, adapted. The file holds W as [outputs, inputs]. With open shapes its transpose is
   * folded on loading; with known ones (training) it is used as it lies in the file, so that sessions share it.
   */
  dense(x: Tensor, name: string, inputs: number, outputs: number): Tensor {
    const weight = this.get(`${name}.weight`, [outputs, inputs]);
    const bias = this.get(`${name}.bias`, [outputs]);
    const leading: Shape = x.shape.slice(0, -1);
    if (!isStatic(leading)) {
      return this.adapt(name, x, add(matmul(x, transpose(weight, [1, 0])), bias));
    }
    const flat = reshape(x, [leading.reduce((product, dim) => product * dim, 1), inputs]);
    return reshape(this.adapt(name, flat, linear(flat, weight, bias)), [...leading, outputs]);
  }

  norm(x: Tensor, name: string, width: number, epsilon: number): Tensor {
    return layerNorm(x, this.get(`${name}.weight`, [width]), this.get(`${name}.bias`, [width]), epsilon);
  }
}

function isStatic(shape: Shape): shape is readonly number[] {
  return shape.every(dim => typeof dim === 'number');
}

/**
 * Sentence vectors. Inputs: ids [batch, tokens] int32, positions [tokens] int32 (0, 1, 2, ...), mask
 * [batch, tokens] float32 (1 for a token, 0 for padding). Output: vectors [batch, width] float32.
 * The weights stay in `file`: give the session its folder. Throws ModelError when a tensor is missing or has
 * another shape than the configuration asks for.
 */
export function bertSentenceGraph(config: BertConfig, pooling: Pooling, file: SafetensorsFile): Uint8Array {
  const graph = new Graph();
  graph.output('vectors', bertVectors(config, pooling, file, bertInputs(graph, 'batch', 'tokens')));
  return encodeModel(graph, 'bert-sentence');
}

export interface BertInputs {
  ids: Tensor;
  positions: Tensor;
  mask: Tensor;
}

/** Declares the inputs ids [batch, tokens] int32, positions [tokens] int32 and mask [batch, tokens] float32. */
export function bertInputs(graph: Graph, batch: Dim, tokens: Dim): BertInputs {
  return {
    ids: graph.input('ids', [batch, tokens], 'int32'),
    positions: graph.input('positions', [tokens], 'int32'),
    mask: graph.input('mask', [batch, tokens])
  };
}

/** Pooled vectors [batch, width]. To differentiate, each row of the mask must have a token: no length is then 0. */
export function bertVectors(
  config: BertConfig,
  pooling: Pooling,
  file: SafetensorsFile,
  inputs: BertInputs,
  adapt?: Adapt
): Tensor {
  const states = bertStates(inputs.ids.graph, config, file, inputs, adapt);
  const pooled = pooling.kind === 'mean' ? meanPool(states, inputs.mask) : firstPool(states, config.width);
  return pooling.normalise ? l2Normalise(pooled) : pooled;
}

/** The last layer's hidden states [batch, tokens, width] (Devlin et al. 2019; post-norm, exact gelu). */
export function bertStates(
  graph: Graph,
  config: BertConfig,
  file: SafetensorsFile,
  inputs: BertInputs,
  adapt?: Adapt
): Tensor {
  const weights = new Weights(graph, file, adapt);
  const { width, epsilon } = config;
  const [batch, tokens] = inputs.ids.shape as [Dim, Dim];
  const words = gather(
    weights.get('embeddings.word_embeddings.weight', [config.vocabulary, width]),
    inputs.ids
  );
  const places = gather(
    weights.get('embeddings.position_embeddings.weight', [config.positions, width]),
    inputs.positions
  );
  // Every token is of type 0: a single text, never a pair.
  const [firstType] = split(weights.get('embeddings.token_type_embeddings.weight', [2, width]), [1, 1]);
  let states = add(add(words, places), firstType!);
  states = weights.norm(states, 'embeddings.LayerNorm', width, epsilon);
  const bias = reshape(mul(sub(1, inputs.mask), MASKED), [batch, 1, 1, tokens]);
  for (let layer = 0; layer < config.layers; layer++) {
    states = encoderLayer(weights, `encoder.layer.${layer}`, states, bias, config);
  }
  return states;
}

function encoderLayer(weights: Weights, name: string, x: Tensor, bias: Tensor, config: BertConfig): Tensor {
  const { width, inner, epsilon } = config;
  const attended = attention(weights, `${name}.attention`, x, bias, config);
  const middle = weights.norm(add(attended, x), `${name}.attention.output.LayerNorm`, width, epsilon);
  const expanded = gelu(weights.dense(middle, `${name}.intermediate.dense`, width, inner));
  const contracted = weights.dense(expanded, `${name}.output.dense`, inner, width);
  return weights.norm(add(contracted, middle), `${name}.output.LayerNorm`, width, epsilon);
}

/** softmax(Q K^T / sqrt(width / heads) + bias) V for each head, joined and projected. */
function attention(weights: Weights, name: string, x: Tensor, bias: Tensor, config: BertConfig): Tensor {
  const { width, heads } = config;
  const [batch, tokens] = x.shape as [Dim, Dim];
  const perHead = width / heads;
  const project = (part: string, order: readonly number[]): Tensor =>
    transpose(
      reshape(weights.dense(x, `${name}.self.${part}`, width, width), [batch, tokens, heads, perHead]),
      order
    );
  const query = project('query', [0, 2, 1, 3]);
  const key = project('key', [0, 2, 3, 1]);
  const value = project('value', [0, 2, 1, 3]);
  const scores = add(mul(matmul(query, key), 1 / Math.sqrt(perHead)), bias);
  const mixed = transpose(matmul(softmax(scores), value), [0, 2, 1, 3]);
  return weights.dense(reshape(mixed, [batch, tokens, width]), `${name}.output.dense`, width, width);
}

/** Mean over tokens that are not padding. */
function meanPool(states: Tensor, mask: Tensor): Tensor {
  const [batch, tokens] = mask.shape as [Dim, Dim];
  const total = sum(mul(states, reshape(mask, [batch, tokens, 1])), [1]);
  return div(total, maximum(sum(mask, [1], true), 1e-9));
}

function firstPool(states: Tensor, width: number): Tensor {
  const graph = states.graph;
  const [batch, tokens] = states.shape as [Dim, Dim];
  if (typeof tokens === 'number' && tokens > 1) {
    return reshape(split(states, [1, tokens - 1], 1)[0]!, [batch, width]);
  }
  const [first] = graph.node('Gather', [states, graph.integers([0])], [{ shape: [batch, 1, width] }], {
    axis: 1
  });
  return reshape(first!, [batch, width]);
}

/** Reads and checks a parsed config.json. `path` is for messages. Throws ModelError. */
export function bertConfig(path: string, config: Record<string, unknown>): BertConfig {
  const demand = (key: string, allowed: unknown): void => {
    if (config[key] !== undefined && config[key] !== allowed) {
      throw new ModelError(
        path,
        `${path}: ${key} is ${String(config[key])}; only ${String(allowed)} is supported.`
      );
    }
  };
  if (config.model_type !== 'bert') {
    throw new ModelError(
      path,
      `${path}: model_type is ${String(config.model_type)}; only bert is supported.`
    );
  }
  demand('hidden_act', 'gelu');
  demand('position_embedding_type', 'absolute');
  demand('type_vocab_size', 2);
  const count = (key: string): number => {
    const value = config[key];
    if (typeof value === 'number' && Number.isSafeInteger(value) && value > 0) return value;
    throw new ModelError(path, `${path}: ${key} must be a whole number above 0, got ${String(value)}.`);
  };
  const [width, heads] = [count('hidden_size'), count('num_attention_heads')];
  if (width % heads)
    throw new ModelError(path, `${path}: hidden_size ${width} is not divisible by ${heads} heads.`);
  const epsilon = config.layer_norm_eps ?? 1e-12;
  if (typeof epsilon !== 'number') throw new ModelError(path, `${path}: layer_norm_eps must be a number.`);
  return {
    vocabulary: count('vocab_size'),
    width,
    layers: count('num_hidden_layers'),
    heads,
    inner: count('intermediate_size'),
    positions: count('max_position_embeddings'),
    epsilon
  };
}
