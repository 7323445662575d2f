/** What train-head takes and gives: plain data, sent between processes. No code. */
import type { HeadShape, ParameterLayout, Schedule } from '../../onnx/index.js';
import type { Device } from '../session.js';
import type { HeadRows } from './head-rows.js';
import type { TrainingEnd, TrainingState } from './training.js';

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

/** What train-head hands out with progress, and resumes from. */
export type HeadState = TrainingState;

export interface TrainHeadOutput extends TrainingEnd {
  head: HeadShape;
  /** Of `parameters`. */
  layout: ParameterLayout;
}
