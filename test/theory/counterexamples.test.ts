/** The counterexamples of errata.md to certificates: what the first statements got wrong, and what stands now. */
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { FoldError, LedgerError, ParameterError } from '../../common/errors.js';
import {
  bettingUcb,
  cappedWeights,
  checkpointDelta,
  correctForNoise,
  directBound,
  microF1Bound,
  Random,
  ratioUcb,
  sensitivityRows,
  tailVariable,
  theorem1a,
  theorem1b,
  theorem1bTilt,
  unitMean,
  unitsOf,
  unitSums,
  type Theorem1bInput
} from '../../kernel/theory/index.js';
import { close, consistent } from './support/check.js';
import { missesOfLooks } from './support/looks.js';

/** Papers of two kinds: a share is hard, hard and easy ones differ in rows and loss. */
interface Kinds {
  hard: number;
  rows: readonly [easy: number, hard: number];
  loss: readonly [easy: number, hard: number];
}

interface Rows {
  losses: number[];
  papers: number[];
  kind: (0 | 1)[];
}

function draw(random: Random, n: number, { hard, rows, loss }: Kinds): Rows {
  const out: Rows = { losses: [], papers: [], kind: [] };
  for (let paper = 0; paper < n; paper++) {
    const kind = random.uniform() < hard ? 1 : 0;
    for (let i = 0; i < rows[kind]; i++) {
      out.losses.push(Number(random.uniform() < loss[kind]));
      out.papers.push(paper);
      out.kind.push(kind);
    }
  }
  return out;
}

/** Share of rows that are of hard papers. */
const rowShare = ({ hard, rows }: Kinds): number =>
  (hard * rows[1]) / (hard * rows[1] + (1 - hard) * rows[0]);
const riskOf = (share: number, { loss }: Kinds): number => share * loss[1] + (1 - share) * loss[0];

