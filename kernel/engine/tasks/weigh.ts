/**
 * The density ratio between source and target on the rows that cleaning keeps, and the weights made of it
 * (theory.md 3 and 6, in its order: clean, ratio, product, cap, gate). Fits on fold F, chooses on fold C.
 */
import type { LabelledNumber } from '../../../common/labels.js';
import {
  calibrationRatio,
  cappedWeights,
  chiSquareEstimate,
  chooseCap,
  essGate,
  evaluateRatio,
  fitLogitQuad,
  fitPca,
  fitRulsif,
  heldOutJ,
  matrix,
  normalizeRatio,
  paperWeights,
  project,
  select,
  selectRatio,
  selectRows,
  temper,
  uniformRatio,
  type Ratio,
  type RatioRows
} from '../../theory/index.js';
import { DataError } from '../../../common/errors.js';
import { defineTask, type Job } from '../task.js';

export interface WeighInput {
  /** Row-major [n, dimension]. */
  vectors: Float32Array;
  dimension: number;
  papers: readonly string[];
  /** Clean weight of each row. */
  kappa: Float64Array;
  /** Row numbers by domain and fold; V and U are counted, not looked at. */
  source: { F: readonly number[]; C: readonly number[] };
  target: { F: readonly number[]; C: readonly number[] };
  papersV: number;
  papersU: number;
  method: 'auto' | 'logit-quad' | 'rulsif' | 'uniform';
  maxRank: number;
  /** A cap to use instead of choosing one. */
  cap: number | null;
  seed: number;
}

export interface WeighOutput {
  ratio: Float64Array;
  train: Float64Array;
  certify: Float64Array;
  method: string;
  table: { method: string; J: number; kept: boolean; note: string }[];
  words: string;
  rank: number;
  cap: number;
  gamma: number;
  gate: number;
  essBefore: number;
  ess: number;
  papers: number;
  facts: { name: string; number: LabelledNumber }[];
}

interface Chosen {
  ratio: Ratio;
  table: WeighOutput['table'];
  words: string;
}

function choose(input: WeighInput, fit: Sides, held: Sides, cols: number): Chosen {
  const { method, seed } = input;
  if (method === 'auto') {
    const { ratio, candidates, reason } = selectRatio(fit, held, { seed });
    return {
      ratio,
      table: candidates.map(({ kind, j, chosen, note }) => ({ method: kind, J: j, kept: chosen, note })),
      words: reason
    };
  }
  if (method === 'uniform') {
    return {
      ratio: uniformRatio(cols),
      table: [{ method, J: -0.5, kept: true, note: 'as asked' }],
      words: 'uniform weights, as asked'
    };
  }
  const fitted =
    method === 'logit-quad'
      ? fitLogitQuad(fit.source, fit.target, { seed })
      : fitRulsif(fit.source, fit.target, { seed });
  const ratio = normalizeRatio(fitted, fit.source);
  const J = heldOutJ(ratio, held.source, held.target);
  return {
    ratio,
    table: [
      { method, J, kept: true, note: 'as asked' },
      { method: 'uniform', J: -0.5, kept: false, note: 'w = 1' }
    ],
    words: `${method}, as asked; its J on fold C is ${J.toFixed(3)}${J > -0.5 ? ', worse than uniform weights: the shift is not resolved' : ''}`
  };
}

interface Sides {
  source: RatioRows;
  target: RatioRows;
}

export const weigh = defineTask({
  name: 'weigh',
  async run(input: WeighInput, job: Job): Promise<WeighOutput> {
    const { papers, kappa, source, target } = input;
    const x = matrix(papers.length, input.dimension, Float64Array.from(input.vectors));
    const paper = (rows: readonly number[]): string[] => rows.map(i => papers[i]!);
    // The ratio is fitted on what a hard kappa keeps, on both sides alike (errata.md E9).
    const kept = (rows: readonly number[], what: string): number[] => {
      const rest = rows.filter(i => kappa[i]! > 0.5);
      if (rest.length === 0) {
        throw new DataError(
          `weigh: cleaning keeps no row of ${what}, so no ratio can be fitted. Look at the distances of denoise.`
        );
      }
      return rest;
    };
    const sF = kept(source.F, 'source fold F');
    const tF = kept(target.F, 'target fold F');
    const sC = kept(source.C, 'source fold C');
    const tC = kept(target.C, 'target fold C');

    job.progress(0, 'PCA of both domains');
    const pooled = [...sF, ...tF];
    const half = Float64Array.from([...paperWeights(paper(sF)), ...paperWeights(paper(tF))], w => w / 2);
    const pca = fitPca(selectRows(x, pooled), { weights: half, maxRank: input.maxRank });
    const z = project(pca, x);
    const side = (rows: readonly number[]): RatioRows => ({ x: selectRows(z, rows), papers: paper(rows) });

    job.throwIfCancelled();
    job.progress(0.2, 'fitting density ratios');
    const chosen = choose(
      input,
      { source: side(sF), target: side(tF) },
      { source: side(sC), target: side(tC) },
      pca.rank
    );
    const uniform = chosen.ratio.kind === 'uniform';
    job.throwIfCancelled();
    job.progress(0.8, 'cap and gate');
    const share = (rows: readonly number[]): number =>
      paperWeights(paper(rows)).reduce((sum, w, i) => sum + (kappa[rows[i]!]! > 0.5 ? w : 0), 0);
    const rescale = uniform ? 1 : share(target.F) / share(source.F);
    const ratio = evaluateRatio(chosen.ratio, z).map(w => w * rescale);

    const cap =
      input.cap ??
      (uniform
        ? 1
        : chooseCap({
            source: select(ratio, source.C),
            sourcePapers: paper(source.C),
            target: select(ratio, target.C),
            targetPapers: paper(target.C),
            sourceKappa: select(kappa, source.C),
            targetKappa: select(kappa, target.C),
            nV: input.papersV,
            nU: input.papersU
          }).cap);
    const capped = ratio.map(w => Math.min(w, cap));
    const gate = essGate(select(capped, source.F), paper(source.F));
    const train = temper(capped, gate.gamma).map((w, i) => w * kappa[i]!);
    return {
      ratio,
      train,
      certify: cappedWeights(ratio, cap, kappa),
      method: chosen.ratio.kind,
      table: chosen.table,
      words: chosen.words,
      rank: pca.rank,
      cap,
      gamma: gate.gamma,
      gate: gate.gate,
      essBefore: gate.untempered,
      ess: gate.ess,
      papers: gate.papers,
      facts: uniform
        ? []
        : [
            {
              name: 'χ² of target from source',
              number: chiSquareEstimate({
                source: select(ratio, source.C),
                sourcePapers: paper(source.C),
                target: select(ratio, target.C),
                targetPapers: paper(target.C),
                cap,
                fold: 'C'
              })
            },
            {
              name: 'Γ, calibration in bins',
              number: calibrationRatio(select(ratio, sC), paper(sC), select(ratio, tC), paper(tC), 'C').gamma
            }
          ]
    };
  }
});
