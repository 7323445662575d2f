/** The reference of conformal p-values, and every counterexample of errata.md D that it must withstand. */
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import {
  benjaminiHochberg,
  conformalPValues,
  judgeDistances,
  leastFlags,
  oneRowPerPaper,
  paperScores,
  Random,
  robustZ,
  rowReference,
  trustedReference,
  typeOneFactors,
  type JudgeInput
} from '../../kernel/theory/index.js';
import { allClose, close } from './support/check.js';
import { serial } from './support/sample.js';

/** Scores of papers with an effect of their own: rows of one paper resemble each other. */
function clustered(
  random: Random,
  papers: number,
  rows: number,
  from: number = 0
): { score: number[]; papers: number[] } {
  const out = { score: [] as number[], papers: [] as number[] };
  for (let p = 0; p < papers; p++) {
    const effect = random.normal();
    for (let r = 0; r < rows; r++) {
      out.score.push(Math.sqrt(0.7) * effect + Math.sqrt(0.3) * random.normal());
      out.papers.push(from + p);
    }
  }
  return out;
}

/** Share of false rejections among all, 0 where there is none. */
function discoveries(rejected: ArrayLike<number>, foreign: (i: number) => boolean): { fdp: number } {
  const all = serial(rejected.length).filter(i => rejected[i]);
  return { fdp: all.length ? all.filter(i => !foreign(i)).length / all.length : 0 };
}

describe('rows of one paper (errata.md E16)', () => {
  it('make pooled p-values too small; one row a paper, and flags of papers, keep their level', () => {
    const random = new Random(31);
    const repeats = 250;
    const q = 0.1;
    let [pooled, one, rows, byPaper] = [0, 0, 0, 0];
    for (let repeat = 0; repeat < repeats; repeat++) {
      const reference = clustered(random, 20, 30);
      const all = trustedReference(serial(600), reference.score, reference.papers);
      assert.equal(all.papers, 20);
      const picked = rowReference(all, reference.score, reference.papers, repeat);
      assert.equal(picked.length, 20);
      const test = clustered(random, 40, 3, 100);
      const small = (p: Float64Array): number => p.filter(value => value <= 0.05).length / p.length;
      pooled += small(conformalPValues(reference.score, test.score)) / repeats;
      one += small(conformalPValues(picked, test.score)) / repeats;
      // All tested papers are clean, so every flag is false and the FDR is the chance of any.
      rows += discoveries(
        benjaminiHochberg(conformalPValues(reference.score, test.score), q),
        () => false
      ).fdp;
      const p = conformalPValues(
        paperScores(reference.score, reference.papers),
        // The law of the largest of a paper's scores depends on its size, which both sides share in practice.
        paperScores(
          clustered(random, 40, 30, 200).score,
          serial(1200).map(i => Math.floor(i / 30))
        )
      );
      byPaper += discoveries(benjaminiHochberg(p, q), () => false).fdp;
    }
    // sd of a share over 250 repeats is below .007 for type I and .024 for the FDR.
    assert.ok(one < 0.05 + 0.014, `one row a paper: ${one}`);
    assert.ok(pooled > one, `pooled ${pooled}, one ${one}`);
    assert.ok(rows / repeats > q + 0.08, `pooled rows: FDR ${rows / repeats}`);
    assert.ok(byPaper / repeats < q + 0.05, `papers: FDR ${byPaper / repeats}`);
  });

  it('count as one: the largest score of each paper, and one row of each at random', () => {
    assert.deepEqual(paperScores([1, 5, 2, -3], ['b', 'a', 'b', 'a']), Float64Array.of(5, 2));
    const papers = ['b', 'a', 'b', 'a'];
    const picked = oneRowPerPaper(papers, new Random(1));
    assert.deepEqual(
      [...picked].map(row => papers[row]),
      ['a', 'b']
    );
  });
});

describe('a reference of the target', () => {
  it('calls clean rows of a shifted source strange (errata.md E15)', () => {
    // The null is "like the reference". Sources of another place are clean and unlike it.
    const random = new Random(32);
    const draw = (n: number, mean: number): Float64Array =>
      Float64Array.from({ length: n }, () => Math.abs(mean + random.normal()));
    const target = draw(600, 0);
    const typeOne = (mean: number): number =>
      conformalPValues(target, draw(4000, mean)).filter(p => p <= 0.05).length / 4000;
    close(typeOne(0), 0.05, 0.025);
    assert.ok(typeOne(1.5) > 0.2, 'p-values of the source are not null');
  });
});

