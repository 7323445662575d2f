/**
 * What a self-check is made of: cells, each of which measures something on data whose truth is known, and the checks
 * that say whether what it measured is consistent with what the theory says.
 */
import { binomialUpperTail, normalQuantile } from '../../kernel/theory/index.js';
import { mean } from '../theory/support/sample.js';

/** A number of the measurement: a count or constant, or a mean over repeats with its standard error. */
export type Measured = Record<string, number | Spread>;

export interface Spread {
  mean: number;
  se: number;
  /** Repeats behind it. */
  n: number;
}

export interface Check {
  what: string;
  measured: string;
  expected: string;
  fine: boolean;
  /** The plot that shows it; none when left out. */
  plot?: string;
  /** Its dot there: the value with its error, what is expected of it, and what it may not exceed. */
  dot?: { value: number; se?: number; ends?: [low: number, high: number]; mark?: number; limit?: number };
}

export interface Cell {
  id: string;
  part: string;
  /** How often at full size, and in a quick run; 0 leaves the cell out of quick runs. */
  repeats: number;
  quick: number;
  /** Seconds of one repeat, roughly: long cells are begun first. */
  cost: number;
  run(repeats: number): Measured;
  judge(measured: Measured, repeats: number): Check[];
}

/** Level of every test: with some hundred tests a run has a false alarm in some ten runs. */
export const LEVEL = 0.001;

/** Values of each name as they come, one a repeat. */
export class Tally {
  private readonly values = new Map<string, number[]>();

  add(name: string, value: number): void {
    const list = this.values.get(name);
    if (list) list.push(value);
    else this.values.set(name, [value]);
  }

  /** The mean of each name over its values, with its standard error. */
  means(): Measured {
    return Object.fromEntries([...this.values].map(([name, list]) => [name, spread(list)]));
  }

  /** The sums of these names: of those that were added as 0 or 1, how often. */
  counts(...names: string[]): Measured {
    return Object.fromEntries(
      names.map(name => [name, (this.values.get(name) ?? []).reduce((a, b) => a + b, 0)])
    );
  }
}

/** What `once` adds in so many repeats. */
export function tallied(repeats: number, once: (tally: Tally, repeat: number) => void): Tally {
  const tally = new Tally();
  for (let repeat = 0; repeat < repeats; repeat++) once(tally, repeat);
  return tally;
}

export function spread(values: readonly number[]): Spread {
  const n = values.length;
  const centre = mean(values);
  const variance = n > 1 ? values.reduce((sum, v) => sum + (v - centre) ** 2, 0) / (n - 1) : 0;
  return { mean: centre, se: Math.sqrt(variance / n), n };
}

/** A name of the measurement that is a mean. @throws when it is none: a slip in a cell. */
export function meanOf(measured: Measured, name: string): Spread {
  const value = measured[name];
  if (typeof value === 'object') return value;
  throw new Error(`The cell measured no mean "${name}".`);
}

export function countOf(measured: Measured, name: string): number {
  const value = measured[name];
  if (typeof value === 'number') return value;
  throw new Error(`The cell measured no count "${name}".`);
}

/** Misses are no more than delta explains, by the exact binomial test (errata.md E, item 10). */
export function rateCheck(what: string, misses: number, repeats: number, delta: number): Check {
  const p = binomialUpperTail(misses, repeats, delta);
  return {
    what,
    measured: `${misses} of ${repeats}`,
    expected: `rate at most ${delta} (exact test, p = ${p < 0.001 ? p.toExponential(1) : p.toFixed(3)})`,
    fine: p > LEVEL,
    dot: { value: misses / repeats, ends: exactInterval(misses, repeats), limit: delta }
  };
}

/** Clopper and Pearson's interval of a rate at 95 %, by bisection. */
export function exactInterval(misses: number, repeats: number): [low: number, high: number] {
  const solve = (k: number, tail: number): number => {
    let [low, high] = [0, 1];
    for (let step = 0; step < 40; step++) {
      const middle = (low + high) / 2;
      if (binomialUpperTail(k, repeats, middle) < tail) low = middle;
      else high = middle;
    }
    return low;
  };
  return [misses === 0 ? 0 : solve(misses, 0.025), misses === repeats ? 1 : solve(misses + 1, 0.975)];
}

/** A mean is the closed form's within a share of it. */
export function closedCheck(what: string, value: Spread | number, closed: number, share: number): Check {
  const measured = typeof value === 'number' ? value : value.mean;
  return {
    what,
    measured: round(measured),
    expected: `${round(closed)} within ${100 * share} %`,
    fine: Math.abs(measured - closed) <= share * Math.abs(closed),
    dot: { value: measured / closed, limit: 1 + share, mark: 1 }
  };
}

/**
 * Standard errors that a mean of n repeats may be off at `LEVEL`, one-sided: Student's quantile by its expansion about
 * the normal one, fit for n of 3 and more.
 */
export function errors(n: number): number {
  const z = normalQuantile(1 - LEVEL);
  const nu = Math.max(n - 1, 1);
  return z + (z ** 3 + z) / (4 * nu) + (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * nu * nu);
}

/** A mean is at most a limit, but for what its standard error explains. */
export function limitCheck(what: string, value: Spread, limit: number): Check {
  return {
    what,
    measured: withError(value),
    expected: `at most ${round(limit)}`,
    fine: value.mean <= limit + errors(value.n) * value.se + 1e-12,
    dot: { value: value.mean, se: value.se, limit }
  };
}

/**
 * A mean is the reference's: within 10 % or .01, whichever is more, beside what the standard errors of both
 * explain, as other random numbers enter.
 */
export function referenceCheck(what: string, value: Spread, reference: Spread): Check {
  const room =
    Math.max(0.1 * Math.abs(reference.mean), 0.01) +
    errors(Math.min(value.n, reference.n)) * Math.hypot(value.se, reference.se);
  return {
    what,
    measured: withError(value),
    expected: `${withError(reference)} (reference), within ${round(room)}`,
    fine: Math.abs(value.mean - reference.mean) <= room,
    dot: { value: value.mean, se: value.se, mark: reference.mean }
  };
}

export function round(value: number): string {
  return String(Number(value.toPrecision(4)));
}

export function withError({ mean, se }: Spread): string {
  return se > 0 ? `${round(mean)} ± ${Number(se.toPrecision(2))}` : round(mean);
}
