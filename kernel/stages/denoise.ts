/** denoise: how far each sample lies from the manifold of the data, and how clean it counts. */
import { Type, type Static } from '@sinclair/typebox';
import { DataError } from '../../common/errors.js';
import { engine } from '../engine/index.js';
import { bypassParameter, defineStage, type Stage } from './define/index.js';
import { probeDenoise, referenceRows, remember, summaryOf } from './denoise-probe.js';
import { Denoised } from './values/denoised.js';
import { undenoised } from './values/undenoised.js';
import { SAVED_ROWS } from '../../common/views/payload.js';
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
  seed: Type.Optional(Type.Integer({ default: 0, minimum: 0, description: 'Seed of subsamples.' })),
  bypass: bypassParameter('Leaves denoising out: every row counts as clean, and none is flagged.')
});

export type DenoiseParams = Static<typeof Params>;

function checkNeighbors(rows: number, neighbors: number): void {
  if (rows >= neighbors + 2) return;
  throw new DataError(
    `denoise: fold F has ${rows} rows, too few for ${neighbors} neighbors. Use at most ${rows - 2}, or load more tables.`
  );
}

export const denoise: Stage<{ space: Space }, DenoiseParams, Denoised> = defineStage({
  name: 'denoise',
  version: 2,
  title: 'Denoise on the manifold',
  description:
    'Weighs rows down whose embedding lies off the manifold, and flags the strangest for a person.',
  inputs: { space: { kind: 'space', description: 'an embedding' } },
  output: 'denoised',
  params: Params,
  deterministic: true,
  cache: true,
  bypass: async ({ space }: { space: Space }) => undenoised(space),
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
    checkNeighbors(fit.length, params.neighbors);
    const reference = referenceRows(data, params);
    const open = rowsOf('F', 'C');
    const output = await engine().run(
      'denoise',
      {
        vectors: space.vectors,
        dimension: space.dimension,
        papers: [...data.paper],
        fit,
        reference,
        reviewable: open,
        neighbors: params.neighbors,
        maxRank: params.rank,
        fdr: params.fdr,
        seed: params.seed,
        // Probes of large data fit on a part of it, and what was fitted on all of it serves them nothing.
        keepFrame: open.length <= SAVED_ROWS
      },
      { signal: job.signal, progress: (fraction, message) => job.progress(fraction, message) }
    );
    const { kappa, distance, pValue, flagged } = output;
    const value = new Denoised(
      space,
      { kappa, distance, pValue, flagged },
      summaryOf(space, params, reference, output)
    );
    remember(value, params, output);
    return value;
  },
  tune: {
    names: ['neighbors', 'fdr', 'rank', 'reference'],
    async probe(made, params, _own, signal) {
      const fit = made.space.data.fold.filter(fold => fold === 'F').length;
      checkNeighbors(fit, params.neighbors);
      return probeDenoise(made, params, signal);
    }
  }
});
