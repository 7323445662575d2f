/**
 * What certify computes once fold V is open: each bound of a risk, and of an improvement, as numbers. Which rows are of
 * which fold is checked again by the theory, which lets V and U alone pass.
 */
import type { LabelledNumber } from '../../common/labels.js';
import {
  directBound,
  discrepancyOf,
  fitPca,
  kernelFor,
  medianDistance,
  paperWeights,
  project,
  ridgeNorms,
  selectRows,
  theorem1a,
  theorem1bReadings,
  theorem1bTilt,
  theorem1c,
  type FixedOnC,
  type LabelNoise,
  type PapersNeeded,
  type Quantity,
  type Rows,
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

/** The ratio is fitted for the average paper, so that it bounds no other risk of the target (errata.md E4). */
export function boundsTarget({ kind, unit }: Pick<Case, 'kind' | 'unit'>): boolean {
  return kind === 'ratio' && unit.estimand !== 'row';
}

/** The bounds of each quantity, in the order in which they are shown. */
function theoremsOf(one: Case): Certified['theorem'][] {
  return [
    ...(one.kind === 'uniform' ? (['Source'] as const) : []),
    ...(boundsTarget(one) ? (['Theorem 1B'] as const) : []),
    ...(one.kind !== 'uniform' ? (['Theorem 1B-tilt'] as const) : []),
    ...(one.posterior ? (['Theorem 1A'] as const) : []),
    ...(one.kernel ? (['Theorem 1C'] as const) : []),
    ...(one.labelled ? (['Target labels'] as const) : [])
  ];
}

/** How many numbers there will be: what a common delta is shared by. */
export function countOf(one: Case, wanted: readonly Planned[]): number {
  return wanted.length * theoremsOf(one).length;
}

/** The losses of the quantity. */
export function lossesOf(
  quantity: Quantity,
  { model, base }: Pick<FoldRows, 'model' | 'base'>
): Float64Array {
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
  const { weights, V, U, cap, unit, noise } = one;
  const column = one.columnOf(V.rows);
  const cleaned = weights.clean.columns.kappa.some(k => k < 1);
  const conditioning = `PCA, rank ${weights.summary.rank}`;
  const space = one.kernel && kernelSpace(one, column, wanted);
  const theorems = theoremsOf(one);
  return wanted.flatMap(({ quantity, fixed, needed }, k): Certified[] => {
    const { centre, variance } = fixed;
    const asked = { quantity, delta, noise, ...unit };
    const shared = { ...asked, losses: lossesOf(quantity, V), papers: V.papers, folds: V.folds };
    const weighed = {
      ...{ ...shared, weights: column, cap, centre, variance },
      centrePapers: fixed.papers.source
    };
    const onU = { tail: U.tail, tailPapers: U.papers, tailFolds: U.folds };
    const truth = truthOf(quantity, one.truths);
    const certified: Record<Certified['theorem'], () => Omit<Certified, 'theorem'>> = {
      Source: () => ({ bound: directBound({ ...shared, population: 'S', fold: 'V', variance }) }),
      // Γ is no look at V: the same losses are read under another assumption, and all readings go with the first.
      'Theorem 1B': () => ({
        ...theorem1bReadings({
          ...{ ...weighed, ...onU, tailVariance: fixed.tailVariance, gamma: one.gamma, uniform: false },
          ...{ conditioning, cleaned, contamination: one.contamination }
        }),
        truth
      }),
      'Theorem 1B-tilt': () => ({ bound: theorem1bTilt(weighed) }),
      'Theorem 1A': () => {
        const { spread, losses } = one.posterior!;
        const baseline = quantity === 'improvement' ? V.base : undefined;
        return {
          bound: theorem1a({
            ...{ losses, draws: spread.draws, kl: spread.kl, weights: column, papers: V.papers, cap },
            ...{ ...onU, folds: V.folds, baseline, gamma: one.gamma, delta, conditioning, cleaned }
          })
        };
      },
      'Theorem 1C': () => ({
        bound: theorem1c({
          ...{ ...weighed, ...space!, targetPapers: U.papers, targetFolds: U.folds, cleaned },
          norm: space!.norms[k]!
        }),
        truth
      }),
      'Target labels': () => {
        const { papers, folds } = one.labelled!;
        const losses = lossesOf(quantity, one.labelled!);
        return {
          bound: directBound({ ...asked, population: 'T', losses, papers, folds, fold: 'U' }),
          truth
        };
      }
    };
    return theorems.map((theorem, at) => ({
      theorem,
      ...certified[theorem](),
      ...(at === 0 ? { needed } : {})
    }));
  });
}

/** Rows of fold F from which the components of theorem 1C are fitted, and rows of C for the bandwidth. */
const FIT_ROWS = 2000;

/** Embeddings of V and U, a kernel, and R of each quantity, all fixed on F and C. */
function kernelSpace(one: Case, weights: Float64Array, wanted: readonly Planned[]) {
  const { space } = one.weights.clean;
  const { data, vectors, dimension } = space;
  const all = { rows: data.length, cols: dimension, data: vectors };
  const at = (rows: readonly number[]): Rows => selectRows(all, rows);
  const fit = [...data.rows('source', 'F'), ...data.rows('target', 'F')];
  const step = Math.max(1, Math.ceil(fit.length / FIT_ROWS));
  const pca = fitPca(at(fit.filter((_, i) => i % step === 0)), { maxRank: 16 });
  const [source, target, chosen] = [one.V.rows, one.U.rows, one.C.rows].map(rows => project(pca, at(rows)));
  const targetC = data.rows('target', 'C');
  const lawOf = (rows: readonly number[]): Float64Array => paperWeights(rows.map(row => data.paper[row]!));
  const bandwidth = medianDistance(chosen!, project(pca, at(targetC)), lawOf(one.C.rows), lawOf(targetC), 0);
  const kernel = kernelFor(Math.max(source!.rows, target!.rows), pca.rank, bandwidth);
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
