/**
 * The choice among ratios on fold C by the least-squares score J(w) = E_S w^2 / 2 - E_T w, whose minimiser is the true
 * ratio and which is -1/2 for the uniform one (theory.md 3). Where nothing beats uniform, uniform it is, in words.
 */
import { DataError, HySimError } from '../../../common/errors.js';
import { indexPapers, weightedMean } from '../papers.js';
import { evaluateRatio } from './evaluate.js';
import { fitLogitQuad, type LogitQuadOptions } from './logit-quad.js';
import { fitRulsif, type RulsifOptions } from './rulsif.js';
import { rowWeights, type Ratio, type RatioKind, type RatioRows } from './types.js';

export interface RatioCandidate {
  kind: RatioKind;
  /** Held-out J on C; NaN where the fit failed. */
  j: number;
  chosen: boolean;
  /** Hyper-parameters, or why it failed. */
  note: string;
}

export interface RatioSelection {
  ratio: Ratio;
  candidates: RatioCandidate[];
  /** True when no fitted ratio beat the uniform one: the shift is not resolved. */
  fallback: boolean;
  /** One sentence on what was chosen and why. */
  reason: string;
}

export interface SelectRatioOptions {
  methods?: readonly RatioKind[];
  logit?: LogitQuadOptions;
  rulsif?: RulsifOptions;
  seed?: number;
}

/** J on rows of C under recipe P. */
export function heldOutJ(ratio: Ratio, source: RatioRows, target: RatioRows): number {
  const ws = evaluateRatio(ratio, source.x);
  const squares = ws.map(value => value * value);
  return (
    weightedMean(squares, rowWeights(source, 'The source of fold C')) / 2 -
    weightedMean(evaluateRatio(ratio, target.x), rowWeights(target, 'The target of fold C'))
  );
}

/** The ratio w = 1. */
export function uniformRatio(cols: number): Ratio {
  return { kind: 'uniform', cols, scale: 1 };
}

/** The same ratio with mean 1 on these source rows (fold F). @throws DataError when it is 0 on all of them. */
export function normalizeRatio(ratio: Ratio, source: RatioRows): Ratio {
  const mean = weightedMean(evaluateRatio(ratio, source.x), rowWeights(source, 'The source of fold F'));
  if (!(mean > 1e-12)) throw new DataError('the ratio is 0 on every source row');
  return { ...ratio, scale: ratio.scale / mean };
}

/**
 * Fits on F, chooses on C. A method that cannot be fitted is left out and the table says why.
 * @throws DataError when F or C has no rows on a side, rows hold NaN, or columns differ
 */
export function selectRatio(
  fit: { source: RatioRows; target: RatioRows },
  choose: { source: RatioRows; target: RatioRows },
  options: SelectRatioOptions = {}
): RatioSelection {
  for (const [fold, rows] of [['F', fit] as const, ['C', choose] as const]) {
    rowWeights(rows.source, `The source of fold ${fold}`);
    rowWeights(rows.target, `The target of fold ${fold}`);
  }
  const cols = fit.source.x.cols;
  if ([fit.target, choose.source, choose.target].some(rows => rows.x.cols !== cols))
    throw new DataError(
      'Source and target rows of F and C must have the same columns: use one embedding for all.'
    );
  const methods = options.methods ?? ['logit-quad', 'rulsif', 'uniform'];
  const papers = [indexPapers(fit.source.papers).count, indexPapers(fit.target.papers).count];
  const candidates: RatioCandidate[] = [];
  let best: { ratio: Ratio; j: number } = { ratio: uniformRatio(cols), j: -0.5 };
  for (const kind of ['logit-quad', 'rulsif'] as const) {
    if (!methods.includes(kind)) continue;
    try {
      const fitted =
        kind === 'logit-quad'
          ? fitLogitQuad(fit.source, fit.target, { seed: options.seed, ...options.logit })
          : fitRulsif(fit.source, fit.target, { seed: options.seed, ...options.rulsif });
      const ratio = normalizeRatio(fitted, fit.source);
      const j = heldOutJ(ratio, choose.source, choose.target);
      const note =
        fitted.kind === 'rulsif'
          ? `lambda ${format(fitted.lambda)}, bandwidth ${format(fitted.bandwidth)}`
          : `lambda ${format(fitted.lambda)}`;
      candidates.push({ kind, j, chosen: false, note });
      if (j < best.j) best = { ratio, j };
    } catch (error) {
      if (!(error instanceof HySimError)) throw error;
      candidates.push({ kind, j: NaN, chosen: false, note: `not fitted: ${error.message}` });
    }
  }
  candidates.push({ kind: 'uniform', j: -0.5, chosen: false, note: 'w = 1' });
  for (const candidate of candidates) candidate.chosen = candidate.kind === best.ratio.kind;
  const fallback = best.ratio.kind === 'uniform' && methods.some(kind => kind !== 'uniform');
  const reason = fallback
    ? `No ratio beat w = 1 on fold C (J > -1/2), so the weights are uniform: the shift is not resolved with ` +
      `${papers[0]} source and ${papers[1]} target papers to fit on.`
    : best.ratio.kind === 'uniform'
      ? 'Uniform weights, as asked.'
      : `${best.ratio.kind} has the smallest J on fold C, ${best.j.toFixed(3)} against -0.500 for uniform weights.`;
  return { ratio: best.ratio, candidates, fallback, reason };
}

function format(value: number): string {
  return value >= 0.01 && value < 1000 ? String(Number(value.toPrecision(3))) : value.toExponential(1);
}
