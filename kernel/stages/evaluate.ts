/** evaluate: one model on target papers that were held out. The target's labels are seen here, and train nothing. */
import { Type, type Static } from '@sinclair/typebox';
import { defineStage, type Stage } from './define/index.js';
import { encoderContent } from './encoder-content.js';
import { predict } from './heads.js';
import { score, ScoredFold, scoredRows } from './scores.js';
import type { Data } from './values/data.js';
import type { Model } from './values/model.js';
import type { Report } from './values/report.js';

const Params = Type.Object({
  fold: ScoredFold,
  repeats: Type.Optional(
    Type.Integer({ default: 1000, minimum: 100, maximum: 100000, description: 'Resamples of the papers.' })
  )
});

export type EvaluateParams = Static<typeof Params>;

export const evaluate: Stage<{ data: Data; model: Model }, EvaluateParams, Report> = defineStage({
  name: 'evaluate',
  version: 1,
  title: 'Evaluate',
  description:
    'Scores a model on the labels of held-out target papers, classes without source support included.',
  inputs: {
    data: { kind: 'data', description: 'samples with domain and fold' },
    model: { kind: 'model', description: 'a trained model' }
  },
  output: 'report',
  params: Params,
  deterministic: true,
  cache: true,
  outside: async ({ model }) => encoderContent(model!.facts.encoder!),
  async run({ data, model }: { data: Data; model: Model }, params, job) {
    const rows = scoredRows(data, params.fold, 'evaluate');
    const predictions = [await predict(model, data, rows, 'evaluate', job)];
    return score(data, params.fold, rows, [{ name: model.training.arm, predictions }], params.repeats);
  }
});
