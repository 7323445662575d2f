/**
 * certify: each theorem's terms as numbers, on fold V and U alone. Fold V is opened here and nowhere else, on its
 * ledger (errata.md E3). Papers are independent, rows are not; the risk is that of the average paper, or row (E4).
 */
import { Type, type Static } from '@sinclair/typebox';
import { DataError, ParameterError } from '../../common/errors.js';
import type { Fact } from '../../common/views/payload.js';
import { contentHash, openFoldV } from '../store/index.js';
import {
  cappedWeights,
  checkpointDelta,
  chiSquareLowerBound,
  fixOnC,
  indexPapers,
  ledgerDelta,
  noiseFactor,
  papersNeeded,
  select,
  tailVariable,
  type LabelNoise,
  type Quantity,
  type UnitOptions
} from '../theory/index.js';
import { blockOf, planBlock, theorem2Block } from './certificate-blocks.js';
import {
  boundsTarget,
  certifyNumbers,
  countOf,
  lossesOf,
  type Case,
  type FoldRows,
  type Planned
} from './certify-numbers.js';
import { defineStage, type Filled, type Job, type Stage } from './define/index.js';
import { posteriorOf } from './gibbs.js';
import { checkSameCleaning, predict } from './heads.js';
import { trueRisks } from './oracle.js';
import { Certificate } from './values/certificate.js';
import type { Data, Fold } from './values/data.js';
import type { Denoised } from './values/denoised.js';
import type { Model } from './values/model.js';
import { shown } from './values/shown.js';
import type { Weights } from './values/weights.js';

const Params = Type.Object({
  delta: Type.Optional(
    Type.Number({
      default: 0.05,
      minimum: 1e-6,
      maximum: 0.5,
      description:
        'Probability with which a number may miss, over all looks at the same papers together, if all use the same delta.'
    })
  ),
  gamma: Type.Optional(
    Type.Number({
      default: 1,
      minimum: 1,
      maximum: 100,
      description: 'Γ: the factor by which the weights may be wrong.'
    })
  ),
  contamination: Type.Optional(
    Type.Number({
      default: 0,
      minimum: 0,
      maximum: 1,
      description: 'η: share of the source that may be foreign and still be kept. 0 assumes that none is.'
    })
  ),
  false_keep: Type.Optional(
    Type.Number({
      default: 1,
      minimum: 0,
      maximum: 1,
      description: 'β: mean clean weight that a foreign row gets.'
    })
  ),
  unit: Type.Optional(
    Type.Union([Type.Literal('paper'), Type.Literal('row')], {
      default: 'paper',
      description:
        'What the risk is averaged over: papers, each as much as another, or rows, so that large papers count more.'
    })
  ),
  rows_per_paper: Type.Optional(
    Type.Union([Type.Integer({ minimum: 1, maximum: 100000 }), Type.Null()], {
      default: null,
      description:
        'With unit "row": the most rows that a paper counts; more are drawn at random. null goes by the papers of fold C.'
    })
  ),
  label_noise: Type.Optional(
    Type.Number({
      default: 0,
      minimum: 0,
      exclusiveMaximum: 1,
      description:
        'ϱ: rate of wrong labels, known from elsewhere. Give the least that you are sure of: too high a rate makes bounds too low.'
    })
  ),
  target_labels: Type.Optional(
    Type.Boolean({
      default: false,
      description:
        'Also bounds the target’s risk from the labels of its fold U, with no assumption on weights. Spends U as V is spent.'
    })
  ),
  pac_bayes: Type.Optional(
    Type.Boolean({
      default: false,
      description: 'Also theorem 1A, about a model whose parameters are drawn anew for each row.'
    })
  ),
  kernel: Type.Optional(
    Type.Boolean({
      default: false,
      description: 'Also theorem 1C, which needs no ratio but a smooth loss.'
    })
  ),
  rkhs_norm: Type.Optional(
    Type.Union([Type.Number({ minimum: 0, maximum: 1000 }), Type.Null()], {
      default: null,
      description: 'R of theorem 1C: how rough the loss may be. null estimates it on fold C.'
    })
  ),
  together: Type.Optional(
    Type.Boolean({
      default: false,
      description: 'Shares delta among all numbers, so that all hold together. Else each holds by itself.'
    })
  ),
  looks: Type.Optional(
    Type.Union([Type.Integer({ minimum: 1, maximum: 1000 }), Type.Null()], {
      default: null,
      description:
        'How many looks at these papers are declared before the first: each is then certified at delta / looks. null lets delta fall from look to look.'
    })
  ),
  plan: Type.Optional(
    Type.Boolean({
      default: false,
      description:
        'Says what bound to expect and how many papers it would take, from fold C alone; V stays shut.'
    })
  ),
  ledger: Type.Optional(
    Type.String({
      default: '.hysim/ledger',
      minLength: 1,
      'x-path': 'folder',
      description: 'Folder of the ledgers that count the looks at fold V; taken from the notebook’s folder.'
    })
  )
});

