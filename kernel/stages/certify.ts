/**
 * certify: each theorem's terms as numbers, on fold V and U alone. Fold V is opened here and nowhere else, on its
 * ledger (errata.md E3c). The paper is the unit (recipe P, errata.md E4).
 */
import { Type, type Static } from '@sinclair/typebox';
import { DataError, ParameterError } from '../../common/errors.js';
import type { LabelledNumber } from '../../common/labels.js';
import type { Fact } from '../../common/views/payload.js';
import { contentHash, openFoldV } from '../store/index.js';
import {
  cappedWeights,
  chiSquareLowerBound,
  directBound,
  fixOnC,
  ledgerDelta,
  papersNeeded,
  select,
  tailVariable,
  theorem1bReadings,
  theorem1bTilt,
  type FixedOnC,
  type PapersNeeded,
  type Quantity
} from '../theory/index.js';
import { blockOf, planBlock, type Certified } from './certificate-blocks.js';
import { defineStage, type Job, type Stage } from './define/index.js';
import { checkSameCleaning, predict } from './heads.js';
import { trueRisks } from './oracle.js';
import { Certificate } from './values/certificate.js';
import type { Data } from './values/data.js';
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
function labelled(rows: readonly number[], labels: readonly (string | null)[], fold: string): number[] {
  const found = rows.filter(i => labels[i] !== null);
  if (found.length === 0) {
    throw new DataError(
      `certify: source fold ${fold} has no labelled row. Split with another seed, or load more tables.`
    );
  }
  return found;
}

