/**
 * The choice among ratios on fold C by the least-squares score J(w) = E_S w^2 / 2 - E_T w, whose minimiser is the true
 * ratio and which is -1/2 for the uniform one (theory.md 3). Where nothing beats uniform, or the source does not reach
 * the target, uniform it is, in words. Similarity tilts estimate no ratio and are not candidates.
 */
import { DataError } from '../../../common/errors.js';
import { indexPapers, weightedMean } from '../papers.js';
import { evaluateRatio } from './evaluate.js';
import { kliepSteps, type KliepOptions } from './kliep.js';
import { plainKernelSums, type KernelSums } from './kernel-sums.js';
import { logitSteps, type LogitOptions } from './logit.js';
import { logitQuadSteps, type LogitQuadOptions } from './logit-quad.js';
import { foldWeights, overlapOf, resolutionOf, type Overlap, type Resolution } from './resolution.js';
import { rulsifSteps, type RulsifOptions } from './rulsif.js';
import { Mark, runNow, within, type Steps } from './steps.js';
import { rowWeights, type Ratio, type RatioKind, type RatioRows, type Sides } from './types.js';

export interface RatioCandidate {
  kind: RatioKind;
  /** The kind, and alpha where it is not the default's. */
  name: string;
  /** Held-out J on C; NaN where the fit failed. */
  j: number;
  chosen: boolean;
  /** Hyper-parameters, or why it failed. */
  note: string;
}

export interface RatioSelection {
  ratio: Ratio;
  candidates: RatioCandidate[];
  /** True when no fitted ratio is used: the weights are uniform for want of a better one. */
  fallback: boolean;
  /** One sentence or two on what was chosen and why. */
  reason: string;
  /** What to beware of, in plain words. */
  warnings: string[];
  /** Of the best fitted ratio, used or not; absent when none could be fitted. */
  resolution?: Resolution;
  overlap?: Overlap;
}

export interface SelectRatioOptions {
  /** Candidates; the high-dimension fall-backs (theory.md 3) join them where these do not resolve the shift. */
  methods?: readonly RatioKind[];
  logitQuad?: LogitQuadOptions;
  rulsif?: RulsifOptions;
  kliep?: KliepOptions;
  logit?: LogitOptions;
  seed?: number;
}

/** A kind of ratio that takes fitting. */
export type FittedKind = Exclude<RatioKind, 'uniform'>;

/** What `auto` tries at first. */
export const RATIO_METHODS: readonly RatioKind[] = ['logit-quad', 'rulsif', 'ulsif', 'kliep', 'uniform'];

/** RuLSIF's alpha, and the alpha that it falls back to in high dimension (theory.md 3). */
export const DEFAULT_ALPHA = 0.1;
export const FALLBACK_ALPHA = 0.5;

/** Most ratios that `auto` lets fold C choose among: the fall-backs count whether or not C's rows called for them. */
export const AUTO_CANDIDATES = RATIO_METHODS.filter(kind => kind !== 'uniform').length + 2;

/** J on rows of C under recipe P. */
export function heldOutJ(ratio: Ratio, source: RatioRows, target: RatioRows): number {
  return leastSquaresJ(evaluateRatio(ratio, source.x), source, evaluateRatio(ratio, target.x), target);
}

/** J of any weights on rows of C under recipe P: smaller is nearer to the true ratio. */
export function leastSquaresJ(
  ws: Float64Array,
  source: RatioRows,
  wt: Float64Array,
  target: RatioRows
): number {
  const squares = ws.map(value => value * value);
  return (
    weightedMean(squares, rowWeights(source, 'The source of fold C')) / 2 -
    weightedMean(wt, rowWeights(target, 'The target of fold C'))
  );
}

/** The ratio w = 1. */
export function uniformRatio(cols: number): Ratio {
  return { kind: 'uniform', cols, scale: 1 };
}

/** The same ratio with mean 1 on these source rows (fold F). @throws DataError when it is 0 on all of them. */
export function normalizeRatio(ratio: Ratio, source: RatioRows): Ratio {
  const mean = weightedMean(evaluateRatio(ratio, source.x), rowWeights(source, 'The source of fold F'));
  if (!(mean > 1e-12))
    throw new DataError('the ratio is 0 on every source row: no source row is like a target row');
  return { ...ratio, scale: ratio.scale / mean };
}

