/**
 * Theorem 2's numbers as errata.md C states them: (D) the deterministic cap and weighted mean of kappa r-hat, which
 * speak of the computed map only; (M) the same of the true manifold, on conditions; and 2a's distances, which are
 * ESTIMATED because sigma, m and the reach are. Closed forms for Gaussian noise stand beside, for teaching and tests.
 */
import { DataError } from '../../common/errors.js';
import type { LabelledNumber } from '../../common/labels.js';
import { evaluateKappa, kappaAt, type Kappa } from './kappa.js';
import { requireFiniteValues } from './matrix.js';
import { normalized, requireLength } from './papers.js';
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
  const { cap, meanKappa, product, largest, bound } = averages(kappa, distances, weights);
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
      bound,
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

/** The cap, weighted means of kappa and kappa r-hat, the largest kappa r-hat, and min{mean r-hat, cap / mean kappa}. */
function averages(
  kappa: Kappa,
  distances: ArrayLike<number>,
  weights: ArrayLike<number>
): { cap: number; meanKappa: number; product: number; largest: number; bound: number } {
  const w = normalized(weights, distances.length);
  const k = evaluateKappa(kappa, distances);
  let [mean, meanKappa, product, largest] = [0, 0, 0, 0];
  for (let i = 0; i < k.length; i++) {
    mean += w[i] * distances[i];
    meanKappa += w[i] * k[i];
    product += w[i] * k[i] * distances[i];
    largest = Math.max(largest, k[i] * distances[i]);
  }
  const cap = kappaCap(kappa);
  return {
    cap,
    meanKappa,
    product,
    largest,
    bound: Math.min(mean, meanKappa > 0 ? cap / meanKappa : Infinity)
  };
}

export interface ManifoldCapInput {
  kappa: Kappa;
  /** r-hat of rows. */
  distances: ArrayLike<number>;
  /** Row weights of recipe P. */
  weights: ArrayLike<number>;
  /** e: how far a foot of the computed map may lie from the true manifold. A slider: no data tell it. */
  e: number;
  fold: string;
}

/**
 * (M) of errata.md E13, of the distance d_M to the true manifold: d_M <= r-hat + e, so kappa d_M <= cap + kappa e and
 * sum kappa d_M / sum kappa <= min{mean r-hat, cap / mean kappa} + e. Times L it bounds a change of loss.
 * @throws DataError when e is negative or not finite
 */
export function manifoldCap({ kappa, distances, weights, e, fold }: ManifoldCapInput): {
  cap: LabelledNumber;
  weightedMeanBound: LabelledNumber;
} {
  if (!(e >= 0 && e < Infinity)) throw new DataError(`e must be finite and not negative, got ${e}.`);
  const { cap, bound } = averages(kappa, distances, weights);
  const conditional = (value: number, help: string): LabelledNumber => ({
    value,
    label: 'CONDITIONAL',
    assumptions: ['A6', 'A7', `e = ${Number(e.toPrecision(3))}`],
    ...{ n: distances.length, unit: 'rows', fold, help }
  });
  return {
    cap: conditional(
      cap + e,
      'd0 + h e^(-1/2) + e: if every foot lies within e of the true manifold, kappa times the true distance is below this.'
    ),
    weightedMeanBound: conditional(
      bound + e,
      'Theorem 2b (M): the bound of (D) plus e. A tight cluster passes for a manifold with e near 1: without a trusted reference only (D) holds.'
    )
  };
}

/**
 * The measured form of 2b (D), with no Lipschitz constant: sum kappa |loss(z) - loss(z-hat)| / sum kappa, with losses
 * of the same rows before and after the computed map. CERTIFIED as a statement about these rows and this map.
 * @throws DataError when a loss is not finite or the lengths differ
 */
