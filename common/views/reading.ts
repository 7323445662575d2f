/**
 * A block of a certificate as it reads at one Γ of its grid: its terms, bound, headline, words and verdict there, with
 * the same claims, for that Γ. Nothing is computed that the payload does not hold.
 */
import { extent } from './axes.js';
import { factor } from './numbers.js';
import type { CertificateBlock } from './payload.js';

export interface Reading {
  /** The block with the numbers and words of the Γ that is read. */
  block: CertificateBlock;
  /** Γ that is read: that of the computation as long as nobody chose another. */
  gamma: number;
  /** Entry of the grid at which the bound is read. */
  entry: number;
  /** Another Γ is read than the computation's. */
  moved: boolean;
  /** The terms are those of the Γ that is read; false where the payload has only its bound. */
  whole: boolean;
  /** Smallest and largest partial sum of any Γ; empty where there is but one. */
  reach: readonly number[];
}

/** Where a waterfall's bars begin and end. */
export function sumsOf(values: readonly (number | null)[]): number[] {
  const sums = [0];
  for (const value of values) sums.push(sums[sums.length - 1]! + (value ?? 0));
  return sums;
}

/** A chip or a sentence that names Γ names the one that is read. */
function renamed(text: string, gamma: number): string {
  return text.replace(/Γ\s*=\s*[\d.]*\d/g, `Γ = ${factor(gamma)}`);
}

type Labelled = CertificateBlock['bound'];

function relabelled(number: Labelled, value: number | null, gamma: number): Labelled {
  const { assumptions, help } = number;
  return {
    ...number,
    value,
    ...(assumptions ? { assumptions: assumptions.map(text => renamed(text, gamma)) } : {}),
    ...(help === undefined ? {} : { help: renamed(help, gamma) })
  };
}

function reachOf(gamma: NonNullable<CertificateBlock['gamma']>): readonly number[] {
  return (
    extent([...(gamma.at ?? []).flatMap(at => sumsOf(at.terms)), ...(gamma.at ? gamma.bound : [])]) ?? []
  );
}

/** @param chosen The entry of the grid that a person reads, if any. */
export function readAt(block: CertificateBlock, chosen: number | undefined): Reading {
  const { gamma } = block;
  if (!gamma || gamma.grid.length === 0)
    return { block, gamma: gamma?.now ?? 1, entry: 0, moved: false, whole: true, reach: [] };
  const { grid, bound, now, at } = gamma;
  const own = grid.reduce((best, g, k) => (Math.abs(g - now) < Math.abs(grid[best]! - now) ? k : best), 0);
  const wanted = chosen === undefined || !Number.isInteger(chosen) ? own : chosen;
  const entry = Math.min(grid.length - 1, Math.max(0, wanted));
  const reach = reachOf(gamma);
  // The nearest entry of the grid stands for the computation's own Γ.
  if (entry === own) return { block, gamma: now, entry, moved: false, whole: true, reach };
  const g = grid[entry]!;
  const there = at?.[entry];
  if (!there) return { block, gamma: g, entry, moved: true, whole: false, reach };
  return {
    block: {
      ...block,
      headline: there.headline,
      words: there.words,
      verdict: there.verdict,
      terms: block.terms.map((term, k) => ({
        ...term,
        help: renamed(term.help, g),
        number: relabelled(term.number, there.terms[k] ?? null, g)
      })),
      bound: relabelled(block.bound, bound[entry]!, g)
    },
    gamma: g,
    entry,
    moved: true,
    whole: true,
    reach
  };
}