export const certify: Stage<CertifyInputs, CertifyParams, Certificate> = defineStage({
  name: 'certify',
  version: 2,
  title: 'Certify',
  description:
    'Bounds the risk on the target, and the gain over a baseline, by theorem 1B; opens fold V on its ledger.',
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
    const { ratio } = weights.columns;
    const { kappa } = weights.clean.columns;
    const uniform = weights.uniform;
    const cap = uniform ? 1 : weights.summary.cap;
    for (const [name, idle] of [
      ['gamma', 1],
      ['contamination', 0]
    ] as const) {
      if (!uniform || params[name] === idle) continue;
      throw new ParameterError(
        'certify',
        name,
        `certify: with uniform weights only the source is certified, and ${name} says nothing of it. Leave it at ${idle}.`
      );
    }
    // Uniform weights say nothing of the target: only the source's own risk is bounded (errata.md E1).
    const columnOf = (rows: readonly number[]): Float64Array =>
      uniform
        ? new Float64Array(rows.length).fill(1)
        : cappedWeights(select(ratio, rows), cap, select(kappa, rows));
    const paper = (rows: readonly number[]): string[] => rows.map(i => data.paper[i]!);
    const tailOf = (rows: readonly number[]): Float64Array =>
      uniform ? new Float64Array(rows.length) : tailVariable(select(ratio, rows), cap, select(kappa, rows));
    const targetC = data.rows('target', 'C');
    const targetU = data.rows('target', 'U');

    job.progress(0.1, 'fixing c and the bets on fold C');
    const fitLabels = data.labelsFor('fit').map((label, i) => weights.clean.relabel(i, label));
    const rowsC = labelled(data.rows('source', 'C'), fitLabels, 'C');
    const lossC = await losses(model, data, rowsC, fitLabels, job);
    const baseC = baseline && (await losses(baseline, data, rowsC, fitLabels, job));
    const fixed = (quantity: Quantity, values: Float64Array): FixedOnC =>
      fixOnC({
        quantity,
        losses: values,
        weights: columnOf(rowsC),
        papers: paper(rowsC),
        tail: tailOf(targetC),
        tailPapers: paper(targetC),
        cap
      });
    const quantities: { quantity: Quantity; fixed: FixedOnC }[] = [
      { quantity: 'risk', fixed: fixed('risk', lossC) }
    ];
    if (baseC) {
      const difference = lossC.map((loss, i) => loss - baseC[i]!);
      quantities.push({ quantity: 'improvement', fixed: fixed('improvement', difference) });
    }

    const look = params.plan
      ? { position: 0 }
      : await openFoldV(
          params.ledger,
          data.ledgerPapers(data.rows('source', 'V')),
          contentHash({
            data: data.id,
            model: model.id,
            baseline: baseline?.id,
            weights: weights.id,
            contamination: params.contamination,
            false_keep: params.false_keep,
            delta: params.delta
          }),
          `${model.training.arm}${baseline ? ` against ${baseline.training.arm}` : ''}`
        );
    const delta = ledgerDelta(params.delta, Math.max(1, look.position));
    const papersV = paper(data.rows('source', 'V'));
    const papersU = paper(targetU);
    const have = { source: new Set(papersV).size, target: new Set(papersU).size };
    const plan = (quantity: Quantity, onC: FixedOnC): PapersNeeded =>
      papersNeeded(onC, have, {
        quantity,
        delta,
        // Uniform weights cut no tail off, so nothing is spent on U.
        split: uniform ? 1 : 0.8
      });
    if (params.plan) {
      return new Certificate(data.id, {
        blocks: quantities.map(({ quantity, fixed: onC }) =>
          planBlock(quantity, plan(quantity, onC), uniform)
        ),
        delta: params.delta,
        look: { position: 0, delta },
        papers: { V: have.source, U: have.target },
        facts: []
      });
    }

    job.progress(0.5, 'opening fold V');
    const labelsV = data.labelsFor('certify');
    const rowsV = labelled(data.rows('source', 'V'), labelsV, 'V');
    const lossV = await losses(model, data, rowsV, labelsV, job);
    const baseV = baseline && (await losses(baseline, data, rowsV, labelsV, job));
    const truths = await trueRisks(data, [model, ...(baseline ? [baseline] : [])], job);
    const papersOfV = paper(rowsV);
    const unlabelled = data.rows('source', 'V').length - rowsV.length;

    const certified: Certified[] = [];
    for (const { quantity, fixed: onC } of quantities) {
      const values = quantity === 'risk' ? lossV : lossV.map((loss, i) => loss - baseV![i]!);
      const needed = plan(quantity, onC);
      const truth: LabelledNumber | undefined =
        truths &&
        (quantity === 'risk'
          ? truths[0]
          : {
              ...truths[0]!,
              value: truths[0]!.value - truths[1]!.value,
              help: 'True change of target risk, from fresh rows of the simulated law.'
            });
      if (uniform) {
        const bound = directBound({
          quantity,
          population: 'S',
          losses: values,
          papers: papersOfV,
          fold: 'V',
          variance: onC.variance,
          delta
        });
        certified.push({ theorem: 'Source', bound, needed });
        continue;
      }
      const common = {
        quantity,
        losses: values,
        weights: columnOf(rowsV),
        papers: papersOfV,
        cap,
        centre: onC.centre,
        variance: onC.variance,
        delta
      };
      // Γ is no look at V: the same losses are read under another assumption, and all readings go with the first.
      const readings = theorem1bReadings({
        ...common,
        tail: tailOf(targetU),
        tailPapers: papersU,
        tailVariance: onC.tailVariance,
        gamma: params.gamma,
        uniform: false,
        centrePapers: onC.papers.source,
        conditioning: `PCA, rank ${weights.summary.rank}`,
        cleaned: kappa.some(k => k < 1),
        contamination:
          params.contamination > 0 ? { eta: params.contamination, beta: params.false_keep } : undefined
      });
      certified.push({ theorem: 'Theorem 1B', ...readings, needed, truth });
      certified.push({ theorem: 'Theorem 1B-tilt', bound: theorem1bTilt(common) });
    }

    const facts: Fact[] = uniform
      ? [
          {
            name: 'no number for the target',
            text: 'the weights are uniform, so only the source’s own risk is certified'
          }
        ]
      : [
          {
            name: 'χ² of target from source',
            number: shown(
              chiSquareLowerBound({
                source: select(ratio, data.rows('source', 'V')),
                sourcePapers: paper(data.rows('source', 'V')),
                target: select(ratio, targetU),
                targetPapers: papersU,
                cap,
                delta,
                fold: 'V, U'
              })
            )
          }
        ];
    if (unlabelled > 0) {
      facts.push({
        name: 'rows of V without a label',
        text: `${unlabelled} of ${rowsV.length + unlabelled}; the bound is about labelled rows`
      });
    }
    facts.push({
      name: 'order',
      text: 'holds if weights and models were fixed before fold U was scored by evaluate or ablate'
    });
    return new Certificate(data.id, {
      blocks: certified.map(item => blockOf(item, delta)),
      delta: params.delta,
      look: { position: look.position, delta },
      papers: { V: have.source, U: have.target },
      facts
    });
  }
});
