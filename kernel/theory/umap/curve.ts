/**
 * The similarity of two points of a picture, 1 / (1 + a d^(2b)) at distance d, with a and b such that it is near 1
 * up to `minDist` and then falls as exp(-(d - minDist)/spread) (McInnes, Healy and Melville 2018, definition 11).
 */
import { DataError } from '../../../common/errors.js';

export interface Curve {
  readonly a: number;
  readonly b: number;
}

/** Distances at which the two are compared, from 0 to three spreads: as many as umap-learn takes. */
const POINTS = 300;
const STEPS = 200;

/**
 * Least squares by Levenberg and Marquardt from a = b = 1.
 * @throws DataError unless 0 <= minDist and 0 < spread, or where nothing fits: minDist far beyond spread
 */
export function fitCurve(minDist: number, spread: number = 1): Curve {
  if (!(minDist >= 0 && spread > 0 && Number.isFinite(minDist) && Number.isFinite(spread)))
    throw new DataError(
      `UMAP: min_dist must be at least 0 and spread above 0, got ${minDist} and ${spread}.`
    );
  const x = Float64Array.from({ length: POINTS }, (_, i) => (3 * spread * i) / (POINTS - 1));
  const y = x.map(d => (d < minDist ? 1 : Math.exp(-(d - minDist) / spread)));
  let [a, b] = [1, 1];
  let now = normalEquations(x, y, a, b);
  let damping = 1e-3;
  for (let step = 0; step < STEPS; step++) {
    const { aa, ab, bb, ga, gb } = now;
    const [u, v] = [aa * (1 + damping), bb * (1 + damping)];
    const determinant = u * v - ab * ab;
    const next = { a: a - (v * ga - ab * gb) / determinant, b: b - (u * gb - ab * ga) / determinant };
    const tried = next.a > 0 && next.b > 0 ? normalEquations(x, y, next.a, next.b) : undefined;
    if (!tried || !(tried.loss <= now.loss)) {
      damping *= 10;
      if (damping > 1e12) break;
      continue;
    }
    const done = Math.abs(next.a - a) < 1e-12 * a && Math.abs(next.b - b) < 1e-12 * b;
    [a, b, now] = [next.a, next.b, tried];
    if (done) return { a, b };
    damping = Math.max(damping / 10, 1e-12);
  }
  // No step that is worth its digits is left: the least that there is, as long as it is a fit.
  if (Math.sqrt(now.loss / POINTS) < 0.2) return { a, b };
  throw new DataError(
    `UMAP: no curve fits min_dist ${minDist} with spread ${spread}. Use a smaller min_dist.`
  );
}

/** Loss, gradient and Gauss-Newton matrix of f = 1/(1 + a x^(2b)) against y; f falls with a by f^2 x^(2b). */
function normalEquations(
  x: Float64Array,
  y: Float64Array,
  a: number,
  b: number
): { loss: number; aa: number; ab: number; bb: number; ga: number; gb: number } {
  let [loss, aa, ab, bb, ga, gb] = [0, 0, 0, 0, 0, 0];
  for (let i = 0; i < x.length; i++) {
    const power = x[i] > 0 ? x[i] ** (2 * b) : 0;
    const f = 1 / (1 + a * power);
    const residual = f - y[i];
    const da = -f * f * power;
    const db = power > 0 ? 2 * a * da * Math.log(x[i]) : 0;
    loss += residual * residual;
    aa += da * da;
    ab += da * db;
    bb += db * db;
    ga += da * residual;
    gb += db * residual;
  }
  return { loss, aa, ab, bb, ga, gb };
}
