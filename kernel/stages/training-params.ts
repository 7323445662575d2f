/** The parameters of training, for every stage that trains a model. Those of adapters are in lora.ts. */
import { Type, type Static } from '@sinclair/typebox';
import type { Filled } from './define/index.js';
import { LoraParams } from './lora.js';

export const TrainingParams = Type.Object({
  method: Type.Optional(
    Type.Union([Type.Literal('head'), Type.Literal('lora')], {
      default: 'head',
      description:
        'What is trained: "head", a head on the frozen encoder; "lora", first that head, then low-rank adapters in the encoder together with it.'
    })
  ),
  ...LoraParams,
  hidden: Type.Optional(
    Type.Integer({
      default: 0,
      minimum: 0,
      maximum: 4096,
      description: 'Units of a hidden layer; 0 for a linear head.'
    })
  ),
  epochs: Type.Optional(
    Type.Integer({
      default: 60,
      minimum: 1,
      maximum: 10000,
      description: 'Most passes of the head over the training rows.'
    })
  ),
  batch: Type.Optional(
    Type.Integer({ default: 64, minimum: 1, maximum: 65536, description: 'Rows a step of the head.' })
  ),
  learning_rate: Type.Optional(
    Type.Number({
      default: 0.003,
      exclusiveMinimum: 0,
      maximum: 1,
      description: 'Peak learning rate of AdamW for the head.'
    })
  ),
  weight_decay: Type.Optional(
    Type.Number({ default: 0.05, minimum: 0, maximum: 10, description: 'Decoupled decay of AdamW.' })
  ),
  patience: Type.Optional(
    Type.Integer({
      default: 10,
      minimum: 1,
      maximum: 10000,
      description: 'Epochs without a lower loss on fold C before training stops; the best epoch is kept.'
    })
  ),
  encoder: Type.Optional(
    Type.String({
      default: 'auto',
      minLength: 1,
      'x-path': 'folder',
      examples: ['auto', 'minilm', 'vectors'],
      description: 'As in embed; "auto" takes that of the weights or of the denoising, where there are any.'
    })
  ),
  seed: Type.Optional(
    Type.Integer({
      default: 0,
      minimum: 0,
      description: 'Seed of the starting parameters and of the order of rows.'
    })
  )
});

export type TrainingSettings = Filled<typeof TrainingParams>;

export type TrainingParams = Static<typeof TrainingParams>;