describe('the unit (errata E4)', () => {
  for (const hardInTarget of [0.6, 0.1])
    it(`theorem 1B with the ratio of its own law covers both risks, ${hardInTarget} of the target hard`, () => {
      const S: Kinds = { hard: 0.3, rows: [2, 10], loss: [0.1, 0.6] };
      const T: Kinds = { ...S, hard: hardInTarget };
      const [s, t] = [rowShare(S), rowShare(T)];
      const ratios = {
        paper: [(1 - T.hard) / (1 - S.hard), T.hard / S.hard],
        row: [(1 - t) / (1 - s), t / s]
      };
      const truths = { paper: riskOf(T.hard, T), row: riskOf(t, T) };
      const random = new Random(31);
      const repeats = 300;
      const misses = { paper: 0, row: 0, crossed: 0 };
      const bounds = { paper: 0, row: 0 };
      for (let repeat = 0; repeat < repeats; repeat++) {
        const [v, u] = [draw(random, 120, S), draw(random, 120, T)];
        for (const estimand of ['paper', 'row'] as const) {
          const ratio = ratios[estimand];
          const cap = Math.max(...ratio);
          const { value } = theorem1b({
            ...{ quantity: 'risk', losses: v.losses, papers: v.papers, cap, centre: truths[estimand] },
            weights: v.kind.map(kind => ratio[kind]),
            tail: tailVariable(
              u.kind.map(kind => ratio[kind]),
              cap
            ),
            tailPapers: u.papers,
            ...{ estimand, rowsPerPaper: 10, gammaGrid: [], uniform: false }
          }).bound;
          if (value < truths[estimand]) misses[estimand]++;
          bounds[estimand] += value / repeats;
          if (estimand === 'paper' && value < truths.row) misses.crossed++;
        }
      }
      consistent(misses.paper, repeats, 0.05);
      consistent(misses.row, repeats, 0.05);
      for (const estimand of ['paper', 'row'] as const)
        assert.ok(
          bounds[estimand] < truths[estimand] + 0.3,
          `the ${estimand} bound ${bounds[estimand]} says something`
        );
      if (hardInTarget === 0.1)
        assert.ok(misses.crossed > 0, 'the paper bound is none for the risk of the average row');
    });

  it('big papers harder: the mean over papers is no bound for the average row, recipe R is', () => {
    const kinds: Kinds = { hard: 0.375, rows: [5, 45], loss: [0.1, 0.9] };
    const random = new Random(32);
    const repeats = 300;
    const truth = { paper: riskOf(kinds.hard, kinds), row: riskOf(rowShare(kinds), kinds) };
    let [papers, rows, crossed] = [0, 0, 0];
    for (let repeat = 0; repeat < repeats; repeat++) {
      const { losses, papers: of } = draw(random, 60, kinds);
      const shared = { quantity: 'risk', population: 'S', losses, papers: of, fold: 'V' } as const;
      const byPaper = directBound(shared).bound.value;
      if (byPaper < truth.paper) papers++;
      if (byPaper < truth.row) crossed++;
      if (directBound({ ...shared, estimand: 'row', rowsPerPaper: 45 }).bound.value < truth.row) rows++;
    }
    consistent(papers, repeats, 0.05);
    consistent(rows, repeats, 0.05);
    assert.ok(crossed > 0.5 * repeats, `the paper bound missed the average row only ${crossed} times`);
  });

  it('a ratio of rows beside means of papers falls far below the risk', () => {
    // Half of the papers have 38 rows and loss .4, half 2 rows and loss 0; the target is the same mix in equal sizes.
    const [truth, rowRatio] = [0.2, [0.5 / (2 / 40), 0.5 / (38 / 40)]];
    const n = 4000;
    const random = new Random(33);
    const { losses, papers, kind } = draw(random, n, { hard: 0.5, rows: [2, 38], loss: [0, 0.4] });
    const cap = Math.max(...rowRatio);
    const target = Array.from({ length: n }, (_, i) => rowRatio[i % 2]);
    const shared = { quantity: 'risk', losses, papers, centre: 0, gammaGrid: [] } as const;
    const tailPapers = target.map((_, i) => i);
    const mixed = unitMean(
      unitSums(
        losses.map((loss, i) => loss * rowRatio[kind[i]]),
        unitsOf(papers)
      ),
      unitsOf(papers)
    );
    assert.ok(mixed < truth - 0.05, `the mixed certificate is near ${mixed}`);
    const right = theorem1b({
      ...{ ...shared, cap, tail: tailVariable(target, cap), tailPapers },
      weights: kind.map(k => rowRatio[k]),
      ...{ estimand: 'row', rowsPerPaper: 38 }
    });
    assert.ok(right.bound.value > truth);
  });

  it('rows of large papers are drawn by the seed alone, each as likely', () => {
    const papers = [...new Array<string>(40).fill('big'), 'small', 'small'];
    const counts = new Float64Array(42);
    for (let seed = 0; seed < 2000; seed++) {
      const { share, mass, rows } = unitsOf(papers, { estimand: 'row', rowsPerPaper: 10, seed });
      assert.equal(rows, 12);
      assert.deepEqual([...mass].sort(), [0.2, 1]);
      share.forEach((value, i) => (counts[i] += value * 10));
    }
    assert.ok(counts.subarray(0, 40).every(count => Math.abs(count / 2000 - 0.25) < 0.05));
    assert.deepEqual(
      unitsOf(papers, { estimand: 'row', rowsPerPaper: 10, seed: 1 }),
      unitsOf(papers, { estimand: 'row', rowsPerPaper: 10, seed: 1 })
    );
    assert.throws(() => unitsOf(papers, { estimand: 'row' }), /the most rows that a paper may count/);
  });
});

