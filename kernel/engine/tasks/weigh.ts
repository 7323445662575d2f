/**
 * The density ratio between source and target on the rows that cleaning keeps, and the weights made of it
 * (theory.md 3 and 6, in its order: clean, ratio, product, cap, gate). Fits on fold F, chooses on fold C.
 */
import {
  AUTO_CANDIDATES,
  binEdges,
  calibrationFloor,
  calibrationRatio,
  capAndGate,
  logitSteps,
  fitPca,
  fitPcaInBlocks,
  matrix,
  foldWeights,
  normalizeRatio,
  paperWeights,
  plainKernelSums,
  project,
  projectionCost,
  requireFinite,
  resolutionOf,
  runSteps,
  select,
  selectRows,
  suitsPcaInBlocks,
  truncatePca,
  type Mark,
  type Matrix,
  type Pca,
  type RatioRows,
  type Rows,
  type Sides
} from '../../theory/index.js';
import { DataError } from '../../../common/errors.js';
import { DenseSessions } from '../dense.js';
import { BlockedKernelSums } from '../kernel-sums.js';
import { defineTask, type Job } from '../task.js';
import { chooseWeights, type Chosen } from './weigh-choice.js';
import { CHI_SQUARE, type WeighInput, type WeighMethod, type WeighOutput } from './weigh-types.js';

/** Largest rank that may be asked for: components are cut from it, so that another rank takes no other fit. */
const MOST_RANK = 64;

/** From this many rows of fold F on, kernel sums are blocked float32 ones; below it the plain float64 ones are as quick. */
const BLOCKED_FROM = 8000;

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
    const whole: Rows = { rows: papers.length, cols: input.dimension, data: input.vectors };
    // All rows at once: later they go by other numbers.
    requireFinite(whole, 'weigh: the embedding');
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
      (await componentsOf(selectRows(whole, [...sF.rows, ...tF.rows]), half, input.maxRank, job));
    const pca = truncatePca(wide, input.maxRank)!;
    job.throwIfCancelled();
    const widest = projectAll(wide, whole);
    const z = firstColumns(widest, pca.rank);
    const sides = (x: Matrix, s: Kept, t: Kept): Sides => ({ source: sideOf(x, s), target: sideOf(x, t) });
    const sideOf = (x: Matrix, { rows, weights }: Kept): RatioRows => ({
      x: selectRows(x, rows),
      papers: paper(rows),
      weights
    });

    const between = (mark?: Mark): void => {
      job.throwIfCancelled();
      if (mark) job.progress(0.2 + 0.55 * mark.fraction, mark.words);
    };
    const blocked = sF.rows.length + tF.rows.length >= BLOCKED_FROM ? new BlockedKernelSums(2) : undefined;
    let chosen: Chosen;
    try {
      chosen = await chooseWeights({
        ...input,
        z,
        fit: sides(z, sF, tF),
        held: sides(z, sC, tC),
        rows: {
          fit: { source: sF.rows, target: tF.rows },
          held: { source: sC.rows, target: tC.rows }
        },
        whole,
        texts: input.texts,
        sums: blocked ?? plainKernelSums,
        between
      });
    } finally {
      await blocked?.dispose();
    }
    if (blocked) chosen.table = chosen.table.map(toldOfBlocks);
    const uniform = chosen.method === 'uniform';
    job.throwIfCancelled();
    job.progress(0.8, 'cap and gate');
    // A tilt has no scale that means anything, so the kept shares do not enter it.
    const rescale = uniform || chosen.kind === 'tilt' ? 1 : tF.share / sF.share;
    const ratio = chosen.weights.map(w => w * rescale);

    const { chiSquare, ...capped } = capAndGate({
      ...{ ratio, kappa, papers, source, target, uniform, cap: input.cap },
      papersV: input.papersV,
      papersU: input.papersU
    });
    const facts: WeighOutput['facts'] = chiSquare ? [{ name: CHI_SQUARE, number: chiSquare }] : [];
    if (!uniform) facts.push(...calibrationFacts(chosen, input.method, [sF, tF, sC, tC], paper));
    if (chosen.resolution && wide.rank > pca.rank) {
      job.progress(0.9, 'cost of the principal components');
      // Lemma 0' with the larger space of all components that are kept for it.
      const [fit, held] = [sides(widest, sF, tF), sides(widest, sC, tC)];
      const ratioOfAll = normalizeRatio(
        await runSteps(logitSteps(fit.source, fit.target, { lambdas: [0.1], seed: input.seed }), between),
        fit.source
      );
      const { heldOut } = resolutionOf(foldWeights(ratioOfAll, fit, held), fit, held);
      facts.push({
        name: 'risk that PCA may cost',
        number: projectionCost(heldOut, chosen.resolution.heldOut, sC.rows.length + tC.rows.length)
      });
    }
    const { kind, method, table, words, warnings } = chosen;
    return { ...capped, ratio, kind, method, table, words, warnings, rank: pca.rank, pca: wide, facts };
  }
});

