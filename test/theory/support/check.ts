/** Small checks shared by the tests of this folder. */
import assert from 'node:assert/strict';
import { binomialUpperTail } from '../../../kernel/theory/index.js';

/** |actual - expected| <= tolerance (1 + |expected|) */
export function close(actual: number, expected: number, tolerance: number, what: string = 'value'): void {
  assert.ok(
    Math.abs(actual - expected) <= tolerance * (1 + Math.abs(expected)),
    `${what}: ${actual} is not ${expected} within ${tolerance}`
  );
}

export function allClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number,
  what: string = 'entry'
): void {
  assert.equal(actual.length, expected.length, `${what}: lengths differ`);
  for (let i = 0; i < expected.length; i++) close(actual[i], expected[i], tolerance, `${what} ${i}`);
}

/** Misses in repeats are consistent with a miss rate of delta, by the exact binomial test at level .001. */
export function consistent(misses: number, repeats: number, delta: number): void {
  const p = binomialUpperTail(misses, repeats, delta);
  assert.ok(p > 0.001, `${misses} misses in ${repeats} are too many for delta = ${delta} (p = ${p})`);
}
