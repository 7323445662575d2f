/**
 * The hybrid case of theory.md 8(e): a torus in R^d with noise, an angle of von Mises' law that the target turns by
 * delta, and foreign rows near the target, off the torus, with flipped labels. The ratio is that of the noise-free
 * place: noise is the same in both domains, so weighting with it turns E_S into E_T exactly. Rows of a paper share a
 * place with probability sqrt(rho), so that two of them have correlation rho.
 */
import { Random } from '../../../common/random.js';
import { addRow, orthonormal } from './basis.js';
import { directionalMoment, vonMises } from './directional.js';
import type { Law, Row, Side } from './law.js';

/** Concentration of the angle that the target turns. */
const CONCENTRATION = 1.5;

/** Length of the step that takes a foreign row off the torus, in all. */
const FOREIGN_STEP = 1.4;

export interface TorusOptions {
  /** Angle by which the target is turned. */
  delta: number;
  d: number;
  clustering: number;
  noise: number;
  seed: number;
}

type Place = readonly [a: number, b: number];

export function torusLaw({ delta, d, clustering, noise, seed }: TorusOptions): Law<Place> {
  const basis = orthonormal(d, new Random(seed, 10));
  const place = (random: Random, target: boolean): Place => [
    vonMises(random, target ? delta : 0, CONCENTRATION),
    2 * Math.PI * random.uniform()
  ];
  return {
    effect: place,
    row(random: Random, side: Side, effect, into, at): Row {
      // A foreign row has nothing of its paper: its paper is a source paper, its place is the target's.
      const shared = effect && side !== 'foreign' && random.uniform() < Math.sqrt(clustering);
      const [a, b] = shared ? effect : place(random, side !== 'source');
      const label = Number(Math.sin(2 * a) + 0.3 * Math.cos(b) + 0.15 * random.normal() > 0);
      [Math.cos(a), Math.sin(a), Math.cos(b), Math.sin(b)].forEach((value, j) =>
        addRow(basis, d, j, value, into, at)
      );
      const spread = side === 'foreign' ? Math.hypot(noise, FOREIGN_STEP / Math.sqrt(d)) : noise;
      for (let p = 0; p < d; p++) into[at + p] += spread * random.normal();
      return { label, ratio: Math.exp(CONCENTRATION * (Math.cos(a - delta) - Math.cos(a))) };
    },
    // exp(2 k cos(a - delta) - k cos a) is a cosine again, of amplitude k sqrt(5 - 4 cos delta).
    chiSquare:
      directionalMoment(2, CONCENTRATION * Math.sqrt(5 - 4 * Math.cos(delta))) /
        directionalMoment(2, CONCENTRATION) -
      1
  };
}