describe('a contaminated reference', () => {
  const clean = (random: Random, n: number): number[] => Array.from({ length: n }, () => random.normal());

  it('with foreign rows that score low gives p <= t up to t / (1 - nu) (errata.md E17)', () => {
    const random = new Random(33);
    for (const nu of [0.1, 0.3]) {
      let small = 0;
      const repeats = 300;
      for (let repeat = 0; repeat < repeats; repeat++) {
        const foreign = Math.round(200 * nu);
        // A tight cluster passes for the manifold: its scores are lower than all others.
        const reference = [...clean(random, 200 - foreign), ...new Array<number>(foreign).fill(-9)];
        small += conformalPValues(reference, clean(random, 100)).filter(p => p <= 0.05).length;
      }
      const rate = small / (100 * repeats);
      const { kept } = typeOneFactors(0.05, nu);
      assert.ok(rate > 0.05 + 0.2 * (kept - 0.05), `nu ${nu}: ${rate}`);
      assert.ok(rate < kept + 0.004, `nu ${nu}: ${rate}, bound ${kept}`);
    }
  });

  it('with foreign rows that score high loses all power, looks suspect, and regains it when declared', () => {
    const random = new Random(34);
    const foreign = (n: number): number[] => Array.from({ length: n }, () => 40 + random.normal());
    const score = [...clean(random, 190), ...foreign(10), ...clean(random, 170), ...foreign(30)];
    const papers = serial(400);
    const flagged = (contamination: number): number => {
      const reference = trustedReference(serial(200), score, papers, contamination);
      const p = conformalPValues(rowReference(reference, score, papers, 0), score.slice(200));
      return benjaminiHochberg(p, 0.1).reduce((a, b) => a + b, 0);
    };
    const bare = trustedReference(serial(200), score, papers);
    assert.deepEqual([bare.suspect, bare.far, bare.trimmed, bare.papers], [true, 10, 0, 200]);
    assert.equal(flagged(0), 0);
    assert.ok(flagged(0.05) >= 30, `${flagged(0.05)}`);
    const declared = trustedReference(serial(200), score, papers, 0.05);
    assert.deepEqual([declared.suspect, declared.trimmed, declared.papers], [false, 10, 190]);
    // No more papers than were declared, the furthest first.
    const half = trustedReference(serial(200), score, papers, 0.025);
    assert.equal(half.trimmed, 5);
    const left = [...half.rows].slice(190).map(row => score[row]);
    const gone = score.slice(190, 200).filter(value => !left.includes(value));
    assert.ok(Math.min(...gone) > Math.max(...left));
  });

  it('is not suspected where it is clean and Gaussian', () => {
    for (let seed = 0; seed < 20; seed++) {
      const score = clean(new Random(seed), 300);
      assert.equal(trustedReference(serial(300), score, serial(300)).suspect, false);
    }
  });

  it('and a clean one that is trimmed costs t (1 - nu) + nu, at every t: no rate is controlled (errata.md E18)', () => {
    // A heavy tail: trimming takes clean rows, and every fresh one like them gets the smallest p there is.
    const random = new Random(35);
    const heavy = (n: number): number[] => Array.from({ length: n }, () => Math.exp(random.normal()));
    const repeats = 120;
    let [small, fdr, plain, nu] = [0, 0, 0, 0];
    for (let repeat = 0; repeat < repeats; repeat++) {
      const score = heavy(400);
      const reference = trustedReference(serial(400), score, serial(400), 0.1);
      nu += reference.trimmed / 400 / repeats;
      const test = heavy(200);
      const p = conformalPValues(rowReference(reference, score, serial(400), 0), test);
      small += p.filter(value => value <= 0.05).length / 200 / repeats;
      fdr += discoveries(benjaminiHochberg(p, 0.1), () => false).fdp / repeats;
      const whole = conformalPValues(score, test);
      plain += discoveries(benjaminiHochberg(whole, 0.1), () => false).fdp / repeats;
    }
    assert.ok(nu > 0.03 && nu <= 0.1, `trimmed ${nu}`);
    close(small, typeOneFactors(0.05, nu).trimmed, 0.012, 'type I');
    assert.ok(fdr > 0.5, `FDR after trimming: ${fdr}`);
    assert.ok(plain < 0.1 + 0.09, `FDR untrimmed: ${plain}`);
  });

  it('must be some rows, and foreign for less than half', () => {
    assert.throws(() => trustedReference([], [1], [0]), /no rows/);
    assert.throws(() => trustedReference([0], [1], [0], 0.5), /in \[0, .5\)/);
    assert.throws(() => trustedReference([0], [1], [0], NaN), /in \[0, .5\)/);
    assert.deepEqual(robustZ([2, 2, 2]), Float64Array.of(0, 0, 0));
    assert.equal(robustZ([2, 2, 2, 9])[3], Infinity);
    allClose(robustZ([0, 1, 2]), [-1 / 1.4826, 0, 1 / 1.4826], 1e-12);
  });
});