describe('wrong labels (errata E5)', () => {
  it('cannot turn a loss into a gain: D = +.03 at a rate of .1', () => {
    const random = new Random(34);
    const n = 8000;
    const repeats = 20;
    let [ours, theory] = [0, 0];
    for (let repeat = 0; repeat < repeats; repeat++) {
      const losses = Array.from({ length: n }, () => {
        const u = random.uniform();
        // The model errs where u < .23, the baseline where u < .2; a flipped label turns both.
        const noisy = random.uniform() < 0.1;
        const [a, b] = [Number(u < 0.23), Number(u < 0.2)];
        return noisy ? 1 - a - (1 - b) : a - b;
      });
      const papers = losses.map((_, i) => i);
      const shared = {
        ...({ quantity: 'improvement', population: 'S', fold: 'V' } as const),
        ...{ losses, papers, variance: 0.03 }
      };
      const { bound, terms, verdict } = directBound({ ...shared, noise: { rate: 0.1 } });
      if (verdict === 'holds') ours++;
      close(bound.value, directBound(shared).bound.value / 0.8, 1e-12);
      assert.deepEqual([bound.label, bound.assumptions], ['CONDITIONAL', ['for S', 'ϱ = 0.1']]);
      close(
        terms.reduce((sum, term) => sum + term.number.value, 0),
        bound.value,
        1e-12
      );
      if ((directBound(shared).bound.value - 0.1) / 0.8 < 0) theory++;
    }
    assert.deepEqual([ours, theory], [0, repeats], 'the first rule would declare a gain every time');
  });

  it('are taken off an absolute risk, which is then covered and not wasted', () => {
    const random = new Random(35);
    const repeats = 400;
    let misses = 0;
    let total = 0;
    for (let repeat = 0; repeat < repeats; repeat++) {
      const losses = Array.from({ length: 300 }, () => {
        const wrong = Number(random.uniform() < 0.2);
        return random.uniform() < 0.15 ? 1 - wrong : wrong;
      });
      const { value } = directBound({
        ...{ quantity: 'risk', population: 'S', losses, fold: 'V', noise: { rate: 0.15 } },
        papers: losses.map((_, i) => i)
      }).bound;
      if (value < 0.2) misses++;
      total += value / repeats;
    }
    consistent(misses, repeats, 0.05);
    assert.ok(total < 0.32, `mean corrected bound ${total}`);
  });

  it('lower the bound more the more of them are declared, and past (K - 1) / K say nothing', () => {
    close(correctForNoise(0.4, 'risk', { rate: 0.1 }), 0.3 / 0.8, 1e-12);
    close(correctForNoise(0.4, 'risk', { rate: 0.1, classes: 5 }), 0.3 / 0.875, 1e-12);
    close(correctForNoise(-0.1, 'improvement', { rate: 0.1, classes: 5 }), -0.1 / 0.875, 1e-12);
    assert.equal(correctForNoise(0.05, 'risk', { rate: 0.1 }), 0);
    assert.ok(correctForNoise(0.4, 'risk', { rate: 0.2 }) < correctForNoise(0.4, 'risk', { rate: 0.1 }));
    for (const rate of [0.5, -0.1, NaN])
      assert.throws(() => correctForNoise(0.4, 'risk', { rate }), ParameterError);
  });
});

describe('contamination (errata E9)', () => {
  it('needs Γ in its term: in random models the corrected sum always holds, the printed one does not', () => {
    const random = new Random(36);
    const points = 4;
    const simplex = (): number[] => {
      const raw = Array.from({ length: points }, () => (-Math.log(1 - random.uniform())) ** 3);
      const sum = raw.reduce((a, b) => a + b, 0);
      return raw.map(value => value / sum);
    };
    let [violated, printed] = [0, 0];
    for (let trial = 0; trial < 20_000; trial++) {
      const [pS, pT, Q] = [simplex(), simplex(), simplex()];
      const eta = 0.5 * random.uniform();
      const gamma = 1 + 3 * random.uniform();
      const q = pS.map((p, i) => (1 - eta) * p + eta * Q[i]);
      const extreme = random.uniform() < 0.5;
      // omega_q <= Γ w and w <= Γ omega_q, often at an end.
      const w = pT.map((p, i) => {
        const u = random.uniform();
        return (p / q[i]) * gamma ** (extreme ? (u < 0.7 ? -1 : 1) : 2 * u - 1);
      });
      const cap = extreme ? Math.max(...w) : w[random.integer(points)];
      const kappa = w.map(() => (random.uniform() < 0.3 ? 1 : random.uniform()));
      const g = w.map(() => Number(random.uniform() < 0.6));
      const gQ = w.map(() => Number(random.uniform() < 0.2));
      const centre = random.uniform();
      const weights = w.map((value, i) => Math.min(value, cap) * kappa[i]);
      const clean = sensitivityRows(g, weights, centre, gamma);
      const foreign = sensitivityRows(gQ, weights, centre, gamma);
      let risk = 0;
      let sum = centre;
      let beta = 0;
      const tail = tailVariable(w, cap, kappa);
      for (let i = 0; i < points; i++) {
        risk += pT[i] * g[i];
        sum += (1 - eta) * pS[i] * clean[i] + eta * Q[i] * foreign[i] + (1 - centre) * pT[i] * tail[i];
        beta += Q[i] * kappa[i];
      }
      if (sum + eta * gamma * cap * beta < risk - 1e-9) violated++;
      if (sum + eta * cap * beta < risk - 1e-9) printed++;
    }
    assert.equal(violated, 0);
    assert.ok(printed > 0, 'the printed term is too small somewhere');
  });
});

