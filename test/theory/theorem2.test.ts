/** Theorem 2 as errata.md C amends it: what is certified, what is conditional, and the counterexamples. */
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  evaluateKappa,
  evaluateManifold,
  fitKappa,
  fitManifold,
  foreignKappaBound,
  kappaCap,
  manifoldCap,
  measuredContribution,
  noiseDistances,
  Random,
  sampleManifold,
  shapeDistance,
  shapeFacts,
  theorem2,
  type Shape
} from '../../kernel/theory/index.js';
import { close } from './support/check.js';
import { mean } from './support/sample.js';

describe('theorem 2a', () => {
  it('bounds the mean distance closely on shapes without an edge (theory.md 8c)', () => {
    for (const [shape, d, sigma] of [
      ['circle', 20, 0.05],
      ['sphere', 100, 0.02],
      ['torus', 100, 0.02],
      ['sphere5', 20, 0.05]
    ] as [Shape, number, number][]) {
      const { distance } = sampleManifold({ shape, n: 2000, d, sigma, seed: 1 });
      const { dimension: m, reach, boundary } = shapeFacts(shape);
      const { simple, refined } = noiseDistances({ sigma, d, m, reach, boundary });
      const actual = mean(distance);
      // The standard error of the mean is sigma / sqrt(2 * 2000).
      assert.ok(refined!.value > actual - 0.05 * sigma && refined!.value < 1.06 * actual, shape);
      assert.ok(simple.value >= refined!.value);
      assert.equal(refined!.label, 'ESTIMATED');
    }
  });

  it('has no refined form where there may be an edge: on [0, 1] it would say 0', () => {
    // M = [0, 1] in R, m = d = 1, no bend: noise still carries rows past the ends.
    const random = new Random(2);
    const distance = Array.from({ length: 20000 }, () => {
      const z = random.uniform() + 0.2 * random.normal();
      return Math.max(-z, z - 1, 0);
    });
    const sizes = { sigma: 0.2, d: 1, m: 1, reach: Infinity };
    const curved = noiseDistances({ ...sizes, boundary: false });
    const edge = noiseDistances({ ...sizes, boundary: true });
    assert.equal(curved.refined!.value, 0);
    assert.equal(edge.refined, undefined);
    // errata.md C (i) gives .0199.
    close(mean(distance), 0.0199, 0.001);
    assert.ok(mean(distance) <= edge.simple.value);
  });

  it('has a sub-Gaussian tail that a scale mixture of the same covariance breaks; Chebyshev’s stands', () => {
    // Cov = I, but one row in ten is far noisier: errata.md C (ii).
    const random = new Random(3);
    const d = 100;
    const distance = Array.from({ length: 4000 }, () => {
      const wide = random.uniform() < 0.1;
      const scale = wide ? Math.sqrt(10) : 0;
      let squares = 0;
      for (let j = 0; j < d; j++) squares += (scale * random.normal()) ** 2;
      return Math.sqrt(squares);
    });
    const delta = 0.01;
    const tails = noiseDistances({ sigma: 1, d, m: 0, reach: Infinity, boundary: true, delta });
    const beyond = (s: number): number => distance.filter(r => r > s).length / distance.length;
    assert.ok(beyond(tails.subGaussian.value) > 5 * delta, `${beyond(tails.subGaussian.value)}`);
    assert.ok(beyond(tails.chebyshev.value) <= delta);
    assert.deepEqual(
      [tails.subGaussian.label, tails.subGaussian.assumptions![0], tails.chebyshev.label],
      ['CONDITIONAL', 'sub-Gaussian', 'ESTIMATED']
    );
    assert.throws(() => noiseDistances({ sigma: 1, d, m: 0, reach: 1, boundary: true, delta: 0 }), /delta/);
  });

  it('has a tail that Gaussian noise keeps', () => {
    const { distance } = sampleManifold({ shape: 'sphere', n: 4000, d: 50, sigma: 0.03, seed: 4 });
    for (const boundary of [true, false]) {
      const { subGaussian } = noiseDistances({ sigma: 0.03, d: 50, m: 2, reach: 1, boundary });
      assert.ok(distance.filter(r => r > subGaussian.value).length / 4000 <= 0.05);
    }
  });
});