describe('judging', () => {
  /** 60 reference papers of 2 rows and 40 tested ones, the last 10 of which hold one far row. */
  function input(changes: Partial<JudgeInput> = {}): JudgeInput {
    const random = new Random(36);
    const n = 200;
    const score = Float64Array.from({ length: n }, () => random.normal());
    // Tested papers lie in the middle of the reference, so that chance flags none.
    score.fill(0, 120).fill(-9, 180);
    for (let p = 90; p < 100; p++) score[2 * p] = 50 + p;
    return {
      residuals: {
        tangentResidual: score.map(value => 1 + 0.1 * Math.abs(value)),
        outsideResidual: score.map(value => 2 + 0.1 * Math.abs(value))
      },
      ...{ score, papers: serial(n).map(i => Math.floor(i / 2)), seed: 0 },
      ...{ reference: serial(120), reviewable: serial(80).map(i => 120 + i) },
      ...{ method: 'local', fdr: 0.1, contamination: 0, gain: 0.3 },
      heldOut: (['none', 'global', 'local'] as const).map((method, k) => ({
        ...{ method, reconstruction: 0, error: 3 - k, gain: 1 - k / 4 }
      })),
      sizes: { sigma: 0.05, d: 20, rank: 4, m: 2, reach: 1 },
      ...changes
    };
  }

  it('flags rows of flagged papers that are as strange, and counts papers', () => {
    const judged = judgeDistances(input());
    const rows = serial(200).filter(i => judged.flagged[i]);
    assert.deepEqual(
      rows,
      serial(10).map(i => 180 + 2 * i)
    );
    assert.deepEqual(judged.flaggedPapers, {
      flagged: 10,
      of: 40,
      least: leastFlags(40, 60, 0.1),
      needed: 9
    });
    assert.equal(judged.reference.papers, 60);
    // N is papers: the smallest p there is.
    close(Math.min(...judged.pValue), 1 / 61, 1e-12);
  });

  it('flags nothing before so many papers are strange that the rule can', () => {
    assert.equal(leastFlags(40, 60, 0.1), 7);
    const six = input();
    for (let p = 90; p < 94; p++) six.score = Float64Array.from(six.score).fill(0, 2 * p, 2 * p + 1);
    assert.equal(judgeDistances(six).flaggedPapers.flagged, 0);
  });

  it('goes by the map that it is told, and without one keeps every row', () => {
    const local = judgeDistances(input());
    const auto = judgeDistances(input({ method: 'auto' }));
    assert.deepEqual(auto.denoiser, { method: 'local', harms: false });
    assert.deepEqual(auto.kappa, local.kappa);
    const global = judgeDistances(input({ method: 'global' }));
    assert.deepEqual(global.distance, input().residuals.outsideResidual);
    const none = judgeDistances(input({ method: 'none' }));
    assert.ok(none.kappa.every(value => value === 1) && none.distance.every(value => value === 0));
    assert.deepEqual(none.flagged, local.flagged);
    assert.deepEqual(none.theorem2, []);
  });

  it('prints the price of a declared contamination', () => {
    const price = judgeDistances(input({ contamination: 0.2 })).theorem2.at(-1)!;
    assert.equal(price.number.label, 'ESTIMATED');
    close(price.number.value, 0.05 * 0.8 + 0.2, 1e-12);
    assert.match(price.number.help!, /0\.063 = t \/ \(1 − ν\)/);
  });

  it('names what a reference lacks to calibrate κ', () => {
    assert.throws(() => judgeDistances(input({ reference: [0, 1] })), /cannot calibrate κ.*at least 5/);
  });
});