export type CertifyParams = Static<typeof Params>;

export interface CertifyInputs {
  data: Data;
  weights: Weights;
  /** The denoising that the weights were made from. */
  clean?: Denoised;
  model: Model;
  /** Without it only the model's own risk is certified. */
  baseline?: Model;
}

/** 0-1 losses of a model on rows whose labels are given. */
async function losses(
  model: Model,
  data: Data,
  rows: readonly number[],
  labels: readonly (string | null)[],
  job: Job
): Promise<Float64Array> {
  const predicted = await predict(model, data, rows, 'certify', job);
  return Float64Array.from(rows, (row, i) => (predicted[i] === labels[row] ? 0 : 1));
}

/** The rows of a fold that have a label. @throws DataError when there are none */
function labelled(
  rows: readonly number[],
  labels: readonly (string | null)[],
  fold: string,
  domain: string = 'source'
): number[] {
  const found = rows.filter(i => labels[i] !== null);
  if (found.length === 0) {
    throw new DataError(
      `certify: ${domain} fold ${fold} has no labelled row. Split with another seed, or load more tables.`
    );
  }
  return found;
}

/** @throws ParameterError for what says nothing with these weights or this unit */
function checkParams(params: Filled<typeof Params>, weights: Weights): void {
  const refuse = (name: keyof CertifyParams, words: string): never => {
    throw new ParameterError('certify', name, `certify: ${words}`);
  };
  const { uniform, summary } = weights;
  for (const [name, idle] of [
    ['gamma', 1],
    ['contamination', 0],
    ['pac_bayes', false]
  ] as const) {
    if (params[name] === idle) continue;
    if (uniform)
      refuse(
        name,
        `with uniform weights only the source is certified, and ${name} says nothing of it. Leave it at ${idle}.`
      );
    if (summary.kind === 'tilt')
      refuse(
        name,
        `"${summary.method}" weights are a tilt and no ratio: only the tilted source is certified, and ${name} says nothing of it. Leave it at ${idle}.`
      );
  }
  for (const [name, theorem] of [
    ['pac_bayes', 'theorem 1A'],
    ['kernel', 'theorem 1C']
  ] as const) {
    if (!params[name]) continue;
    if (params.unit === 'row')
      refuse(
        name,
        `${name} bounds the risk of the average paper. Set unit to "paper", or leave ${name} out.`
      );
    if (params.contamination > 0)
      refuse(name, `${theorem} has no term for contamination. Leave contamination at 0, or ${name} out.`);
    if (params.label_noise > 0)
      refuse(name, `${name} has no correction for wrong labels. Leave label_noise at 0, or ${name} out.`);
  }
}

/** N_max where none is given: what 9 of 10 papers of C stay within, so that V has no part in it. */
function rowsPerPaper(papers: readonly string[]): number {
  const sizes = [...indexPapers(papers).sizes].sort((a, b) => a - b);
  return Math.max(1, sizes[Math.min(sizes.length - 1, Math.floor(0.9 * sizes.length))]!);
}

