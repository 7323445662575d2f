/** Global PCA, neighbours, tangent planes, dimension, distance, clean weights and flags. */
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { DataError } from '../../common/errors.js';
import {
  benjaminiHochberg,
  conformalPValues,
  dimensionVotes,
  evaluateKappa,
  evaluateManifold,
  fitKappa,
  fitManifold,
  fitPca,
  fromJson,
  fromRows,
  kappaAt,
  kappaCap,
  localPca,
  matrix,
  nearestNeighbors,
  project,
  Random,
  reconstruct,
  rowOf,
  shareOfVariance,
  theorem2,
  toJson,
  type Manifold,
  type Matrix
} from '../../kernel/theory/index.js';
import { allClose, close } from './support/check.js';

/** A unit circle or sphere in R^d with noise, and its true distance. */
function sphere(
  n: number,
  dims: number,
  d: number,
  sigma: number,
  seed: number
): { x: Matrix; distance: number[] } {
  const random = new Random(seed);
  const x = matrix(n, d);
  const distance: number[] = [];
  for (let i = 0; i < n; i++) {
    const u = Array.from({ length: dims + 1 }, () => random.normal());
    const norm = Math.hypot(...u);
    const row = rowOf(x, i);
    for (let j = 0; j < d; j++) row[j] = (j <= dims ? u[j] / norm : 0) + sigma * random.normal();
    const radial = Math.hypot(...row.subarray(0, dims + 1)) - 1;
    distance.push(Math.hypot(radial, ...row.subarray(dims + 1)));
  }
  return { x, distance };
}

describe('global PCA', () => {
  const { x } = sphere(300, 2, 20, 0.02, 1);

  it('finds the rank and the noise by Marchenko and Pastur', () => {
    const pca = fitPca(x);
    assert.equal(pca.rank, 3);
    close(pca.sigma, 0.02, 0.002);
    assert.ok(shareOfVariance(pca) > 0.98 && shareOfVariance(pca) < 1);
    assert.equal(fitPca(x, { maxRank: 2 }).rank, 2);
  });

  it('gives the same components by covariance and by Gram matrix', () => {
    const few = fromRows(Array.from({ length: 15 }, (_, i) => rowOf(x, i)));
    const gram = fitPca(few, { rank: 3 });
    // Two copies of every row have the same covariance up to a factor, and go the other way round.
    const tall = fitPca(fromRows(Array.from({ length: 45 }, (_, i) => rowOf(x, i % 15))), { rank: 3 });
    for (let j = 0; j < 3; j++) {
      const dot = rowOf(gram.components, j).reduce((sum, v, p) => sum + v * rowOf(tall.components, j)[p], 0);
      close(Math.abs(dot), 1, 1e-8);
    }
    close(shareOfVariance(gram), shareOfVariance(tall), 1e-9);
  });

  it('counts a row of weight two as two rows', () => {
    const doubled = fromRows(Array.from({ length: 310 }, (_, i) => rowOf(x, i < 300 ? i : i - 300)));
    const a = fitPca(doubled, { rank: 3 });
    const b = fitPca(x, { rank: 3, weights: Array.from({ length: 300 }, (_, i) => (i < 10 ? 2 : 1)) });
    allClose(a.mean, b.mean, 1e-12, 'mean');
    for (let j = 0; j < 3; j++) close(a.values[j] / a.values[0], b.values[j] / b.values[0], 1e-9);
  });

  it('reconstructs exactly at full rank', () => {
    const pca = fitPca(x, { rank: 20 });
    allClose(reconstruct(pca, project(pca, x)).data, x.data, 1e-9);
  });

  it('names rows with NaN and refuses rows that are all equal', () => {
    const bad = fromRows([
      [1, 2],
      [3, NaN],
      [5, 6]
    ]);
    assert.throws(() => fitPca(bad), /row 1/);
    assert.throws(() => fitPca(matrix(8, 3)), DataError);
    assert.throws(
      () => fitPca(fromRows(Array.from({ length: 8 }, () => [1e6, 0.1, 3]))),
      /all rows are equal/
    );
  });
});

describe('nearest neighbours', () => {
  it('are those of a full sort, self left out by index even among copies', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 4 })), {
          minLength: 4,
          maxLength: 30
        }),
        rows => {
          const x = fromRows(rows);
          const near = nearestNeighbors(x, x, 3, 'self');
          rows.forEach((a, i) => {
            const sorted = rows
              .map((b, j) => ({ j, d: Math.hypot(a[0] - b[0], a[1] - b[1]) }))
              .filter(one => one.j !== i)
              .sort((p, q) => p.d - q.d || p.j - q.j);
            for (let r = 0; r < 3; r++) assert.equal(near.indices[i * 3 + r], sorted[r].j);
          });
        }
      )
    );
  });

  it('say how many others there are when too many are asked for', () => {
    assert.throws(() => nearestNeighbors(matrix(5, 2), matrix(5, 2), 5, 'self'), /has 4 others/);
  });
});

