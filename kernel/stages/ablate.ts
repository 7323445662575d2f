/**
 * ablate: what each idea brings. The same head is trained uniformly, with weights only, with cleaning only, with
 * both, and with the target's own labels, and all are scored on the same held-out target papers.
 */
import { Type, type Static } from '@sinclair/typebox';
import { InputError } from '../../common/errors.js';
import type { TrainingPayload } from '../../common/views/payload.js';
import { defineStage, type Job, type Stage } from './define/index.js';
import type { Hashable } from '../store/index.js';
import { encoderContent } from './encoder-content.js';
import { checkSameCleaning, predict, trainArm, trainedEncoder, type ArmSpec } from './heads.js';
import { TrainingParams } from './training-params.js';
import { AblatedFold, score, scoredRows, type ArmPredictions } from './scores.js';
import type { Data } from './values/data.js';
import type { Denoised } from './values/denoised.js';
import type { CurvePoint } from './values/model.js';
import { curveOf, trainingView } from './values/training-view.js';
import type { Report } from './values/report.js';
import type { Weights } from './values/weights.js';
import { fitWeights, settingsOf } from './weigh.js';

const Params = Type.Object({
  ...TrainingParams.properties,
  fold: AblatedFold,
  seeds: Type.Optional(
    Type.Integer({
      default: 3,
      minimum: 1,
      maximum: 50,
      description: 'Trainings of each arm, from `seed` on; scores are their mean.'
    })
  ),
  repeats: Type.Optional(
    Type.Integer({ default: 1000, minimum: 100, maximum: 100000, description: 'Resamples of the papers.' })
  )
});

export type AblateParams = Static<typeof Params>;

export interface AblateInputs {
  data: Data;
  weights: Weights;
  clean: Denoised;
}

/** Each arm's newest training on fold C, and what the running one does on fold F. */
function armsView(
  trained: ReadonlyMap<string, readonly CurvePoint[]>,
  running: string,
  words: string
): TrainingPayload {
  return trainingView({
    subtitle: 'arm by arm, the newest training of each',
    facts: [{ name: 'trains now', text: words }],
    curves: [
      curveOf(`${running}, fold F`, 'F', trained.get(running)!),
      ...[...trained].map(([name, points]) => curveOf(name, 'C', points))
    ]
  });
}

export const ablate: Stage<AblateInputs, AblateParams, Report> = defineStage({
  name: 'ablate',
  version: 1,
  title: 'Ablate',
  description:
    'Compares uniform, weights, clean, hybrid and target labels on the same held-out target papers.',
  inputs: {
    data: { kind: 'data', description: 'samples with domain and fold' },
    weights: { kind: 'weights', description: 'weights by similarity' },
    clean: { kind: 'denoised', description: 'the denoising that the weights were made from' }
  },
  output: 'report',
  params: Params,
  deterministic: true,
  cache: true,
  outside: async (inputs, { encoder }) => ({
    encoder: await encoderContent(trainedEncoder(inputs, encoder)),
    // It weighs again, with the parameters that the weights were made with, which are not part of what weights hold.
    weigh: (inputs['weights']?.params ?? null) as Hashable
  }),
  async run({ data, weights, clean }: AblateInputs, params, job) {
    checkSameCleaning('ablate', weights, clean);
    const weighed = weights.provenance;
    if (weighed?.stage !== 'weigh') {
      throw new InputError(
        'ablate',
        'weights',
        'ablate needs weights that the stage weigh made, to make them again without cleaning.'
      );
    }
    // Weights alone means that nothing was cleaned before the ratio was fitted either.
    const uncleaned = new Float64Array(data.length).fill(1);
    const settings = settingsOf(weighed.params as unknown as Parameters<typeof settingsOf>[0]);
    const alone = await fitWeights(weights.clean.space, uncleaned, settings, job);
    const arms: ArmSpec[] = [
      { name: 'uniform' },
      { name: 'weights', weights: alone.train },
      { name: 'clean', weights: clean.columns.kappa, clean },
      { name: 'hybrid', weights: weights.columns.train, clean },
      { name: 'target labels', targetLabels: true }
    ];
    const rows = scoredRows(data, params.fold, 'ablate');
    const total = arms.length * params.seeds;
    const scored: ArmPredictions[] = [];
    const trained = new Map<string, readonly CurvePoint[]>();
    for (const [a, arm] of arms.entries()) {
      const predictions: string[][] = [];
      for (let s = 0; s < params.seeds; s++) {
        const done = a * params.seeds + s;
        const part: Job = {
          ...job,
          progress: (fraction, message) => job.progress((done + fraction) / total, message)
        };
        const model = await trainArm(
          data,
          { ...arm, space: clean.space },
          { ...params, seed: params.seed + s },
          'ablate',
          part,
          {
            curves(points) {
              trained.set(arm.name, points);
              job.show(armsView(trained, arm.name, `${arm.name}, training ${s + 1} of ${params.seeds}`));
            }
          }
        );
        predictions.push(await predict(model, data, rows, 'ablate', part));
      }
      scored.push({ name: arm.name, predictions });
    }
    return score(data, params.fold, rows, scored, params.repeats);
  }
});
