/** Exponential tilts of directions: von Mises angles and their kin on spheres. */
import type { Random } from '../../../common/random.js';

/**
 * E exp(k x_1) for x uniform on the unit sphere of R^n: the series of 0F1(; n/2; k^2/4), whose terms are all positive.
 * n = 2 gives the Bessel function I_0(k).
 */
export function directionalMoment(n: number, k: number): number {
  let term = 1;
  let sum = 1;
  for (let j = 0; term > 1e-17 * sum; j++) {
    term *= (k * k) / 4 / ((j + 1) * (n / 2 + j));
    sum += term;
  }
  return sum;
}

/** Angle with density exp(k cos(a - centre)) / (2 pi I_0(k)), by rejection from the uniform law. */
export function vonMises(random: Random, centre: number, k: number): number {
  for (;;) {
    const a = 2 * Math.PI * random.uniform();
    if (random.uniform() < Math.exp(k * (Math.cos(a) - 1))) return a + centre;
  }
}