describe('the manifold', () => {
  const fit = sphere(600, 1, 20, 0.03, 2);
  const manifold = fitManifold(fit.x, { neighbors: 20 });

  it('finds dimension 1 on a circle and 2 on a sphere', () => {
    assert.equal(manifold.dimension, 1);
    // With little noise the three votes agree.
    assert.equal(fitManifold(sphere(600, 1, 20, 3e-4, 3).x).votes.disagree, false);
    assert.equal(fitManifold(sphere(800, 2, 20, 0.02, 3).x).dimension, 2);
  });

  it('gives distances close to the true ones, equal to the length of row minus projection', () => {
    const test = sphere(200, 1, 20, 0.03, 4);
    const scores = evaluateManifold(manifold, test.x);
    let worst = 0;
    for (let i = 0; i < 200; i++) {
      const direct = Math.hypot(...rowOf(test.x, i).map((v, j) => v - rowOf(scores.projection, i)[j]));
      close(scores.distance[i], direct, 1e-9);
      close(scores.distance[i], Math.hypot(scores.tangentResidual[i], scores.outsideResidual[i]), 1e-12);
      worst = Math.max(worst, Math.abs(scores.distance[i] - test.distance[i]));
    }
    assert.ok(worst < 0.05, `worst error ${worst} for distances near ${0.03 * Math.sqrt(19)}`);
  });

  it('scores what lies off it, in any direction', () => {
    const test = fromRows(
      [
        [1, 0],
        [0, 0],
        [3, 0],
        [1, 0]
      ].map((row, i) => [...row, ...Array.from({ length: 18 }, (_, j) => (i === 3 && j === 4 ? 1 : 0))])
    );
    const { score } = evaluateManifold(manifold, test);
    assert.ok(score[0] < 2, `on the circle: ${score[0]}`);
    for (const i of [1, 2, 3]) assert.ok(score[i] > 10, `row ${i}: ${score[i]}`);
  });

  it('scales: distances by the factor, scores not at all', () => {
    const scaled = (x: Matrix): Matrix => ({ ...x, data: x.data.map(v => 7 * v) });
    const other = fitManifold(scaled(fit.x), { neighbors: 20 });
    const test = sphere(30, 1, 20, 0.05, 5).x;
    const a = evaluateManifold(manifold, test);
    const b = evaluateManifold(other, scaled(test));
    allClose(
      b.distance,
      a.distance.map(v => 7 * v),
      1e-8,
      'distance'
    );
    allClose(b.score, a.score, 1e-6, 'score');
  });

  it('judges a fit row without its own help', () => {
    const far = fromRows([
      ...Array.from({ length: 600 }, (_, i) => rowOf(fit.x, i)),
      new Array(20).fill(0.4)
    ]);
    const one = fitManifold(far, { neighbors: 20 });
    const exclude = new Int32Array([600]);
    const query = fromRows([new Array(20).fill(0.4)]);
    const apart = evaluateManifold(one, query, exclude);
    assert.ok(apart.logRadius[0] > evaluateManifold(one, query).logRadius[0] - 1e-12);
    assert.ok(apart.score[0] > 10);
    // One far outlier does not change the dimension.
    assert.equal(one.dimension, 1);
  });

  it('is plain data: JSON and back changes no bit', () => {
    const copy = fromJson<Manifold>(toJson(manifold));
    const test = sphere(10, 1, 20, 0.05, 6).x;
    assert.deepEqual(evaluateManifold(copy, test), evaluateManifold(manifold, test));
    assert.deepEqual(fromJson(toJson({ a: [Infinity, NaN, 1], b: Int32Array.of(3) })), {
      a: [Infinity, NaN, 1],
      b: Int32Array.of(3)
    });
  });

  it('works where many rows are copies, and says when rows are too few', () => {
    const rows = Array.from({ length: 120 }, (_, i) => rowOf(fit.x, i < 60 ? 0 : i));
    const scores = evaluateManifold(fitManifold(fromRows(rows), { neighbors: 10 }), fromRows(rows), 'self');
    assert.ok(scores.score.every(Number.isFinite) && scores.distance.every(Number.isFinite));
    assert.throws(() => fitManifold(sphere(15, 1, 5, 0.1, 1).x, { neighbors: 20 }), /at least 22 rows/);
    assert.throws(() => fitManifold(fit.x, { neighbors: 20, dimension: 19 }), DataError);
  });

  it('keeps tangents that copies cannot span out of the projection', () => {
    const x = fromRows(Array.from({ length: 8 }, () => [1, 2, 3]));
    const local = localPca(fromRows([[3, 4, 5]]), x, { neighbors: 5, dimension: 2 });
    close(local.residual[0], Math.sqrt(12), 1e-12);
    // Neighbours on a line, a plane asked for: the second direction is rounding and must not be used.
    const line = fromRows(Array.from({ length: 5 }, (_, i) => [123.4 * i, 378.9 * i, 741.3 * i, 0, 0, 0, 0]));
    const off = localPca(fromRows([[123.4, 378.9, 741.3, 2, 1, 0, 2]]), line, { neighbors: 5, dimension: 2 });
    close(off.residual[0], 3, 1e-9);
  });

  it('votes on distinct rows only', () => {
    const x = sphere(100, 1, 3, 0.01, 7).x;
    const twice = fromRows(Array.from({ length: 200 }, (_, i) => rowOf(x, i % 100)));
    assert.deepEqual(dimensionVotes(twice, { sigma: 0.01 }), dimensionVotes(x, { sigma: 0.01 }));
  });
});

