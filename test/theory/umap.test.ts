/** Pictures by UMAP, and how far they can be trusted: against umap-learn, scikit-learn and closed forms. */
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { DataError } from '../../common/errors.js';
import {
  fitCurve,
  fitPca,
  fitUmap,
  fromRows,
  fuzzyUnion,
  matrix,
  memberships,
  nearestNeighbors,
  optimizeLayout,
  placeUmap,
  project,
  Random,
  selectRows,
  trustworthiness,
  type Matrix,
  type PictureDimensions
} from '../../kernel/theory/index.js';
import { readGolden } from '../paths.js';
import { close } from './support/check.js';
import { mean } from './support/sample.js';

interface Golden {
  n: number;
  d: number;
  neighbors: number;
  label: number[];
  data: string;
  curves: { minDist: number; spread: number; a: number; b: number }[];
  graph: { row: number; columns: number[]; weights: number[] }[];
  edges: number;
  trustworthiness: { umap: number[]; pca: number; pca5: number };
}

const golden = readGolden('umap') as Golden;
const { n, d, neighbors: size } = golden;
const bytes = Uint8Array.from(Buffer.from(golden.data, 'base64'));
const x = matrix(n, d, Float64Array.from(new Int8Array(bytes.buffer)));
const near = nearestNeighbors(x, x, size - 1, 'self');
const principal = project(fitPca(x, { rank: 3 }), x);

const asMatrix = (values: ArrayLike<number>, cols: number): Matrix =>
  matrix(values.length / cols, cols, Float64Array.from(values));

function fit(seed: number, dimensions: PictureDimensions = 2): Float32Array {
  return fitUmap(near, principal, { dimensions, minDist: 0.1, seed });
}

const fitted = fit(1);

/** Three clusters of 60 rows in eight dimensions, 20 standard deviations apart. */
function clusters(): { x: Matrix; label: number[] } {
  const random = new Random(3);
  const label = Array.from({ length: 180 }, (_, i) => i % 3);
  const rows = label.map(c => Array.from({ length: 8 }, (_, j) => (j === c ? 20 : 0) + random.normal()));
  return { x: fromRows(rows), label };
}

describe('the curve of a picture’s similarities', () => {
  it('is umap-learn’s, to the digits that its optimiser gives', () => {
    for (const { minDist, spread, a, b } of golden.curves) {
      const curve = fitCurve(minDist, spread);
      close(curve.a, a, 5e-6);
      close(curve.b, b, 5e-6);
    }
  });

  it('is refused where there is none', () => {
    for (const [minDist, spread] of [
      [-1, 1],
      [NaN, 1],
      [0.1, 0]
    ] as const)
      assert.throws(() => fitCurve(minDist, spread), DataError);
  });
});

describe('the fuzzy graph', () => {
  it('is umap-learn’s', () => {
    const edges = fuzzyUnion(near, memberships(near, size, true));
    assert.equal(2 * edges.heads.length, golden.edges);
    for (const { row, columns, weights } of golden.graph) {
      const found = new Map<number, number>();
      edges.weights.forEach((weight, e) => {
        if (edges.heads[e] === row) found.set(edges.tails[e]!, weight);
        if (edges.tails[e] === row) found.set(edges.heads[e]!, weight);
      });
      assert.deepEqual(
        [...found.keys()].sort((a, b) => a - b),
        columns
      );
      columns.forEach((column, i) => assert.ok(Math.abs(found.get(column)! - weights[i]!) < 1e-5));
    }
  });

  it('gives every row memberships that add up to log2 of its neighbours, in any order of the rows', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e6 }), fc.integer({ min: 4, max: 12 }), (seed, k) => {
        const random = new Random(seed);
        const rows = Array.from({ length: 40 }, () => Array.from({ length: 3 }, () => random.normal()));
        const order = random.permutation(40);
        const graph = (list: number[][]): { sums: number[]; edges: Map<string, number> } => {
          const m = fromRows(list);
          const found = nearestNeighbors(m, m, k, 'self');
          const own = memberships(found, k + 1, true);
          const { heads, tails, weights } = fuzzyUnion(found, own);
          const sums = list.map((_, i) => mean([...own.subarray(i * k, (i + 1) * k)]) * k);
          return { sums, edges: new Map(weightsByPair(heads, tails, weights)) };
        };
        const [straight, mixed] = [graph(rows), graph([...order].map(i => rows[i]!))];
        for (const sum of straight.sums) assert.ok(Math.abs(sum - Math.log2(k + 1)) < 1e-4);
        assert.equal(straight.edges.size, mixed.edges.size);
        for (const [pair, weight] of mixed.edges) {
          const [a, b] = pair
            .split(',')
            .map(Number)
            .map(i => order[i]!) as [number, number];
          const same = straight.edges.get([Math.min(a, b), Math.max(a, b)].join());
          assert.ok(weight > 0 && weight <= 1 && Math.abs(weight - same!) < 1e-9);
        }
      }),
      { numRuns: 20 }
    );
  });

  it('bears rows that are equal: each is wholly with its equals', () => {
    const rows = fromRows(Array.from({ length: 30 }, (_, i) => [i < 20 ? 0 : i, 0]));
    const found = nearestNeighbors(rows, rows, 5, 'self');
    const own = memberships(found, 6, true);
    assert.ok(own.subarray(0, 100).every(value => value === 1));
    assert.ok(own.every(value => value >= 0 && value <= 1));
  });
});

