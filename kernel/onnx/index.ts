/**
 * hysim-lab/onnx: build ONNX graphs in TypeScript, differentiate them, and write them as models that train
 * through any ONNX Runtime. Nothing here runs a graph.
 */
export { Graph, expectShape } from './graph.js';
export type { Attribute, DataType, ExternalData, GradientRule, Initializer, Node, Tensor } from './graph.js';
export type { Dim, Shape } from './shape.js';
export { gradients } from './gradient.js';
export { encodeModel, neededParts } from './model.js';
export {
  add,
  div,
  erf,
  exp,
  greater,
  log,
  maximum,
  minimum,
  mul,
  neg,
  sqrt,
  square,
  sub,
  tanh,
  where
} from './ops/elementwise.js';
export type { Operand } from './ops/elementwise.js';
export { linear, linearAdd, matmul } from './ops/matmul.js';
export { max, mean, sum, variance } from './ops/reduce.js';
export { cast, concat, gather, reshape, split, transpose } from './ops/shape.js';
export { gelu, relu, sigmoid, softmax } from './ops/activations.js';
export { l2Normalise, layerNorm } from './ops/normalisation.js';
export { softmaxCrossEntropy } from './ops/cross-entropy.js';
export { layoutOf, packGradients, parameterCount, parameterOf, unpackParameters } from './parameters.js';
export type { ParameterLayout, ParameterSlot } from './parameters.js';
export { adamW, adamWInputs, clipByNorm } from './optimiser.js';
export type { AdamWOptions, AdamWState } from './optimiser.js';
export { learningRate } from './schedule.js';
export type { Schedule } from './schedule.js';
export { Random } from '../../common/random.js';
export { float32Entry, openSafetensors, readFloat32, writeSafetensors } from './safetensors.js';
export type { SafetensorsEntry, SafetensorsFile } from './safetensors.js';
export {
  headForwardGraph,
  headInitial,
  headLayout,
  headLossGraph,
  headTraining,
  headTrainingGraph
} from './models/head.js';
export type { HeadShape, HeadTrainingOptions } from './models/head.js';
export { bertConfig, bertSentenceGraph, bertStates } from './models/bert.js';
export type { BertConfig, Pooling } from './models/bert.js';
export { loraInitial, loraLayout, loraModules, loraScaling } from './models/lora.js';
export type { LoraModule, LoraSpec } from './models/lora.js';
export {
  loraForwardGraph,
  loraGradient,
  loraGradientGraph,
  loraModelInitial,
  loraModelLayout,
  optimiserGraph
} from './models/lora-graphs.js';
export type { LoraGradientOptions, LoraModel } from './models/lora-graphs.js';
export { KERNEL_EXTRA_COLUMNS, kernelGramGraph, kernelScoresGraph } from './models/gaussian-kernel.js';
export { timesTransposedGraph, transposedTimesGraph } from './models/products.js';
export { openSentenceEncoder, readJson, sentenceEncoderGraph } from './models/sentence-encoder.js';
export type { SentenceEncoder } from './models/sentence-encoder.js';
