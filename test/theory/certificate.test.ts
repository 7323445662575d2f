/** Theorem 1B, its tilt, direct bounds, planning and the ledger: labels, identities, and the counterexamples of the errata. */
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { DataError, LedgerError, ParameterError } from '../../common/errors.js';
import {
  bettingHalfWidth,
  bettingUcb,
  cappedWeights,
  directBound,
  fixOnC,
  ledgerDelta,
  ledgerSpent,
  papersNeeded,
  plannedBound,
  Random,
  tailVariable,
  theorem1b,
  theorem1bTilt,
  type FixedOnC,
  type Theorem1bInput
} from '../../kernel/theory/index.js';
import { close, consistent } from './support/check.js';

/** A certificate's inputs on synthetic rows: papers of two, weights around 1. */
function example(n: number, seed: number, quantity: 'risk' | 'improvement' = 'risk'): Theorem1bInput {
  const random = new Random(seed);
  const cap = 1.6;
  const draw = (): number => Math.exp(0.5 * random.normal() - 0.125);
  const losses = Array.from({ length: n }, () => {
    const u = random.uniform();
    return quantity === 'risk' ? Number(u < 0.2) : u < 0.3 ? -1 : u < 0.35 ? 1 : 0;
  });
  return {
    quantity,
    losses,
    weights: cappedWeights(Array.from({ length: n }, draw), cap),
    papers: Array.from({ length: n }, (_, i) => `v${i >> 1}`),
    tail: tailVariable(Array.from({ length: n }, draw), cap),
    tailPapers: Array.from({ length: n }, (_, i) => `u${i >> 1}`),
    cap,
    centre: quantity === 'risk' ? 0.2 : -0.25
  };
}

