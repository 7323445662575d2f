/** Intrinsic dimension and reach: what they find on known shapes, and what must not move them. */
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { DataError } from '../../common/errors.js';
import {
  dimensionVotes,
  estimateReach,
  fitFrame,
  fromRows,
  localPcaDimension,
  matrix,
  Random,
  rowOf,
  sampleManifold,
  selectRows,
  shapeFacts,
  stackRows,
  type Matrix,
  type Shape
} from '../../kernel/theory/index.js';
import { close } from './support/check.js';

const withOutlier = (x: Matrix, far: number): Matrix =>
  stackRows(x, fromRows([Array.from({ length: x.cols }, (_, j) => (j === 0 ? far : 0))]));

describe('intrinsic dimension', () => {
  it('after global PCA is that of the shape by the default rule (theory.md 8c)', () => {
    for (const shape of ['circle', 'sphere', 'torus', 'swiss', 'sphere5'] as Shape[]) {
      const { x } = sampleManifold({ shape, n: 1000, d: 50, sigma: 0.02, seed: 4 });
      const { votes, sigma } = fitFrame(x, { seed: 0 });
      assert.equal(votes.chosen, shapeFacts(shape).dimension, shape);
      close(sigma, 0.02, 0.001, `${shape}: noise`);
    }
  });

  it('is not changed by one far outlier, among many rows or in every neighbourhood', () => {
    // scikit-dimension issue 6: one row at 1000 takes its local PCA from 3 to 1.
    const { x } = sampleManifold({ shape: 'swiss', n: 800, d: 4, sigma: 0.001, seed: 5 });
    assert.equal(localPcaDimension(withOutlier(x, 1000)), localPcaDimension(x));
    const few = selectRows(
      x,
      Array.from({ length: 59 }, (_, i) => i * 13)
    );
    const wide = sampleManifold({ shape: 'sphere', n: 59, d: 3, sigma: 0, seed: 6 }).x;
    for (const rows of [few, wide])
      for (const far of [30, 1000]) {
        // 60 rows and 60 neighbours: the outlier is a neighbour of all.
        assert.equal(localPcaDimension(withOutlier(rows, far)), localPcaDimension(rows), `at ${far}`);
      }
    const noisy = sampleManifold({ shape: 'swiss', n: 500, d: 20, sigma: 0.02, seed: 5 }).x;
    const clean = fitFrame(noisy, { seed: 0 }).votes;
    const dirty = fitFrame(withOutlier(noisy, 1000), { seed: 0 }).votes;
    assert.equal(dirty.chosen, clean.chosen);
    close(dirty.twoNN, clean.twoNN, 0.05);
    close(dirty.levinaBickel, clean.levinaBickel, 0.05);
  });

  it('and the noise scale stand when a tenth of the rows is foreign', () => {
    const spec = { shape: 'sphere' as const, n: 1000, d: 50, sigma: 0.02, seed: 7 };
    const { x } = sampleManifold({ ...spec, outliers: { kind: 'global', share: 0.1 } });
    const { sigma, votes, pca } = fitFrame(x, { seed: 0 });
    assert.ok(pca.sigma > 0.025, `the mean over rows is moved: ${pca.sigma}`);
    close(sigma, 0.02, 0.003);
    assert.equal(votes.chosen, 2);
  });

  it('says so when the votes are more than 1 apart, and only then', () => {
    const flat = (n: number, scales: number[]): Matrix => {
      const random = new Random(8);
      const x = matrix(n, scales.length);
      for (let i = 0; i < n; i++)
        scales.forEach((scale, j) => (rowOf(x, i)[j] = scale * (random.uniform() - 0.5)));
      return x;
    };
    const agreed = dimensionVotes(flat(600, [1, 1]));
    assert.equal(agreed.disagree, false, JSON.stringify(agreed));
    // Two long directions and eight of a quarter: local PCA counts the long ones alone.
    const split = dimensionVotes(flat(600, [4, 4, ...new Array<number>(8).fill(0.25)]));
    assert.equal(split.disagree, true, JSON.stringify(split));
    assert.equal(split.chosen, 2);
  });

  it('votes the same whatever stands first among copies, and says how many rows are distinct', () => {
    const { x } = sampleManifold({ shape: 'circle', n: 100, d: 3, sigma: 0.01, seed: 9 });
    const copies = stackRows(x, selectRows(x, [5, 5, 7]));
    assert.deepEqual(dimensionVotes(copies), dimensionVotes(x));
    const one = fromRows(Array.from({ length: 50 }, (_, i) => [i % 4, 1]));
    assert.throws(() => dimensionVotes(one), /at least 10 distinct rows, got 4 among 50/);
    assert.throws(() => dimensionVotes(one), DataError);
  });
});

describe('the reach', () => {
  it('is near the truth on shapes that are sampled closely', () => {
    // ESTIMATED: sparse rows make it too large, noise too small; a factor of 1.6 is what 1,500 rows give.
    for (const [shape, d] of [
      ['sphere', 50],
      ['torus', 50],
      ['swiss', 50]
    ] as [Shape, number][]) {
      const { x } = sampleManifold({ shape, n: 1500, d, sigma: 0.01, seed: 10 });
      const { fit, sigma } = fitFrame(x, { seed: 0 });
      const { reach: truth, dimension } = shapeFacts(shape);
      const reach = estimateReach(fit, { neighbors: 20, dimension, sigma });
      assert.ok(reach > truth / 1.6 && reach < 1.6 * truth, `${shape}: ${reach}, truth ${truth}`);
    }
  });

  it('scales with the rows, and is infinite on a plane', () => {
    const { x } = sampleManifold({ shape: 'sphere', n: 400, d: 3, sigma: 0, seed: 11 });
    const options = { neighbors: 20, dimension: 2, sigma: 0 };
    const scaled = { ...x, data: x.data.map(value => 8 * value) };
    close(estimateReach(scaled, options), 8 * estimateReach(x, options), 1e-9);
    const random = new Random(12);
    const plane = fromRows(Array.from({ length: 200 }, () => [random.normal(), random.normal(), 0]));
    assert.equal(estimateReach(plane, options), Infinity);
    assert.equal(estimateReach(plane, { ...options, dimension: 3 }), Infinity);
  });
});
