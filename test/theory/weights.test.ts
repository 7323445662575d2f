/** Cap, ESS gate, chi-square and calibration: what stands between a ratio and its use. */
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { DataError } from '../../common/errors.js';
import {
  calibrationRatio,
  capByCertificate,
  cappedWeights,
  chiSquareEstimate,
  chiSquareLowerBound,
  chooseCap,
  essGate,
  gateOf,
  paperEss,
  Random,
  temper
} from '../../kernel/theory/index.js';
import { close, consistent } from './support/check.js';

/** True ratio of N(delta, 1) to N(0, 1) at rows in papers of two. */
function draw(
  n: number,
  delta: number,
  target: boolean,
  random: Random
): { w: Float64Array; papers: number[]; z: Float64Array } {
  const z = Float64Array.from({ length: n }, () => random.normal() + (target ? delta : 0));
  return {
    z,
    w: z.map(v => Math.exp(delta * v - delta ** 2 / 2)),
    papers: Array.from({ length: n }, (_, i) => i >> 1)
  };
}

describe('the cap', () => {
  const s = draw(600, 1, false, new Random(1));
  const t = draw(400, 1, true, new Random(2));
  const input = { source: s.w, sourcePapers: s.papers, target: t.w, targetPapers: t.papers };

  it('minimises its table, and grows with the papers that will certify', () => {
    const few = chooseCap({ ...input, nV: 40, nU: 40 });
    const many = chooseCap({ ...input, nV: 4000, nU: 4000 });
    assert.equal(few.cap, few.table.find(row => row.bound === Math.min(...few.table.map(r => r.bound)))!.cap);
    assert.ok(few.cap < many.cap, `${few.cap} against ${many.cap}`);
  });

  it('is 1 for uniform weights', () => {
    const one = { ...input, source: s.w.map(() => 1), target: t.w.map(() => 1) };
    assert.equal(chooseCap(one).cap, 1);
  });

  it('with losses of C fixes c and the first variance with it', () => {
    const losses = s.z.map(v => (v > 0.5 ? 1 : 0));
    const { cap, fixed, table } = capByCertificate({ ...input, quantity: 'risk', losses, nV: 900, nU: 600 });
    const w = cappedWeights(s.w, cap);
    const sn = w.reduce((sum, v, i) => sum + v * losses[i], 0) / w.reduce((a, b) => a + b, 0);
    close(fixed.centre, sn, 1e-9);
    assert.ok(fixed.variance > 0 && table.length > 5 && fixed.cap === cap);
  });

  it('skips quantiles that are 0 and refuses a target without weight', () => {
    const half = t.w.map((v, i) => (i % 2 ? v : 0));
    assert.ok(chooseCap({ ...input, target: half }).table.every(row => row.cap > 0));
    assert.throws(() => chooseCap({ ...input, target: t.w.map(() => 0) }), DataError);
  });
});

describe('the ESS gate', () => {
  it('asks for max(50, n/20) papers, and half of them where there are fewer than 100', () => {
    assert.deepEqual([10, 80, 100, 1000, 5000].map(gateOf), [5, 40, 50, 50, 250]);
  });

  it('leaves even weights alone and tempers uneven ones just enough', () => {
    const papers = Array.from({ length: 120 }, (_, i) => i);
    assert.equal(essGate(new Float64Array(120).fill(3), papers).gamma, 1);
    const w = Float64Array.from(papers, i => Math.exp(i / 8));
    const gate = essGate(w, papers);
    assert.ok(gate.gamma > 0 && gate.gamma < 1 && gate.untempered < gate.gate);
    close(gate.ess, gate.gate, 1e-3);
    assert.ok(paperEss(temper(w, gate.gamma + 0.02), papers) < gate.gate);
  });

  it('does not depend on the scale of the weights', () => {
    const papers = Array.from({ length: 60 }, (_, i) => i >> 1);
    const w = Float64Array.from(papers, (_, i) => Math.exp(i / 6));
    close(
      essGate(
        w.map(v => 9 * v),
        papers
      ).gamma,
      essGate(w, papers).gamma,
      1e-6
    );
  });

  it('ends at uniform weights when too few papers have any weight', () => {
    const w = Float64Array.from({ length: 40 }, (_, i) => (i < 4 ? 1 : 0));
    const gate = essGate(w, Array.from(w.keys()));
    assert.deepEqual([gate.gamma, gate.ess], [0, 40]);
  });
});

describe('chi-square', () => {
  it('has a lower bound that the truth passes no oftener than delta, with the true ratio (errata E12)', () => {
    const random = new Random(3);
    let misses = 0;
    let mean = 0;
    const delta = 1;
    for (let repeat = 0; repeat < 150; repeat++) {
      const s = draw(700, delta, false, random);
      const t = draw(500, delta, true, random);
      const bound = chiSquareLowerBound({
        source: s.w,
        sourcePapers: s.papers,
        target: t.w,
        targetPapers: t.papers,
        cap: 6,
        fold: 'V, U',
        delta: 0.05
      });
      assert.equal(bound.label, 'LOWER-BOUND');
      if (bound.value > Math.expm1(1)) misses++;
      mean += bound.value / 150;
    }
    consistent(misses, 150, 0.05);
    assert.ok(mean > 0.2, `mean bound ${mean} is of no use`);
  });

  it('has a plug-in that is ESTIMATED, near the truth with many rows, and free of the weights’ scale', () => {
    const s = draw(20000, 0.5, false, new Random(4));
    const t = draw(20000, 0.5, true, new Random(6));
    const at = (factor: number): ReturnType<typeof chiSquareEstimate> =>
      chiSquareEstimate({
        source: s.w.map(w => w * factor),
        sourcePapers: s.papers,
        target: t.w.map(w => w * factor),
        targetPapers: t.papers,
        cap: 50 * factor,
        fold: 'C'
      });
    const plug = at(1);
    close(plug.value, Math.expm1(0.25), 0.05);
    close(at(7).value, plug.value, 1e-9);
    assert.equal(plug.label, 'ESTIMATED');
  });
});

describe('the calibration ratio', () => {
  it('is near 1 for true weights and large for weights that say nothing of the shift', () => {
    const random = new Random(5);
    const s = draw(4000, 1, false, random);
    const t = draw(4000, 1, true, random);
    const fine = calibrationRatio(s.w, s.papers, t.w, t.papers, 'C');
    assert.ok(fine.gamma.value < 1.4, `${fine.gamma.value}`);
    close(
      fine.bins.reduce((sum, bin) => sum + bin.target, 0),
      1,
      1e-9
    );
    const weak = (w: Float64Array): Float64Array => w.map(v => v ** 0.2);
    assert.ok(calibrationRatio(weak(s.w), s.papers, weak(t.w), t.papers, 'C').gamma.value > 1.8);
    assert.equal(fine.gamma.label, 'ESTIMATED');
  });

  it('does not drop a bin that the source never reaches', () => {
    const result = calibrationRatio([1, 1, 1, 1], [1, 2, 3, 4], [1, 1, 5, 5], [5, 6, 7, 8], 'C');
    assert.equal(result.gamma.value, Infinity);
  });
});
