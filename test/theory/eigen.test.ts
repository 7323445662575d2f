/** The symmetric eigensolver: its own equations, and ml-matrix as an oracle. */
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { EigenvalueDecomposition, Matrix as MlMatrix } from 'ml-matrix';
import { DataError } from '../../common/errors.js';
import { fromRows, localPca, matrix, Random, type Matrix } from '../../kernel/theory/index.js';
import { implicitQl } from '../../kernel/theory/eigen/ql.js';
import { SymmetricSolver } from '../../kernel/theory/eigen/symmetric.js';
import { symmetricEigen } from '../../kernel/theory/linalg.js';

/** All by rounding of the largest eigenvalue: 1e-12 is some hundred times it at these sizes. */
const TOLERANCE = 1e-12;

function check(a: Matrix, count: number = a.rows, tolerance: number = TOLERANCE): void {
  const n = a.rows;
  const { values, vectors } = symmetricEigen(a, count);
  const z = vectors.data;
  const size = Math.max(Math.abs(values[0]), Math.abs(values[n - 1])) || 1;
  for (let j = 1; j < n; j++) assert.ok(values[j] <= values[j - 1], 'values fall');
  for (let j = 0; j < count; j++) {
    for (let i = 0; i < n; i++) {
      let left = -values[j] * z[j * n + i];
      for (let p = 0; p < n; p++) left += a.data[i * n + p] * z[j * n + p];
      assert.ok(Math.abs(left) <= tolerance * size, `A v - lambda v of ${j}: ${left} of ${size}`);
    }
    for (let k = 0; k <= j; k++) {
      let dot = k === j ? -1 : 0;
      for (let i = 0; i < n; i++) dot += z[j * n + i] * z[k * n + i];
      assert.ok(Math.abs(dot) <= 10 * tolerance, `v_${j} . v_${k}: ${dot}`);
    }
  }
  const oracle = new EigenvalueDecomposition(MlMatrix.from1DArray(n, n, Array.from(a.data)), {
    assumeSymmetric: true
  }).realEigenvalues.sort((p, q) => q - p);
  oracle.forEach((value, j) => {
    assert.ok(Math.abs(value - values[j]) <= tolerance * size, `value ${j}: ${values[j]} is not ${value}`);
  });
}

function symmetric(n: number, entry: (i: number, j: number) => number): Matrix {
  const out = matrix(n, n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) out.data[i * n + j] = out.data[j * n + i] = entry(i, j);
  return out;
}

/** y y^T of n rows with `rank` columns. */
function gram(n: number, rank: number, seed: number): Matrix {
  const random = new Random(seed);
  const y = Array.from({ length: n }, () => Array.from({ length: rank }, () => random.normal()));
  return symmetric(n, (i, j) => y[i].reduce((sum, value, p) => sum + value * y[j][p], 0));
}

const sizes = [1, 2, 3, 4, 7, 30, 64, 65];
const everySize = (make: (n: number, seed: number) => Matrix): void =>
  sizes.forEach((n, seed) => check(make(n, seed)));

