/**
 * Places on a known manifold: the source uniform, the target tilted towards the first coordinate, with density
 * proportional to exp(delta x_1). On circles and spheres these are von Mises' and Fisher's laws.
 */
import type { Random } from '../../../common/random.js';
import { rowOf } from '../matrix.js';
import { directionalMoment } from './directional.js';
import { sampleManifold, shapeFacts, type Shape } from './manifolds.js';
import type { Places } from './placed.js';

/** Places drawn at a time. */
const BATCH = 256;

/** @param delta strength and sign of the tilt */
export function shapePlaces(shape: Shape, delta: number): Places {
  const { coordinates } = shapeFacts(shape);
  const moment = firstMoment(shape, delta);
  const top = Math.abs(delta) * EXTENT[shape];
  let batch: Float64Array[] = [];
  const uniform = (random: Random): Float64Array => {
    if (batch.length === 0) {
      const { clean } = sampleManifold({ shape, n: BATCH, d: coordinates, sigma: 0, seed: random.bits() });
      batch = Array.from({ length: BATCH }, (_, i) => rowOf(clean, i));
    }
    return batch.pop()!;
  };
  return {
    place(random, target) {
      for (;;) {
        const x = uniform(random);
        if (!target || random.uniform() < Math.exp(delta * x[0] - top)) return x;
      }
    },
    ratio: x => Math.exp(delta * x[0]) / moment,
    chiSquare: firstMoment(shape, 2 * delta) / moment ** 2 - 1
  };
}

/** No |x_1| of the shape is larger. */
const EXTENT: Record<Shape, number> = {
  circle: 1,
  sphere: 1,
  sphere5: 1,
  torus: 1,
  swiss: (4.5 * Math.PI) / 7
};

/** E exp(k x_1) under the uniform law of the shape. */
function firstMoment(shape: Shape, k: number): number {
  if (shape !== 'swiss') return directionalMoment(shape === 'torus' ? 2 : shapeFacts(shape).coordinates, k);
  // The roll's angle is uniform on [1.5 pi, 4.5 pi]: the midpoint rule, exact to 1e-9.
  const points = 20_000;
  let sum = 0;
  for (let i = 0; i < points; i++) {
    const t = 1.5 * Math.PI * (1 + (2 * (i + 0.5)) / points);
    sum += Math.exp((k * t * Math.cos(t)) / 7);
  }
  return sum / points;
}
