/**
 * Theorem 2's numbers as errata.md C states them: (D) the deterministic cap and weighted mean of kappa r-hat, which
 * speak of the computed map only, and 2a's plug-in sigma sqrt(d - m), which is ESTIMATED. Closed forms for Gaussian
 * noise stand beside, for teaching and tests.
 */
import type { LabelledNumber } from '../../common/labels.js';
import { evaluateKappa, type Kappa } from './kappa.js';
import { normalized } from './papers.js';
import { logGamma } from './special.js';

export interface Theorem2 {
  /** kappa |loss(z) - loss(z-hat)| <= L times this, for every row. */
  cap: LabelledNumber;
  /** Largest kappa r-hat seen: never above the cap. */
  largest: LabelledNumber;
  /** sum kappa r-hat / sum kappa as measured. */
  weightedMean: LabelledNumber;
  /** What theorem 2b (D) says it cannot exceed: min{mean r-hat, cap / mean kappa}. */
  weightedMeanBound: LabelledNumber;
  meanKappa: LabelledNumber;
  /** 2a: sigma sqrt(d - m), the distance that noise alone would give on a flat manifold. */
  noiseDistance: LabelledNumber;
}

/**
 * @param distances r-hat of rows; @param weights row weights of recipe P; @param sizes sigma per coordinate, ambient
 *   d, tangent m; @param fold where the rows came from
 */
export function theorem2(
  kappa: Kappa,
  distances: ArrayLike<number>,
  weights: ArrayLike<number>,
  sizes: { sigma: number; d: number; m: number },
  fold: string
): Theorem2 {
  const w = normalized(weights, distances.length);
  const k = evaluateKappa(kappa, distances);
  let mean = 0;
  let meanKappa = 0;
  let product = 0;
  let largest = 0;
  for (let i = 0; i < k.length; i++) {
    mean += w[i] * distances[i];
    meanKappa += w[i] * k[i];
    product += w[i] * k[i] * distances[i];
    largest = Math.max(largest, k[i] * distances[i]);
  }
  const cap = kappaCap(kappa);
  const base = { n: distances.length, unit: 'rows' as const, fold };
  const certified = (value: number, help: string): LabelledNumber => ({
    ...base,
    value,
    label: 'CERTIFIED',
    help
  });
  return {
    cap: certified(
      cap,
      'd0 + h e^(-1/2): a row can move its weighted loss by at most L times this, whatever it is.'
    ),
    largest: certified(
      largest,
      'The largest kappa times distance among these rows; it cannot exceed the cap.'
    ),
    weightedMean: certified(
      meanKappa > 0 ? product / meanKappa : 0,
      'Mean distance to the computed projection under the clean weights, as measured on these rows.'
    ),
    weightedMeanBound: certified(
      Math.min(mean, meanKappa > 0 ? cap / meanKappa : Infinity),
      'Theorem 2b (D): the smaller of the plain mean distance and cap / mean kappa. About the computed map only.'
    ),
    meanKappa: certified(meanKappa, 'Mean clean weight of these rows: 1 keeps all, 0 keeps none.'),
    noiseDistance: {
      ...base,
      value: sizes.sigma * Math.sqrt(Math.max(sizes.d - sizes.m, 0)),
      label: 'ESTIMATED',
      help: 'sigma sqrt(d - m) with estimated sigma and m: how far noise alone would carry a clean row off a flat manifold.'
    }
  };
}

/** d0 + h e^(-1/2): the cap of kappa(r) r is never above it (theory.md 2b). */
export function kappaCap({ d0, h }: Kappa): number {
  return d0 + h * Math.exp(-0.5);
}

/** E kappa = (1 + sigma^2/h^2)^(-D/2) for Gaussian normal noise, D = d - m, d0 = 0 (theory.md 2b). */
export function expectedKappa(sigma: number, codimension: number, h: number): number {
  return Math.exp((-codimension / 2) * Math.log1p((sigma / h) ** 2));
}

/** E[kappa d] = sqrt2 sigma Gamma((D+1)/2)/Gamma(D/2) (1 + sigma^2/h^2)^(-(D+1)/2), D = d - m (theory.md 2b). */
export function expectedKappaDistance(sigma: number, codimension: number, h: number): number {
  const D = codimension;
  return (
    Math.SQRT2 *
    sigma *
    Math.exp(logGamma((D + 1) / 2) - logGamma(D / 2) - ((D + 1) / 2) * Math.log1p((sigma / h) ** 2))
  );
}

/** 2a: E d_M <= min{sigma sqrt(d - m) + sigma^2 m / 2 tau, sigma sqrt d} (boundaryless manifold of reach tau). */
export function noiseDistanceBound(sigma: number, d: number, m: number, reach: number): number {
  return Math.min(sigma * Math.sqrt(d - m) + (sigma * sigma * m) / (2 * reach), sigma * Math.sqrt(d));
}
