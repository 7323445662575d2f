/** Recipe P's weights, means, quantiles and folds; bootstrap and metrics over papers. */
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { DataError, FoldError } from '../../common/errors.js';
import {
  accuracy,
  confusionCounts,
  foldOnly,
  indexPapers,
  macroF1,
  oneRowPerPaper,
  pairedBootstrap,
  paperBootstrap,
  paperEss,
  paperFolds,
  paperMeans,
  paperRisk,
  paperWeights,
  Random,
  weightedMean,
  weightedQuantile
} from '../../kernel/theory/index.js';
import { close } from './support/check.js';

const papersAndValues = fc.array(
  fc.tuple(fc.integer({ min: 0, max: 6 }), fc.integer({ min: -50, max: 50 })),
  {
    minLength: 1,
    maxLength: 40
  }
);

describe('papers', () => {
  it('weigh every paper alike, whatever its rows', () => {
    const w = paperWeights(['a', 'b', 'b', 'b', 'c']);
    assert.deepEqual(
      Array.from(w, v => Number(v.toFixed(12))),
      [1 / 3, 1 / 9, 1 / 9, 1 / 9, 1 / 3].map(v => Number(v.toFixed(12)))
    );
  });

  it('give the mean of paper means, in any order of rows', () => {
    fc.assert(
      fc.property(papersAndValues, fc.integer(), (rows, seed) => {
        const order = new Random(seed).permutation(rows.length);
        const mean = (list: [number, number][]): number =>
          weightedMean(
            list.map(row => row[1]),
            paperWeights(list.map(row => row[0]))
          );
        const means = paperMeans(
          rows.map(row => row[1]),
          rows.map(row => row[0])
        );
        close(mean(rows), means.reduce((a, b) => a + b, 0) / means.length, 1e-9);
        close(mean(Array.from(order, i => rows[i])), mean(rows), 1e-9);
      })
    );
  });

  it('have quantiles that do not change when a row is split into copies', () => {
    fc.assert(
      fc.property(papersAndValues, fc.double({ min: 0, max: 1, noNaN: true }), (rows, p) => {
        const values = rows.map(row => row[1]);
        const weights = rows.map(row => 1 + row[0]);
        const once = weightedQuantile(values, weights, p);
        const twice = weightedQuantile([...values, ...values], [...weights, ...weights], p);
        assert.equal(once, twice);
        assert.ok(values.includes(once));
      })
    );
  });

  it('have quantiles that rise with the level', () => {
    const levels = [0, 0.1, 0.5, 0.9, 1].map(p => weightedQuantile([3, 1, 2, 5], [1, 5, 1, 1], p));
    assert.deepEqual(levels, [1, 1, 1, 5, 5]);
  });

  it('have an effective number between 1 and their count, whatever the scale of the weights', () => {
    fc.assert(
      fc.property(papersAndValues, fc.double({ min: 0.01, max: 100, noNaN: true }), (rows, scale) => {
        const papers = rows.map(row => row[0]);
        const weights = rows.map(row => 1 + Math.abs(row[1]));
        const ess = paperEss(weights, papers);
        assert.ok(ess >= 1 - 1e-9 && ess <= indexPapers(papers).count + 1e-9);
        close(
          paperEss(
            weights.map(w => w * scale),
            papers
          ),
          ess,
          1e-9
        );
      })
    );
    assert.equal(paperEss([1, 1, 1, 1], ['a', 'a', 'a', 'b']), 2);
  });

  it('are never split between folds, also not between source and target', () => {
    const source = Array.from({ length: 60 }, (_, i) => `p${i % 12}`);
    const target = Array.from({ length: 30 }, (_, i) => `p${8 + (i % 6)}`);
    const folds = paperFolds(source, target, 5, new Random(1));
    const of = new Map<string, number>();
    [...source].forEach((paper, i) => of.set(paper, folds.source[i]));
    source.forEach((paper, i) => assert.equal(folds.source[i], of.get(paper)));
    target.forEach((paper, i) => of.has(paper) && assert.equal(folds.target[i], of.get(paper)));
    for (let k = 0; k < folds.folds; k++) assert.ok(folds.target.includes(k) && folds.source.includes(k));
    assert.throws(() => paperFolds(['a', 'a'], ['b', 'c'], 3, new Random(1)), DataError);
  });

  it('give one row each to a conformal reference', () => {
    const papers = ['a', 'b', 'b', 'a', 'c'];
    const rows = oneRowPerPaper(papers, new Random(3));
    assert.deepEqual(Array.from(rows, i => papers[i]).sort(), ['a', 'b', 'c']);
  });

  it('keep rows of another fold out, by name', () => {
    assert.deepEqual(Array.from(foldOnly([0, 2], ['F', 'V', 'F'], ['F'])), [0, 2]);
    assert.throws(
      () => foldOnly([0, 1], ['F', 'V', 'F'], ['F', 'C'], 'the ratio'),
      (error: Error) =>
        error instanceof FoldError && /1 of fold V/.test(error.message) && /the ratio/.test(error.message)
    );
  });
});

describe('the paper bootstrap', () => {
  const papers = Array.from({ length: 200 }, (_, i) => Math.floor(i / 10));
  const values = papers.map(paper => paper / 20);
  const mean = (m: Float64Array): number => weightedMean(values, m);

  it('is as wide as papers differ, not as rows do', () => {
    const byPaper = paperBootstrap(papers, mean, { seed: 1 });
    const byRow = paperBootstrap(
      papers.map((_, i) => i),
      mean,
      { seed: 1 }
    );
    assert.ok(byPaper.high - byPaper.low > 2.5 * (byRow.high - byRow.low));
    assert.ok(byPaper.low < byPaper.value && byPaper.value < byPaper.high);
    assert.deepEqual(paperBootstrap(papers, mean, { seed: 1 }), byPaper);
    assert.notDeepEqual(paperBootstrap(papers, mean, { seed: 2 }), byPaper);
  });

  it('pairs its differences', () => {
    const shifted = pairedBootstrap(papers, mean, m => mean(m) + 0.1, { seed: 1 });
    close(shifted.low, 0.1, 1e-12);
    close(shifted.high, 0.1, 1e-12);
  });

  it('refuses a single paper', () => assert.throws(() => paperBootstrap([1, 1], mean), DataError));
});

describe('metrics', () => {
  const truth = [0, 0, 1, 1, 2];
  const predicted = [0, 1, 1, 1, 0];

  it('count, and weigh F1 by class', () => {
    const counts = confusionCounts(truth, predicted, 4);
    assert.deepEqual(Array.from(counts.data.subarray(0, 4)), [1, 1, 0, 0]);
    close(accuracy(counts), 0.6, 1e-12);
    // F1: .5, .8, 0; class 3 never occurs and is left out.
    close(macroF1(counts), (0.5 + 0.8 + 0) / 3, 1e-12);
    close(macroF1(counts, [0, 1]), 0.65, 1e-12);
    assert.ok(Number.isNaN(macroF1(counts, [3])));
  });

  it('count a row as often as its multiplicity says', () => {
    const twice = confusionCounts([...truth, ...truth], [...predicted, ...predicted], 3);
    assert.deepEqual(confusionCounts(truth, predicted, 3, [2, 2, 2, 2, 2]).data, twice.data);
  });

  it('average papers, not rows', () =>
    close(paperRisk(truth, predicted, ['a', 'a', 'a', 'a', 'b']), (0.25 + 1) / 2, 1e-12));

  it('refuse a label outside the classes', () =>
    assert.throws(() => confusionCounts([5], [0], 2), DataError));
});