export function measuredContribution(input: {
  /** Clean weights of the rows. */
  kappa: ArrayLike<number>;
  raw: ArrayLike<number>;
  projected: ArrayLike<number>;
  weights: ArrayLike<number>;
  fold: string;
}): LabelledNumber {
  const { kappa, raw, projected, fold } = input;
  requireFiniteValues(raw, 'Losses');
  requireFiniteValues(projected, 'Losses on projected rows');
  requireLength(projected, raw.length, 'losses on projected rows', 'losses');
  requireLength(kappa, raw.length, 'clean weights', 'losses');
  const w = normalized(input.weights, raw.length);
  let [top, bottom] = [0, 0];
  for (let i = 0; i < raw.length; i++) {
    top += w[i] * kappa[i] * Math.abs(raw[i] - projected[i]);
    bottom += w[i] * kappa[i];
  }
  return {
    value: bottom > 0 ? top / bottom : 0,
    label: 'CERTIFIED',
    ...{ n: raw.length, unit: 'rows', fold },
    help: 'How much the weighted loss changes on these rows when each is put onto the computed manifold, as measured.'
  };
}

/** kappa of foreign rows whose r-hat is at least r0 is at most exp(-(r0 - d0)_+^2 / 2h^2): beta of errata.md E9. */
export function foreignKappaBound(kappa: Kappa, r0: number): number {
  return kappaAt(kappa, r0);
}

export interface NoiseSizes {
  sigma: number;
  /** Ambient dimension, tangent dimension. */
  d: number;
  m: number;
  reach: number;
  /** Whether the manifold may have an edge: then the refined form does not hold (errata.md C). */
  boundary: boolean;
  /** What the tails are exceeded with. */
  delta?: number;
}

export interface NoiseDistances {
  /** E d_M <= sigma sqrt d, with a boundary too. */
  simple: LabelledNumber;
  /** E d_M <= min{sigma sqrt(d - m) + sigma^2 m / 2 tau, sigma sqrt d}; absent where there may be a boundary. */
  refined?: LabelledNumber;
  /** P(d_M > s) <= sigma^2 d / s^2 = delta: needs the second moment of the noise alone. */
  chebyshev: LabelledNumber;
  /** P(d_M > s) <= delta if the noise is sub-Gaussian with proxy sigma^2. */
  subGaussian: LabelledNumber;
}

/**
 * Theorem 2a as errata.md C amends it. Everything is ESTIMATED or CONDITIONAL on more: sigma, m and tau are plugged in.
 * The sub-Gaussian tail is min{sigma (sqrt d + sqrt 2t), and without a boundary sigma (sqrt(d - m) + sqrt 2s) +
 * sigma^2 (sqrt m + sqrt 2s)^2 / 2 tau} with e^-t = delta and 2 e^-s = delta.
 */
export function noiseDistances({ sigma, d, m, reach, boundary, delta = 0.05 }: NoiseSizes): NoiseDistances {
  if (!(delta > 0 && delta < 1)) throw new DataError(`delta must lie between 0 and 1, got ${delta}.`);
  const [t, s] = [Math.sqrt(2 * Math.log(1 / delta)), Math.sqrt(2 * Math.log(2 / delta))];
  const flat = sigma * (Math.sqrt(d) + t);
  const curved =
    sigma * (Math.sqrt(Math.max(d - m, 0)) + s) + (sigma ** 2 * (Math.sqrt(m) + s) ** 2) / (2 * reach);
  const estimated = (value: number, help: string): LabelledNumber => ({ value, label: 'ESTIMATED', help });
  const percent = Number((100 * (1 - delta)).toPrecision(3));
  return {
    simple: estimated(
      sigma * Math.sqrt(d),
      'sigma sqrt d with estimated sigma: the mean distance of clean rows to the manifold is at most this, an edge or not.'
    ),
    ...(boundary
      ? {}
      : {
          refined: estimated(
            noiseDistanceBound(sigma, d, m, reach),
            'sigma sqrt(d - m) + sigma^2 m / 2 tau with estimated sigma, m and tau: for a manifold without an edge only.'
          )
        }),
    chebyshev: estimated(
      sigma * Math.sqrt(d / delta),
      `Chebyshev: at least ${percent} % of clean rows lie within sigma sqrt(d / ${delta}), whatever the shape of the noise.`
    ),
    subGaussian: {
      value: boundary ? flat : Math.min(flat, curved),
      label: 'CONDITIONAL',
      assumptions: ['sub-Gaussian', 'σ, m and τ as estimated'],
      help: `${percent} % of clean rows lie within this, if the tails of the noise are no heavier than a Gaussian of the same scale.`
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