function* weightsByPair(
  heads: Int32Array,
  tails: Int32Array,
  weights: Float64Array
): Generator<[string, number]> {
  for (let e = 0; e < weights.length; e++) {
    const pair = [Math.min(heads[e]!, tails[e]!), Math.max(heads[e]!, tails[e]!)];
    yield [pair.join(), weights[e]!];
  }
}

describe('a step of the layout', () => {
  const curve = { a: 1.5, b: 0.9 };

  it('is the gradient’s, to the width of a place in the table: one point, one that stays', () => {
    const edges = { heads: new Int32Array(1), tails: new Int32Array(1), weights: new Float64Array([1]) };
    for (const start of [0.01, 0.3, 1, 3, 30]) {
      const fixed = Float32Array.of(0, 0);
      const options = { dimensions: 2 as const, curve, epochs: 1, rate: 0.1, seed: 0, fixed };
      const [moved, aside] = optimizeLayout(Float32Array.of(start, 0), edges, options);
      const limited = (force: number): number => Math.max(-4, Math.min(4, force));
      const power = curve.a * start ** (2 * curve.b);
      const pull = (-2 * curve.b * power) / (start * (1 + power));
      const push = (2 * curve.b * start) / ((0.001 + start * start) * (1 + power));
      const at = start + 0.1 * (limited(pull) + 5 * limited(push));
      assert.ok(Math.abs(moved! - at) < 0.02 * Math.abs(at - start) + 1e-6, `${start}: ${moved} ${at}`);
      assert.equal(aside, 0);
      assert.deepEqual([...fixed], [0, 0]);
    }
  });

  it('is asked before each block of edges whether to go on', () => {
    const seen: number[] = [];
    const stop = (): void => {
      fitUmap(near, principal, { dimensions: 2, minDist: 0.1, seed: 1 }, fraction => {
        seen.push(fraction);
        if (seen.length === 7) throw new Error('enough');
      });
    };
    assert.throws(stop, /enough/);
    assert.deepEqual(
      seen,
      [...seen].sort((a, b) => a - b)
    );
    assert.ok(seen[0] === 0 && seen[6]! < 0.1);
  });
});

describe('a picture by UMAP', () => {
  it('is as trustworthy as umap-learn’s', () => {
    const ours = mean(
      [1, 2, 3].map(seed => trustworthiness(x, asMatrix(seed === 1 ? fitted : fit(seed), 2), size))
    );
    const theirs = mean(golden.trustworthiness.umap);
    assert.ok(theirs > golden.trustworthiness.pca + 0.02, 'there is something to gain over PCA');
    assert.ok(Math.abs(ours - theirs) < 0.005, `${ours} against ${theirs}`);
  });

  it('has the same bits for the same seed, and others for another', () => {
    assert.deepEqual(fit(1), fitted);
    assert.notDeepEqual(fit(2), fitted);
  });

  it('in space is at least as trustworthy as in the plane', () => {
    const solid = fit(1, 3);
    assert.equal(solid.length, 3 * n);
    const depth = Array.from({ length: n }, (_, i) => solid[3 * i + 2]!);
    assert.ok(Math.max(...depth) - Math.min(...depth) > 1);
    const trust = trustworthiness(x, asMatrix(solid, 3), size);
    assert.ok(trust > trustworthiness(x, asMatrix(fitted, 2), size), `${trust}`);
  });

  it('keeps separated clusters separated', () => {
    const { x, label } = clusters();
    const found = nearestNeighbors(x, x, 14, 'self');
    const start = project(fitPca(x, { rank: 2 }), x);
    const y = asMatrix(fitUmap(found, start, { dimensions: 2, minDist: 0.1, seed: 0 }), 2);
    const nearest = nearestNeighbors(y, y, 20, 'self');
    assert.ok(nearest.indices.every((j, p) => label[j] === label[Math.floor(p / 20)]));
  });

  it('draws rows that are equal near to one another, and numbers everywhere', () => {
    const { x } = clusters();
    const twice = matrix(360, 8);
    twice.data.set(x.data);
    twice.data.set(x.data, x.data.length);
    const found = nearestNeighbors(twice, twice, 14, 'self');
    const start = project(fitPca(twice, { rank: 2 }), twice);
    const y = asMatrix(fitUmap(found, start, { dimensions: 2, minDist: 0.1, seed: 0 }), 2);
    assert.ok(y.data.every(Number.isFinite));
    const near = nearestNeighbors(y, y, 40, 'self');
    let together = 0;
    for (let i = 0; i < 180; i++)
      if (near.indices.subarray(40 * i, 40 * (i + 1)).includes(i + 180)) together++;
    assert.ok(together > 170, `${together}`);
  });

  it('is refused where all rows start from one place', () => {
    assert.throws(() => fitUmap(near, matrix(n, 2), { dimensions: 2, minDist: 0.1, seed: 0 }), /equal/);
  });
});

