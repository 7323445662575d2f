/**
 * The manifold as this product estimates it: global PCA, then a tangent plane from the nearest fit rows (theory.md 2c
 * and 5). For any row it gives the projection, the distance of errata.md E13 and the max-of-three off-manifold score.
 * The distance is about the COMPUTED map; nothing here knows a true manifold. The fitted object is plain data.
 */
import { DataError } from '../../common/errors.js';
import { dimensionVotes, type DimensionVotes } from './dimension.js';
import { median, scaledMad } from './linalg.js';
import { localPca } from './local-pca.js';
import { requireFinite, type Matrix, type Rows } from './matrix.js';
import { fitPca, project, reconstruct, truncatePca, type Pca } from './pca.js';

export interface ManifoldOptions {
  /** Neighbours of a tangent plane, k. */
  neighbors?: number;
  /** Tangent dimension m; the local-PCA vote when left out. */
  dimension?: number;
  /** Cap on the global rank (64: theory.md 11). */
  maxRank?: number;
  /** Row weights of the global PCA (recipe P). */
  weights?: ArrayLike<number>;
  seed?: number;
}

/** Centre and scale of one score on the fit rows: median and 1.4826 MAD. */
export interface RobustScale {
  centre: number;
  scale: number;
}

export interface Manifold {
  /** Which projection: global PCA, then local tangent planes. */
  method: 'global-local';
  pca: Pca;
  /** Fit rows in PCA space [n, rank]. */
  fit: Matrix;
  /** Noise scale in one coordinate. */
  sigma: number;
  neighbors: number;
  dimension: number;
  votes: DimensionVotes;
  /** Tangent residual, outside residual, log kNN radius: on fit rows, each with itself left out. */
  scales: { tangent: RobustScale; outside: RobustScale; radius: RobustScale };
}

export interface ManifoldScores {
  /** [n, d], ambient: z-hat. */
  projection: Matrix;
  /** r-hat = |z - z-hat|, the part outside PCA included (errata.md E13). */
  distance: Float64Array;
  /** The part of r-hat inside PCA space. */
  tangentResidual: Float64Array;
  /** The part of r-hat outside PCA space. */
  outsideResidual: Float64Array;
  /** Log distance to the k-th neighbour, in PCA space. */
  logRadius: Float64Array;
  /** Coordinate along the first principal component, for pictures. */
  along: Float64Array;
  /** max3: the largest of the three robust z-scores. Not a distance: kappa never uses it (errata.md E13). */
  score: Float64Array;
}

/** What a manifold has that no number of neighbours changes. Plain data. */
export interface Frame {
  pca: Pca;
  /** Fit rows in PCA space [n, rank]. */
  fit: Matrix;
  /** Noise scale in one coordinate, which a minority of foreign rows does not move. */
  sigma: number;
  votes: DimensionVotes;
}

/** What needs neither scales nor the ambient space. */
export type ManifoldDistances = Omit<ManifoldScores, 'projection' | 'score'>;

/** The parts of a row's off-manifold score, before they are scaled. */
export type Residuals = Pick<ManifoldScores, 'tangentResidual' | 'outsideResidual' | 'logRadius'>;

/** Robust z above which a row says nothing of the noise. */
const FAR = 5;

const UNSCALED: RobustScale = { centre: 0, scale: 1 };

/**
 * Global PCA, the fit rows in it, and the votes on the dimension.
 * @param known the frame of the same rows, weights and seed at any `maxRank`: what of it holds is taken over, to the
 *   same bits
 */
export function fitFrame(
  x: Rows,
  { maxRank = 64, weights, seed }: Pick<ManifoldOptions, 'maxRank' | 'weights' | 'seed'>,
  known?: Frame
): Frame {
  const before = known && truncatePca(known.pca, maxRank);
  if (known && before?.rank === known.pca.rank) return known;
  const pca = before ?? fitPca(x, { weights, maxRank });
  return frameIn(pca, x, project(pca, x), seed);
}

/** The frame of rows whose PCA and coordinates in it are known. */
export function frameIn(pca: Pca, x: Rows, fit: Matrix, seed?: number): Frame {
  const sigma = noiseScale(pca, x, fit);
  return { pca, fit, sigma, votes: dimensionVotes(fit, { sigma, seed }) };
}

/**
 * The smaller of two scales. The Marchenko-Pastur one is an average over all rows, so a few foreign rows raise it; what
 * lies outside PCA space in the rows that are not far out is not raised by them, but by directions that PCA has cut.
 */
function noiseScale(pca: Pca, x: Rows, fit: Matrix): number {
  const freedom = x.cols - pca.rank;
  if (freedom < 1 || pca.rank >= x.rows) return pca.sigma;
  const squares = Float64Array.from({ length: x.rows }, (_, i) => {
    let sum = 0;
    for (let j = 0, p = i * x.cols; j < x.cols; j++, p++) sum += (x.data[p] - pca.mean[j]) ** 2;
    for (let p = i * fit.cols; p < (i + 1) * fit.cols; p++) sum -= fit.data[p] * fit.data[p];
    return Math.max(sum, 0);
  });
  const { centre, scale } = robustScale(squares);
  const kept = squares.filter(value => value <= centre + FAR * scale);
  const mean = kept.reduce((a, b) => a + b, 0) / kept.length;
  // The components were fitted on these rows, and have taken a share q/n of the noise with them.
  return Math.min(pca.sigma, Math.sqrt(mean / (freedom * (1 - pca.rank / x.rows))));
}

