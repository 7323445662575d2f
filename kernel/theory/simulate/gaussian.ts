/**
 * N(0, I) to N(delta e_1, I) in R^d, with the labels and the two fixed heads of theory.md 8(a): the ratio is
 * exp(delta x_1 - delta^2 / 2) and chi^2 = e^(delta^2) - 1. No manifold. A share of the target's papers may lie where
 * the source never is: there the ratio is recorded as 0, the set that errata.md E2 wants declared.
 */
import type { Random } from '../../../common/random.js';
import type { Matrix } from '../matrix.js';
import type { Law, Row, Side } from './law.js';

/** How far along x_2 uncovered papers lie: the source has less than 1e-30 of its mass beyond half of it. */
const AWAY = 24;

export interface GaussianOptions {
  delta: number;
  d: number;
  clustering: number;
  /** Share of target papers outside the source's support. */
  uncovered: number;
}

interface Effect {
  shared: Float64Array;
  away: boolean;
}

export function gaussianLaw({ delta, d, clustering, uncovered }: GaussianOptions): Law<Effect> {
  const effectOf = (random: Random, target: boolean): Effect => ({
    shared: Float64Array.from({ length: d }, () => random.normal()),
    away: target && uncovered > 0 && random.uniform() < uncovered
  });
  return {
    effect: effectOf,
    row(random: Random, side: Side, effect, into, at): Row {
      const { shared, away } = effect ?? effectOf(random, side === 'target');
      const x = into.subarray(at, at + d);
      for (let j = 0; j < d; j++)
        x[j] = Math.sqrt(clustering) * shared[j] + Math.sqrt(1 - clustering) * random.normal();
      if (side === 'target') x[0] += delta;
      const label = Number(x[0] + x[1] + 0.6 * x[0] ** 2 - 0.6 + 0.5 * random.normal() > 0);
      const ratio = away ? 0 : (1 - uncovered) * Math.exp(delta * x[0] - delta ** 2 / 2);
      if (away) x[1] += AWAY;
      return { label, ratio };
    },
    chiSquare: uncovered > 0 ? Infinity : Math.expm1(delta ** 2)
  };
}

/** theory.md 8(a)'s heads: the second reads the boundary where the source is, the first stands off it. */
export function gaussianHead(which: 0 | 1): (x: Matrix) => Int32Array {
  const offset = which === 0 ? -0.8 : 0.1;
  return x =>
    Int32Array.from({ length: x.rows }, (_, i) =>
      Number(x.data[i * x.cols] + x.data[i * x.cols + 1] + offset > 0)
    );
}
