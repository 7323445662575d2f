/** The simulated law, and the whole order of work on it with estimated weights: clean, ratio, cap, gate, train, certify. */
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { DataError } from '../../common/errors.js';
import {
  paperMeans,
  select,
  selectRows,
  simulate,
  SIMULATION_DEFAULTS,
  SIMULATION_KINDS,
  trueChiSquare,
  trueRisk
} from '../../kernel/theory/index.js';
import { close } from './support/check.js';
import { trainLinear } from './support/logistic.js';
import { runPipeline } from './support/pipeline.js';
import { mean, rowsOfSide } from './support/sample.js';

/** Variance between the means of papers. */
function betweenPapers(values: ArrayLike<number>, papers: ArrayLike<number>): number {
  const means = paperMeans(values, papers);
  const centre = mean(means);
  return mean(means.map(v => (v - centre) ** 2));
}

describe('simulated data', () => {
  it('are the same for a seed, in papers of several rows, with the stated shift', () => {
    const spec = { sourcePapers: 3000, targetPapers: 3000, d: 12, delta: -1 };
    const data = simulate({ ...spec, seed: 5 });
    assert.deepEqual(simulate({ ...spec, seed: 5 }), data);
    assert.notDeepEqual(simulate({ ...spec, seed: 6 }).label, data.label);
    const sizes = new Map<number, number>();
    for (const paper of data.paper) sizes.set(paper, (sizes.get(paper) ?? 0) + 1);
    assert.deepEqual([...new Set(sizes.values())].sort(), [1, 2, 3]);
    // The mean moves by delta along one direction: the gap between domain means has length |delta|.
    const gap = new Float64Array(12);
    const count = [0, 0];
    data.domain.forEach(domain => count[domain]++);
    data.domain.forEach((domain, i) => {
      for (let j = 0; j < 12; j++) gap[j] += (domain ? 1 : -1) * (data.x.data[i * 12 + j] / count[domain]);
    });
    close(Math.hypot(...gap), 1, 0.08);
  });

  it('have papers whose rows resemble one another', () => {
    const spread = (clustering: number): number => {
      const data = simulate({ sourcePapers: 2000, targetPapers: 1, d: 9, clustering, seed: 7 });
      return betweenPapers(data.ratio.map(Math.log), data.paper);
    };
    assert.ok(spread(0.8) > 1.2 * spread(0));
  });

  it('mark foreign rows, which lie off the manifold with flipped labels', () => {
    const data = simulate({ contamination: 0.3, sourcePapers: 1500, targetPapers: 300, d: 20, seed: 8 });
    const source = Array.from(rowsOfSide(data, 'source'));
    const foreign = source.filter(i => data.foreign[i]);
    close(foreign.length / source.length, 0.3, 0.03);
    assert.ok(foreign.every(i => Number.isNaN(data.ratio[i])));
    // They stand where the target stands, so a head of the target is mostly wrong on their flipped labels.
    const target = Array.from(rowsOfSide(data, 'target'));
    const head = trainLinear(
      selectRows(data.x, target),
      select(data.label, target),
      new Array(target.length).fill(1)
    );
    const wrong = (rows: number[]): number => {
      const predicted = head(selectRows(data.x, rows));
      return rows.filter((row, k) => predicted[k] !== data.label[row]).length / rows.length;
    };
    assert.ok(wrong(target) < 0.3 && wrong(foreign) > 0.55, `${wrong(target)} and ${wrong(foreign)}`);
    assert.ok(Array.from(data.domain.keys()).every(i => data.domain[i] === 0 || !data.foreign[i]));
  });

  it('have a true risk that a fresh sample confirms, and no such thing as a negative d', () => {
    const guess = (x: { rows: number }): Int32Array => new Int32Array(x.rows);
    const truth = trueRisk({ ...SIMULATION_DEFAULTS, d: 10 }, guess, 40_000);
    const data = simulate({ d: 10, sourcePapers: 1, targetPapers: 8000, seed: 1 });
    const target = rowsOfSide(data, 'target');
    close(target.filter(i => data.label[i] === 1).length / target.length, truth.value, 0.02);
    assert.equal(truth.label, 'ORACLE');
    assert.throws(() => simulate({ d: 5 }), DataError);
    assert.throws(() => simulate({ contamination: 1 }), /contamination/);
  });
});

