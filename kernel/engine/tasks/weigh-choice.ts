/** Which weights: a ratio that is asked for or chosen on fold C, or a similarity tilt. One part of the task weigh. */
import {
  cosineTilt,
  exponentialTilt,
  hybridSimilarity,
  kernelTilt,
  evaluateRatio,
  leastSquaresJ,
  matrix,
  nameOf,
  normalizeTilt,
  noteOf,
  overlapOf,
  ratioSteps,
  resolutionOf,
  runSteps,
  select,
  selectRows,
  selectRatioSteps,
  TILT_BETAS,
  type FittedKind,
  type FoldWeights,
  type KernelSums,
  type Mark,
  type Matrix,
  type RatioSelection,
  type Rows,
  type Sides
} from '../../theory/index.js';
import type { WeighMethod, WeighOutput } from './weigh-types.js';

export interface Chosen extends Pick<WeighOutput, 'kind' | 'method' | 'table' | 'words' | 'warnings'> {
  /** At every row, mean 1 over the kept source rows of F; without the factor of the kept shares. */
  weights: Float64Array;
  /** Of ratios that were fitted. */
  resolution?: RatioSelection['resolution'];
}

/** A side's rows of one fold, as numbers of rows of the whole data. */
export interface RowNumbers {
  source: readonly number[];
  target: readonly number[];
}

export interface ChoiceInput {
  method: WeighMethod;
  alpha: number;
  seed: number;
  /** Every row in the space of the ratio. */
  z: Matrix;
  fit: Sides;
  held: Sides;
  rows: { fit: RowNumbers; held: RowNumbers };
  /** Every row as it was embedded, and its text: for the cosine and the string tilt. */
  whole: Rows;
  texts: readonly string[] | undefined;
  sums: KernelSums;
  between: (mark?: Mark) => void;
}

export async function chooseWeights(input: ChoiceInput): Promise<Chosen> {
  switch (input.method) {
    case 'uniform':
      return {
        kind: 'ratio',
        method: 'uniform',
        weights: new Float64Array(input.z.rows).fill(1),
        table: [{ method: 'uniform', J: -0.5, kept: true, note: 'as asked' }],
        words: 'uniform weights, as asked',
        warnings: []
      };
    case 'auto':
      return automatic(input);
    case 'kernel':
    case 'cosine':
    case 'string':
      return tilt(input, input.method);
    default:
      return asked(input, input.method);
  }
}

async function automatic({ fit, held, z, alpha, seed, sums, between }: ChoiceInput): Promise<Chosen> {
  const steps = selectRatioSteps(fit, held, { seed, rulsif: { alpha } }, sums);
  const { ratio, candidates, reason, warnings, resolution } = await runSteps(steps, between);
  return {
    kind: 'ratio',
    method: ratio.kind,
    weights: evaluateRatio(ratio, z),
    table: candidates.map(({ name, j, chosen, note }) => ({ method: name, J: j, kept: chosen, note })),
    words: reason,
    warnings,
    resolution
  };
}

const UNIFORM_ROW = { method: 'uniform', J: -0.5, kept: false, note: 'w = 1' };

async function asked(
  { fit, held, rows, z, alpha, seed, sums, between }: ChoiceInput,
  method: FittedKind
): Promise<Chosen> {
  const ratio = await runSteps(ratioSteps(method, fit, { seed, rulsif: { alpha } }, sums), between);
  const weights = evaluateRatio(ratio, z);
  const at = ({ source, target }: RowNumbers): FoldWeights['fit'] => ({
    source: select(weights, source),
    target: select(weights, target)
  });
  const own = { fit: at(rows.fit), choose: at(rows.held) };
  const J = leastSquaresJ(own.choose.source, held.source, own.choose.target, held.target);
  const resolution = resolutionOf(own, fit, held);
  const overlap = overlapOf(own, held);
  const name = nameOf(ratio);
  return {
    kind: 'ratio',
    method,
    weights,
    table: [{ method: name, J, kept: true, note: `as asked, ${noteOf(ratio)}` }, UNIFORM_ROW],
    words: `${name}, as asked; its J on fold C is ${J.toFixed(3)}${J > -0.5 ? ', worse than uniform weights: the shift is not resolved' : ''}`,
    warnings: [resolution.words, overlap.words].filter(words => words !== ''),
    resolution
  };
}

/** What is said of every tilt: it is no ratio (theory.md 2.3). */
const NO_RATIO =
  'Similarity weights tilt the source towards the target and never reach it: they are no importance weights, and what is certified with them is the risk under the tilt.';

async function tilt(input: ChoiceInput, method: 'kernel' | 'cosine' | 'string'): Promise<Chosen> {
  const { fit, held, rows, z, seed, between } = input;
  const normal = (w: Float64Array): Float64Array =>
    normalizeTilt(w, rows.fit.source, fit.source.weights ?? w);
  const score = (w: Float64Array): number =>
    leastSquaresJ(select(w, rows.held.source), held.source, select(w, rows.held.target), held.target);
  let weights: Float64Array;
  let note = 'as asked, a tilt';
  if (method === 'kernel') weights = normal(kernelTilt(z, fit.source, fit.target, { seed }));
  else if (method === 'cosine') {
    const { data, ...size } = selectRows(input.whole, rows.fit.target);
    const target = { ...fit.target, x: matrix(size.rows, size.cols, new Float64Array(data)) };
    weights = normal(cosineTilt(input.whole, target));
  } else {
    const similarity = await runSteps(
      hybridSimilarity({ x: input.whole, texts: input.texts ?? [] }, rows.fit.target, { seed }),
      between
    );
    const tried = TILT_BETAS.map(beta => {
      const w = normal(exponentialTilt(similarity, beta));
      return { beta, w, J: score(w) };
    });
    const best = tried.reduce((a, b) => (b.J < a.J ? b : a));
    weights = best.w;
    note = `as asked, a tilt, β ${best.beta}`;
  }
  const J = score(weights);
  return {
    kind: 'tilt',
    method,
    weights,
    table: [{ method, J, kept: true, note }, UNIFORM_ROW],
    words: `${method} similarity tilt, as asked; its J on fold C is ${J.toFixed(3)} against -0.500 for uniform weights`,
    warnings: [NO_RATIO]
  };
}