/** Sums in float32 blocks agree with those in float64 to 1e-4; which it was is told all the same. */
function toldOfBlocks(row: WeighOutput['table'][number]): WeighOutput['table'][number] {
  const summed = /^(ru|u)lsif/.test(row.method) && Number.isFinite(row.J);
  return summed ? { ...row, note: `${row.note}, sums in float32 blocks` } : row;
}

/** Within what cleaning keeps, on both sides: there the ratio is ŵ without the factor of the kept shares. */
function calibrationFacts(
  { kind, weights, resolution }: Chosen,
  asked: WeighMethod,
  [sF, tF, sC, tC]: readonly [Kept, Kept, Kept, Kept],
  paper: (rows: readonly number[]) => string[]
): WeighOutput['facts'] {
  const at = ({ rows }: Kept): Float64Array => select(weights, rows);
  const [wsF, wtF] = [at(sF), at(tF)];
  const pooled = Float64Array.from([...wsF, ...wtF]);
  const law = Float64Array.from([...sF.weights, ...tF.weights]);
  const held = {
    source: at(sC),
    sourcePapers: paper(sC.rows),
    target: at(tC),
    targetPapers: paper(tC.rows)
  };
  const facts: WeighOutput['facts'] = [
    {
      name: 'Γ, calibration in bins',
      number: calibrationRatio(held.source, held.sourcePapers, held.target, held.targetPapers, 'C').gamma
    }
  ];
  if (kind === 'ratio') {
    facts.push({
      name: 'Γ, at least',
      number: calibrationFloor({
        ...held,
        edges: binEdges(pooled, law, 5),
        largest: wsF.reduce((most, w) => Math.max(most, w), 0),
        candidates: asked === 'auto' ? AUTO_CANDIDATES : 1,
        fold: 'C'
      })
    });
  }
  if (resolution) {
    const n = sC.rows.length + tC.rows.length;
    facts.push({
      name: 'χ² that fold C bears out',
      number: {
        value: resolution.heldOut,
        label: 'ESTIMATED',
        n,
        unit: 'rows',
        fold: 'C',
        help: `${resolution.inSample.toFixed(3)} on the rows of the fit. Under half of that the shift counts as not resolved.`
      }
    });
  }
  return facts;
}

/** Components of these rows, in blocks where that is worth it. */
async function componentsOf(x: Rows, weights: Float64Array, maxRank: number, job: Job): Promise<Pca> {
  const options = { weights, rank: Math.max(MOST_RANK, maxRank) };
  if (!suitsPcaInBlocks(x)) return fitPca(x, options);
  const dense = new DenseSessions();
  try {
    return await fitPcaInBlocks(x, dense, options, () => job.throwIfCancelled());
  } finally {
    await dense.dispose();
  }
}

const BLOCK = 4096;

/** Every row's coordinates, a block of float64 vectors at a time. */
function projectAll(pca: Pca, { rows, cols, data }: Rows): Matrix {
  const out = matrix(rows, pca.rank);
  for (let from = 0; from < rows; from += BLOCK) {
    const to = Math.min(rows, from + BLOCK);
    const block = { rows: to - from, cols, data: data.subarray(from * cols, to * cols) };
    out.data.set(project(pca, block).data, from * pca.rank);
  }
  return out;
}

function firstColumns(x: Matrix, cols: number): Matrix {
  const out = matrix(x.rows, cols);
  for (let i = 0; i < x.rows; i++) out.data.set(x.data.subarray(i * x.cols, i * x.cols + cols), i * cols);
  return out;
}
