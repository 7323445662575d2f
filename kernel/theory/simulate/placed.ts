/**
 * Rows that have a place on a manifold of known coordinates, laid into R^d with noise in every direction. The ratio is
 * that of the noise-free place: noise is the same in both domains, so weighting with it turns E_S into E_T exactly.
 * Rows of a paper share a place with probability sqrt(rho), so that two of them have correlation rho.
 */
import { Random } from '../../../common/random.js';
import { addRow, orthonormal } from './basis.js';
import type { Law, Row, Side } from './law.js';

/** Length of the step that takes a foreign row off the manifold, in all. */
const FOREIGN_STEP = 1.4;

/** Own coordinates of a point of the manifold. */
export type Place = ArrayLike<number>;

/** Where rows stand, and what is known of it. */
export interface Places {
  place(random: Random, target: boolean): Place;
  /** Target density over source density. */
  ratio(place: Place): number;
  chiSquare: number;
}

export interface PlacedOptions {
  d: number;
  clustering: number;
  noise: number;
  seed: number;
}

export function placedLaw({ d, clustering, noise, seed }: PlacedOptions, places: Places): Law<Place> {
  const basis = orthonormal(d, new Random(seed, 10));
  return {
    effect: (random, target) => places.place(random, target),
    row(random: Random, side: Side, effect, into, at): Row {
      // A foreign row has nothing of its paper: its paper is a source paper, its place is the target's.
      const shared = effect && side !== 'foreign' && random.uniform() < Math.sqrt(clustering);
      const x = shared ? effect : places.place(random, side !== 'source');
      // The rule of theory.md 8(e): sin 2a + .3 cos b on the torus.
      const score = 2 * x[0] * x[1] + 0.3 * x[Math.min(2, x.length - 1)] + 0.15 * random.normal();
      for (let j = 0; j < x.length; j++) addRow(basis, d, j, x[j], into, at);
      const spread = side === 'foreign' ? Math.hypot(noise, FOREIGN_STEP / Math.sqrt(d)) : noise;
      for (let p = 0; p < d; p++) into[at + p] += spread * random.normal();
      return { label: Number(score > 0), ratio: places.ratio(x) };
    },
    chiSquare: places.chiSquare
  };
}
