/**
 * The density ratio between source and target on the rows that cleaning keeps, and the weights made of it
 * (theory.md 3 and 6, in its order: clean, ratio, product, cap, gate). Fits on fold F, chooses on fold C.
 */
import {
  calibrationRatio,
  capAndGate,
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
  truncatePca,
  uniformRatio,
  type Ratio,
  type RatioRows
} from '../../theory/index.js';
import { DataError } from '../../../common/errors.js';
import { defineTask, type Job } from '../task.js';
import { CHI_SQUARE, type WeighInput, type WeighOutput } from './weigh-types.js';

/** Largest rank that may be asked for: components are cut from it, so that another rank takes no other fit. */
const MOST_RANK = 64;

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

/** Rows that cleaning keeps, with their weights in the law of their whole fold, and the share that these make up. */
interface Kept {
  rows: number[];
  weights: Float64Array;
  share: number;
}

export const weigh = defineTask({
  name: 'weigh',
  async run(input: WeighInput, job: Job): Promise<WeighOutput> {
    const { papers, kappa, source, target } = input;
    const x = matrix(papers.length, input.dimension, Float64Array.from(input.vectors));
    const paper = (rows: readonly number[]): string[] => rows.map(i => papers[i]!);
    // The ratio is fitted on what a hard kappa keeps, on both sides alike (errata.md E9). A kept row weighs what it
    // weighs in its whole fold: weighing papers by their kept rows alone would be another law than the one that
    // the certificate averages over (errata.md E4).
    const side = (rows: readonly number[], what: string): Kept => {
      const law = paperWeights(paper(rows));
      const index = rows.flatMap((row, k) => (kappa[row]! > 0.5 ? [k] : []));
      if (index.length === 0) {
        throw new DataError(
          `weigh: cleaning keeps no row of ${what}, so no ratio can be fitted. Look at the distances of denoise.`
        );
      }
      const weights = select(law, index);
      return { rows: index.map(k => rows[k]!), weights, share: weights.reduce((sum, w) => sum + w, 0) };
    };
    const sF = side(source.F, 'source fold F');
    const tF = side(target.F, 'target fold F');
    const sC = side(source.C, 'source fold C');
    const tC = side(target.C, 'target fold C');

    job.progress(0, 'PCA of both domains');
    const half = Float64Array.from([
      ...sF.weights.map(w => w / (2 * sF.share)),
      ...tF.weights.map(w => w / (2 * tF.share))
    ]);
    const wide =
      input.pca ??
      fitPca(selectRows(x, [...sF.rows, ...tF.rows]), {
        weights: half,
        maxRank: Math.max(MOST_RANK, input.maxRank)
      });
    const pca = truncatePca(wide, input.maxRank)!;
    const z = project(pca, x);
    const ratioRows = ({ rows, weights }: Kept): RatioRows => ({
      x: selectRows(z, rows),
      papers: paper(rows),
      weights
    });

    job.throwIfCancelled();
    job.progress(0.2, 'fitting density ratios');
    const chosen = choose(
      input,
      { source: ratioRows(sF), target: ratioRows(tF) },
      { source: ratioRows(sC), target: ratioRows(tC) },
      pca.rank
    );
    const uniform = chosen.ratio.kind === 'uniform';
    job.throwIfCancelled();
    job.progress(0.8, 'cap and gate');
    const rescale = uniform ? 1 : tF.share / sF.share;
    const ratio = evaluateRatio(chosen.ratio, z).map(w => w * rescale);

    const { chiSquare, ...capped } = capAndGate({
      ...{ ratio, kappa, papers, source, target, uniform, cap: input.cap },
      papersV: input.papersV,
      papersU: input.papersU
    });
    return {
      ...capped,
      ratio,
      method: chosen.ratio.kind,
      table: chosen.table,
      words: chosen.words,
      rank: pca.rank,
      pca: wide,
      facts: chiSquare
        ? [
            { name: CHI_SQUARE, number: chiSquare },
            {
              name: 'Γ, calibration in bins',
              // Within what cleaning keeps, on both sides: there the ratio is ŵ without the factor of the kept shares.
              number: calibrationRatio(
                select(ratio, sC.rows).map(w => w / rescale),
                paper(sC.rows),
                select(ratio, tC.rows).map(w => w / rescale),
                paper(tC.rows),
                'C'
              ).gamma
            }
          ]
        : []
    };
  }
});