describe('theorem 1B', () => {
  it('adds up to its bound and carries the weakest label: never CERTIFIED for the target', () => {
    const result = theorem1b(example(800, 1));
    close(
      result.terms.reduce((sum, term) => sum + term.number.value, 0),
      result.bound.value,
      1e-12
    );
    assert.equal(result.population, 'T');
    assert.equal(result.bound.label, 'CONDITIONAL');
    assert.deepEqual(result.bound.assumptions, ["A2'", 'overlap', 'Γ = 1']);
    assert.equal(result.bound.n, 400);
    assert.equal(result.bound.unit, 'papers');
    assert.equal(result.verdict, 'holds');
    assert.equal(result.parts.z.label, 'CERTIFIED');
    assert.ok(result.comparison.maurerPontil.value > result.bound.value);
    assert.equal(result.comparison.clt.label, 'ESTIMATED');
    assert.ok(result.comparison.clt.value < result.bound.value);
    for (const term of result.terms) assert.ok(term.help.length > 20 && term.number.help);
  });

  it('does not depend on the order of rows', () => {
    const input = example(200, 2);
    const value = theorem1b(input).bound.value;
    fc.assert(
      fc.property(fc.integer(), seed => {
        const [a, b] = [new Random(seed).permutation(200), new Random(seed + 1).permutation(200)];
        const moved = {
          ...input,
          losses: Array.from(a, i => input.losses[i]),
          weights: Array.from(a, i => input.weights[i]),
          papers: Array.from(a, i => (input.papers as string[])[i]!),
          tail: Array.from(b, i => input.tail[i]),
          tailPapers: Array.from(b, i => (input.tailPapers as string[])[i]!)
        };
        close(theorem1b(moved).bound.value, value, 1e-9);
      }),
      { numRuns: 10 }
    );
  });

  it('rises with Gamma, falls with delta, and gives Gamma* by the first failure', () => {
    const input = example(1200, 3, 'improvement');
    const { gamma, bound } = theorem1b(input);
    for (let i = 1; i < gamma!.grid.length; i++) assert.ok(gamma!.bound[i] > gamma!.bound[i - 1]);
    close(gamma!.bound[0], bound.value, 1e-12);
    const failure = gamma!.bound.findIndex(value => value >= 0);
    assert.ok(failure > 0, 'the improvement holds at Gamma = 1 and fails somewhere');
    assert.equal(gamma!.star, gamma!.grid[failure - 1]);
    assert.ok(theorem1b({ ...input, delta: 0.01 }).bound.value > bound.value);
    const worse = theorem1b({ ...input, losses: Array.from(input.losses, loss => -loss), centre: 0.25 });
    assert.equal(worse.gamma!.star, null);
    assert.notEqual(worse.verdict, 'holds');
  });

  it('with uniform weights speaks of the source only, and equals the direct bound there (errata E1)', () => {
    const input = {
      ...example(400, 4),
      weights: new Array<number>(400).fill(1),
      tail: new Array<number>(400).fill(0),
      cap: 1
    };
    const result = theorem1b({ ...input, variance: 0.1 });
    assert.equal(result.population, 'S');
    assert.deepEqual([result.bound.label, result.bound.assumptions], ['CERTIFIED', ['for S']]);
    assert.equal(result.gamma, undefined);
    const { losses, papers } = input;
    const direct = directBound({
      quantity: 'risk',
      population: 'S',
      losses,
      papers,
      fold: 'V',
      variance: 0.1
    });
    close(result.bound.value, direct.bound.value, 1e-9);
    const tilt = theorem1bTilt({ ...input, variance: 0.1 });
    close(tilt.bound.value, direct.bound.value, 0.01, 'the tilt by w = 1 is the plain risk');
    // A factor above 1 is a statement on the target again.
    assert.equal(theorem1b({ ...input, gamma: 1.5 }).population, 'T');
  });

  it('counts target mass where the ratio is 0 at the worst loss (errata E2)', () => {
    // The ratio is 0 on 30 % of the target, where every loss is 1; elsewhere every loss is 0.
    const random = new Random(5);
    let misses = 0;
    let naive = 0;
    const n = 300;
    for (let repeat = 0; repeat < 40; repeat++) {
      const target = Array.from({ length: n }, () => (random.uniform() < 0.3 ? 0 : 1 / 0.7));
      const input: Theorem1bInput = {
        quantity: 'risk',
        losses: new Array<number>(n).fill(0),
        weights: new Array<number>(n).fill(1 / 0.7),
        papers: Array.from({ length: n }, (_, i) => i),
        tail: tailVariable(target, 1 / 0.7),
        tailPapers: Array.from({ length: n }, (_, i) => i),
        cap: 1 / 0.7,
        centre: 0
      };
      for (const gamma of [1, 1.5]) if (theorem1b({ ...input, gamma }).bound.value < 0.3) misses++;
      const careless = target.map(w => Math.max(1 - input.cap / Math.max(w, 1e-12), 0));
      if (theorem1b({ ...input, tail: careless }).bound.value < 0.3) naive++;
    }
    consistent(misses, 80, 0.05);
    assert.equal(naive, 40, 'the careless tail would miss every time');
  });

  it('counts what the clean weight cuts off, and what contamination survives it (errata E9)', () => {
    const tail = tailVariable([0, 1, 4], 2, [1, 0.5, 0.5]);
    assert.deepEqual(Array.from(tail), [1, 0.5, 0.75]);
    assert.deepEqual(Array.from(tailVariable([0, 1, 4], 2, [1, 0.5, 1], true)), [1, 0.5, 0]);
    const input = example(400, 6);
    const plain = theorem1b({ ...input, gamma: 1.5 });
    const mixed = theorem1b({ ...input, gamma: 1.5, contamination: { eta: 0.2, beta: 0.01 } });
    close(mixed.bound.value - plain.bound.value, 0.2 * 1.5 * input.cap * 0.01, 1e-9);
    assert.deepEqual(mixed.bound.assumptions, ['η = 0.2', 'β = 0.01', "A2'", 'overlap', 'Γ = 1.5']);
    assert.ok(
      theorem1b({ ...input, cleaned: true }).bound.assumptions!.includes('no contamination survives κ')
    );
  });

  it('drops the tail only when the capped ratio itself is assumed right and nothing is cut off', () => {
    const input = example(400, 7);
    const asserted = theorem1b({
      ...input,
      tail: new Array<number>(400).fill(0),
      capAsserted: true,
      uniform: false
    });
    assert.equal(asserted.parts.b.value, 0);
    assert.ok(asserted.bound.assumptions!.includes('Γ = 1 for min(w, W)'));
    assert.ok(asserted.bound.value < theorem1b(input).bound.value);
    // κ = 1 on a sample of U is no proof that it is 1 on the target.
    const sampled = { ...input, tail: new Array<number>(400).fill(0), capAsserted: true, cleaned: true };
    assert.ok(theorem1b(sampled).parts.b.value > 0);
  });

  it('refuses what would make it false: losses, weights or c out of range, W = 0, Gamma < 1, empty folds', () => {
    const input = example(60, 8);
    const with3 = [...Array.from(input.losses)];
    with3[4] = 3;
    assert.throws(() => theorem1b({ ...input, losses: with3 }), /Loss 4 is 3, outside/);
    assert.throws(() => theorem1b({ ...input, cap: 0.5 }), /outside \[0, 0.5\]/);
    assert.throws(() => theorem1b({ ...input, cap: 0 }), ParameterError);
    assert.throws(() => theorem1b({ ...input, gamma: 0.9 }), ParameterError);
    assert.throws(() => theorem1b({ ...input, centre: 1.2 }), ParameterError);
    assert.throws(() => theorem1b({ ...input, tail: [], tailPapers: [] }), DataError);
    assert.throws(() => theorem1b({ ...input, losses: [], weights: [], papers: [] }), DataError);
    assert.throws(() => bettingUcb([0, 3], { lo: 0, hi: 1, delta: 0.05 }), /outside its declared range/);
  });

  it('is vacuous, not wrong, with three papers', () => {
    const input = example(6, 9);
    const result = theorem1b(input);
    assert.equal(result.verdict, 'vacuous');
    assert.equal(result.bound.label, 'VACUOUS');
  });
});

