/**
 * The manifold as this product estimates it: global PCA, then a tangent plane from the nearest fit rows (theory.md 2c
 * and 5). For any row it gives the projection, the distance of errata.md E13 and the max-of-three off-manifold score.
 * The distance is about the COMPUTED map; nothing here knows a true manifold. The fitted object is plain data.
 */
import { DataError } from '../../common/errors.js';
import { dimensionVotes, type DimensionVotes } from './dimension.js';
import { median } from './linalg.js';
import { localPca } from './local-pca.js';
import { requireFinite, type Matrix } from './matrix.js';
import { fitPca, project, reconstruct, type Pca } from './pca.js';

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

/**
 * @param x fit rows [n, d], fold F
 * @throws DataError with fewer rows than neighbours + 2, with NaN, or when all rows are equal
 */
export function fitManifold(x: Matrix, options: ManifoldOptions = {}): Manifold {
  const neighbors = options.neighbors ?? 20;
  if (x.rows < neighbors + 2 || x.rows < 10)
    throw new DataError(
      `A manifold with ${neighbors} neighbours needs at least ${Math.max(10, neighbors + 2)} rows to fit, got ${x.rows}. ` +
        'Use fewer neighbours or more rows.'
    );
  const pca = fitPca(x, { weights: options.weights, maxRank: options.maxRank ?? 64 });
  const fit = project(pca, x);
  const votes = dimensionVotes(fit, { sigma: pca.sigma, seed: options.seed });
  const most = Math.min(neighbors - 1, pca.rank);
  if (options.dimension !== undefined && options.dimension > most)
    throw new DataError(
      `Tangent dimension ${options.dimension} is above ${most}, the most that ${neighbors} neighbours in ${pca.rank} ` +
        'principal components allow. Lower it or use more neighbours.'
    );
  const dimension = Math.min(options.dimension ?? votes.chosen, most);
  const none: RobustScale = { centre: 0, scale: 1 };
  const manifold: Manifold = {
    method: 'global-local',
    pca,
    fit,
    neighbors,
    dimension,
    votes,
    scales: { tangent: none, outside: none, radius: none }
  };
  const own = evaluateManifold(manifold, x, 'self');
  return {
    ...manifold,
    scales: {
      tangent: robustScale(own.tangentResidual),
      outside: robustScale(own.outsideResidual),
      radius: robustScale(own.logRadius)
    }
  };
}

/**
 * @param exclude for each query the index of the fit row that it is, or -1; 'self' when x are the fit rows in order
 */
export function evaluateManifold(
  manifold: Manifold,
  x: Matrix,
  exclude?: ArrayLike<number> | 'self'
): ManifoldScores {
  requireFinite(x, 'Distance to the manifold');
  const { pca, fit, scales } = manifold;
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
    for (let p = i * x.cols; p < (i + 1) * x.cols; p++) sum += (x.data[p] - flat.data[p]) ** 2;
    outsideResidual[i] = Math.sqrt(sum);
  }
  const logRadius = local.radius.map(value => Math.log(Math.max(value, 1e-12)));
  const z = (value: number, s: RobustScale): number => (value - s.centre) / s.scale;
  return {
    projection: reconstruct(pca, local.projection),
    distance: local.residual.map((value, i) => Math.hypot(value, outsideResidual[i])),
    tangentResidual: local.residual,
    outsideResidual,
    logRadius,
    along: Float64Array.from({ length: x.rows }, (_, i) => inside.data[i * inside.cols]),
    score: local.residual.map((value, i) =>
      Math.max(
        z(value, scales.tangent),
        z(outsideResidual[i], scales.outside),
        z(logRadius[i], scales.radius)
      )
    )
  };
}

/** Median and 1.4826 MAD; the mean absolute deviation where more than half of the values are equal. */
export function robustScale(values: ArrayLike<number>): RobustScale {
  const centre = median(values);
  const deviations = Float64Array.from(values, value => Math.abs(value - centre));
  const mad = 1.4826 * median(deviations);
  const spread = mad > 0 ? mad : 1.2533 * (deviations.reduce((a, b) => a + b, 0) / deviations.length);
  return { centre, scale: Math.max(spread, 1e-9 * (1 + Math.abs(centre))) };
}
