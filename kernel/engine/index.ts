/**
 * The engine: a process of its own that holds ONNX Runtime, so that computing neither blocks nor endangers the
 * program. This file is what the rest of the system imports; it loads no ONNX Runtime itself.
 */
import { createEngine, type Engine } from './client.js';

let shared: Engine | undefined;

/** The engine of this program, started on its first job. */
export function engine(): Engine {
  return (shared ??= createEngine());
}

export { createEngine, lastState } from './client.js';
export type { Engine, EngineOptions, RunOptions } from './client.js';
export { defineTask } from './task.js';
export type { Job, Task } from './task.js';
export type { TaskInput, TaskName, TaskOutput } from './tasks/index.js';
export type { EmbedInput, EmbedOutput } from './tasks/embed.js';
export type { HeadRows } from './tasks/head-rows.js';
export type { HeadState, TrainHeadInput, TrainHeadOutput } from './tasks/head-types.js';
export type {
  LoraForwardInput,
  LoraForwardOutput,
  TextRows,
  TrainLoraInput,
  TrainLoraOutput
} from './tasks/lora-types.js';
export type { LossPoint, TrainingEnd, TrainingState } from './tasks/training.js';
export type { HeadForwardInput, HeadForwardOutput } from './tasks/head-forward.js';
export type { DenoiseFit, DenoiseOutput } from './tasks/denoise.js';
export type { PictureCoordinates } from './tasks/picture.js';
export type { Device } from './session.js';
export { DEFAULT_ENCODER_SHA256, defaultEncoderFolder } from './encoder-folder.js';
export { CHI_SQUARE, WEIGH_METHODS } from './tasks/weigh-types.js';
export type { WeighMethod, WeighOutput } from './tasks/weigh-types.js';
