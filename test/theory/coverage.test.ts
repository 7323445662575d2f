/** Do the bounds hold? Misses over repeated data against delta, by exact binomial tests. */
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import {
  bettingLcb,
  bettingUcb,
  directBound,
  ledgerDelta,
  Random,
  simulate,
  tailVariable,
  theorem1b,
  theorem1bTilt,
  trueRisk,
  zeroOneLoss,
  select,
  selectRows,
  type Matrix
} from '../../kernel/theory/index.js';
import { consistent } from './support/check.js';
import { missesOfLooks } from './support/looks.js';
import { rowsOfSide } from './support/sample.js';

describe('coverage', () => {
  it('of the betting bound for bounded laws, also rare large values and a bad first variance', () => {
    const random = new Random(1);
    const laws: [string, number, () => number][] = [
      ['rare ones', 0.05, () => Number(random.uniform() < 0.05)],
      ['mostly ones', 0.9, () => Number(random.uniform() < 0.9)],
      ['square of uniform', 1 / 3, () => random.uniform() ** 2]
    ];
    for (const [name, mean, one] of laws)
      for (const variance of [0.25, 1e-4]) {
        let misses = 0;
        let low = 0;
        for (let repeat = 0; repeat < 2000; repeat++) {
          const z = Float64Array.from({ length: 60 }, one);
          if (bettingUcb(z, { lo: 0, hi: 1, delta: 0.05, variance }) < mean) misses++;
          if (bettingLcb(z, { lo: 0, hi: 1, delta: 0.05, variance }) > mean) low++;
        }
        consistent(misses, 2000, 0.05);
        consistent(low, 2000, 0.05);
        assert.ok(misses < 2000, name);
      }
  });

  it('needs papers as the unit: rows taken as independent miss too often (errata E4)', () => {
    const random = new Random(2);
    let byPaper = 0;
    let byRow = 0;
    const n = 60;
    const repeats = 200;
    // A paper of 1 to 60 rows is hard (loss .9) or easy (.1); big ones are hard. L^pap is .4.
    for (let repeat = 0; repeat < repeats; repeat++) {
      const losses: number[] = [];
      const papers: number[] = [];
      for (let p = 0; p < n; p++) {
        const hard = random.uniform() < 0.375;
        const rows = hard ? 1 + random.integer(10) : 30 + random.integer(31);
        for (let i = 0; i < rows; i++) {
          losses.push(Number(random.uniform() < (hard ? 0.9 : 0.1)));
          papers.push(p);
        }
      }
      const shared = { quantity: 'risk', population: 'S', losses, fold: 'V' } as const;
      if (directBound({ ...shared, papers }).bound.value < 0.4) byPaper++;
      if (directBound({ ...shared, papers: papers.map((_, i) => i) }).bound.value < 0.4) byRow++;
    }
    consistent(byPaper, repeats, 0.05);
    assert.ok(byRow > 0.5 * repeats, `rows as the unit missed only ${byRow} of ${repeats}`);
  });

  it('needs a ledger: the best of many looks at fold V misses without it (errata E3)', () => {
    const repeats = 150;
    const [plain, ledger] = missesOfLooks(
      { seed: 3, repeats, looks: 20, papers: 200 },
      () => 0.05,
      j => ledgerDelta(0.05, j)
    );
    consistent(ledger!, repeats, 0.05);
    assert.ok(plain! > 0.3 * repeats, `without the ledger only ${plain} of ${repeats} missed`);
  });

  for (const delta of [1, -1])
    it(`of theorem 1B and its tilt with the true ratio and rows clustered in papers, delta = ${delta}`, () => {
      const spec = { delta, d: 9, sourcePapers: 250, targetPapers: 250, rowsPerPaper: 3, clustering: 0.6 };
      // A fixed head that is better on one side: it reads u_1, whose effect turns with u_0.
      const base = simulate({ ...spec, seed: 77 }).spec;
      const predict = (x: Matrix): Int32Array =>
        Int32Array.from({ length: x.rows }, (_, i) => Number(x.data[i * x.cols + 3] > 0));
      const truth = trueRisk(base, predict, 60_000).value;
      const cap = 4;
      let misses = 0;
      let tiltMisses = 0;
      let useful = 0;
      const repeats = 100;
      // The same basis (seed) and new papers: one large draw cut into repeats.
      const all = simulate({ ...base, sourcePapers: 250 * repeats, targetPapers: 250 * repeats });
      const rows = (r: number, domain: number): Int32Array => rowsOf.get(`${domain}-${r}`)!;
      const rowsOf = new Map<string, Int32Array>();
      const lists = new Map<string, number[]>();
      all.paper.forEach((paper, i) => {
        const key = `${all.domain[i]}-${Math.floor((paper % (250 * repeats)) / 250)}`;
        if (!lists.has(key)) lists.set(key, []);
        lists.get(key)!.push(i);
      });
      for (const [key, list] of lists) rowsOf.set(key, Int32Array.from(list));
      // The tilted truth, by weighting all source rows.
      const source = rowsOfSide(all, 'source');
      const loss = zeroOneLoss(select(all.label, source), predict(selectRows(all.x, source)));
      const w = Float64Array.from(source, i => Math.min(all.ratio[i], cap));
      const tilted = loss.reduce((sum, l, k) => sum + w[k] * l, 0) / w.reduce((a, b) => a + b, 0);
      for (let r = 0; r < repeats; r++) {
        const [s, t] = [rows(r, 0), rows(r, 1)];
        const input = {
          quantity: 'risk' as const,
          losses: zeroOneLoss(select(all.label, s), predict(selectRows(all.x, s))),
          weights: Float64Array.from(s, i => Math.min(all.ratio[i], cap)),
          papers: select(all.paper, s),
          cap,
          centre: 0.45,
          variance: 0.2
        };
        const tail = tailVariable(select(all.ratio, t), cap);
        const { bound } = theorem1b({ ...input, tail, tailPapers: select(all.paper, t), gammaGrid: [1] });
        if (bound.value < truth) misses++;
        if (bound.value < truth + 0.2) useful++;
        if (theorem1bTilt(input).bound.value < tilted) tiltMisses++;
      }
      consistent(misses, repeats, 0.05);
      consistent(tiltMisses, repeats, 0.05);
      assert.ok(
        useful > 0.9 * repeats,
        `only ${useful} of ${repeats} bounds are within .2 of the truth, ${truth}`
      );
    });
});
