/**
 * What certify computes once fold V is open: each bound of a risk, and of an improvement, as numbers. Which rows are of
 * which fold is checked again by the theory, which lets V and U alone pass.
 */
import type { LabelledNumber } from '../../common/labels.js';
import {
  directBound,
  discrepancyOf,
  fitPca,
  fromFlat,
  kernelFor,
  medianBandwidth,
  project,
  ridgeNorms,
  theorem1a,
  theorem1bReadings,
  theorem1bTilt,
  theorem1c,
  type FixedOnC,
  type LabelNoise,
  type Matrix,
  type PapersNeeded,
  type Quantity,
  type UnitOptions
} from '../theory/index.js';
import type { Certified } from './certificate-blocks.js';
import type { Posterior } from './gibbs.js';
import type { Weights } from './values/weights.js';

/** Rows of a fold with all that a bound reads of them. */
export interface FoldRows {
  rows: readonly number[];
  papers: string[];
  folds: string[];
  /** 0-1 losses of the model, and of the baseline. */
  model: Float64Array;
  base?: Float64Array;
}

/** Rows of a fold whose labels are not read. */
export type BareRows = Pick<FoldRows, 'rows' | 'papers' | 'folds'>;

export interface Case {
  weights: Weights;
  /** min(w, W) kappa of source rows; all 1 for uniform weights. */
  columnOf(rows: readonly number[]): Float64Array;
  cap: number;
  kind: 'uniform' | 'ratio' | 'tilt';
  V: FoldRows;
  /** Rows of U, for the tail: b of each. */
  U: BareRows & { tail: Float64Array };
  /** Labelled rows of U, where their labels are to be used. */
  labelled?: FoldRows;
  C: { rows: readonly number[]; model: Float64Array; base?: Float64Array };
  gamma: number;
  contamination?: { eta: number; beta: number };
  noise?: LabelNoise;
  unit: UnitOptions;
  posterior?: { spread: Posterior; losses: Float64Array };
  /** Theorem 1C is wanted; with this R, or an estimate of it. */
  kernel?: { norm: number | null };
  /** True target risks in a simulation. */
  truths?: readonly LabelledNumber[];
}

export interface Planned {
  quantity: Quantity;
  fixed: FixedOnC;
  needed: PapersNeeded;
}

/** How many numbers there will be: what a common delta is shared by. */
export function countOf(one: Case, wanted: readonly Planned[]): number {
  const names = [
    ...(one.kind === 'uniform' ? ['source'] : ['tilt']),
    ...(one.kind === 'ratio' && forPapers(one) ? ['1B'] : []),
    ...(one.posterior ? ['1A'] : []),
    ...(one.kernel ? ['1C'] : []),
    ...(one.labelled ? ['labels'] : [])
  ];
  return wanted.length * names.length;
}

/** The ratio is fitted for the average paper, so that it bounds no other risk of the target (errata.md E4). */
const forPapers = ({ unit }: Pick<Case, 'unit'>): boolean => unit.estimand !== 'row';

/** The losses of the quantity. */
function lossesOf(quantity: Quantity, { model, base }: Pick<FoldRows, 'model' | 'base'>): Float64Array {
  return quantity === 'risk' ? model : model.map((loss, i) => loss - base![i]!);
}

function truthOf(quantity: Quantity, truths: Case['truths']): LabelledNumber | undefined {
  if (!truths) return undefined;
  if (quantity === 'risk') return truths[0];
  return {
    ...truths[0]!,
    value: truths[0]!.value - truths[1]!.value,
    help: 'True change of target risk, from fresh rows of the simulated law.'
  };
}