describe('every kind of simulated data', () => {
  for (const kind of SIMULATION_KINDS)
    for (const delta of [0.6, -0.6])
      it(`weighs the source into the target with its true ratio: ${kind}, delta = ${delta}`, () => {
        const data = simulate({
          kind,
          delta,
          d: 9,
          sourcePapers: 4000,
          targetPapers: 4000,
          noise: 0.05,
          seed: 4
        });
        const [s, t] = [rowsOfSide(data, 'source'), rowsOfSide(data, 'target')];
        const w = select(data.ratio, s);
        close(mean(w), 1, 0.04, 'E w');
        close(mean(w.map(value => value * value)) - 1, trueChiSquare(data.spec), 0.12, 'chi-square');
        // Any function of row and label: here the first two coordinates, one of them only where the label is 1.
        for (const [what, f] of [
          ['first coordinate', (i: number) => data.x.data[i * 9]],
          ['second coordinate by label', (i: number) => data.label[i] * data.x.data[i * 9 + 1]]
        ] as const) {
          const weighted = mean(Float64Array.from(s, (i, k) => w[k] * f(i)));
          close(weighted, mean(Float64Array.from(t, f)), 0.07, what);
        }
        if (delta > 0) assert.deepEqual(simulate(data.spec).label, data.label);
      });

  it('has papers whose rows resemble one another, also on a manifold', () => {
    const spread = (clustering: number): number => {
      const data = simulate({
        kind: 'circle',
        sourcePapers: 3000,
        targetPapers: 1,
        d: 2,
        clustering,
        rowsPerPaper: 3,
        seed: 7
      });
      return betweenPapers(data.ratio, data.paper);
    };
    assert.ok(spread(0.8) > 1.2 * spread(0));
  });

  it('knows target papers that the source does not cover: ratio 0 there, chi-square infinite', () => {
    const spec = {
      kind: 'gaussian',
      d: 3,
      uncovered: 0.3,
      sourcePapers: 2000,
      targetPapers: 2000,
      seed: 9
    } as const;
    const data = simulate(spec);
    const target = rowsOfSide(data, 'target');
    close(target.filter(i => data.ratio[i] === 0).length / target.length, 0.3, 0.04);
    assert.ok(target.every(i => data.ratio[i] > 0 || data.x.data[3 * i + 1] > 10));
    assert.equal(trueChiSquare(spec), Infinity);
    close(mean(select(data.ratio, rowsOfSide(data, 'source'))), 0.7, 0.06);
  });

  it('refuses what a kind cannot have, and says what to do', () => {
    assert.throws(() => simulate({ kind: 'gaussian', contamination: 0.1 }), /set contamination to 0/);
    assert.throws(() => simulate({ kind: 'latent', uncovered: 0.1 }), /uncovered/);
    assert.throws(() => simulate({ kind: 'sphere5', d: 5 }), /at least 6/);
    assert.throws(() => simulate({ kind: 'klein' as never }), /the kinds are latent, gaussian/);
  });
});

describe('clean, ratio, cap, gate, train, certify', () => {
  // One sign clean, the other with a tenth of the pool foreign: the two ways in which weighting must matter.
  for (const [delta, contamination] of [
    [1, 0],
    [-1, 0.1]
  ])
    it(`certifies a true improvement with estimated weights, delta = ${delta}, ${100 * contamination} % foreign`, () => {
      const run = runPipeline(
        { delta, contamination, seed: 3 },
        { rulsif: { centres: 50, bandwidths: [0.7, 1, 2] } }
      );
      assert.notEqual(run.ratio, 'uniform');
      assert.ok(run.truth.risk < run.truth.uniformRisk - 0.1, 'weighting helps');
      assert.ok(run.risk.bound.value > run.truth.risk, 'the risk bound holds');
      assert.ok(run.risk.bound.value < 0.6, `the risk bound says something: ${run.risk.bound.value}`);
      assert.ok(run.improvement.bound.value > run.truth.difference, 'the improvement bound holds');
      assert.ok(run.improvement.bound.value < 0, `an improvement is shown: ${run.improvement.bound.value}`);
      assert.equal(run.improvement.bound.label, 'CONDITIONAL');
      assert.ok(run.meanKappaClean > 0.95);
      if (contamination) assert.ok(run.meanKappaForeign < 0.01);
    });
});