describe('theorem 2b', () => {
  it('(D) holds whatever the distances are, and foreign rows far out weigh no more than their bound', () => {
    const positive = fc.double({ min: 1e-3, max: 1e3, noNaN: true });
    fc.assert(
      fc.property(positive, positive, fc.array(positive, { minLength: 1, maxLength: 40 }), (d0, h, r) => {
        const weights = new Array<number>(r.length).fill(1);
        const { cap, largest, weightedMean, weightedMeanBound } = theorem2(
          { d0, h },
          r,
          weights,
          { sigma: 1, d: 2, m: 1 },
          'C'
        );
        assert.ok(largest.value <= cap.value * (1 + 1e-12));
        assert.ok(weightedMean.value <= weightedMeanBound.value * (1 + 1e-12));
        const least = Math.min(...r);
        assert.ok(Math.max(...evaluateKappa({ d0, h }, r)) <= foreignKappaBound({ d0, h }, least));
      })
    );
  });

  it('speaks of the computed map: a tight cluster passes its cap on the true distance, (M) with e does not', () => {
    // errata.md E13: circle in 50 dimensions, 10 % in one cluster, everything fitted on the contaminated rows.
    const spec = { shape: 'circle' as const, n: 600, d: 50, sigma: 0.03, seed: 5 };
    const { x, distance, outlier } = sampleManifold({ ...spec, outliers: { kind: 'cluster', share: 0.1 } });
    const manifold = fitManifold(x, { neighbors: 20, dimension: 1 });
    const { distance: computed, projection } = evaluateManifold(manifold, x, 'self');
    const kappa = fitKappa(computed.filter((_, i) => !outlier[i]));
    const weights = new Array<number>(x.rows).fill(1);
    const k = evaluateKappa(kappa, computed);
    const largest = Math.max(...k.map((value, i) => value * distance[i]));
    assert.ok(largest > 1.5 * kappaCap(kappa), `true ${largest}, cap ${kappaCap(kappa)}`);
    const certified = theorem2(kappa, computed, weights, { sigma: 0.03, d: 50, m: 1 }, 'F');
    assert.ok(certified.largest.value <= certified.cap.value);
    assert.equal(certified.cap.label, 'CERTIFIED');
    // e: how far the feet lie from the circle. With it (M) covers the cluster too.
    const feet = shapeDistance('circle', projection);
    const e = Math.max(...feet);
    const conditional = manifoldCap({ kappa, distances: computed, weights, e, fold: 'F' });
    assert.ok(largest <= conditional.cap.value);
    const weighted = mean(k.map((value, i) => value * distance[i])) / mean(k);
    assert.ok(weighted <= conditional.weightedMeanBound.value);
    assert.equal(conditional.cap.label, 'CONDITIONAL');
    assert.deepEqual(conditional.cap.assumptions!.slice(0, 2), ['A6', 'A7']);
    assert.ok(e > 0.9, `the cluster's feet are ${e} away`);
    assert.throws(() => manifoldCap({ kappa, distances: computed, weights, e: -1, fold: 'F' }), /e must be/);
  });

  it('is measured without L, and never above L times its bound', () => {
    const { x } = sampleManifold({ shape: 'sphere', n: 300, d: 10, sigma: 0.1, seed: 6 });
    const manifold = fitManifold(x, { neighbors: 20 });
    const { distance, projection } = evaluateManifold(manifold, x, 'self');
    const kappa = fitKappa(distance);
    const weights = new Array<number>(300).fill(1);
    // A loss with L = 2: twice the first coordinate.
    const loss = (data: Float64Array): number[] => weights.map((_, i) => 2 * data[i * 10]);
    const k = evaluateKappa(kappa, distance);
    const [raw, projected] = [loss(x.data), loss(projection.data)];
    const measured = measuredContribution({ kappa: k, raw, projected, weights, fold: 'C' });
    const by = mean(k.map((value, i) => value * Math.abs(raw[i] - projected[i]))) / mean(k);
    close(measured.value, by, 1e-12);
    const { weightedMeanBound } = theorem2(kappa, distance, weights, { sigma: 0.1, d: 10, m: 2 }, 'C');
    assert.ok(measured.value > 0 && measured.value <= 2 * weightedMeanBound.value);
    assert.equal(measured.label, 'CERTIFIED');
    assert.throws(
      () => measuredContribution({ kappa: k, raw, projected: [NaN], weights, fold: 'C' }),
      /Losses on projected rows/
    );
  });
});
