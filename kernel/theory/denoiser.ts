/**
 * Which projection denoises: none, global PCA, or global PCA and then local tangent planes (theory.md 8(c): with many
 * dimensions and few rows the local planes harm). Judged on rows that the manifold was not fitted on. Their clean
 * points are not known, so the error is Stein's unbiased estimate of E |z-hat - z|^2,
 * E |z-tilde - z-hat|^2 - sigma^2 d + 2 sigma^2 (dimensions that the map keeps), which holds for a map that is fixed
 * given fold F and locally affine, under isotropic noise. ESTIMATED, because sigma is.
 */
import type { Residuals } from './manifold.js';
import { weightedMean } from './papers.js';

export const DENOISERS = ['none', 'global', 'local'] as const;
export type Denoiser = (typeof DENOISERS)[number];

export interface HeldOutError {
  method: Denoiser;
  /** Mean |z-tilde - z-hat|^2 of the rows. */
  reconstruction: number;
  /** Estimated mean |z-hat - z|^2. */
  error: number;
  /** RMS of |z-hat - z| over that of |z-tilde - z|: below 1 the map helps. NaN where no noise was found. */
  gain: number;
}

export interface HeldOutErrors {
  table: HeldOutError[];
  /** Rows that were judged; rows far off the manifold are not: no map should bring them back. */
  rows: number;
}

export interface DenoiserChoice {
  /** The map that distances are measured to: the one asked for, or the best of those that move rows. */
  method: Denoiser;
  /** Whether it leaves held-out rows further from their clean points than they were. */
  harms: boolean;
}

/** Robust z above which a held-out row is no row of the manifold. */
const OFF = 5;

/**
 * @param rows residuals of held-out rows; @param score their off-manifold scores; @param weights of recipe P
 * @param sizes noise scale per coordinate, ambient d, rank of global PCA, tangent m
 */
export function heldOutErrors(
  rows: Pick<Residuals, 'tangentResidual' | 'outsideResidual'>,
  score: ArrayLike<number>,
  weights: ArrayLike<number>,
  { sigma, d, rank, m }: { sigma: number; d: number; rank: number; m: number }
): HeldOutErrors {
  const all = Array.from(score, (_, i) => i);
  const on = all.filter(i => score[i] <= OFF);
  const used = on.length > 0 ? on : all;
  const share = used.map(i => weights[i]);
  const mean = (of: (i: number) => number): number => weightedMean(used.map(of), share);
  const outside = mean(i => rows.outsideResidual[i] ** 2);
  const tangent = mean(i => rows.tangentResidual[i] ** 2);
  const noise = sigma * sigma;
  const entry = (method: Denoiser, reconstruction: number, kept: number): HeldOutError => {
    const error = reconstruction + noise * (2 * kept - d);
    // The noise that the map keeps is certain: an estimate below it is chance.
    const gain = Math.sqrt(Math.max(error, noise * kept) / (noise * d));
    return { method, reconstruction, error, gain };
  };
  return {
    table: [
      entry('none', 0, d),
      entry('global', outside, rank),
      entry('local', outside + tangent, Math.min(m, rank))
    ],
    rows: used.length
  };
}

/** @param asked a method, or auto for the smallest held-out error of those that move rows */
export function chooseDenoiser(table: readonly HeldOutError[], asked: Denoiser | 'auto'): DenoiserChoice {
  const errorOf = (method: Denoiser): number => table.find(row => row.method === method)!.error;
  const better = errorOf('global') < errorOf('local') ? 'global' : 'local';
  const method = asked === 'auto' ? better : asked;
  // Without noise there is nothing to gain, and no map is said to harm.
  return { method, harms: errorOf('none') > 0 && errorOf(method) > errorOf('none') };
}

/** r-hat = |z-tilde - z-hat| of the map (errata.md E13): 0 where rows stay as they are. */
export function distanceTo(
  method: Denoiser,
  { tangentResidual, outsideResidual }: Pick<Residuals, 'tangentResidual' | 'outsideResidual'>
): Float64Array {
  switch (method) {
    case 'none':
      return new Float64Array(outsideResidual.length);
    case 'global':
      return outsideResidual.slice();
    case 'local':
      return tangentResidual.map((value, i) => Math.hypot(value, outsideResidual[i]));
  }
}
