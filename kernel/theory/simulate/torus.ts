/**
 * Places of the hybrid case, theory.md 8(e): a torus of which one angle has von Mises' law, that the target turns by
 * delta.
 */
import { directionalMoment, vonMises } from './directional.js';
import type { Places } from './placed.js';

/** Concentration of the angle that the target turns. */
const CONCENTRATION = 1.5;

/** @param delta angle by which the target is turned */
export function torusPlaces(delta: number): Places {
  return {
    place(random, target) {
      const a = vonMises(random, target ? delta : 0, CONCENTRATION);
      const b = 2 * Math.PI * random.uniform();
      return [Math.cos(a), Math.sin(a), Math.cos(b), Math.sin(b)];
    },
    // exp(k cos(a - delta) - k cos a)
    ratio: x => Math.exp(CONCENTRATION * ((Math.cos(delta) - 1) * x[0] + Math.sin(delta) * x[1])),
    // exp(2 k cos(a - delta) - k cos a) is such a density again, of concentration k sqrt(5 - 4 cos delta).
    chiSquare:
      directionalMoment(2, CONCENTRATION * Math.sqrt(5 - 4 * Math.cos(delta))) /
        directionalMoment(2, CONCENTRATION) -
      1
  };
}