export function certifyNumbers(one: Case, wanted: readonly Planned[], delta: number): Certified[] {
  const { weights, V, U, cap, unit, noise, kind } = one;
  const column = one.columnOf(V.rows);
  const cleaned = weights.clean.columns.kappa.some(k => k < 1);
  const conditioning = `PCA, rank ${weights.summary.rank}`;
  const space = one.kernel && kernelSpace(one, column, wanted);
  return wanted.flatMap(({ quantity, fixed, needed }, k): Certified[] => {
    const values = lossesOf(quantity, V);
    const truth = truthOf(quantity, one.truths);
    const { centre, variance } = fixed;
    const shared = { quantity, losses: values, papers: V.papers, folds: V.folds, delta, noise, ...unit };
    const weighed = { ...shared, weights: column, cap, centre, variance };
    const list: Certified[] = [];
    if (kind === 'uniform') {
      const bound = directBound({ ...shared, population: 'S', fold: 'V', variance });
      list.push({ theorem: 'Source', bound, needed });
    }
    if (kind === 'ratio' && forPapers(one)) {
      // Γ is no look at V: the same losses are read under another assumption, and all readings go with the first.
      const readings = theorem1bReadings({
        ...weighed,
        tail: U.tail,
        tailPapers: U.papers,
        tailFolds: U.folds,
        tailVariance: fixed.tailVariance,
        gamma: one.gamma,
        uniform: false,
        centrePapers: fixed.papers.source,
        conditioning,
        cleaned,
        contamination: one.contamination
      });
      list.push({ theorem: 'Theorem 1B', ...readings, needed, truth });
    }
    if (kind !== 'uniform') {
      const alone = list.length === 0 ? { needed } : {};
      list.push({ theorem: 'Theorem 1B-tilt', bound: theorem1bTilt(weighed), ...alone });
    }
    if (one.posterior) {
      const { spread, losses } = one.posterior;
      const bound = theorem1a({
        ...{ losses, draws: spread.draws, kl: spread.kl, weights: column, papers: V.papers, cap },
        ...{ tail: U.tail, tailPapers: U.papers, folds: V.folds, tailFolds: U.folds },
        ...{ baseline: quantity === 'improvement' ? V.base : undefined },
        ...{ gamma: one.gamma, delta, conditioning, cleaned }
      });
      list.push({ theorem: 'Theorem 1A', bound });
    }
    if (space) {
      const bound = theorem1c({
        ...{ ...weighed, ...space, targetPapers: U.papers, targetFolds: U.folds, cleaned },
        ...{ norm: space.norms[k]!, conditioning: space.conditioning }
      });
      list.push({ theorem: 'Theorem 1C', bound, truth });
    }
    if (one.labelled) {
      const { papers, folds } = one.labelled;
      const losses = lossesOf(quantity, one.labelled);
      const bound = directBound({
        ...{ quantity, population: 'T', losses, papers, folds, fold: 'U', delta, noise },
        ...unit
      });
      list.push({ theorem: 'Target labels', bound, truth });
    }
    return list;
  });
}

/** Rows of fold F from which the components of theorem 1C are fitted, and rows of C for the bandwidth. */
const FIT_ROWS = 2000;

/** Embeddings of V and U, a kernel, and R of each quantity, all fixed on F and C. */
function kernelSpace(one: Case, weights: Float64Array, wanted: readonly Planned[]) {
  const { space } = one.weights.clean;
  const { data, vectors, dimension } = space;
  const at = (rows: readonly number[]): Matrix => {
    const out = new Float64Array(rows.length * dimension);
    rows.forEach((row, k) =>
      out.set(vectors.subarray(row * dimension, (row + 1) * dimension), k * dimension)
    );
    return fromFlat(out, dimension);
  };
  const fit = [...data.rows('source', 'F'), ...data.rows('target', 'F')];
  const step = Math.max(1, Math.ceil(fit.length / FIT_ROWS));
  const pca = fitPca(at(fit.filter((_, i) => i % step === 0)), { maxRank: 16 });
  const [source, target, chosen] = [one.V.rows, one.U.rows, one.C.rows].map(rows => project(pca, at(rows)));
  const both = project(pca, at([...one.C.rows, ...data.rows('target', 'C')]));
  const kernel = kernelFor(Math.max(source!.rows, target!.rows), pca.rank, medianBandwidth(both));
  const columns = wanted.map(({ quantity, fixed }) =>
    lossesOf(quantity, one.C).map(loss => loss - fixed.centre)
  );
  const given = one.kernel!.norm;
  const norms = given === null ? ridgeNorms(kernel, chosen!, columns) : columns.map(() => given);
  const parts = { source: source!, target: target!, kernel };
  const { papers } = one.V;
  const shared = discrepancyOf({ ...parts, weights, papers, targetPapers: one.U.papers });
  return { ...parts, norms, shared, conditioning: `PCA, rank ${pca.rank}` };
}