/**
 * Fits on F, chooses on C. A method that cannot be fitted is left out and the table says why.
 * @throws DataError when F or C has no rows on a side, rows hold NaN, or columns differ
 */
export function selectRatio(fit: Sides, choose: Sides, options: SelectRatioOptions = {}): RatioSelection {
  return runNow(selectRatioSteps(fit, choose, options));
}

interface Scored {
  candidate: RatioCandidate;
  ratio: Ratio;
  resolution: Resolution;
  overlap: Overlap;
}

export function* selectRatioSteps(
  fit: Sides,
  choose: Sides,
  options: SelectRatioOptions = {},
  sums: KernelSums = plainKernelSums
): Steps<RatioSelection> {
  checkSides(fit, choose);
  const cols = fit.source.x.cols;
  const methods = options.methods ?? RATIO_METHODS;
  const candidates: RatioCandidate[] = [];
  const scored: Scored[] = [];
  /** Marks of the fit fall between `from` and `to`. */
  const attempt = function* (
    kinds: readonly FittedKind[],
    from: number,
    to: number,
    alpha?: number
  ): Steps<void> {
    if (kinds.length === 0) return;
    try {
      for (const fitted of yield* within(fitSteps(kinds, fit, options, sums, alpha), from, to)) {
        const ratio = normalizeRatio(fitted, fit.source);
        const weights = foldWeights(ratio, fit, choose);
        const j = leastSquaresJ(weights.choose.source, choose.source, weights.choose.target, choose.target);
        const candidate = { kind: ratio.kind, name: nameOf(ratio), j, chosen: false, note: noteOf(ratio) };
        candidates.push(candidate);
        const resolution = resolutionOf(weights, fit, choose);
        scored.push({ candidate, ratio, resolution, overlap: overlapOf(weights, choose) });
      }
    } catch (error) {
      // A cancellation is no failure of a method.
      if (!(error instanceof DataError)) throw error;
      for (const kind of kinds)
        candidates.push({ kind, name: kind, j: NaN, chosen: false, note: `not fitted: ${error.message}` });
    }
  };
  const fitted = methods.filter(kind => kind !== 'uniform');
  yield* attempt(fitted.includes('logit-quad') ? ['logit-quad'] : [], 0, 0.2);
  yield* attempt(
    fitted.filter(kind => kind === 'rulsif' || kind === 'ulsif'),
    0.2,
    0.6
  );
  yield* attempt(fitted.includes('kliep') ? ['kliep'] : [], 0.6, 0.7);
  yield* attempt(fitted.includes('logit') ? ['logit'] : [], 0.7, 0.75);
  const best = (): Scored | undefined =>
    scored.reduce<Scored | undefined>((a, b) => (a && a.candidate.j <= b.candidate.j ? a : b), undefined);
  const weak = (one: Scored | undefined): boolean =>
    !one || !(one.candidate.j < -0.5) || !one.resolution.resolved;
  if (options.methods === undefined && weak(best())) {
    yield* attempt(['logit'], 0.75, 0.8);
    if (options.rulsif?.alpha !== FALLBACK_ALPHA) yield* attempt(['rulsif'], 0.8, 1, FALLBACK_ALPHA);
  }
  yield new Mark(1, 'choosing by J on fold C');
  const uniform = { kind: 'uniform', name: 'uniform', j: -0.5, chosen: false, note: 'w = 1' } as const;
  candidates.push({ ...uniform });
  return conclude(fit, cols, candidates, best(), fitted.length > 0);
}

/** One method's ratio, as `auto` would fit it, with mean 1 on the source of F. */
export function* ratioSteps(
  kind: FittedKind,
  fit: Sides,
  options: SelectRatioOptions = {},
  sums: KernelSums = plainKernelSums
): Steps<Ratio> {
  const [fitted] = yield* fitSteps([kind], fit, options, sums);
  return normalizeRatio(fitted, fit.source);
}

/**
 * The raw ratio of each method.
 * @param kinds one method; or RuLSIF and uLSIF, whose passes over the rows are the same
 */
