/** weigh: how target-like each source sample is, as a density ratio, and the weights made of it. */
import { Type, type Static } from '@sinclair/typebox';
import { InputError } from '../../common/errors.js';
import { engine, WEIGH_METHODS, type WeighOutput } from '../engine/index.js';
import {
  bypassParameter,
  defineStage,
  isBypassed,
  type Filled,
  type Job,
  type Stage
} from './define/index.js';
import type { Denoised } from './values/denoised.js';
import type { Space } from './values/space.js';
import { Weights } from './values/weights.js';
import { probeWeights, rememberRead, rememberWeights } from './weigh-probe.js';
import { certifyingPapers, weighedRows, weightsOf } from './weigh-rows.js';

const Params = Type.Object({
  method: Type.Optional(
    Type.Union(
      WEIGH_METHODS.map(name => Type.Literal(name)),
      {
        default: 'auto',
        description:
          'The ratio estimator; auto keeps the one with the smallest J on fold C, or uniform weights. kernel, cosine and string are similarity tilts, not ratios.'
      }
    )
  ),
  alpha: Type.Optional(
    Type.Number({
      default: 0.1,
      minimum: 0,
      maximum: 0.9,
      description:
        'RuLSIF: the share of the target mixed into the source. Larger is steadier and sees less; 0 is uLSIF.'
    })
  ),
  rank: Type.Optional(
    Type.Integer({
      default: 16,
      minimum: 1,
      maximum: 64,
      description: 'Most principal components that the ratio is fitted in.'
    })
  ),
  cap: Type.Optional(
    Type.Union([Type.Number({ exclusiveMinimum: 0, maximum: 10000 }), Type.Null()], {
      default: null,
      description: 'The cap W of the ratio; null chooses it on fold C.'
    })
  ),
  seed: Type.Optional(Type.Integer({ default: 0, minimum: 0, description: 'Seed of cross-validation.' })),
  bypass: bypassParameter('Leaves similarity out: every ratio is 1, and the clean weights alone count.')
});

export type WeighParams = Static<typeof Params>;

/** What the fit goes by. */
export type WeighSettings = Omit<Filled<typeof Params>, 'bypass'>;

/** What weighs nothing: the ratio is 1 everywhere, whatever the data. */
const NOTHING: WeighSettings = { method: 'uniform', alpha: 0.1, rank: 1, cap: null, seed: 0 };

/** The settings by which weights were made, from the parameters of their stage. */
export function settingsOf(params: Filled<typeof Params>): WeighSettings {
  return isBypassed(params) ? NOTHING : params;
}

function checkSpace(space: Space, clean: Denoised): void {
  if (clean.space.id === space.id) return;
  throw new InputError(
    'weigh',
    'clean',
    'weigh: "clean" was made from another embedding than "space". Run denoise again with this one.'
  );
}

/**
 * The weights of source rows under these clean weights. `weigh` makes them with those of denoising, `ablate` also
 * without cleaning.
 */
export async function fitWeights(
  space: Space,
  kappa: Float64Array,
  params: WeighSettings,
  job: Job
): Promise<WeighOutput> {
  const { data } = space;
  return engine().run(
    'weigh',
    {
      vectors: space.vectors,
      dimension: space.dimension,
      papers: [...data.paper],
      kappa,
      ...weighedRows(data),
      ...certifyingPapers(data),
      method: params.method,
      alpha: params.alpha,
      texts: params.method === 'string' ? [...data.text] : undefined,
      maxRank: params.rank,
      cap: params.cap,
      seed: params.seed
    },
    { signal: job.signal, progress: (fraction, message) => job.progress(fraction, message) }
  );
}

export const weigh: Stage<{ space: Space; clean: Denoised }, WeighParams, Weights> = defineStage({
  name: 'weigh',
  version: 4,
  title: 'Weigh by similarity',
  description:
    'Fits the density ratio of target to source on what cleaning keeps, or a similarity tilt; caps it, and tempers it to train.',
  inputs: {
    space: { kind: 'space', description: 'an embedding' },
    clean: { kind: 'denoised', description: 'its denoising, reviewed or not' }
  },
  output: 'weights',
  params: Params,
  deterministic: true,
  cache: true,
  async bypass({ space, clean }: { space: Space; clean: Denoised }, job) {
    checkSpace(space, clean);
    const { columns, summary } = weightsOf(clean, await fitWeights(space, clean.columns.kappa, NOTHING, job));
    const words = 'weighing is bypassed: every ratio is 1';
    return new Weights(clean, columns, { ...summary, words, bypassed: true });
  },
  async run({ space, clean }: { space: Space; clean: Denoised }, params, job) {
    checkSpace(space, clean);
    const output = await fitWeights(space, clean.columns.kappa, params, job);
    const value = weightsOf(clean, output);
    rememberWeights(value, params, output);
    return value;
  },
  tune: {
    names: ['method', 'cap', 'rank', 'alpha'],
    probe: (made, params, _own, signal) => probeWeights(made, params, signal),
    again: rememberRead
  }
});