describe('the betting bound (errata E11)', () => {
  it('misses when its range is the largest weight of V itself, and not with a fixed cap', () => {
    // A rare weight of 40 carries most of the target's loss; most samples have none.
    const random = new Random(37);
    const repeats = 400;
    let [own, fixed] = [0, 0];
    const truth = 0.01 * 40;
    for (let repeat = 0; repeat < repeats; repeat++) {
      const z = Float64Array.from({ length: 100 }, () => (random.uniform() < 0.01 ? 40 : 0));
      const most = Math.max(...z, 0.6);
      if (bettingUcb(z, { lo: 0, hi: most, delta: 0.05 }) < truth) own++;
      if (bettingUcb(z, { lo: 0, hi: 40, delta: 0.05 }) < truth) fixed++;
    }
    consistent(fixed, repeats, 0.05);
    assert.ok(own > 0.2 * repeats, `the range of V itself missed only ${own} times`);
  });

  it('claims an improvement no more often than delta when there is none, with rare large losses', () => {
    const random = new Random(38);
    const repeats = 2000;
    let claimed = 0;
    for (let repeat = 0; repeat < repeats; repeat++) {
      // E w D = 0: often a little better, rarely much worse.
      const weights = new Array<number>(80).fill(0.2);
      const losses = weights.map((_, i) => {
        if (random.uniform() >= 0.02) return -1;
        weights[i] = 9.8;
        return 1;
      });
      const { verdict } = theorem1b({
        ...{ quantity: 'improvement', losses, weights, cap: 9.8, centre: 0, variance: 2 },
        ...{ papers: losses.map((_, i) => i), tail: [0], tailPapers: [0], capAsserted: true },
        ...{ gammaGrid: [], uniform: false }
      });
      if (verdict === 'holds') claimed++;
    }
    consistent(claimed, repeats, 0.05);
  });
});

describe('ratios of means (errata E12)', () => {
  it('are covered: tilted risks and micro-F1, whose mean over papers is another number', () => {
    const random = new Random(39);
    const repeats = 2000;
    let [tilt, f1] = [0, 0];
    for (let repeat = 0; repeat < repeats; repeat++) {
      const m = Float64Array.from({ length: 50 }, () => (random.uniform() < 0.3 ? 1 : 0.1));
      const p = m.map(mass => mass * Number(random.uniform() < (mass === 1 ? 0.4 : 0.1)));
      const truth = (0.3 * 0.4 + 0.07 * 0.1) / (0.3 + 0.07);
      if (ratioUcb(p, m, { lo: 0, hi: 1, centre: 0.3, delta: 0.05 }) < truth) tilt++;
      const counts = Array.from(m, mass => {
        const size = mass === 1 ? 20 : 2;
        let right = 0;
        for (let i = 0; i < size; i++) right += Number(random.uniform() < (size === 20 ? 0.9 : 0.4));
        return [right, size - right] as const;
      });
      const wrong = { falsePositives: counts.map(([, n]) => n), falseNegatives: counts.map(() => 0) };
      const bound = microF1Bound({
        ...{ truePositives: counts.map(([n]) => n), ...wrong, most: 40, fold: 'V', centre: 0.1 }
      });
      // E FP = .3 * 2 + .7 * 1.2, E TP = .3 * 18 + .7 * .8
      if (bound.value < 1.44 / (1.44 + 2 * 5.96)) f1++;
    }
    consistent(tilt, repeats, 0.05);
    consistent(f1, repeats, 0.05);
    const one = { truePositives: [3], falsePositives: [1], falseNegatives: [0], fold: 'V' };
    assert.throws(() => microF1Bound({ ...one, most: 6 }), /must not exceed 6/);
    assert.throws(() => ratioUcb([1], [0.5], { lo: 0, hi: 1, centre: 0, delta: 0.05 }), /denominator 0.5/);
  });
});