describe('rows put into a picture later', () => {
  const options = { dimensions: 2 as const, minDist: 0.1, seed: 0 };
  const place = (rows: Matrix): Float32Array => placeUmap(nearestNeighbors(rows, x, size), fitted, options);

  it('come near to where they are, if the picture was fitted on them', () => {
    const again = place(x);
    const [was, is] = [asMatrix(fitted, 2), asMatrix(again, 2)];
    const widths = fitPca(was, { rank: 2 }).values;
    const reach = Math.sqrt(widths[0]! + widths[1]!);
    const off = Array.from({ length: n }, (_, i) =>
      Math.hypot(was.data[2 * i]! - is.data[2 * i]!, was.data[2 * i + 1]! - is.data[2 * i + 1]!)
    ).sort((a, b) => a - b);
    assert.ok(off[n / 2]! < 0.05 * reach, `half are moved by more than ${off[n / 2]} of ${reach}`);
    assert.ok(off[Math.floor(0.95 * n)]! < 0.25 * reach);
    assert.deepEqual(place(x), again);
  });

  it('are about as trustworthy as those that it was fitted on', () => {
    const half = Array.from({ length: n }, (_, i) => i);
    const [first, second] = [half.filter(i => i % 3 !== 0), half.filter(i => i % 3 === 0)];
    const basis = selectRows(x, first);
    const own = nearestNeighbors(basis, basis, size - 1, 'self');
    const map = fitUmap(own, selectRows(principal, first), options);
    const rest = selectRows(x, second);
    const later = placeUmap(nearestNeighbors(rest, basis, size), map, options);
    const whole = matrix(n, 2);
    first.forEach((row, k) => whole.data.set(map.subarray(2 * k, 2 * k + 2), 2 * row));
    second.forEach((row, k) => whole.data.set(later.subarray(2 * k, 2 * k + 2), 2 * row));
    const trust = trustworthiness(x, whole, size);
    assert.ok(trust > mean(golden.trustworthiness.umap) - 0.02, `${trust}`);
  });
});

describe('trustworthiness', () => {
  it('is scikit-learn’s', () => {
    const flat = selectColumns(principal, 2);
    close(trustworthiness(x, flat, size), golden.trustworthiness.pca, 1e-5);
    close(trustworthiness(x, flat, 5), golden.trustworthiness.pca5, 1e-5);
  });

  it('is 1 for the data itself and about one half for a picture drawn at random', () => {
    assert.equal(trustworthiness(x, x, 10), 1);
    const random = new Random(5);
    const noise = matrix(
      n,
      2,
      Float64Array.from({ length: 2 * n }, () => random.normal())
    );
    assert.ok(Math.abs(trustworthiness(x, noise, 10) - 0.5) < 0.03);
  });

  it('needs more than twice as many rows as neighbours, and as many places as rows', () => {
    const few = selectRows(x, [0, 1, 2, 3]);
    assert.throws(() => trustworthiness(few, few, 2), /at least 5 rows/);
    assert.throws(() => trustworthiness(x, few, 1), DataError);
  });
});

function selectColumns(m: Matrix, cols: number): Matrix {
  const out = matrix(m.rows, cols);
  for (let i = 0; i < m.rows; i++)
    for (let j = 0; j < cols; j++) out.data[i * cols + j] = m.data[i * m.cols + j]!;
  return out;
}
