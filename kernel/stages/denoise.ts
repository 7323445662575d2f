/** denoise: how far each sample lies from the manifold of the data, and how clean it counts. */
import { Type, type Static } from '@sinclair/typebox';
import { DataError, ParameterError } from '../../common/errors.js';
import { engine } from '../engine/index.js';
import { bypassParameter, defineStage, type Stage } from './define/index.js';
import {
  fitSettings,
  probeDenoise,
  referenceRows,
  remember,
  summaryOf,
  type DenoiseSettings
} from './denoise-probe.js';
import { Denoised } from './values/denoised.js';
import { undenoised } from './values/undenoised.js';
import { SAVED_ROWS } from '../../common/views/payload.js';
import { DENOISERS, foldOnly } from '../theory/index.js';
import type { Data, Fold } from './values/data.js';
import type { Space } from './values/space.js';

const Params = Type.Object({
  neighbors: Type.Optional(
    Type.Union([Type.Integer({ minimum: 4, maximum: 512 }), Type.Null()], {
      default: null,
      description: 'Rows that fit each tangent plane; null takes the number with the largest predicted gain.'
    })
  ),
  method: Type.Optional(
    Type.Union(
      (['auto', ...DENOISERS] as const).map(name => Type.Literal(name)),
      {
        default: 'auto',
        description:
          'The projection that distances are measured to: global PCA, local tangent planes after it, or none; auto takes the one with the smaller error on fold C.'
      }
    )
  ),
  fdr: Type.Optional(
    Type.Number({
      default: 0.1,
      minimum: 0.001,
      maximum: 0.5,
      description:
        'Share of falsely flagged papers among those of folds F and C that are shown to people. Changes no weight.'
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
  trusted: Type.Optional(
    Type.Array(Type.String({ minLength: 1 }), {
      default: [],
      description:
        'Papers of that fold C which a person vouches for: they alone are the reference. An empty list trusts all.'
    })
  ),
  contamination: Type.Optional(
    Type.Number({
      default: 0,
      minimum: 0,
      maximum: 0.4,
      description:
        'Declared share of reference papers that hold foreign rows: at most so many that lie far out are trimmed.'
    })
  ),
  seed: Type.Optional(Type.Integer({ default: 0, minimum: 0, description: 'Seed of subsamples.' })),
  bypass: bypassParameter('Leaves denoising out: every row counts as clean, and none is flagged.')
});

export type DenoiseParams = Static<typeof Params>;

/** Fewest rows of fold F that a manifold is fitted on. */
const LEAST_ROWS = 10;

function checkNeighbors(rows: number, neighbors: number | null): void {
  if (neighbors !== null && rows < neighbors + 2)
    throw new DataError(
      `denoise: fold F has ${rows} rows, too few for ${neighbors} neighbors. Use at most ${rows - 2}, or load more tables.`
    );
  if (rows < LEAST_ROWS)
    throw new DataError(
      `denoise: fold F has ${rows} rows, and a manifold needs at least ${LEAST_ROWS}. Load more tables, or bypass denoising.`
    );
}

/** @throws ParameterError naming trusted papers that fold C does not have; DataError when nothing is left to trust */
function checkReference(data: Data, { reference, trusted }: DenoiseSettings): void {
  const papers = new Set(data.rows(reference, 'C').map(row => data.paper[row]!));
  const unknown = trusted.filter(paper => !papers.has(paper));
  if (unknown.length > 0)
    throw new ParameterError(
      'denoise',
      'trusted',
      `denoise: the ${reference} has no paper ${unknown.slice(0, 5).join(', ')} in fold C, where the reference is taken from. ` +
        'Name papers of that fold alone, or trust another domain.'
    );
  if (papers.size === 0)
    throw new DataError(
      `denoise: fold C has no ${reference} papers to trust. Take the other domain as the reference, or load more tables.`
    );
}

export const denoise: Stage<{ space: Space }, DenoiseParams, Denoised> = defineStage({
  name: 'denoise',
  version: 3,
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
    checkReference(data, params);
    const reference = referenceRows(data, params);
    const open = rowsOf('F', 'C');
    const output = await engine().run(
      'denoise',
      {
        vectors: space.vectors,
        dimension: space.dimension,
        papers: [...data.paper],
        ...{ fit, heldOut: rowsOf('C'), reference, reviewable: open },
        ...fitSettings(params),
        // Probes of large data fit on a part of it, and what was fitted on all of it serves them nothing.
        keepFrame: open.length <= SAVED_ROWS
      },
      { signal: job.signal, progress: (fraction, message) => job.progress(fraction, message) }
    );
    const { kappa, distance, pValue, flagged } = output;
    const value = new Denoised(space, { kappa, distance, pValue, flagged }, summaryOf(params, output));
    remember(value, params, output);
    return value;
  },
  tune: {
    names: ['method', 'neighbors', 'fdr', 'rank', 'reference', 'contamination'],
    async probe(made, params, _own, signal) {
      const fit = made.space.data.fold.filter(fold => fold === 'F').length;
      checkNeighbors(fit, params.neighbors);
      checkReference(made.space.data, params);
      return probeDenoise(made, params, signal);
    }
  }
});
