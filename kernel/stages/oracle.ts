/** The true target risks of heads on simulated data, where the law is known; nothing on real data. */
import type { LabelledNumber } from '../../common/labels.js';
import { engine } from '../engine/index.js';
import type { SimulationSpec } from '../theory/index.js';
import type { Job } from './define/index.js';
import type { Data } from './values/data.js';
import type { Model } from './values/model.js';

/** Fresh rows: the standard error of a risk is then at most 0.0016. */
const ROWS = 100_000;

export async function trueRisks(
  data: Data,
  models: readonly Model[],
  job: Job
): Promise<LabelledNumber[] | undefined> {
  if (!data.truth) return undefined;
  const { risks } = await engine().run(
    'oracle',
    {
      spec: data.truth.law as unknown as SimulationSpec,
      rows: ROWS,
      heads: models.map(({ head }) => ({
        head: { features: head.dimension, classes: head.classes.length, hidden: head.hidden },
        parameters: head.parameters,
        layout: head.layout,
        mean: head.mean,
        scale: head.scale,
        labels: head.classes.map(Number)
      }))
    },
    { signal: job.signal }
  );
  return risks;
}
