/** simulate: data whose truth is known (theory.md section 8), to see the theorems at work. Not a model of PK tables. */
import { Type, type Static } from '@sinclair/typebox';
import { simulate as draw, SIMULATION_DEFAULTS, SIMULATION_KINDS } from '../theory/index.js';
import { defineStage, type Stage } from './define/index.js';
import { assignFolds } from './folds.js';
import { Data } from './values/data.js';

const defaults = SIMULATION_DEFAULTS;

const Params = Type.Object({
  kind: Type.Optional(
    Type.Union(
      SIMULATION_KINDS.map(kind => Type.Literal(kind)),
      {
        default: defaults.kind,
        description:
          'latent: 8 dimensions in many, a mean shift. covariance: the target also shrinks. gaussian: no manifold, a linear ratio. hybrid: a torus whose angle turns. The shapes: a known manifold, the target tilted along it.'
      }
    )
  ),
  shift: Type.Optional(
    Type.Number({
      default: defaults.delta,
      minimum: -4,
      maximum: 4,
      description:
        'How far the target’s mean lies from the source’s, in standard deviations: for latent and gaussian χ² = exp(shift²) − 1. For hybrid an angle, for shapes the strength of the tilt.'
    })
  ),
  dimension: Type.Optional(
    Type.Integer({
      default: defaults.d,
      minimum: 2,
      maximum: 1024,
      description: 'Numbers in a vector: at least 9 for latent and covariance, of which 8 carry the law.'
    })
  ),
  source_papers: Type.Optional(
    Type.Integer({
      default: defaults.sourcePapers,
      minimum: 6,
      maximum: 100000,
      description: 'Source papers.'
    })
  ),
  target_papers: Type.Optional(
    Type.Integer({
      default: defaults.targetPapers,
      minimum: 6,
      maximum: 100000,
      description: 'Target papers.'
    })
  ),
  rows_per_paper: Type.Optional(
    Type.Integer({
      default: defaults.rowsPerPaper,
      minimum: 1,
      maximum: 1000,
      description: 'Rows of the largest paper.'
    })
  ),
  clustering: Type.Optional(
    Type.Number({
      default: defaults.clustering,
      minimum: 0,
      exclusiveMaximum: 1,
      description: 'Share of a row’s variance that its paper shares.'
    })
  ),
  noise: Type.Optional(
    Type.Number({
      default: defaults.noise,
      exclusiveMinimum: 0,
      maximum: 10,
      description: 'Standard deviation of the embedding noise in each coordinate.'
    })
  ),
  contamination: Type.Optional(
    Type.Number({
      default: 0.1,
      minimum: 0,
      maximum: 0.5,
      description: 'Share of source rows that are foreign: off the manifold, target-like, label flipped.'
    })
  ),
  uncovered: Type.Optional(
    Type.Number({
      default: defaults.uncovered,
      minimum: 0,
      maximum: 0.9,
      description: 'Share of target papers that lie where the source never is; gaussian only.'
    })
  ),
  fit: Type.Optional(
    Type.Number({ default: 0.5, minimum: 0.1, maximum: 0.8, description: 'Share of papers in fold F.' })
  ),
  choose: Type.Optional(
    Type.Number({ default: 0.2, minimum: 0.1, maximum: 0.5, description: 'Share of papers in fold C.' })
  ),
  seed: Type.Optional(Type.Integer({ default: defaults.seed, minimum: 0, description: 'Seed of the draw.' }))
});

export type SimulateParams = Static<typeof Params>;

export const simulate: Stage<{}, SimulateParams, Data> = defineStage({
  name: 'simulate',
  version: 1,
  title: 'Simulate',
  description: 'Draws source and target papers from a known law, contamination included.',
  inputs: {},
  output: 'data',
  params: Params,
  deterministic: true,
  cache: true,
  async run(_inputs, params, job) {
    job.progress(0, 'drawing papers');
    const drawn = draw({
      kind: params.kind,
      delta: params.shift,
      d: params.dimension,
      sourcePapers: params.source_papers,
      targetPapers: params.target_papers,
      rowsPerPaper: params.rows_per_paper,
      clustering: params.clustering,
      noise: params.noise,
      contamination: params.contamination,
      uncovered: params.uncovered,
      seed: params.seed
    });
    const domain = Array.from(drawn.domain, code => (code === 1 ? ('target' as const) : ('source' as const)));
    const paper = Array.from(drawn.paper, number => `paper ${number}`);
    return new Data({
      ids: paper.map((name, i) => `${name}, row ${i}`),
      text: paper.map((_, i) => `simulated row ${i}`),
      label: Array.from(drawn.label, code => String(code)),
      paper,
      table: paper,
      domain,
      fold: assignFolds(paper, domain, params),
      columns: {},
      vectors: { dimension: params.dimension, values: Float32Array.from(drawn.x.data) },
      truth: {
        ratio: drawn.ratio,
        contaminated: drawn.foreign,
        law: { ...drawn.spec }
      }
    });
  }
});
