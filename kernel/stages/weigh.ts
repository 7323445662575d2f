/** weigh: how target-like each source sample is, as a density ratio, and the weights made of it. */
import { Type, type Static } from '@sinclair/typebox';
import { DataError, InputError } from '../../common/errors.js';
import { engine, type WeighOutput } from '../engine/index.js';
import { foldOnly } from '../theory/index.js';
import { defineStage, type Filled, type Job, type Stage } from './define/index.js';
import type { Denoised } from './values/denoised.js';
import type { Space } from './values/space.js';
import { Weights } from './values/weights.js';

const Params = Type.Object({
  method: Type.Optional(
    Type.Union(
      ['auto', 'logit-quad', 'rulsif', 'uniform'].map(name =>
        Type.Literal(name as 'auto' | 'logit-quad' | 'rulsif' | 'uniform')
      ),
      {
        default: 'auto',
        description:
          'The ratio estimator; auto keeps the one with the smallest J on fold C, or uniform weights.'
      }
    )
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
  seed: Type.Optional(Type.Integer({ default: 0, minimum: 0, description: 'Seed of cross-validation.' }))
});

export type WeighParams = Static<typeof Params>;

/** Every parameter of `weigh`, as the stage filled it in. */
export type WeighSettings = Filled<typeof Params>;

/**
 * The weights of source rows under these clean weights. `weigh` makes them with those of denoising, `ablate` also
 * without cleaning.
 */
export async function fitWeights(
  space: Space,
  kappa: Float64Array,
  params: Filled<typeof Params>,
  job: Job
): Promise<WeighOutput> {
  const { data } = space;
  // The certificate averages over labelled source rows, so the ratio is one between those and the target.
  const labels = data.labelsFor('fit');
  const labelled = (fold: 'F' | 'C'): number[] =>
    foldOnly(
      data.rows('source', fold).filter(i => labels[i] !== null),
      data.fold,
      ['F', 'C'],
      'weigh'
    );
  for (const fold of ['F', 'C'] as const) {
    if (labelled(fold).length > 0) continue;
    throw new DataError(
      `weigh: source fold ${fold} has no labelled row. Split with another seed, or load more tables.`
    );
  }
  return engine().run(
    'weigh',
    {
      vectors: space.vectors,
      dimension: space.dimension,
      papers: [...data.paper],
      kappa,
      source: { F: labelled('F'), C: labelled('C') },
      target: { F: data.rows('target', 'F'), C: data.rows('target', 'C') },
      papersV: data.papersOf(data.rows('source', 'V')),
      papersU: data.papersOf(data.rows('target', 'U')),
      method: params.method,
      maxRank: params.rank,
      cap: params.cap,
      seed: params.seed
    },
    { signal: job.signal, progress: (fraction, message) => job.progress(fraction, message) }
  );
}

export const weigh: Stage<{ space: Space; clean: Denoised }, WeighParams, Weights> = defineStage({
  name: 'weigh',
  version: 1,
  title: 'Weigh by similarity',
  description:
    'Fits the density ratio of target to source on what cleaning keeps; caps it, and tempers it to train.',
  inputs: {
    space: { kind: 'space', description: 'an embedding' },
    clean: { kind: 'denoised', description: 'its denoising, reviewed or not' }
  },
  output: 'weights',
  params: Params,
  deterministic: true,
  async run({ space, clean }: { space: Space; clean: Denoised }, params, job) {
    if (clean.space.id !== space.id) {
      throw new InputError(
        'weigh',
        'clean',
        'weigh: "clean" was made from another embedding than "space". Run denoise again with this one.'
      );
    }
    const { ratio, train, certify, ...summary } = await fitWeights(space, clean.columns.kappa, params, job);
    return new Weights(clean, { ratio, train, certify }, summary);
  }
});