describe('the symmetric eigensolver', () => {
  it('solves A v = lambda v with orthonormal v, and has the oracle’s values', () => {
    const cases = fc
      .integer({ min: 1, max: 24 })
      .chain(n =>
        fc.tuple(
          fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { minLength: n * n, maxLength: n * n }),
          fc.constant(n),
          fc.integer({ min: 0, max: n })
        )
      );
    fc.assert(
      fc.property(cases, ([entries, n, count]) =>
        check(
          // The oracle itself fails where squares underflow.
          symmetric(n, (i, j) => (Math.abs(entries[i * n + j]) < 1e-100 ? 0 : entries[i * n + j])),
          count
        )
      )
    );
    everySize((n, seed) => gram(n, n, seed));
  });

  it('does so where eigenvalues repeat: small whole numbers, diagonals, blocks, copies of rows', () => {
    const whole = fc.integer({ min: 1, max: 16 }).chain(n =>
      fc.array(fc.integer({ min: -1, max: 1 }), { minLength: n * n, maxLength: n * n }).map(entries => ({
        n,
        entries
      }))
    );
    fc.assert(
      fc.property(whole, ({ n, entries }) => {
        check(symmetric(n, (i, j) => entries[i * n + j]));
        check(symmetric(n, (i, j) => (i === j ? entries[i] : 0)));
      })
    );
    everySize(n => symmetric(n, (i, j) => (i === j ? 1 : 0)));
    everySize(n => symmetric(n, () => 1));
    everySize(n => symmetric(n, (i, j) => (i % 3 === j % 3 ? 2 : 0)));
  });

  it('does so where rank is missing, down to zero', () => {
    everySize(n => matrix(n, n));
    for (const rank of [1, 2, 5]) everySize((n, seed) => gram(n, rank, seed));
  });

  it('does so for graded and for very large and small matrices', () => {
    everySize((n, seed) => {
      const a = gram(n, n, seed);
      return symmetric(n, (i, j) => a.data[i * n + j] * 10 ** ((12 * (i + j)) / n - 12));
    });
    everySize((n, seed) => {
      const a = gram(n, n, seed);
      return symmetric(n, (i, j) => a.data[i * n + j] * 10 ** (12 - (12 * (i + j)) / n));
    });
    // Powers of two change no digit, so these have the first's values exactly.
    const a = gram(20, 20, 1);
    const { values } = symmetricEigen(a);
    for (const f of [2 ** 900, 2 ** -900]) {
      const scaled = symmetricEigen({ ...a, data: a.data.map(value => f * value) }).values;
      assert.deepEqual(
        scaled,
        values.map(value => f * value)
      );
    }
  });

  it('gives the first vectors of many to the same bits as of few, and the same after another matrix', () => {
    const a = gram(40, 40, 2);
    const all = symmetricEigen(a).vectors.data;
    const solver = new SymmetricSolver(40);
    for (const other of [gram(40, 3, 3), matrix(40, 40)]) {
      solver.decompose(other.data);
      solver.findVectors(40);
      solver.decompose(a.data);
      solver.findVectors(7);
      const out = new Float64Array(40);
      for (let j = 0; j < 7; j++) {
        solver.vector(j, out);
        assert.deepEqual(out, all.slice(j * 40, (j + 1) * 40));
      }
    }
  });

  it('agrees with itself where QL finds the vectors', () => {
    const n = 12;
    const a = gram(n, n, 4);
    const d = Float64Array.from({ length: n }, (_, i) => a.data[i * n + i]);
    const e = Float64Array.from({ length: n }, (_, i) => (i < n - 1 ? a.data[i * n + i + 1] : 0));
    const t = symmetric(n, (i, j) => (i === j ? d[i] : i === j + 1 ? e[j] : 0));
    const vectors = symmetric(n, (i, j) => (i === j ? 1 : 0)).data;
    implicitQl(d, e, { vectors, cosine: new Float64Array(n), sine: new Float64Array(n) });
    const { values, vectors: rows } = symmetricEigen(t);
    values.forEach((value, j) => {
      const from = d.reduce(
        (best, other, i) => (Math.abs(other - value) < Math.abs(d[best] - value) ? i : best),
        0
      );
      let dot = 0;
      for (let i = 0; i < n; i++) dot += rows.data[j * n + i] * vectors[i * n + from];
      assert.ok(Math.abs(Math.abs(dot) - 1) < TOLERANCE, `${dot}`);
    });
  });

  it('refuses NaN, infinities and what is not square', () => {
    for (const bad of [NaN, Infinity, -Infinity])
      assert.throws(() => symmetricEigen(symmetric(3, (i, j) => (i + j === 3 ? bad : 1))), DataError);
    assert.throws(() => symmetricEigen(matrix(2, 3)), /not square/);
  });
});

describe('tangent planes', () => {
  it('leave the residual that ml-matrix’s eigenvectors leave, among copies too', () => {
    const random = new Random(5);
    const some = Array.from({ length: 60 }, () =>
      Array.from({ length: 12 }, (_, p) => random.normal() / (1 + p))
    );
    const x = fromRows([...some, ...some.slice(0, 30), ...some.slice(0, 20)]);
    for (const [neighbors, dimension] of [
      [6, 3],
      [10, 5],
      [40, 4]
    ]) {
      const { residual } = localPca(x, x, { neighbors, dimension, exclude: 'self' });
      residual.forEach((value, i) => {
        const expected = oracleResidual(x, i, neighbors, dimension);
        assert.ok(Math.abs(value - expected) < 1e-9, `row ${i}, k ${neighbors}: ${value} is not ${expected}`);
      });
    }
  });
});

/** By a full sort and the covariance's eigenvectors. */
function oracleResidual(x: Matrix, i: number, k: number, m: number): number {
  const row = (r: number): number[] => Array.from(x.data.subarray(r * x.cols, (r + 1) * x.cols));
  const here = row(i);
  const near = Array.from({ length: x.rows }, (_, r) => r)
    .filter(r => r !== i)
    .map(r => ({ r, d: row(r).reduce((sum, value, p) => sum + (value - here[p]) ** 2, 0) }))
    .sort((a, b) => a.d - b.d || a.r - b.r)
    .slice(0, k);
  const rows = new MlMatrix(near.map(one => row(one.r)));
  const centre = rows.mean('column');
  const centred = rows.subRowVector(centre);
  const evd = new EigenvalueDecomposition(centred.transpose().mmul(centred), { assumeSymmetric: true });
  const order = evd.realEigenvalues.map((value, j) => ({ value, j })).sort((a, b) => b.value - a.value);
  const t = here.map((value, p) => value - centre[p]);
  const left = [...t];
  for (const { value, j } of order.slice(0, m)) {
    if (!(value > 1e-12 * order[0].value)) break;
    const u = evd.eigenvectorMatrix.getColumn(j);
    const dot = u.reduce((sum, entry, p) => sum + entry * t[p], 0);
    u.forEach((entry, p) => (left[p] -= dot * entry));
  }
  return Math.hypot(...left);
}
