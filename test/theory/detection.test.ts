/** Off-manifold rows against a trusted reference (theory.md 8d, small): who is found, and at what rate of false flags. */
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import {
  benjaminiHochberg,
  conformalPValues,
  evaluateManifold,
  fitManifold,
  sampleManifold,
  type OutlierKind,
  type Shape
} from '../../kernel/theory/index.js';

interface Found {
  power: number;
  fdp: number;
  typeOne: number;
}

function detect(shape: Shape, d: number, sigma: number, kind: OutlierKind, seed: number): Found {
  const spec = { shape, d, sigma };
  const manifold = fitManifold(sampleManifold({ ...spec, n: 400, seed }).x, { neighbors: 20 });
  const reference = sampleManifold({ ...spec, n: 400, seed: seed + 1 }).x;
  const test = sampleManifold({ ...spec, n: 300, seed: seed + 2, outliers: { kind, share: 0.15 } });
  const p = conformalPValues(
    evaluateManifold(manifold, reference).score,
    evaluateManifold(manifold, test.x).score
  );
  const flagged = benjaminiHochberg(p, 0.1);
  const { outlier } = test;
  const count = (wanted: (i: number) => boolean): number => p.filter((_, i) => wanted(i)).length;
  const all = count(i => flagged[i] === 1);
  const foreign = count(i => outlier[i] === 1);
  return {
    power: count(i => flagged[i] === 1 && outlier[i] === 1) / foreign,
    fdp: all ? count(i => flagged[i] === 1 && outlier[i] === 0) / all : 0,
    typeOne: count(i => outlier[i] === 0 && p[i] <= 0.05) / (p.length - foreign)
  };
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
    const found = cases.map(([shape, d, sigma, kind], k) => {
      const one = detect(shape, d, sigma, kind, 100 + 10 * k);
      assert.ok(one.power > 0.75, `${shape} ${kind}: power ${one.power}`);
      return one;
    });
    const mean = (of: (one: Found) => number): number =>
      found.reduce((sum, one) => sum + of(one), 0) / cases.length;
    // Six runs of some 45 foreign rows: the standard error of the mean FDP is below .02, that of type I below .008.
    assert.ok(mean(one => one.fdp) < 0.1 + 0.04, `FDP ${mean(one => one.fdp)}`);
    assert.ok(Math.abs(mean(one => one.typeOne) - 0.05) < 0.025, `type I ${mean(one => one.typeOne)}`);
  });
});
