/** The mended reference's numbers (test/golden/section8.json), which test/reference/section8.py writes. */
import { readGolden } from '../paths.js';
import type { Spread } from './cell.js';

let cells: Record<string, unknown> | undefined;

/** A number of a cell, by the names that lead to it. @throws when the file does not hold it */
export function reference(cell: string, ...path: string[]): Spread {
  cells ??= (readGolden('section8') as { cells: Record<string, unknown> }).cells;
  let at: unknown = cells[cell];
  for (const name of path) at = (at as Record<string, unknown> | undefined)?.[name];
  const n = (cells[cell] as { repeats?: number } | undefined)?.repeats ?? 1;
  if (typeof at === 'number') return { mean: at, se: 0, n };
  if (at && typeof at === 'object' && 'mean' in at) return { ...(at as { mean: number; se: number }), n };
  throw new Error(`section8.json holds no ${[cell, ...path].join(' / ')}. Run test/reference/section8.py.`);
}
