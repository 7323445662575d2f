/** Theorems 1A and 1C: do they hold where their assumptions do, with labels that are noisy, on both signs of shift? */
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { DataError, ParameterError } from '../../common/errors.js';
import {
  fromRows,
  gaussianKl,
  kernelFor,
  lambdaGrid,
  medianBandwidth,
  normalCdf,
  Random,
  ridgeNorms,
  tailVariable,
  theorem1a,
  theorem1c,
  type Theorem1aInput,
  type Theorem1cInput
} from '../../kernel/theory/index.js';
import { close, consistent } from './support/check.js';

/** z of S is N(0, 1), of T is N(shift, 1); papers of two rows that share half of their z. */
function rows(random: Random, papers: number, shift: number): { z: number[]; papers: number[] } {
  const out = { z: [] as number[], papers: [] as number[] };
  for (let paper = 0; paper < papers; paper++) {
    const shared = random.normal();
    for (let i = 0; i < 2; i++) {
      out.z.push(shift + (shared + random.normal()) / Math.SQRT2);
      out.papers.push(paper);
    }
  }
  return out;
}

/** P(error | z): noisy, and rising, so that a positive shift makes the target harder. */
const g = (z: number): number => 0.1 + 0.5 / (1 + Math.exp(-2 * z));
const ratioAt = (z: number, shift: number): number => Math.exp(shift * z - (shift * shift) / 2);

function mean(of: (z: number) => number, shift: number): number {
  let sum = 0;
  for (let k = -4000; k <= 4000; k++) {
    const x = k / 500;
    sum += (of(shift + x) * Math.exp((-x * x) / 2)) / 500 / Math.sqrt(2 * Math.PI);
  }
  return sum;
}

for (const shift of [0.6, -0.6])
  describe(`coverage, shift ${shift}`, () => {
    it('of theorem 1A and 1A’ for a posterior chosen on fold V itself', () => {
      // A model is a threshold t: it errs with g(z) where z > t, and with 1 - g(z) else. Prior N(0, s^2).
      const random = new Random(51);
      const s = 0.5;
      const risk = (z: number, t: number): number => (z > t ? g(z) : 1 - g(z));
      const cap = 4;
      const draws = 400;
      const repeats = 60;
      let [misses, falseGains, total] = [0, 0, 0];
      for (let repeat = 0; repeat < repeats; repeat++) {
        const [v, u] = [rows(random, 250, 0), rows(random, 250, shift)];
        const right = v.z.map(z => Number(random.uniform() < g(z)));
        const lossOf = (t: number): number[] => right.map((one, i) => (v.z[i] > t ? one : 1 - one));
        const weights = v.z.map(z => Math.min(cap, ratioAt(z, shift)));
        // The posterior's centre is the best threshold on V: PAC-Bayes allows it.
        const risks = [-1, -0.5, 0, 0.5, 1].map(t => ({
          t,
          sum: lossOf(t).reduce((sum, loss, i) => sum + loss * weights[i], 0)
        }));
        const { t: centre } = risks.reduce((a, b) => (b.sum < a.sum ? b : a));
        const thresholds = Array.from({ length: draws }, () => centre + s * random.normal());
        const losses = new Float64Array(right.length);
        for (const t of thresholds) lossOf(t).forEach((loss, i) => (losses[i] += loss / draws));
        const input: Theorem1aInput = {
          ...{ losses, draws, weights, papers: v.papers, cap },
          kl: gaussianKl([centre], [0], s),
          tail: tailVariable(
            u.z.map(z => ratioAt(z, shift)),
            cap
          ),
          tailPapers: u.papers
        };
        const truth = mean(z => {
          // E over t of the risk at z: P(t < z) under N(centre, s^2).
          const share = normalCdf((z - centre) / s);
          return share * g(z) + (1 - share) * (1 - g(z));
        }, shift);
        const { bound } = theorem1a(input);
        total += bound.value / repeats;
        if (bound.value < truth) misses++;
        const baseline = lossOf(centre);
        const base = mean(z => risk(z, centre), shift);
        if (theorem1a({ ...input, baseline }).bound.value < truth - base) falseGains++;
      }
      consistent(misses, repeats, 0.05);
      consistent(falseGains, repeats, 0.05);
      assert.ok(total < 1, `the mean bound ${total} says something`);
    });

    it('of theorem 1C with weights that are no ratio, noisy labels and the ball’s own norm', () => {
      const random = new Random(52);
      const kernel = kernelFor(1, 1, 1);
      // g - c = sum_k a_k k(z, x_k): its norm is known.
      const [at, a, c] = [[-1, 0, 1.2], [-0.15, 0.05, 0.2], 0.3];
      const smooth = (z: number): number =>
        c + a.reduce((sum, one, k) => sum + one * Math.exp(-((z - at[k]) ** 2) / 2), 0);
      const square = a.reduce(
        (sum, one, i) =>
          sum + a.reduce((inner, other, j) => inner + one * other * Math.exp(-((at[i] - at[j]) ** 2) / 2), 0),
        0
      );
      const truth = mean(smooth, shift);
      const repeats = 100;
      let [misses, total] = [0, 0];
      for (let repeat = 0; repeat < repeats; repeat++) {
        const [v, u] = [rows(random, 100, 0), rows(random, 100, shift)];
        const { bound } = theorem1c({
          ...{ quantity: 'risk', cap: 2, centre: c, norm: Math.sqrt(square), kernel },
          losses: v.z.map(z => Number(random.uniform() < smooth(z))),
          weights: v.z.map(z => Math.min(2, ratioAt(z, shift / 2))),
          papers: v.papers,
          source: fromRows(v.z.map(z => [z])),
          target: fromRows(u.z.map(z => [z])),
          targetPapers: u.papers
        });
        if (bound.value < truth) misses++;
        total += bound.value / repeats;
      }
      consistent(misses, repeats, 0.05);
      assert.ok(total < 0.9, `the mean bound ${total} says something`);
    });
  });