describe('the clean weight', () => {
  it('lies in [0, 1], is 1 up to d0 and falls with distance; kappa r never passes its cap', () => {
    const positive = fc.double({ min: 1e-3, max: 1e3, noNaN: true });
    fc.assert(
      fc.property(positive, positive, positive, positive, (d0, h, r, step) => {
        const k = kappaAt({ d0, h }, r);
        assert.ok(k >= 0 && k <= 1 && kappaAt({ d0, h }, d0) === 1);
        assert.ok(kappaAt({ d0, h }, r + step) <= k);
        assert.ok(k * r <= kappaCap({ d0, h }) * (1 + 1e-12));
        close(kappaAt({ d0: 3 * d0, h: 3 * h }, 3 * r), k, 1e-9);
      })
    );
  });

  it('keeps the deterministic cap also against a tight cluster that passes for a manifold', () => {
    const base = sphere(500, 1, 20, 0.03, 8).x;
    const random = new Random(9);
    const cluster = Array.from({ length: 50 }, () =>
      Array.from({ length: 20 }, (_, j) => (j === 5 ? 1.1 : 0) + 0.01 * random.normal())
    );
    const x = fromRows([...Array.from({ length: 500 }, (_, i) => rowOf(base, i)), ...cluster]);
    const { distance } = evaluateManifold(fitManifold(x, { neighbors: 20, dimension: 1 }), x, 'self');
    const kappa = fitKappa(distance.subarray(0, 500));
    const numbers = theorem2(
      kappa,
      distance,
      new Float64Array(550).fill(1),
      { sigma: 0.03, d: 20, m: 1 },
      'F'
    );
    assert.ok(numbers.largest.value <= numbers.cap.value + 1e-12);
    assert.ok(numbers.weightedMean.value <= numbers.weightedMeanBound.value + 1e-12);
    assert.deepEqual([numbers.cap.label, numbers.noiseDistance.label], ['CERTIFIED', 'ESTIMATED']);
    assert.deepEqual(evaluateKappa(kappa, [0, kappa.d0]), Float64Array.of(1, 1));
  });

  it('refuses distances that do not vary', () =>
    assert.throws(() => fitKappa(new Array(20).fill(1)), DataError));
});

describe('flags', () => {
  it('have p-values uniform under the reference law', () => {
    const random = new Random(10);
    let small = 0;
    for (let repeat = 0; repeat < 200; repeat++) {
      const draw = (n: number): Float64Array => Float64Array.from({ length: n }, () => random.normal());
      small += conformalPValues(draw(99), draw(20)).filter(p => p <= 0.05).length;
    }
    close(small / 4000, 0.05, 0.02);
  });

  it('never shrink when q grows, and do not depend on order', () => {
    const values = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 30 });
    const level = fc.double({ min: 0.01, max: 0.5, noNaN: true });
    fc.assert(
      fc.property(values, level, level, fc.integer(), (p, q1, q2, seed) => {
        const less = benjaminiHochberg(p, Math.min(q1, q2));
        const more = benjaminiHochberg(p, Math.max(q1, q2));
        less.forEach((flag, i) => assert.ok(flag <= more[i]));
        const order = new Random(seed).permutation(p.length);
        const moved = benjaminiHochberg(
          Array.from(order, i => p[i]),
          q1
        );
        const here = benjaminiHochberg(p, q1);
        order.forEach((from, to) => assert.equal(moved[to], here[from]));
      })
    );
  });
});
