/**
 * How much of a value a view draws: an even subsample, as it is saved in a notebook, or every row, as it is sent to a
 * front end that asks. Which rows a view may draw at all is the value's to say.
 */
import { heldNumbers, packNumbers } from '../../../common/views/pack.js';
import { SAVED_ROWS, type Codes, type Packed, type Rows } from '../../../common/views/payload.js';
import type { Data } from './data.js';

export type Extent = 'some' | 'all';

/** What a value was computed on where that is not all rows: a preview while somebody tries parameters. */
export interface Preview {
  /** Rows of folds F and C, rising. */
  readonly rows: readonly number[];
  /** How many there are in all. */
  readonly of: number;
}

export function previewWords(preview: Preview): string {
  return `preview on ${preview.rows.length.toLocaleString('en')} of ${preview.of.toLocaleString('en')} rows`;
}

export function evenly(rows: readonly number[], extent: Extent): readonly number[] {
  if (extent === 'all' || rows.length <= SAVED_ROWS) return rows;
  return Array.from({ length: SAVED_ROWS }, (_, k) => rows[Math.floor((k * rows.length) / SAVED_ROWS)]!);
}

/** Numbers for a payload. Those of all rows stay in memory: they travel beside it and never become base64. */
export function packAs(extent: Extent, values: readonly number[]): Packed {
  return extent === 'some'
    ? packNumbers(values)
    : heldNumbers({ type: 'float32', length: values.length, data: '' }, Float32Array.from(values));
}

export function rowsOf(data: Data, rows: readonly number[], extent: Extent): Rows {
  return { data: data.id, index: packAs(extent, rows) };
}

/** Categories in the order given, whichever occur: codes that index another list, e.g. a panel's series. */
export function codesOf(categories: readonly string[], codes: readonly number[]): Codes {
  const data = Buffer.from(Uint8Array.from(codes)).toString('base64');
  return { type: 'codes', length: codes.length, categories: [...categories], data };
}

/** What the rows say and where they stand; nothing with all rows, whose words are asked for as they are needed. */
export function wordsOf(
  data: Data,
  rows: readonly number[],
  extent: Extent
): { text: string[]; place: string[] } {
  if (extent === 'all') return { text: [], place: [] };
  return {
    text: rows.map(i => data.text[i]!.slice(0, 120)),
    place: rows.map(i => placeOf(data, i).slice(0, 80))
  };
}

export function placeOf(data: Data, row: number): string {
  return `${data.table[row]} · ${data.domain[row]} ${data.fold[row]}`;
}
