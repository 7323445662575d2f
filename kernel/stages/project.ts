/** project: another picture of an embedding. Only where rows are drawn changes: no later stage computes from it. */
import { Type, type Static } from '@sinclair/typebox';
import { engine } from '../engine/index.js';
import { defineStage, type Stage } from './define/index.js';
import { Space } from './values/space.js';
import { requireFiniteVectors } from './vectors.js';

const Params = Type.Object({
  method: Type.Optional(
    Type.Union([Type.Literal('umap'), Type.Literal('pca')], {
      default: 'umap',
      description:
        'umap keeps neighbours together and says nothing of distances; pca keeps the directions of largest variance.'
    })
  ),
  dimensions: Type.Optional(
    Type.Union([Type.Literal(2), Type.Literal(3)], {
      default: 2,
      description: 'Axes of the picture; a third one is offered as a colour.'
    })
  ),
  neighbors: Type.Optional(
    Type.Integer({
      default: 15,
      minimum: 3,
      maximum: 200,
      description:
        'Rows that each row is kept near to, itself counted: few show detail, many the whole. Trustworthiness is measured with as many.'
    })
  ),
  min_dist: Type.Optional(
    Type.Number({
      default: 0.1,
      minimum: 0,
      maximum: 0.99,
      description: 'How near to one another UMAP may draw rows.'
    })
  ),
  metric: Type.Optional(
    Type.Union([Type.Literal('euclidean'), Type.Literal('cosine')], {
      default: 'euclidean',
      description: 'What near means; cosine leaves the length of a vector out.'
    })
  ),
  epochs: Type.Optional(
    Type.Union([Type.Integer({ minimum: 1, maximum: 10000 }), Type.Null()], {
      default: null,
      description: 'Passes of UMAP over its graph; null takes 500, and 200 beyond 10,000 rows.'
    })
  ),
  rank: Type.Optional(
    Type.Union([Type.Integer({ minimum: 2, maximum: 4096 }), Type.Null()], {
      default: null,
      description:
        'Most principal components in which UMAP looks for neighbours; null takes all dimensions, and 64 beyond 10,000 rows.'
    })
  ),
  sample: Type.Optional(
    Type.Integer({
      default: 50000,
      minimum: 100,
      maximum: 1000000,
      description: 'Most rows that UMAP is fitted on; the others are then put among them.'
    })
  ),
  seed: Type.Optional(
    Type.Integer({ default: 0, minimum: 0, description: 'Seed of UMAP’s descent and of samples.' })
  )
});

export type ProjectParams = Static<typeof Params>;

export const project: Stage<{ space: Space }, ProjectParams, Space> = defineStage({
  name: 'project',
  version: 1,
  title: 'Project',
  description: 'Draws an embedding by UMAP or PCA. Changes pictures, and nothing that is computed.',
  inputs: { space: { kind: 'space', description: 'an embedding' } },
  output: 'space',
  params: Params,
  deterministic: true,
  cache: true,
  async run({ space }: { space: Space }, params, job) {
    const { data, encoder, dimension, vectors } = space;
    requireFiniteVectors('project', data, dimension, vectors);
    const picture = await engine().run(
      'project',
      {
        ...{ vectors, dimension },
        method: params.method,
        dimensions: params.dimensions,
        neighbors: params.neighbors,
        minDist: params.min_dist,
        epochs: params.epochs ?? undefined,
        metric: params.metric,
        rank: params.rank ?? undefined,
        sample: params.sample,
        seed: params.seed
      },
      { signal: job.signal, progress: (fraction, message) => job.progress(fraction, message) }
    );
    return new Space(data, encoder, dimension, vectors, picture);
  }
});
