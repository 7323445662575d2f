/**
 * The part of fine-tuning that changes the encoder: low-rank adapters, trained together with a head that was fitted
 * on the frozen encoder first, so that it does not distort the encoder while it is still random (Kumar et al. 2022,
 * linear probing then fine-tuning). Folds, labels and weights are settled in heads.ts.
 */
import { Type } from '@sinclair/typebox';
import { ParameterError } from '../../common/errors.js';
import {
  engine,
  type RunOptions,
  type TextRows,
  type TrainingEnd,
  type TrainingState
} from '../engine/index.js';
import type { Job } from './define/index.js';
import { encoderFolder } from './encoder-content.js';
import type { AdapterParts } from './values/adapter.js';
import type { Data } from './values/data.js';
import type { HeadParts } from './values/model.js';

/** Parameters of method "lora"; a head alone ignores them. */
export const LoraParams = {
  rank: Type.Optional(
    Type.Integer({ default: 8, minimum: 1, maximum: 1024, description: 'LoRA: rank of each update.' })
  ),
  alpha: Type.Optional(
    Type.Number({
      default: 16,
      exclusiveMinimum: 0,
      maximum: 4096,
      description: 'LoRA: an update is scaled by alpha / rank.'
    })
  ),
  rslora: Type.Optional(
    Type.Boolean({ default: false, description: 'LoRA: scale by alpha / sqrt(rank) instead.' })
  ),
  target_modules: Type.Optional(
    Type.Array(
      Type.Union([
        Type.Literal('query'),
        Type.Literal('key'),
        Type.Literal('value'),
        Type.Literal('attention.output.dense'),
        Type.Literal('intermediate.dense'),
        Type.Literal('output.dense'),
        Type.Literal('dense')
      ]),
      {
        default: ['query', 'value'],
        minItems: 1,
        uniqueItems: true,
        description:
          'LoRA: linear modules with an update, matched by the end of their names as in peft: "output.dense" is both the attention’s and the feed-forward layer’s, "dense" all three.'
      }
    )
  ),
  lora_epochs: Type.Optional(
    Type.Integer({
      default: 4,
      minimum: 1,
      maximum: 1000,
      description: 'LoRA: most passes over the training rows, after those of the head.'
    })
  ),
  lora_batch: Type.Optional(
    Type.Integer({ default: 16, minimum: 1, maximum: 4096, description: 'LoRA: rows a step.' })
  ),
  lora_learning_rate: Type.Optional(
    Type.Number({
      default: 0.001,
      exclusiveMinimum: 0,
      maximum: 1,
      description: 'LoRA: peak learning rate of AdamW, for adapters and head.'
    })
  )
};

export interface LoraSettings {
  rank: number;
  alpha: number;
  rslora: boolean;
  target_modules: string[];
  lora_epochs: number;
  lora_batch: number;
  lora_learning_rate: number;
  weight_decay: number;
  patience: number;
  seed: number;
}

/** @throws ParameterError for data that has vectors in place of texts */
export function checkTexts(data: Data, stage: string): void {
  if (!data.vectors) return;
  throw new ParameterError(
    stage,
    'method',
    `${stage}: method "lora" trains the encoder on texts, and this data has vectors in their place (simulated data does). Use method "head".`
  );
}

/** Trains adapters and head, starting from `head`. */
export async function trainLora(
  head: HeadParts,
  train: TextRows,
  valid: TextRows | undefined,
  settings: LoraSettings,
  resume: TrainingState | undefined,
  options: RunOptions
): Promise<{ head: HeadParts; adapter: AdapterParts; end: TrainingEnd }> {
  const spec = {
    rank: settings.rank,
    alpha: settings.alpha,
    rsLora: settings.rslora,
    targetModules: settings.target_modules
  };
  const end = await engine().run(
    'train-lora',
    {
      folder: encoderFolder(head.encoder),
      ...train,
      valid,
      lora: spec,
      centre: head.mean,
      spread: head.scale,
      classes: head.classes.length,
      hidden: head.hidden,
      head: head.parameters,
      epochs: settings.lora_epochs,
      batchSize: settings.lora_batch,
      lr: settings.lora_learning_rate,
      weightDecay: settings.weight_decay,
      patience: settings.patience,
      seed: settings.seed,
      resume
    },
    options
  );
  const size = end.parameters.length - head.parameters.length;
  return {
    head: { ...head, parameters: end.parameters.slice(size) },
    adapter: {
      spec,
      parameters: end.parameters.slice(0, size),
      layout: end.layout.filter(({ offset }) => offset < size)
    },
    end
  };
}

/** Probabilities [texts, classes] of a model with adapters. */
export async function predictLora(
  head: HeadParts,
  adapter: AdapterParts,
  texts: readonly string[],
  job: Job
): Promise<Float32Array> {
  const parameters = new Float32Array(adapter.parameters.length + head.parameters.length);
  parameters.set(adapter.parameters);
  parameters.set(head.parameters, adapter.parameters.length);
  const { probabilities } = await engine().run(
    'lora-forward',
    {
      folder: encoderFolder(head.encoder),
      texts,
      lora: adapter.spec,
      head: { features: head.dimension, classes: head.classes.length, hidden: head.hidden },
      parameters,
      centre: head.mean,
      spread: head.scale
    },
    { signal: job.signal }
  );
  return probabilities;
}