describe('theorem 1B-tilt', () => {
  const input = example(600, 10);

  it('is CERTIFIED for the tilted source, above what was observed, and blind to the scale of the weights', () => {
    const result = theorem1bTilt(input);
    assert.deepEqual(
      [result.population, result.bound.label, result.bound.assumptions],
      ['S_w', 'CERTIFIED', ['for S_w']]
    );
    assert.ok(result.terms[1].number.value > 0);
    const scaled = theorem1bTilt({
      ...input,
      weights: Array.from(input.weights, w => 50 * w),
      cap: 50 * input.cap
    });
    close(scaled.bound.value, result.bound.value, 1e-9);
  });

  it('falls when a loss falls', () => {
    const lower = Array.from(input.losses, (loss, i) => (i < 60 ? 0 : loss));
    assert.ok(theorem1bTilt({ ...input, losses: lower }).bound.value < theorem1bTilt(input).bound.value);
  });

  it('says nothing when every weight is 0', () => {
    const none = theorem1bTilt({ ...input, weights: new Array<number>(600).fill(0) });
    assert.equal(none.bound.value, 1);
    assert.equal(none.verdict, 'vacuous');
  });
});

describe('planning', () => {
  it('gives the half-widths of the errata (E4): mean 0 on [-W, W], sd .15, delta .04', () => {
    const table: [number, number[]][] = [
      [1, [0.14, 0.077, 0.039, 0.018]],
      [2, [0.264, 0.146, 0.075, 0.031]],
      [4, [0.523, 0.279, 0.138, 0.058]]
    ];
    for (const [W, widths] of table)
      [30, 60, 120, 300].forEach((n, i) => {
        const width = bettingHalfWidth({ n, mean: 0, sd: 0.15, lo: -W, hi: W, delta: 0.04 });
        assert.ok(Math.abs(width / widths[i] - 1) < 0.3, `W ${W}, n ${n}: ${width} against ${widths[i]}`);
      });
  });

  it('gives the tail of an all-zero b (errata E2): .181 to .006', () => {
    [30, 60, 120, 300, 1000].forEach((n, i) => {
      const width = bettingHalfWidth({ n, mean: 0, sd: 0, lo: 0, hi: 1, delta: 0.01 });
      close(width, [0.181, 0.096, 0.05, 0.02, 0.006][i], 2e-3);
      close(bettingUcb(new Float64Array(n), { lo: 0, hi: 1, delta: 0.01 }), width, 4e-3, 'the bound itself');
    });
  });

  it('gives the half-width of a plain sample, and none for the tail with split = 1', () => {
    const random = new Random(13);
    const z = Float64Array.from({ length: 2000 }, () => Number(random.uniform() < 0.3));
    const mean = z.reduce((a, b) => a + b, 0) / 2000;
    const actual = bettingUcb(z, { lo: 0, hi: 1, delta: 0.05, variance: 0.21 }) - mean;
    const width = bettingHalfWidth({
      n: 2000,
      mean,
      sd: Math.sqrt(mean * (1 - mean)),
      lo: 0,
      hi: 1,
      delta: 0.05
    });
    assert.ok(Math.abs(width / actual - 1) < 0.2, `${width} against ${actual}`);
    const one = plannedBound({ ...fixed, tailMean: 0.5 }, { source: 300, target: 1 }, 0.05, 1);
    assert.equal(one, plannedBound(fixed, { source: 300, target: 500 }, 0.05, 1));
  });

  const fixed: FixedOnC = {
    cap: 2,
    centre: -0.1,
    mean: 0,
    variance: 0.04,
    tailMean: 0.01,
    tailVariance: 0.001,
    papers: { source: 60, target: 40 },
    range: [-1, 1]
  };

  it('names the smallest number of papers that would do', () => {
    const needed = papersNeeded(fixed, { source: 40, target: 20 }, { quantity: 'improvement' });
    const [n, m] = [needed.source.value, needed.target.value];
    assert.ok(plannedBound(fixed, { source: n, target: m }) < 0);
    assert.ok(plannedBound(fixed, { source: n - 1, target: Math.round((n - 1) / 2) }) >= 0);
    assert.equal(needed.enough, false);
    assert.equal(needed.source.label, 'ESTIMATED');
    assert.ok(
      papersNeeded({ ...fixed, centre: -0.2 }, { source: 40, target: 20 }, { quantity: 'improvement' }).source
        .value < n
    );
  });

  it('says that no number would do where the mean itself does not', () => {
    const needed = papersNeeded(
      { ...fixed, centre: 0.01 },
      { source: 40, target: 20 },
      { quantity: 'improvement' }
    );
    assert.equal(needed.source.value, Infinity);
    assert.match(needed.words, /collect target labels/);
    assert.equal(needed.labels.value, Infinity, 'labels cannot show a gain that is none either');
  });

  it('says how many labelled target papers would do instead, and as many do', () => {
    const needed = papersNeeded(
      { ...fixed, tailMean: 0.3, spread: 0.2 },
      { source: 40, target: 20 },
      { quantity: 'improvement' }
    );
    assert.equal(needed.source.value, Infinity);
    const k = needed.labels.value;
    assert.match(needed.words, new RegExp(`collect target labels, of about ${k} papers`));
    const random = new Random(14);
    const bounds = Array.from({ length: 40 }, () => {
      const losses = Array.from({ length: 2 * k }, () => (random.uniform() < 0.5 ? -0.3 : 0.1));
      const shared = { quantity: 'improvement', population: 'T', fold: 'U', variance: 0.04 } as const;
      return directBound({ ...shared, losses, papers: losses.map((_, i) => i) }).bound.value;
    });
    assert.ok(bounds.filter(bound => bound < 0).length > 30, `${k}: ${bounds}`);
  });

  it('foretells the bound that theorem 1B then gives', () => {
    const [c, v] = [example(600, 11), example(1000, 12)];
    const onC = fixOnC(c);
    const planned = plannedBound(onC, { source: 500, target: 500 });
    const actual = theorem1b({ ...v, centre: onC.centre, variance: onC.variance }).bound.value;
    assert.ok(Math.abs(planned - actual) < 0.05, `${planned} against ${actual}`);
  });
});

describe('the ledger', () => {
  it('spends less than delta whatever the number of queries', () => {
    close(ledgerDelta(0.05, 1), (0.05 * 6) / Math.PI ** 2, 1e-15);
    assert.ok(ledgerSpent(0.05, 2000) < 0.05 && ledgerSpent(0.05, 2000) > 0.0499);
    assert.throws(() => ledgerDelta(0.05, 0), LedgerError);
  });
});
