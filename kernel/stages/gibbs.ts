/** Theorem 1A's Gibbs model from a trained head: how far its parameters are spread, chosen on fold C, and its losses. */
import { ParameterError } from '../../common/errors.js';
import { engine } from '../engine/index.js';
import { gaussianKl, indexPapers, pacBayesWidth, paperMeans, type PaperRows } from '../theory/index.js';
import type { Job } from './define/index.js';
import { embedRows } from './embed.js';
import { headInput } from './heads.js';
import type { Data } from './values/data.js';
import type { HeadParts, Model } from './values/model.js';

/** Draws from the posterior: what they leave open is at most sqrt(ln(1 / delta) / 2M) of a mean weight. */
const DRAWS = 200;
/** Spreads that are tried, in units of the root mean square of the parameters. */
const SPREADS = [0.01, 0.03, 0.1, 0.3, 1];

export interface GibbsRows {
  rows: readonly number[];
  labels: readonly (string | null)[];
}

export interface Posterior {
  draws: number;
  kl: number;
  /** Standard deviation of each parameter. */
  spread: number;
  /** Mean 0-1 loss over the draws, on these rows. */
  losses(on: GibbsRows): Promise<Float64Array>;
}

/** The prior's centre: a baseline's head where its parameters mean the same, else the model itself. */
function priorOf(head: HeadParts, baseline: HeadParts | undefined): Float32Array {
  const alike =
    baseline &&
    baseline.encoder === head.encoder &&
    baseline.hidden === head.hidden &&
    baseline.classes.join('\n') === head.classes.join('\n');
  return alike ? baseline.parameters : head.parameters;
}

/**
 * @param choose rows of fold C, with min(w, W) kappa; @param papersV how many papers V will have
 * @throws ParameterError for a model with adapters
 */
export async function posteriorOf(
  data: Data,
  model: Model,
  baseline: Model | undefined,
  choose: GibbsRows & { weights: Float64Array; papers: PaperRows },
  papersV: number,
  job: Job
): Promise<Posterior> {
  if (model.adapter)
    throw new ParameterError(
      'certify',
      'pac_bayes',
      'certify: theorem 1A is computed for a head on a frozen encoder, and this model has adapters. Leave pac_bayes out.'
    );
  const { head } = model;
  const embedded = await embedRows(data, head.encoder, 'certify', job);
  const code = new Map(head.classes.map((name, i) => [name, i]));
  const draw = async ({ rows, labels }: GibbsRows, spreads: readonly number[]): Promise<Float64Array[]> => {
    const y = Int32Array.from(rows, row => code.get(labels[row]!) ?? -1);
    const input = { ...headInput(head, embedded, rows), y, spreads, draws: DRAWS, seed: 0 };
    return (await engine().run('gibbs', input, { signal: job.signal })).losses;
  };
  const prior = priorOf(head, baseline?.adapter ? undefined : baseline?.head);
  const scale = Math.sqrt(head.parameters.reduce((sum, p) => sum + p * p, 0) / head.parameters.length);
  const spreads = SPREADS.map(share => share * Math.max(scale, 1e-6));
  const tried = await draw(choose, spreads);
  const index = indexPapers(choose.papers);
  const mean = (values: Float64Array): number =>
    paperMeans(values, index).reduce((sum, value) => sum + value, 0) / index.count;
  const secondMoment = Math.max(1e-6, mean(choose.weights.map(w => w * w)));
  const bounds = spreads.map((spread, k) => {
    const kl = gaussianKl(head.parameters, prior, spread);
    const width = pacBayesWidth({ n: Math.max(2, papersV), most: 1, secondMoment, kl, delta: 0.025 });
    return mean(tried[k]!.map((loss, i) => loss * choose.weights[i]!)) + width;
  });
  const spread = spreads[bounds.indexOf(Math.min(...bounds))]!;
  return {
    ...{ draws: DRAWS, spread, kl: gaussianKl(head.parameters, prior, spread) },
    losses: async on => (await draw(on, [spread]))[0]!
  };
}