/**
 * The manifold of a frame; its scales are not fitted yet, so that `score` of its scores means nothing.
 * @throws DataError with fewer rows than neighbours + 2
 */
export function unscaledManifold(
  frame: Frame,
  { neighbors = 20, dimension }: Pick<ManifoldOptions, 'neighbors' | 'dimension'>
): Manifold {
  requireRows(frame.fit.rows, neighbors);
  const most = Math.min(neighbors - 1, frame.pca.rank);
  if (dimension !== undefined && dimension > most)
    throw new DataError(
      `Tangent dimension ${dimension} is above ${most}, the most that ${neighbors} neighbours in ${frame.pca.rank} ` +
        'principal components allow. Lower it or use more neighbours.'
    );
  return {
    method: 'global-local',
    ...frame,
    neighbors,
    dimension: Math.min(dimension ?? frame.votes.chosen, most),
    scales: { tangent: UNSCALED, outside: UNSCALED, radius: UNSCALED }
  };
}

/** Centre and scale of each score from the fit rows', each with itself left out. */
export function fitScales(own: Residuals): Manifold['scales'] {
  return {
    tangent: robustScale(own.tangentResidual),
    outside: robustScale(own.outsideResidual),
    radius: robustScale(own.logRadius)
  };
}

/** max3: the largest of the three robust z-scores of each row. */
export function offManifold(rows: Residuals, scales: Manifold['scales']): Float64Array {
  const z = (value: number, s: RobustScale): number => (value - s.centre) / s.scale;
  return rows.tangentResidual.map((value, i) =>
    Math.max(
      z(value, scales.tangent),
      z(rows.outsideResidual[i], scales.outside),
      z(rows.logRadius[i], scales.radius)
    )
  );
}

function requireRows(rows: number, neighbors: number): void {
  if (rows >= neighbors + 2 && rows >= 10) return;
  throw new DataError(
    `A manifold with ${neighbors} neighbours needs at least ${Math.max(10, neighbors + 2)} rows to fit, got ${rows}. ` +
      'Use fewer neighbours or more rows.'
  );
}

/**
 * @param x fit rows [n, d], fold F
 * @throws DataError with fewer rows than neighbours + 2, with NaN, or when all rows are equal
 */
export function fitManifold(x: Rows, options: ManifoldOptions = {}): Manifold {
  requireRows(x.rows, options.neighbors ?? 20);
  const manifold = unscaledManifold(fitFrame(x, options), options);
  return { ...manifold, scales: fitScales(measureManifold(manifold, x, 'self')) };
}

/**
 * Distances and residuals alone, without the projections in the ambient space.
 * @param exclude for each query the index of the fit row that it is, or -1; 'self' when x are the fit rows in order
 */
export function measureManifold(
  manifold: Manifold,
  x: Rows,
  exclude?: ArrayLike<number> | 'self'
): ManifoldDistances {
  return measure(manifold, x, exclude).distances;
}

/**
 * @param exclude for each query the index of the fit row that it is, or -1; 'self' when x are the fit rows in order
 */
export function evaluateManifold(
  manifold: Manifold,
  x: Rows,
  exclude?: ArrayLike<number> | 'self'
): ManifoldScores {
  const { distances, feet } = measure(manifold, x, exclude);
  return {
    ...distances,
    projection: reconstruct(manifold.pca, feet),
    score: offManifold(distances, manifold.scales)
  };
}

function measure(
  manifold: Manifold,
  x: Rows,
  exclude?: ArrayLike<number> | 'self'
): { distances: ManifoldDistances; feet: Matrix } {
  requireFinite(x, 'Distance to the manifold');
  const { pca, fit } = manifold;
  const inside = project(pca, x);
  const local = localPca(inside, fit, {
    neighbors: manifold.neighbors,
    dimension: manifold.dimension,
    exclude
  });
  const flat = reconstruct(pca, inside);
  const outsideResidual = new Float64Array(x.rows);
  for (let i = 0; i < x.rows; i++) {
    let sum = 0;
    for (let p = i * x.cols; p < (i + 1) * x.cols; p++)
      sum += (x.data[p] - flat.data[p]) * (x.data[p] - flat.data[p]);
    outsideResidual[i] = Math.sqrt(sum);
  }
  const logRadius = local.radius.map(value => Math.log(Math.max(value, 1e-12)));
  return {
    feet: local.projection,
    distances: {
      ...{ tangentResidual: local.residual, outsideResidual, logRadius },
      distance: local.residual.map((value, i) => Math.hypot(value, outsideResidual[i])),
      along: Float64Array.from({ length: x.rows }, (_, i) => inside.data[i * inside.cols])
    }
  };
}

/** Median and 1.4826 MAD; the mean absolute deviation where more than half of the values are equal. */
export function robustScale(values: ArrayLike<number>): RobustScale {
  const centre = median(values);
  const mad = scaledMad(values, centre);
  const spread = mad > 0 ? mad : 1.2533 * meanDeviation(values, centre);
  return { centre, scale: Math.max(spread, 1e-9 * (1 + Math.abs(centre))) };
}

function meanDeviation(values: ArrayLike<number>, centre: number): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += Math.abs(values[i] - centre);
  return sum / values.length;
}
