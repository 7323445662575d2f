/** Density ratios under recipe P: quality on known laws, choice, fall-back, degenerate inputs. */
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { DataError } from '../../common/errors.js';
import {
  evaluateRatio,
  fitLogitQuad,
  fitRulsif,
  fromRows,
  heldOutJ,
  matrix,
  paperWeights,
  Random,
  selectRatio,
  weightedMean,
  type Matrix,
  type RatioRows
} from '../../kernel/theory/index.js';
import { allClose, close } from './support/check.js';
import { serial } from './support/sample.js';

/** Gaussian rows in papers of `size` rows: mean `shift` and deviation `spread` along the first axis. */
function gaussian(
  n: number,
  q: number,
  shift: number,
  seed: number,
  size: number = 2,
  spread: number = 1
): RatioRows {
  const random = new Random(seed);
  const x = matrix(n, q);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < q; j++)
      x.data[i * q + j] = j === 0 ? shift + spread * random.normal() : random.normal();
  return { x, papers: Array.from({ length: n }, (_, i) => `${seed}-${Math.floor(i / size)}`) };
}

/** Fewer centres than the default 200, for speed. */
const small = { rulsif: { centres: 40 } };

describe('density ratios', () => {
  const fit = { source: gaussian(500, 4, 0, 1), target: gaussian(400, 4, 0.9, 2) };
  const choose = { source: gaussian(300, 4, 0, 3), target: gaussian(300, 4, 0.9, 4) };
  const truth = (x: Matrix): Float64Array =>
    Float64Array.from(serial(x.rows), i => Math.exp(0.9 * x.data[i * x.cols] - 0.405));

  it('come close to the truth, and far closer than uniform weights', () => {
    const fresh = gaussian(2000, 4, 0, 5);
    const w = truth(fresh.x);
    const chi2 = Math.expm1(0.81);
    for (const [fitRatio, most] of [
      [fitLogitQuad, 0.15],
      [fitRulsif, 0.3]
    ] as const) {
      const ratio = fitRatio(fit.source, fit.target, small.rulsif);
      const estimate = evaluateRatio(ratio, fresh.x);
      const nmse = estimate.reduce((sum, v, i) => sum + (v - w[i]) ** 2, 0) / 2000 / chi2;
      assert.ok(nmse < most, `${ratio.kind}: NMSE ${nmse}`);
    }
  });

  it('are chosen by J on fold C and have mean 1 on the source of F', () => {
    const selection = selectRatio(fit, choose, small);
    assert.equal(selection.fallback, false);
    const js = selection.candidates.map(candidate => candidate.j);
    const best = selection.candidates.find(candidate => candidate.chosen)!;
    assert.equal(best.j, Math.min(...js));
    close(heldOutJ(selection.ratio, choose.source, choose.target), best.j, 1e-12);
    const w = evaluateRatio(selection.ratio, fit.source.x);
    close(weightedMean(w, paperWeights(fit.source.papers)), 1, 1e-9);
    // J of the truth is -(1 + chi^2)/2 in expectation.
    assert.ok(best.j < -0.8 && best.j > -1.8, `J ${best.j}`);
  });

  it('fall back to uniform weights, in words, where fold C does not bear the ratio out', () => {
    const selection = selectRatio(
      { source: gaussian(60, 6, 0, 6), target: gaussian(40, 6, 1, 7) },
      { source: gaussian(200, 6, 0, 8), target: gaussian(200, 6, -1, 9) },
      small
    );
    assert.equal(selection.ratio.kind, 'uniform');
    assert.equal(selection.fallback, true);
    assert.match(selection.reason, /not resolved/);
    assert.deepEqual(evaluateRatio(selection.ratio, matrix(3, 6)), Float64Array.of(1, 1, 1));
  });

  it('see the variance of the target, not its mean alone', () => {
    const ratio = fitLogitQuad(gaussian(800, 2, 0, 10), gaussian(800, 2, 0, 11, 2, 0.5));
    const w = evaluateRatio(
      ratio,
      fromRows([
        [0, 0],
        [2.5, 0]
      ])
    );
    assert.ok(w[0] > 1.4 && w[1] < 0.1, `${w}`);
  });

  it('weigh papers, not rows: mixing the two is fatal (errata E4)', () => {
    // Source papers: half have z = 0 and 38 rows, half z = 1 and 2 rows. Target papers: the same mix, equal sizes.
    const rows = (sizes: [number, number], papers: number, name: string): RatioRows => {
      const x: number[][] = [];
      const ids: string[] = [];
      for (let p = 0; p < papers; p++)
        for (let i = 0; i < sizes[p % 2]; i++) {
          x.push([p % 2]);
          ids.push(`${name}${p}`);
        }
      return { x: fromRows(x), papers: ids };
    };
    const source = rows([38, 2], 40, 's');
    const target = rows([5, 5], 40, 't');
    const at = fromRows([[0], [1]]);
    for (const fitRatio of [fitLogitQuad, fitRulsif])
      allClose(evaluateRatio(fitRatio(source, target, small.rulsif), at), [1, 1], 0.1, 'by paper');
    const byRow = (r: RatioRows): RatioRows => ({ ...r, weights: new Float64Array(r.x.rows).fill(1) });
    const wrong = evaluateRatio(fitLogitQuad(byRow(source), byRow(target)), at);
    assert.ok(wrong[1] > 5, `rows as the unit: ${wrong}`);
  });

  it('count a row of weight two as two rows', () => {
    const source = gaussian(40, 2, 0, 12, 1);
    const target = gaussian(40, 2, 1, 13, 1);
    const weights = serial(40).map(i => (i < 10 ? 2 : 1));
    const copies: RatioRows = {
      x: fromRows(
        [...serial(40), ...serial(10)].map(i => Array.from(source.x.data.subarray(2 * i, 2 * i + 2)))
      ),
      papers: serial(50),
      weights: new Float64Array(50).fill(1)
    };
    const at = gaussian(20, 2, 0.5, 14).x;
    const once = fitLogitQuad({ ...source, weights }, target, { lambdas: [0.01] });
    const twice = fitLogitQuad(copies, target, { lambdas: [0.01] });
    allClose(evaluateRatio(once, at), evaluateRatio(twice, at), 1e-6);
  });

  it('do not depend on the units of the columns', () => {
    const at = gaussian(20, 3, 0.5, 17).x;
    const factor = fc.double({ min: 0.01, max: 100, noNaN: true });
    fc.assert(
      fc.property(factor, factor, fc.double({ min: -10, max: 10, noNaN: true }), (f, g, shift) => {
        const moved = (x: Matrix): Matrix => ({
          ...x,
          data: x.data.map((v, p) => (p % 3 === 0 ? f * v : p % 3 === 1 ? g * v + shift : v))
        });
        const [source, target] = [gaussian(60, 3, 0, 15), gaussian(50, 3, 0.8, 16)];
        const other = (r: RatioRows): RatioRows => ({ ...r, x: moved(r.x) });
        for (const fitRatio of [
          (s: RatioRows, t: RatioRows) => fitLogitQuad(s, t, { lambdas: [0.01] }),
          (s: RatioRows, t: RatioRows) => fitRulsif(s, t, { lambdas: [0.1], bandwidths: [1] })
        ])
          allClose(
            evaluateRatio(fitRatio(other(source), other(target)), moved(at)),
            evaluateRatio(fitRatio(source, target), at),
            1e-5
          );
      }),
      { numRuns: 20 }
    );
  });

  it('are plain data: JSON and back changes no bit', () => {
    for (const ratio of [
      fitLogitQuad(fit.source, fit.target),
      fitRulsif(fit.source, fit.target, { lambdas: [0.1], bandwidths: [1] })
    ]) {
      const copy = JSON.parse(JSON.stringify(ratio));
      assert.deepEqual(evaluateRatio(copy, choose.target.x), evaluateRatio(ratio, choose.target.x));
    }
  });

  it('are the same for the same seed', () => {
    assert.deepEqual(
      selectRatio(fit, choose, { ...small, seed: 4 }),
      selectRatio(fit, choose, { ...small, seed: 4 })
    );
  });
});

