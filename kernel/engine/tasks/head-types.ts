/** What train-head takes and gives: plain data, sent between processes. No code. */
import type { HeadShape, ParameterLayout, Schedule } from '../../onnx/index.js';
import type { Device } from '../session.js';
import type { HeadRows } from './head-rows.js';

export interface TrainHeadInput extends HeadRows {
  /** Number of classes; y holds 0 .. classes-1. */
  classes: number;
  /** Rows whose loss chooses the best epoch (fold C). Without them the last epoch is kept. */
  valid?: HeadRows;
  /** Units of a hidden layer; 0 for a linear head. Default 0. */
  hidden?: number;
  activation?: HeadShape['activation'];
  /** Default 60. */
  epochs?: number;
  /** Rows in a step. Default 64. */
  batchSize?: number;
  /** Peak learning rate. Default 1e-3. */
  lr?: number;
  /** Decoupled decay of all parameters. Default 0.01. */
  weightDecay?: number;
  /** Largest norm of a step's gradient. Default: not clipped. */
  clipNorm?: number;
  /** Default constant. */
  schedule?: Schedule;
  /** Whole number: initial parameters and the order of rows. Default 0. */
  seed?: number;
  /** Stop after so many epochs without a lower held-out loss. Default: never. */
  patience?: number;
  /** State handed out by an earlier run with the same rows and settings: goes on from there, to the same bits. */
  resume?: HeadState;
  device?: Device;
  /** Default 1. */
  threads?: number;
}

/** One epoch. Losses are weighted means over rows: sum(w l)/sum(w). */
export interface LossPoint {
  /** Steps done. */
  step: number;
  /** Epochs done, from 1. */
  epoch: number;
  /** Mean over the epoch, while parameters moved. */
  train: number;
  /** After the epoch, on the held-out rows; absent without them. */
  valid?: number;
}

/** All that the run depends on from here: plain data, handed out with progress. */
export interface HeadState {
  /** Parameters and moments of AdamW, flat. */
  p: Float32Array;
  m: Float32Array;
  v: Float32Array;
  /** Steps done. */
  step: number;
  /** Sum of rows times loss over the steps of the running epoch. */
  epochLoss: number;
  best: { p: Float32Array; epoch: number; loss: number } | undefined;
  curves: LossPoint[];
  /** The settings that the state belongs to. */
  settings: string;
}

export interface TrainHeadOutput {
  head: HeadShape;
  /** Of the best epoch, flat; see layout. */
  parameters: Float32Array;
  layout: ParameterLayout;
  curves: LossPoint[];
  /** Epoch whose parameters were kept, from 1. */
  bestEpoch: number;
  /** Held-out loss of that epoch; absent without held-out rows. */
  bestLoss?: number;
  /** Why training ended. */
  ended: 'epochs' | 'patience';
  state: HeadState;
}
