/**
 * Percentile bootstrap over papers: whole papers are drawn with replacement, so rows of one paper stay together
 * (theory.md 8, point 7). ESTIMATED, and with few papers optimistic; no certificate uses it.
 */
import { DataError } from '../../common/errors.js';
import { indexPapers, type Papers } from './papers.js';
import { Random } from '../../common/random.js';

/** A statistic of the rows, given how often each row counts. May return NaN where it is undefined. */
export type Statistic = (multiplicity: Float64Array) => number;

export interface BootstrapOptions {
  repeats?: number;
  /** Coverage aimed at. */
  level?: number;
  seed?: number;
}

export interface Interval {
  value: number;
  low: number;
  high: number;
  /** Resamples in which the statistic was defined. */
  repeats: number;
  papers: number;
}

/** @throws DataError with fewer than 2 papers, or where the statistic is undefined on the rows themselves. */
export function paperBootstrap(
  papers: Papers,
  statistic: Statistic,
  options: BootstrapOptions = {}
): Interval {
  const { repeats = 1000, level = 0.95, seed = 0 } = options;
  const index = indexPapers(papers);
  if (index.count < 2)
    throw new DataError(`An interval over papers needs at least 2 papers, got ${index.count}.`);
  const value = statistic(new Float64Array(papers.length).fill(1));
  if (Number.isNaN(value))
    throw new DataError('The statistic is undefined on these rows, so it has no interval.');
  const random = new Random(seed);
  const counts = new Float64Array(index.count);
  const multiplicity = new Float64Array(papers.length);
  const drawn: number[] = [];
  for (let r = 0; r < repeats; r++) {
    counts.fill(0);
    for (let p = 0; p < index.count; p++) counts[random.integer(index.count)]++;
    for (let i = 0; i < multiplicity.length; i++) multiplicity[i] = counts[index.of[i]];
    const one = statistic(multiplicity);
    if (!Number.isNaN(one)) drawn.push(one);
  }
  drawn.sort((a, b) => a - b);
  const at = (p: number): number => {
    const position = p * (drawn.length - 1);
    const i = Math.floor(position);
    return drawn[i] + (position - i) * ((drawn[i + 1] ?? drawn[i]) - drawn[i]);
  };
  const low = drawn.length ? at((1 - level) / 2) : NaN;
  const high = drawn.length ? at((1 + level) / 2) : NaN;
  return { value, low, high, repeats: drawn.length, papers: index.count };
}

/** Interval of statistic b minus statistic a, both on the same resamples. */
export function pairedBootstrap(
  papers: Papers,
  a: Statistic,
  b: Statistic,
  options: BootstrapOptions = {}
): Interval {
  return paperBootstrap(papers, m => b(m) - a(m), options);
}