describe('theorem 1A', () => {
  const input: Theorem1aInput = {
    ...{ losses: [0, 0.5, 1, 0], draws: 10, kl: 1, weights: [1, 1, 2, 0], papers: [0, 1, 2, 3], cap: 2 },
    ...{ tail: [0, 0.1], tailPapers: [0, 1] }
  };

  it('takes lambda from a grid that n, B and delta fix alone (errata E10)', () => {
    const grid = lambdaGrid(2000, 1, 0.05);
    assert.equal(grid.length, Math.ceil(Math.log2(2000 / (2 * Math.log(20)))));
    close(grid[0]!, (Math.SQRT2 * 2 * Math.log(20)) / 2000, 1e-12);
    for (let j = 1; j < grid.length; j++) close(grid[j]! / grid[j - 1]!, 2, 1e-12);
  });

  it('adds up, is CONDITIONAL on the ratio or on its error, and speaks of the Gibbs model', () => {
    const long: Theorem1aInput = {
      ...input,
      losses: new Array<number>(2000).fill(0.2),
      weights: new Array<number>(2000).fill(1),
      papers: Array.from({ length: 2000 }, (_, i) => i),
      tail: new Array<number>(500).fill(0),
      tailPapers: Array.from({ length: 500 }, (_, i) => i),
      draws: 1000
    };
    const ratio = theorem1a(long);
    assert.deepEqual(
      [ratio.bound.label, ratio.bound.assumptions],
      ['CONDITIONAL', ["A2'", 'overlap', 'Γ = 1']]
    );
    assert.match(ratio.bound.help!, /Gibbs/);
    const error = theorem1a({ ...long, weightError: 0.1 });
    assert.deepEqual(error.bound.assumptions, ["A2'", 'overlap', 'ε_w = 0.1']);
    for (const { terms, bound } of [ratio, error, theorem1a({ ...long, baseline: long.losses })])
      close(
        terms.reduce((sum, term) => sum + term.number.value, 0),
        bound.value,
        1e-12
      );
    assert.ok(theorem1a({ ...long, kl: 50 }).bound.value > ratio.bound.value);
    assert.ok(theorem1a({ ...long, gamma: 1.5 }).bound.value > ratio.bound.value);
    const width = ratio.terms.find(term => term.name === 'width')!.number.value;
    assert.ok(width <= ratio.closedForm.value);
  });

  it('refuses what would make it false', () => {
    assert.throws(() => theorem1a({ ...input, kl: NaN }), DataError);
    assert.throws(() => theorem1a({ ...input, draws: 0 }), DataError);
    assert.throws(() => theorem1a({ ...input, losses: [0, 2, 0, 0] }), /Loss 1 is 2/);
    assert.throws(() => theorem1a({ ...input, weightError: 0.1, gamma: 2 }), ParameterError);
    assert.throws(() => theorem1a({ ...input, cap: 0 }), ParameterError);
    assert.equal(theorem1a(input).verdict, 'vacuous');
  });
});