function* fitSteps(
  kinds: readonly FittedKind[],
  { source, target }: Sides,
  { seed, ...own }: SelectRatioOptions,
  sums: KernelSums,
  alpha: number = own.rulsif?.alpha ?? DEFAULT_ALPHA
): Steps<Ratio[]> {
  const [kind] = kinds;
  switch (kind) {
    case 'logit-quad':
      return [yield* logitQuadSteps(source, target, { seed, ...own.logitQuad })];
    case 'logit':
      return [yield* logitSteps(source, target, { seed, ...own.logit })];
    case 'kliep':
      return [yield* kliepSteps(source, target, { seed, ...own.kliep })];
    case 'rulsif':
    case 'ulsif': {
      const alphas = kinds.map(one => (one === 'ulsif' ? 0 : alpha));
      return yield* rulsifSteps(source, target, alphas, { seed, ...own.rulsif }, sums);
    }
    default:
      return kind satisfies never;
  }
}

function checkSides(fit: Sides, choose: Sides): void {
  for (const [fold, rows] of [['F', fit] as const, ['C', choose] as const]) {
    rowWeights(rows.source, `The source of fold ${fold}`);
    rowWeights(rows.target, `The target of fold ${fold}`);
  }
  const cols = fit.source.x.cols;
  if ([fit.target, choose.source, choose.target].some(rows => rows.x.cols !== cols))
    throw new DataError(
      'Source and target rows of F and C must have the same columns: use one embedding for all.'
    );
}

function conclude(
  fit: Sides,
  cols: number,
  candidates: RatioCandidate[],
  best: Scored | undefined,
  asked: boolean
): RatioSelection {
  const uniform = uniformRatio(cols);
  const last = candidates[candidates.length - 1];
  if (!asked) {
    last.chosen = true;
    return {
      ratio: uniform,
      candidates,
      fallback: false,
      reason: 'Uniform weights, as asked.',
      warnings: []
    };
  }
  const counts =
    `with ${indexPapers(fit.source.papers).count} source and ` +
    `${indexPapers(fit.target.papers).count} target papers to fit on`;
  const judged = { resolution: best?.resolution, overlap: best?.overlap };
  if (!best || !(best.candidate.j < -0.5)) {
    last.chosen = true;
    const reason = best
      ? `No ratio beat w = 1 on fold C (J > -1/2), so the weights are uniform: the shift is not resolved ${counts}.`
      : `No ratio could be fitted ${counts}, so the weights are uniform: the shift is not resolved.`;
    return { ratio: uniform, candidates, fallback: true, reason, warnings: [], ...judged };
  }
  const { resolution, overlap } = best;
  if (overlap.none) {
    last.chosen = true;
    const reason = `The source does not reach the target, so the weights are uniform: ${overlap.words}`;
    return { ratio: uniform, candidates, fallback: true, reason, warnings: [], ...judged };
  }
  best.candidate.chosen = true;
  const { name, j } = best.candidate;
  const reason = `${name} has the smallest J on fold C, ${j.toFixed(3)} against -0.500 for uniform weights.`;
  const warnings = [resolution.words, overlap.words].filter(words => words !== '');
  return { ratio: best.ratio, candidates, fallback: false, reason, warnings, ...judged };
}

/** The method's name, as tables print it. */
export function nameOf(ratio: Ratio): string {
  return ratio.kind === 'rulsif' && ratio.alpha !== DEFAULT_ALPHA ? `rulsif α=${ratio.alpha}` : ratio.kind;
}

/** Hyper-parameters that cross-validation chose. */
export function noteOf(ratio: Ratio): string {
  switch (ratio.kind) {
    case 'uniform':
      return 'w = 1';
    case 'logit-quad':
      return `lambda ${format(ratio.lambda)}`;
    case 'logit':
      return `lambda ${format(ratio.lambda)}, Platt slope ${format(ratio.slope)}`;
    case 'kliep':
      return `bandwidth ${format(ratio.bandwidth)}`;
    case 'rulsif':
    case 'ulsif':
      return `lambda ${format(ratio.lambda)}, bandwidth ${format(ratio.bandwidth)}`;
    default:
      return ratio satisfies never;
  }
}

function format(value: number): string {
  const size = Math.abs(value);
  return size >= 0.01 && size < 1000 ? String(Number(value.toPrecision(3))) : value.toExponential(1);
}