describe('what may not stand in a certificate', () => {
  const input: Theorem1bInput = {
    ...{ quantity: 'risk', losses: [0, 1, 0, 0], weights: [1, 1, 0.5, 1.5], papers: [0, 1, 2, 3] },
    ...{ tail: [0, 0], tailPapers: [0, 1], cap: 2, centre: 0.2 }
  };

  it('tempered weights and tilts: they have the tilt certificate alone (errata B)', () => {
    for (const kind of ['tempered', 'tilt'] as const) {
      assert.throws(() => theorem1b({ ...input, kind }), ParameterError);
      assert.throws(() => theorem1a({ ...input, kind, draws: 4, kl: 0 }), ParameterError);
    }
    assert.equal(theorem1bTilt(input).population, 'S_w');
  });

  it('and tempered weights would miss: a harder target, w^(1/2) at Γ = 1', () => {
    const random = new Random(40);
    const [S, T] = [0.1, 0.6];
    const ratio = [(1 - T) / (1 - S), T / S];
    const truth = T;
    let [tempered, whole] = [0, 0];
    for (let repeat = 0; repeat < 60; repeat++) {
      const kind = Array.from({ length: 2000 }, () => Number(random.uniform() < S));
      const papers = kind.map((_, i) => i);
      const at = (gamma: number): number => {
        const power = ratio.map(w => w ** gamma);
        // Normalised on F to mean 1, as the gate's weights are.
        const mean = (1 - S) * power[0] + S * power[1];
        const w = power.map(value => value / mean);
        return theorem1b({
          ...{ quantity: 'risk', losses: kind, papers, cap: w[1], centre: 0.3, variance: 0.5 },
          ...{ weights: kind.map(k => w[k]), tail: [0], tailPapers: [0], capAsserted: true, gammaGrid: [] }
        }).bound.value;
      };
      if (at(0.5) < truth) tempered++;
      if (at(1) < truth) whole++;
    }
    consistent(whole, 60, 0.05);
    assert.ok(tempered > 50, `tempered weights missed ${tempered} of 60`);
  });

  it('rows of folds that fitted or chose (theory A0)', () => {
    const folds = ['V', 'F', 'V', 'V'];
    assert.throws(() => theorem1b({ ...input, folds }), FoldError);
    assert.throws(() => theorem1b({ ...input, folds }), /1 of fold F, kept to fit/);
    assert.throws(() => theorem1b({ ...input, tailFolds: ['U', 'C'] }), /1 of fold C, kept to choose/);
    assert.throws(() => theorem1bTilt({ ...input, folds }), FoldError);
    assert.throws(() => theorem1a({ ...input, folds, draws: 4, kl: 0 }), FoldError);
    const labels = { quantity: 'risk', population: 'T', fold: 'U', losses: [0, 1], papers: [0, 1] } as const;
    assert.throws(() => directBound({ ...labels, folds: ['U', 'V'] }), FoldError);
    assert.ok(theorem1b({ ...input, folds: ['V', 'V', 'V', 'V'], tailFolds: ['U', 'U'] }));
  });

  it('a maximum over V as the cap: weights above the declared one raise', () => {
    assert.throws(() => theorem1b({ ...input, cap: 1.2 }), /Weight 3 is 1.5, outside \[0, 1.2\]/);
    for (const [losses, weights] of [
      [[0, NaN, 0, 0], input.weights],
      [[0, -0.2, 0, 0], input.weights],
      [input.losses, [1, NaN, 1, 1]],
      [input.losses, [1, -1, 1, 1]]
    ] as const)
      assert.throws(() => theorem1b({ ...input, losses, weights }), /(Loss|Weight) 1 is/);
  });
});

describe('looks at fold V (errata E3)', () => {
  it('declared beforehand share delta, and one more than declared is refused', () => {
    close(checkpointDelta(0.05, 5, 5), 0.01, 1e-15);
    assert.throws(() => checkpointDelta(0.05, 5, 6), LedgerError);
    assert.throws(() => checkpointDelta(0.05, 0, 1), LedgerError);
    const repeats = 400;
    const [plain, declared] = missesOfLooks(
      { seed: 41, repeats, looks: 10, papers: 100 },
      () => 0.05,
      () => checkpointDelta(0.05, 10, 10)
    );
    consistent(declared!, repeats, 0.05);
    assert.ok(plain! > 0.15 * repeats, `without sharing only ${plain} missed`);
  });
});

it('capped weights of a zero ratio stay 0, and the tail counts them in full (errata E2)', () => {
  assert.deepEqual([...cappedWeights([0, 3], 2)], [0, 2]);
  assert.deepEqual([...tailVariable([0, 3], 2)], [1, 1 - 2 / 3]);
});