describe('theorem 1C', () => {
  const random = new Random(53);
  const cloud = (n: number): number[][] =>
    Array.from({ length: n }, () => Array.from({ length: 4 }, () => random.normal()));
  const n = 60;
  const source = fromRows(cloud(n));
  const input: Theorem1cInput = {
    ...{ quantity: 'risk', losses: new Array<number>(n).fill(0.2), weights: new Array<number>(n).fill(1) },
    ...{ papers: Array.from({ length: n }, (_, i) => i), cap: 1, centre: 0.2, norm: 1, source },
    ...{ target: fromRows(cloud(40)), targetPapers: Array.from({ length: 40 }, (_, i) => i) },
    kernel: kernelFor(n, 4, medianBandwidth(source))
  };

  it('names R among its assumptions, adds up, and rises with R', () => {
    const { bound, terms } = theorem1c({ ...input, norm: 0.1 });
    assert.deepEqual(bound.assumptions, ["A2'", 'A3-K, R = 0.1']);
    assert.equal(bound.label, 'CONDITIONAL');
    close(
      terms.reduce((sum, term) => sum + term.number.value, 0),
      bound.value,
      1e-12
    );
    assert.ok(theorem1c(input).bound.value > bound.value);
  });

  it('thins large papers without changing what it speaks of', () => {
    const many = 14_000;
    const large: Theorem1cInput = {
      ...input,
      losses: Array.from({ length: many }, (_, i) => Number(i % 5 === 0)),
      weights: new Array<number>(many).fill(1),
      papers: Array.from({ length: many }, (_, i) => i % 100),
      source: fromRows(cloud(many)),
      kernel: kernelFor(many, 4, 2)
    };
    const { rows: used, bound, terms } = theorem1c(large);
    assert.deepEqual(used, { source: 5000, target: 40 });
    assert.equal(bound.n, 100);
    close(terms[1]!.number.value, 0, 0.03);
    assert.deepEqual(theorem1c(large), theorem1c(large), 'the same seed draws the same rows');
  });

  it('estimates R as 0 for a constant loss, and finds a smooth one’s', () => {
    const x = fromRows(Array.from({ length: 300 }, () => [2 * random.normal()]));
    const kernel = kernelFor(300, 1, 1);
    close(ridgeNorms(kernel, x, [new Float64Array(300)])[0]!, 0, 1e-12);
    const smooth = Float64Array.from({ length: 300 }, (_, i) => 0.5 * Math.exp(-((x.data[i]! - 1) ** 2) / 2));
    close(ridgeNorms(kernel, x, [smooth])[0]!, 0.5, 0.05);
  });

  it('refuses NaN embeddings, a negative R, and a target without rows', () => {
    const bad = fromRows(cloud(n));
    bad.data[9] = NaN;
    assert.throws(() => theorem1c({ ...input, source: bad }), DataError);
    assert.throws(() => theorem1c({ ...input, norm: -1 }), ParameterError);
    assert.throws(
      () => theorem1c({ ...input, target: fromRows([], 4), targetPapers: [] }),
      /Fold U has no rows/
    );
    assert.throws(() => kernelFor(5, 2, 0), /bandwidth/);
    assert.throws(() => medianBandwidth(fromRows([[1], [1]])), /All rows are equal/);
  });
});