export const certify: Stage<CertifyInputs, CertifyParams, Certificate> = defineStage({
  name: 'certify',
  version: 3,
  title: 'Certify',
  description:
    'Bounds the risk on the target, and the gain over a baseline, each term by itself; opens fold V on its ledger.',
  inputs: {
    data: { kind: 'data', description: 'samples with domain and fold' },
    weights: { kind: 'weights', description: 'weights by similarity' },
    clean: { kind: 'denoised', description: 'the denoising that the weights were made from', optional: true },
    model: { kind: 'model', description: 'the model to certify' },
    baseline: { kind: 'model', description: 'the model to compare it with', optional: true }
  },
  output: 'certificate',
  params: Params,
  // The numbers depend on how often fold V was opened before.
  deterministic: false,
  // Every look at fold V is noted on its ledger, and how many there were decides the bound: it is looked up there.
  cache: false,
  async run({ data, weights, clean, model, baseline }: CertifyInputs, params, job) {
    checkSameCleaning('certify', weights, clean);
    checkParams(params, weights);
    const { ratio } = weights.columns;
    const { kappa } = weights.clean.columns;
    const { uniform } = weights;
    const kind: Case['kind'] = uniform ? 'uniform' : weights.summary.kind;
    const cap = uniform ? 1 : weights.summary.cap;
    const noise: LabelNoise | undefined =
      params.label_noise > 0
        ? { rate: params.label_noise, classes: Math.max(2, model.head.classes.length) }
        : undefined;
    if (noise) noiseFactor(noise);
    // Uniform weights say nothing of the target: only the source's own risk is bounded (errata.md E1).
    const columnOf = (rows: readonly number[]): Float64Array =>
      uniform
        ? new Float64Array(rows.length).fill(1)
        : cappedWeights(select(ratio, rows), cap, select(kappa, rows));
    const paper = (rows: readonly number[]): string[] => rows.map(i => data.paper[i]!);
    const folds = (rows: readonly number[]): Fold[] => rows.map(i => data.fold[i]!);
    const tailOf = (rows: readonly number[]): Float64Array =>
      uniform ? new Float64Array(rows.length) : tailVariable(select(ratio, rows), cap, select(kappa, rows));
    const targetC = data.rows('target', 'C');
    const targetU = data.rows('target', 'U');
    const both = async (rows: readonly number[], labels: readonly (string | null)[]): Promise<FoldRows> => ({
      ...{ rows, papers: paper(rows), folds: folds(rows) },
      model: await losses(model, data, rows, labels, job),
      base: baseline && (await losses(baseline, data, rows, labels, job))
    });

    job.progress(0.1, 'fixing c and the bets on fold C');
    const fitLabels = data.labelsFor('fit').map((label, i) => weights.clean.relabel(i, label));
    const rowsC = labelled(data.rows('source', 'C'), fitLabels, 'C');
    const onC = await both(rowsC, fitLabels);
    const unit: UnitOptions =
      params.unit === 'row'
        ? {
            estimand: 'row',
            rowsPerPaper: params.rows_per_paper ?? rowsPerPaper([...onC.papers, ...paper(targetC)])
          }
        : {};

    const population = kind === 'uniform' ? 'S' : boundsTarget({ kind, unit }) ? 'T' : 'S_w';
    const papersV = paper(data.rows('source', 'V'));
    const papersU = paper(targetU);
    const have = { source: new Set(papersV).size, target: new Set(papersU).size };
    const weightsC = columnOf(rowsC);
    const [tail, tailPapers] = [tailOf(targetC), paper(targetC)];
    const quantities: Quantity[] = baseline ? ['risk', 'improvement'] : ['risk'];
    const onlyC = quantities.map(quantity => {
      const { papers, folds } = onC;
      const labelled = { quantity, losses: lossesOf(quantity, onC), weights: weightsC, papers, folds };
      return { quantity, fixed: fixOnC({ ...labelled, tail, tailPapers, cap, ...unit }) };
    });
    // Where the weights say nothing of the target, nothing is spent on U.
    const split = population === 'T' ? 0.8 : 1;
    const wanted = (delta: number): Planned[] =>
      onlyC.map(({ quantity, fixed }) => ({
        ...{ quantity, fixed },
        needed: papersNeeded(fixed, have, { quantity, delta, split })
      }));

    const labelsU = params.target_labels ? data.labelsFor('evaluate') : [];
    const rowsU = params.target_labels ? labelled(targetU, labelsU, 'U', 'target') : [];
    const look = params.plan
      ? { position: 0 }
      : await openFoldV(
          params.ledger,
          new Set([...data.ledgerPapers(data.rows('source', 'V')), ...data.ledgerPapers(rowsU)]),
          queryOf({ data, weights, model, baseline }, params),
          `${model.training.arm}${baseline ? ` against ${baseline.training.arm}` : ''}`,
          params.looks ?? undefined
        );
    const position = Math.max(1, look.position);
    const spent =
      params.looks === null
        ? ledgerDelta(params.delta, position)
        : checkpointDelta(params.delta, params.looks, position);
    if (params.plan) {
      return new Certificate(data.id, {
        blocks: wanted(spent).map(({ quantity, needed }) => planBlock(quantity, needed, population)),
        delta: params.delta,
        look: { position: 0, delta: spent },
        papers: { V: have.source, U: have.target },
        unit: params.unit,
        facts: []
      });
    }

    job.progress(0.5, 'opening fold V');
    const labelsV = data.labelsFor('certify');
    const rowsV = labelled(data.rows('source', 'V'), labelsV, 'V');
    const onV = await both(rowsV, labelsV);
    const spread =
      params.pac_bayes &&
      (await posteriorOf(
        data,
        model,
        baseline,
        { rows: rowsC, labels: fitLabels, weights: weightsC, papers: onC.papers },
        have.source,
        job
      ));
    const one: Case = {
      ...{ weights, columnOf, cap, kind, unit, noise, gamma: params.gamma },
      V: onV,
      U: { rows: targetU, papers: papersU, folds: folds(targetU), tail: tailOf(targetU) },
      C: onC,
      labelled: params.target_labels ? await both(rowsU, labelsU) : undefined,
      contamination:
        params.contamination > 0 ? { eta: params.contamination, beta: params.false_keep } : undefined,
      posterior: spread
        ? { spread, losses: await spread.losses({ rows: rowsV, labels: labelsV }) }
        : undefined,
      kernel: params.kernel ? { norm: params.rkhs_norm } : undefined,
      truths: await trueRisks(data, [model, ...(baseline ? [baseline] : [])], job)
    };
    job.progress(0.9, 'bounding each term');
    const planned = wanted(spent);
    const numbers = countOf(one, planned);
    const delta = params.together ? spent / numbers : spent;
    const certified = certifyNumbers(one, params.together ? wanted(delta) : planned, delta);

    // Nothing was measured where denoising is bypassed.
    const theorem2 = clean && !clean.bypassed ? theorem2Block(clean.manifold.theorem2) : undefined;
    const facts: Fact[] = [];
    const none = silence(one);
    if (none) facts.push({ name: 'no number for the target', text: none });
    if (kind === 'ratio')
      facts.push({
        name: 'χ² of target from source',
        number: shown(
          chiSquareLowerBound({
            source: select(ratio, data.rows('source', 'V')),
            sourcePapers: papersV,
            target: select(ratio, targetU),
            targetPapers: papersU,
            cap,
            delta,
            fold: 'V, U'
          })
        )
      });
    for (const text of weights.summary.warnings) facts.push({ name: 'beware', text });
    const unlabelled = data.rows('source', 'V').length - rowsV.length;
    if (unlabelled > 0) {
      facts.push({
        name: 'rows of V without a label',
        text: `${unlabelled} of ${rowsV.length + unlabelled}; the bound is about labelled rows`
      });
    }
    if (unit.rowsPerPaper)
      facts.push({
        name: 'rows that a paper counts',
        text: `at most ${unit.rowsPerPaper}, fixed on fold C; of larger papers so many were drawn`
      });
    if (spread)
      facts.push({
        name: 'theorem 1A',
        text: `parameters drawn with standard deviation ${spread.spread.toPrecision(2)}, ${spread.draws} draws, KL ${spread.kl.toPrecision(3)}`
      });
    facts.push({
      name: 'order',
      text: params.target_labels
        ? 'labels of U hold if no choice was made by what evaluate or ablate said of fold U'
        : 'holds if weights and models were fixed before fold U was scored by evaluate or ablate'
    });
    return new Certificate(data.id, {
      blocks: [
        ...certified.map(item => blockOf({ ...item, average: `average ${params.unit}` }, delta)),
        ...(theorem2 ? [theorem2] : [])
      ],
      delta: params.delta,
      look: { position: look.position, delta: spent, declared: params.looks ?? undefined },
      together: params.together ? { numbers, delta } : undefined,
      papers: { V: have.source, U: have.target },
      unit: params.unit,
      facts
    });
  }
});

/** Why nothing is said of the target, where nothing is. */
function silence({ kind, unit, weights, kernel, labelled: labels }: Case): string | undefined {
  const but = kernel || labels ? ' by the weights' : '';
  if (kind === 'uniform') return `the weights are uniform, so only the source’s own risk is certified${but}`;
  if (kind === 'tilt')
    return `"${weights.summary.method}" weights are a tilt and no density ratio, so only the tilted source is certified${but}`;
  if (unit.estimand === 'row')
    return `the ratio was fitted for the average paper, so for the average row only the tilted source is certified${but}`;
  return undefined;
}

/** Hash of all that a look at fold V depends on; Γ and the ledger's own folder are not of it (errata.md E8). */
function queryOf(
  { data, weights, model, baseline }: CertifyInputs,
  { gamma: _, ledger: __, plan: ___, ...params }: Filled<typeof Params>
): string {
  return contentHash({
    data: data.id,
    model: model.id,
    baseline: baseline?.id,
    weights: weights.id,
    ...params
  });
}
