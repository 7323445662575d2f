/**
 * 8 latent dimensions embedded in R^d (theory.md 8g, and 8b "lowrank" with `scale` below 1). A row's latent
 * u = sqrt(rho) (its paper's effect) + sqrt(1 - rho) (its own), standard normal in all; the target moves u_0 by delta
 * and shrinks its first three coordinates by `scale`. z = A u + noise, with orthogonal A and the noise in the complement
 * of its span: u is a function of z, so E[loss | z] is the same in both domains (A2' holds exactly) and the density
 * ratio of z is that of u.
 */
import { Random } from '../../../common/random.js';
import { addRow, orthonormal } from './basis.js';
import type { Law, Row, Side } from './law.js';

/** Latent dimensions; the shift is along the first. */
export const LATENT = 8;

/** Coordinates that shrink with `scale`. */
const SHRUNK = 3;

export interface LatentOptions {
  delta: number;
  d: number;
  clustering: number;
  noise: number;
  /** Deviation of the target's first three coordinates: 1 is a plain shift. */
  scale: number;
  seed: number;
}

export function latentLaw({ delta, d, clustering, noise, scale, seed }: LatentOptions): Law<Float64Array> {
  // The first 8 rows span the manifold, the rest is its complement.
  const basis = orthonormal(d, new Random(seed, 10));
  const latent = (random: Random, moved: boolean, effect: Float64Array | undefined): Float64Array => {
    const u = Float64Array.from({ length: LATENT }, (_, j) => {
      const shared = effect ? effect[j] : random.normal();
      return Math.sqrt(clustering) * shared + Math.sqrt(1 - clustering) * random.normal();
    });
    if (moved) {
      if (scale !== 1) for (let j = 0; j < SHRUNK; j++) u[j] *= scale;
      u[0] += delta;
    }
    return u;
  };
  return {
    effect: random => Float64Array.from({ length: LATENT }, () => random.normal()),
    row(random: Random, side: Side, effect, into, at): Row {
      const u = latent(random, side !== 'source', effect);
      const label = labelOf(random, u);
      // Variances along A fall slowly, so that all 8 stand out of the noise. Foreign rows lie eight times as far from
      // the manifold as noise carries a clean row.
      const spread = side === 'foreign' ? 8 * noise : noise;
      for (let j = 0; j < d; j++)
        addRow(basis, d, j, j < LATENT ? u[j] * 0.9 ** j : spread * random.normal(), into, at);
      return { label, ratio: ratioOf(u, delta, scale) };
    },
    // Each coordinate by itself: E_S w^2 = exp(m^2 / (2 - s^2)) / (s sqrt(2 - s^2)), with m = delta or 0.
    chiSquare: Math.expm1(
      delta ** 2 / (2 - scale ** 2) - SHRUNK * Math.log(scale * Math.sqrt(2 - scale ** 2))
    )
  };
}

/** The slope on u_1 turns with u_0: a linear head must choose which side to serve. */
function labelOf(random: Random, u: Float64Array): number {
  const score = 2 * Math.tanh(4 * (u[0] + 0.1)) * u[1] + 0.3 * u[2] + 0.2 * random.normal();
  return score > 0 ? 1 : 0;
}

function ratioOf(u: Float64Array, delta: number, scale: number): number {
  if (scale === 1) return Math.exp(delta * u[0] - delta ** 2 / 2);
  let log = -SHRUNK * Math.log(scale);
  for (let j = 0; j < SHRUNK; j++) log += (u[j] ** 2 - ((u[j] - (j === 0 ? delta : 0)) / scale) ** 2) / 2;
  return Math.exp(log);
}
