/** What train-lora and lora-forward take and give: plain data, sent between processes. No code. */
import type { HeadShape, LoraSpec, ParameterLayout, Schedule } from '../../onnx/index.js';
import type { Device } from '../session.js';
import type { Targets } from './head-rows.js';
import type { TrainingEnd, TrainingState } from './training.js';

/** Texts with classes and weights. */
export interface TextRows extends Targets {
  texts: readonly string[];
}

/** What both tasks have to know of a model beside its numbers. */
export interface LoraModelInput {
  /** A sentence-transformers folder of the BERT family, by its whole path. */
  folder: string;
  lora: LoraSpec;
  /** Standardisation of the vectors before the head: (vector - centre) / spread, each [width]. */
  centre: Float32Array;
  spread: Float32Array;
  /** Cuts texts shorter than the model's own limit does. */
  maxTokens?: number;
  device?: Device;
  /** Default 2. */
  threads?: number;
}

export interface TrainLoraInput extends LoraModelInput, TextRows {
  /** Number of classes; y holds 0 .. classes-1. */
  classes: number;
  /** Rows whose loss chooses the best epoch (fold C). Without them the last epoch is kept. */
  valid?: TextRows;
  /** Units of the head's hidden layer; 0 for a linear head. Default 0. */
  hidden?: number;
  /** Parameters that the head starts from, in the layout of headLayout. Default: drawn by the seed. */
  head?: Float32Array;
  /** Default 8. */
  epochs?: number;
  /** Rows in a step. Default 16. */
  batchSize?: number;
  /** Peak learning rate. Default 1e-3. */
  lr?: number;
  /** Decoupled decay of all trained parameters. Default 0.01. */
  weightDecay?: number;
  /** Largest norm of a step's gradient. Default 1. */
  clipNorm?: number;
  /** Default: linear to 0 after a warm-up of a tenth. */
  schedule?: Schedule;
  /** Whole number: initial parameters and the order of rows. Default 0. */
  seed?: number;
  /** Stop after so many epochs without a lower held-out loss. Default: never. */
  patience?: number;
  /** State handed out by an earlier run with the same rows and settings: goes on from there, to the same bits. */
  resume?: TrainingState;
}

export interface TrainLoraOutput extends TrainingEnd {
  head: HeadShape;
  /** Of `parameters`: the adapter under peft's names, then the head. */
  layout: ParameterLayout;
  /** Texts of training and held-out rows that were longer than the model takes, and were cut. */
  cut: number;
  /** Lengths that texts were padded to. */
  buckets: number[];
}

export interface LoraForwardInput extends LoraModelInput {
  texts: readonly string[];
  head: HeadShape;
  /** As train-lora returns them. */
  parameters: Float32Array;
}

export interface LoraForwardOutput {
  /** [texts, classes] row-major. */
  logits: Float32Array;
  /** Softmax of the logits, [texts, classes]. */
  probabilities: Float32Array;
  /** The adapted encoder's vectors before standardisation, [texts, width]. */
  vectors: Float32Array;
}
