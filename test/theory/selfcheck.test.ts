/** The self-check at a small size, on both signs of the shift; and that it can see what is wrong. */
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { limitCheck, rateCheck, referenceCheck, spread, type Check } from '../selfcheck/cell.js';
import { CELLS, plot, report } from '../selfcheck/index.js';

/** Cells by name, with the repeats of a small run. */
const SMALL: Record<string, number> = {
  'coverage n=500 delta=1 in papers': 20,
  'coverage n=500 delta=-1 in papers': 20,
  'false improvements delta=1': 8,
  'false improvements delta=-1': 8,
  'papers as the unit': 60,
  'betting bound, rare ones': 200,
  'betting bound, two points': 200,
  'chi-square gaussian delta=-0.5': 12,
  'chi-square covariance delta=0.8': 8,
  'clean weight D=19 sigma=0.05': 5,
  'similarity tilt h=1': 3,
  'distance torus d=20 sigma=0.05': 1,
  'flags circle d=50 noise 0.1': 3,
  'hybrid eta=0.2': 1
};

describe('the self-check', () => {
  for (const [id, repeats] of Object.entries(SMALL))
    it(`finds the code consistent: ${id}`, () => {
      const cell = CELLS.find(each => each.id === id);
      assert.ok(cell, `no cell ${id}`);
      const checks = cell.judge(cell.run(repeats), repeats);
      assert.ok(checks.length > 0);
      for (const { what, measured, expected, fine } of checks)
        // One repeat has no standard error to allow for.
        if (repeats > 1 || !expected.includes('reference'))
          assert.ok(fine, `${what}: ${measured}; ${expected}`);
    });

  it('has cells of distinct names, some of each part in a quick run', () => {
    const ids = CELLS.map(cell => cell.id);
    assert.equal(new Set(ids).size, ids.length);
    for (const part of new Set(CELLS.map(cell => cell.part)))
      assert.ok(
        CELLS.some(cell => cell.part === part && cell.quick > 0),
        `no quick cell of ${part}`
      );
  });
});

describe('its checks', () => {
  it('tell a rate above delta, a mean above its limit and a mean off the reference', () => {
    assert.ok(rateCheck('', 12, 200, 0.05).fine);
    assert.ok(!rateCheck('', 30, 200, 0.05).fine);
    const value = spread([1.01, 0.99, 1, 1.02, 0.98]);
    assert.ok(limitCheck('', value, 0.99).fine);
    assert.ok(!limitCheck('', value, 0.9).fine);
    assert.ok(referenceCheck('', value, { mean: 1.05, se: 0.01, n: 20 }).fine);
    assert.ok(!referenceCheck('', value, { mean: 1.4, se: 0.01, n: 20 }).fine);
  });

  it('allow few repeats more standard errors than many', () => {
    assert.ok(limitCheck('', { mean: 1, se: 0.1, n: 4 }, 0.4).fine);
    assert.ok(!limitCheck('', { mean: 1, se: 0.1, n: 400 }, 0.4).fine);
  });
});

describe('its report', () => {
  const wrong: Check = { ...rateCheck('bound: misses', 40, 100, 0.05), plot: 'misses' };
  const right: Check = { ...rateCheck('tilt: misses', 2, 100, 0.05), plot: 'misses' };

  it('names first what is inconsistent, and draws it', () => {
    const result = {
      id: 'one',
      part: 'coverage',
      repeats: 100,
      measured: {},
      checks: [right, wrong],
      seconds: 1
    };
    const made = report([result], ['Size: quick.'], 'pictures/');
    assert.deepEqual(made.wrong, [wrong]);
    assert.match(made.text, /1 of 2 checks are consistent/);
    assert.ok(made.text.indexOf('## Inconsistent') < made.text.indexOf('## Theorem 1B'));
    assert.match(made.text, /!\[[^\]]+\]\(pictures\/selfcheck-misses\.svg\)/);
    assert.match(made.plots['selfcheck-misses.svg'], /<svg[\s\S]*bound: misses[\s\S]*<\/svg>/);
  });

  it('draws names as text, whatever is in them, and nothing without a dot', () => {
    const svg = plot('a < b', '"axis"', [{ ...right, what: 'n & <m>' }]);
    assert.match(svg ?? '', /n &amp; &lt;m&gt;/);
    assert.doesNotMatch(svg ?? '', /<m>/);
    assert.equal(plot('a', 'b', [{ what: 'a', measured: '', expected: '', fine: true }]), undefined);
  });
});
