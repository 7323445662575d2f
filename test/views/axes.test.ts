import assert from 'node:assert/strict';
import { test } from 'node:test';
import { extent, linear, logarithmic, padded } from '../../common/views/axes.js';
import { brief, fixed, signed } from '../../common/views/numbers.js';

test('the extent of numbers skips what is not finite, and of nothing is nothing', () => {
  assert.deepEqual(extent([3, NaN, -1, Infinity, 2]), [-1, 3]);
  assert.equal(extent([NaN, -Infinity]), undefined);
  assert.equal(extent([]), undefined);
});

test('a domain of one number gets room around it, so that its mark stands inside the axis', () => {
  assert.deepEqual(padded([5, 5], 0.1), [4.5, 5.5]);
  assert.deepEqual(padded([0, 0], 0.1), [-0.5, 0.5]);
  const scale = linear([5, 5], [0, 100]);
  assert.ok(scale.ticks.length >= 2);
  assert.ok(Math.abs(scale(5) - 50) < 1e-9);
});

test('logarithmic ticks are few, round, inside the domain, and rise', () => {
  for (const domain of [
    [0.1, 4],
    [0.013, 4.2],
    [1e-6, 1e6],
    [2, 2],
    [2.1, 2.3]
  ] as [number, number][]) {
    const scale = logarithmic(domain, [0, 300], 5);
    assert.ok(scale.ticks.length >= 2 && scale.ticks.length <= 5, `${domain}: ${scale.ticks.length}`);
    const places = scale.ticks.map(tick => scale(tick.value));
    assert.ok(places.every((p, i) => p >= -1 && p <= 301 && (i === 0 || p > places[i - 1]!)));
  }
  assert.deepEqual(
    logarithmic([0.1, 4], [0, 1], 6).ticks.map(tick => tick.text),
    ['0.1', '0.2', '0.5', '1', '2']
  );
  assert.throws(() => logarithmic([0, 1], [0, 1]), RangeError);
});

test('numbers are short, with a true minus sign, and what is no number says so', () => {
  assert.equal(brief(-1037), '−1,037');
  assert.equal(brief(0.7213), '0.721');
  assert.equal(brief(2.5e-6), '2.5e-6');
  assert.equal(brief(null), 'n/a');
  assert.equal(fixed(NaN), 'n/a');
  assert.equal(signed(0.034), '+0.034');
  assert.equal(signed(-0.009), '−0.009');
  assert.equal(signed(0), '0.000');
});
