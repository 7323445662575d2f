/** denoise: how far each sample lies from the manifold of the data, and how clean it counts. */
import { Type, type Static } from '@sinclair/typebox';
import { DataError } from '../../common/errors.js';
import { engine } from '../engine/index.js';
import { defineStage, type Stage } from './define/index.js';
import { Denoised } from './values/denoised.js';
import { foldOnly } from '../theory/index.js';
import type { Fold } from './values/data.js';
import type { Space } from './values/space.js';

const Params = Type.Object({
  neighbors: Type.Optional(
    Type.Integer({ default: 20, minimum: 4, maximum: 512, description: 'Rows that fit each tangent plane.' })
  ),
  fdr: Type.Optional(
    Type.Number({
      default: 0.1,
      minimum: 0.001,
      maximum: 0.5,
      description:
        'Share of false flags among those of folds F and C that are shown to people. Changes no weight.'
    })
  ),
  rank: Type.Optional(
    Type.Integer({
      default: 64,
      minimum: 1,
      maximum: 512,
      description: 'Most principal components that are kept.'
    })
  ),
  reference: Type.Optional(
    Type.Union([Type.Literal('source'), Type.Literal('target')], {
      default: 'source',
      description: 'Which papers of fold C are trusted: κ and the flags are measured against them.'
    })
  ),
  seed: Type.Optional(Type.Integer({ default: 0, minimum: 0, description: 'Seed of subsamples.' }))
});

export type DenoiseParams = Static<typeof Params>;

export const denoise: Stage<{ space: Space }, DenoiseParams, Denoised> = defineStage({
  name: 'denoise',
  version: 1,
  title: 'Denoise on the manifold',
  description:
    'Weighs rows down whose embedding lies off the manifold, and flags the strangest for a person.',
  inputs: { space: { kind: 'space', description: 'an embedding' } },
  output: 'denoised',
  params: Params,
  deterministic: true,
  async run({ space }: { space: Space }, params, job) {
    const { data } = space;
    const rowsOf = (...folds: Fold[]): number[] =>
      foldOnly(
        [...data.rows('source', ...folds), ...data.rows('target', ...folds)].sort((a, b) => a - b),
        data.fold,
        ['F', 'C'],
        'denoise'
      );
    const fit = rowsOf('F');
    if (fit.length < params.neighbors + 2) {
      throw new DataError(
        `denoise: fold F has ${fit.length} rows, too few for ${params.neighbors} neighbors. Use at most ${fit.length - 2}, or load more tables.`
      );
    }
    const reference = data.rows(params.reference, 'C');
    const output = await engine().run(
      'denoise',
      {
        vectors: space.vectors,
        dimension: space.dimension,
        papers: [...data.paper],
        fit,
        reference,
        reviewable: rowsOf('F', 'C'),
        neighbors: params.neighbors,
        maxRank: params.rank,
        fdr: params.fdr,
        seed: params.seed
      },
      { signal: job.signal, progress: (fraction, message) => job.progress(fraction, message) }
    );
    const { kappa, distance, pValue, flagged, ...summary } = output;
    return new Denoised(
      space,
      { kappa, distance, pValue, flagged },
      {
        ...summary,
        neighbors: params.neighbors,
        reference: {
          rows: reference.length,
          papers: data.papersOf(reference),
          words: `${params.reference} papers of fold C`
        }
      }
    );
  }
});