describe('degenerate inputs of ratios', () => {
  it('ten papers, fewer rows than centres and a constant column still fit', () => {
    const flat = (r: RatioRows): RatioRows => ({
      ...r,
      x: { ...r.x, data: r.x.data.map((v, p) => (p % 3 === 2 ? 5 : v)) }
    });
    const data = { source: flat(gaussian(12, 3, 0, 20)), target: flat(gaussian(8, 3, 2, 21)) };
    for (const ratio of [fitLogitQuad(data.source, data.target), fitRulsif(data.source, data.target)]) {
      const w = evaluateRatio(ratio, data.source.x);
      assert.ok(
        w.every(v => Number.isFinite(v) && v >= 0),
        ratio.kind
      );
    }
    const selection = selectRatio(data, data);
    assert.equal(selection.candidates.length, 5);
  });

  it('one target paper, or rows all equal, lead to uniform weights and a reason', () => {
    const one = { ...gaussian(6, 2, 1, 22), papers: new Array(6).fill('only') };
    const source = gaussian(20, 2, 0, 23);
    const selection = selectRatio({ source, target: one }, { source, target: one });
    assert.equal(selection.ratio.kind, 'uniform');
    assert.match(selection.candidates[0].note, /not fitted: .*2 papers/);
    const same = { x: matrix(10, 2), papers: serial(10) };
    assert.throws(() => fitRulsif(same, same), DataError);
    assert.equal(selectRatio({ source: same, target: same }, { source: same, target: same }).fallback, true);
  });

  it('no rows, NaN and different columns are refused', () => {
    const rows = gaussian(10, 2, 0, 24);
    const none = { x: matrix(0, 2), papers: [] };
    assert.throws(
      () => selectRatio({ source: rows, target: none }, { source: rows, target: rows }),
      /target of fold F/
    );
    const bad = { ...rows, x: { ...rows.x, data: rows.x.data.map((v, p) => (p === 3 ? NaN : v)) } };
    assert.throws(() => fitLogitQuad(bad, rows), /row 1/);
    assert.throws(() => fitLogitQuad(rows, gaussian(10, 3, 0, 25)), /columns/);
    assert.throws(
      () => evaluateRatio(fitLogitQuad(rows, gaussian(10, 2, 1, 26)), matrix(2, 5)),
      /fitted on 2 columns/
    );
  });
});
