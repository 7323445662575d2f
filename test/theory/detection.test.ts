/** Off-manifold rows against a trusted reference (theory.md 8d, small): who is found, and at what rate of false flags. */
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { fitManifold, sampleManifold, type OutlierKind, type Shape } from '../../kernel/theory/index.js';
import { detect, type Found } from './support/detection.js';

function found(shape: Shape, d: number, sigma: number, kind: OutlierKind, seed: number): Found {
  const spec = { shape, d, sigma };
  const manifold = fitManifold(sampleManifold({ ...spec, n: 400, seed }).x, { neighbors: 20 });
  const reference = sampleManifold({ ...spec, n: 400, seed: seed + 1 });
  const test = sampleManifold({ ...spec, n: 300, seed: seed + 2, outliers: { kind, share: 0.15 } });
  return detect(manifold, reference, test, 0.1);
}

describe('max3 against a trusted reference', () => {
  const cases: [Shape, number, number, OutlierKind][] = [
    ['circle', 20, 0.03, 'noise'],
    ['circle', 20, 0.03, 'inside'],
    ['sphere', 20, 0.03, 'global'],
    // No transductive score sees a tight cluster: with a trusted reference it is plain.
    ['sphere', 20, 0.03, 'cluster'],
    ['torus', 20, 0.03, 'inside'],
    ['torus', 50, 0.03, 'noise']
  ];

  it('finds foreign rows of every kind, and keeps the rate of false flags on average', () => {
    const all = cases.map(([shape, d, sigma, kind], k) => {
      const one = found(shape, d, sigma, kind, 100 + 10 * k);
      assert.ok(one.power > 0.75, `${shape} ${kind}: power ${one.power}`);
      return one;
    });
    const mean = (of: (one: Found) => number): number =>
      all.reduce((sum, one) => sum + of(one), 0) / cases.length;
    // Six runs of some 45 foreign rows: the standard error of the mean FDP is below .02, that of type I below .008.
    assert.ok(mean(one => one.fdp) < 0.1 + 0.04, `FDP ${mean(one => one.fdp)}`);
    assert.ok(Math.abs(mean(one => one.typeOne) - 0.05) < 0.025, `type I ${mean(one => one.typeOne)}`);
  });
});
