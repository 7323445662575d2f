/** finetune: a head on the frozen encoder, trained on source fold F with a weight a sample. */
import { defineStage, type Stage } from './define/index.js';
import { encoderContent } from './encoder-content.js';
import { checkSameCleaning, trainArm, trainedEncoder, type ArmSpec } from './heads.js';
import { TrainingParams } from './training-params.js';
import type { Data } from './values/data.js';
import type { Denoised } from './values/denoised.js';
import type { Model } from './values/model.js';
import { growingView } from './values/training-view.js';
import type { Weights } from './values/weights.js';

export type FinetuneParams = TrainingParams;

export interface FinetuneInputs {
  data: Data;
  /** Hybrid weights: tempered ratio times clean weight. */
  weights?: Weights;
  /** Without weights: the clean weights alone. With them: the review's new labels. */
  clean?: Denoised;
}

/** The arm of the ablation that this training is. What is bypassed has no part in its name. */
function armOf(weights: Weights | undefined, clean: Denoised | undefined): ArmSpec {
  const cleaning = weights?.clean ?? clean;
  const cleaned = cleaning !== undefined && (!cleaning.bypassed || cleaning.decisions.size > 0);
  const weighed = weights !== undefined && !weights.bypassed;
  const name = weighed ? (cleaned ? 'hybrid' : 'weights') : cleaned ? 'clean' : 'uniform';
  return { name, weights: weights?.columns.train ?? clean?.columns.kappa, clean: cleaning };
}

export const finetune: Stage<FinetuneInputs, FinetuneParams, Model> = defineStage({
  name: 'finetune',
  version: 1,
  title: 'Fine-tune',
  description: 'Trains on source fold F with a weight a sample, and keeps the epoch that is best on fold C.',
  inputs: {
    data: { kind: 'data', description: 'samples with domain and fold' },
    weights: {
      kind: 'weights',
      description: 'weights by similarity, clean weights included',
      optional: true
    },
    clean: { kind: 'denoised', description: 'clean weights, and the labels of a review', optional: true }
  },
  output: 'model',
  params: TrainingParams,
  deterministic: true,
  cache: true,
  outside: (inputs, { encoder }) => encoderContent(trainedEncoder(inputs, encoder)),
  async run({ data, weights, clean }: FinetuneInputs, params, job) {
    checkSameCleaning('finetune', weights, clean);
    const arm = armOf(weights, clean);
    const space = weights?.clean.space ?? clean?.space;
    const offer = job.offerFinish();
    try {
      const model = await trainArm(data, { ...arm, space }, params, 'finetune', job, {
        finish: offer.signal,
        curves: (points, part) =>
          job.show(
            growingView(
              part === 'LoRA' ? `${arm.name}: head and adapters` : `${arm.name}: head`,
              part === 'LoRA' ? params.lora_epochs : params.epochs,
              points
            )
          )
      });
      if (model.training.stopped) job.endedEarly(model.training.stopped);
      return model;
    } finally {
      offer.takeBack();
    }
  }
});
