/**
 * The rows of a cloud of points: which part each belongs to, and which of them a person has selected. Decoded once
 * a payload and counted once a selection; drawing, which happens many times a second, only reads.
 */
import { codesOf, numbersOf } from './pack.js';
import type { Codes, Rows } from './payload.js';

export type Part = 'source' | 'target' | 'flagged';
export const PARTS: readonly Part[] = ['source', 'target', 'flagged'];

/** What a payload says of its rows besides where they stand. */
export interface RowSource {
  domain: Codes;
  flagged?: Codes | undefined;
  rows?: Rows | undefined;
}

export interface CloudRows {
  n: number;
  /** Index into PARTS, a row. */
  part: Uint8Array;
  counts: readonly number[];
  /** Number in Data of each row; its position where the payload does not tell. */
  index: Float32Array;
}

const decoded = new WeakMap<Codes, CloudRows>();

export function rowsOf(source: RowSource): CloudRows {
  let found = decoded.get(source.domain);
  if (!found) {
    const codes = codesOf(source.domain);
    const target = source.domain.categories.map(name => name === 'target');
    const flags = source.flagged && codesOf(source.flagged);
    const raised = source.flagged?.categories.map(name => /^(1|yes|true|flagged)$/.test(name));
    const counts = [0, 0, 0];
    const part = new Uint8Array(codes.length);
    for (let i = 0; i < codes.length; i++) {
      const value = flags && raised![flags[i]!] ? 2 : target[codes[i]!] ? 1 : 0;
      part[i] = value;
      counts[value]!++;
    }
    const index = source.rows ? numbersOf(source.rows.index) : Float32Array.from(codes, (_, i) => i);
    found = { n: codes.length, part, counts, index };
    decoded.set(source.domain, found);
  }
  return found;
}

/** 1 where a row is selected. */
export type Mask = Uint8Array;

const masks = new WeakMap<ReadonlySet<number>, WeakMap<Float32Array, { size: number; mask: Mask }>>();

/** Which of these rows are selected; undefined when nothing is. A set that grew or shrank is read again. */
export function maskOf(index: Float32Array, selected: ReadonlySet<number> | undefined): Mask | undefined {
  if (!selected) return undefined;
  let known = masks.get(selected);
  if (!known) masks.set(selected, (known = new WeakMap()));
  let found = known.get(index);
  if (found?.size !== selected.size) {
    const mask = new Uint8Array(index.length);
    for (let i = 0; i < mask.length; i++) if (selected.has(index[i]!)) mask[i] = 1;
    known.set(index, (found = { size: selected.size, mask }));
  }
  return found.mask;
}

const tallies = new WeakMap<Mask, WeakMap<Uint8Array, Float64Array>>();

/** How many of the selected rows have each code. */
export function tally(codes: Uint8Array, mask: Mask, kinds: number): Float64Array {
  let known = tallies.get(mask);
  if (!known) tallies.set(mask, (known = new WeakMap()));
  let found = known.get(codes);
  if (!found) {
    found = new Float64Array(kinds);
    for (let i = 0; i < codes.length; i++) if (mask[i]) found[codes[i]!]!++;
    known.set(codes, found);
  }
  return found;
}
