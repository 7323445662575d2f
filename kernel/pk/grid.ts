/**
 * From cells with spans to a rectangle of text, and the rule that says which rows are the header. It knows no
 * file format.
 */
import { TableError } from '../../common/errors.js';
import { MAX_TEXT } from './text.js';

/** A cell as a file has it. A row span of 0 reaches to the end of its row group, as in HTML. */
export interface Cell {
  text: string;
  colspan?: number;
  rowspan?: number;
}

/** Where a table is, for messages. */
export interface GridPlace {
  file: string;
  table: string;
}

/** HTML's own limits on spans. */
const MAX_COLSPAN = 1000;
/** More cells than this, spans counted, is refused: it is more than a million-cell workbook's table. */
const MAX_CELLS = 2_000_000;
/** A header of more rows than this is a table that the rule below does not understand. */
const MAX_HEADER_ROWS = 6;

/**
 * The rectangle of `rows`: a spanned cell's text stands in each place that it spans. Two exceptions, because a
 * reader reads them otherwise: columns in which no cell starts are no columns; and below `head` (the number of
 * header rows, when known) a row that is one cell across the whole table is a section's title, in its first
 * column only. Short rows are filled with empty cells.
 * @throws TableError naming row and column of a cell that is too long, or a table that is too large
 */
export function expand(rows: readonly (readonly Cell[])[], place: GridPlace, head?: number): string[][] {
  const grid: (string | undefined)[][] = rows.map(() => []);
  const starts: boolean[] = [];
  let filled = 0;
  rows.forEach((row, r) => {
    const end = head !== undefined && r < head ? head : rows.length;
    let c = 0;
    for (const cell of row) {
      while (grid[r]![c] !== undefined) c++;
      if (cell.text.length > MAX_TEXT) {
        throw new TableError(
          { ...place, row: r + 1, column: `${c + 1}` },
          `${place.file}, table ${place.table}, row ${r + 1}, column ${c + 1}: the cell has ${cell.text.length} characters; at most ${MAX_TEXT} are read. Take out what is not part of the table.`
        );
      }
      const width = Math.min(Math.max(cell.colspan ?? 1, 1), MAX_COLSPAN);
      const height = Math.min(cell.rowspan === 0 ? end - r : Math.max(cell.rowspan ?? 1, 1), end - r);
      starts[c] = true;
      filled += width * height;
      if (filled > MAX_CELLS) {
        throw new TableError(
          { ...place, row: r + 1 },
          `${place.file}, table ${place.table}, row ${r + 1}: the table has more than ${MAX_CELLS} cells, spans counted. Split the table, or mend its spans.`
        );
      }
      for (let y = r; y < r + height; y++) {
        const line = grid[y]!;
        for (let x = c; x < c + width; x++) line[x] ??= cell.text;
      }
      c += width;
    }
  });
  const columns = [...starts.keys()].filter(c => starts[c]);
  const all = columns.length === starts.length;
  return grid.map((line, r) => {
    const own = rows[r]!;
    const section = own.length === 1 && columns.length > 1 && r >= (head ?? 1) && line.length > 0;
    if (section && columns.every(c => line[c] === own[0]!.text)) {
      return columns.map((_, i) => (i === 0 ? own[0]!.text : ''));
    }
    if (all && line.length === columns.length && !line.includes(undefined)) return line as string[];
    return columns.map(c => line[c] ?? '');
  });
}

const MISSING = /^(?:[-–—−.·…*]*|n\.?[adr]\.?|n\/a|nd|na|nr|nc|ns|blq?|bloq|lloq)$/i;
const NUMBER = /^(?:p\s*)?[([<>≤≥~≈=±+\-−–\s]*(?:\d|\.\d)/i;

/** Whether a cell is a value: a number with its spread, interval or mark, but not "10 mg" or "n = 8". */
export function isValue(text: string): boolean {
  if (!NUMBER.test(text)) return false;
  const words = text
    .replace(/\b(?:to|and|or|vs|e[-+]?\d+|x)\b/gi, ' ')
    .replace(/(\d)[a-z]{1,2}(?=$|[\s,;)])/gi, '$1')
    .match(/\p{L}{2,}/gu);
  return !words;
}

/** Whether at least half of a row's cells after the first are values; missing ones ("–", "NA") do not count. */
function mostlyValues(row: readonly string[]): boolean {
  const said = row.slice(row.length > 1 ? 1 : 0).filter(text => !MISSING.test(text));
  return said.length > 0 && said.filter(isValue).length * 2 >= said.length;
}

/** Whether `row` goes on with a header that `above` left open by an empty or repeated cell. */
function continues(above: readonly string[], row: readonly string[]): boolean {
  const said = row.filter(text => text !== '');
  if (said.length === 0 || (said.length === 1 && row[0] !== '' && row.length > 1)) return false;
  const open = (c: number): boolean =>
    above[c] === '' || (c > 0 && above[c] === above[c - 1]) || (c > 0 && above[c] === above[c + 1]);
  const units = said.filter(text => /^[([].*[)\]]$/.test(text)).length;
  if (row.some((text, c) => text !== '' && text !== above[c] && open(c)) || units * 2 > said.length)
    return true;
  // Where a converter lost the first header's row span, the second header has slipped to the left.
  const slipped = said.length > 1 && row.slice(0, said.length).every(text => text !== '');
  return slipped && said.length < row.length && above.slice(1, -1).includes('');
}

/**
 * How many rows from the top are the header, when the file does not say. The first row is. A row below is, when
 * it is not mostly values, the row above left places open for it (empty cells, or one text repeated across
 * several columns) or it is made of units in parentheses, and a row that is mostly values follows within three.
 * `known` rows are header for certain.
 */
export function headerRows(grid: readonly (readonly string[])[], known = 0): number {
  let head = Math.max(known, 1);
  if (mostlyValues(grid[head - 1] ?? [])) return Math.min(head, grid.length);
  while (head < Math.min(grid.length - 1, MAX_HEADER_ROWS)) {
    const row = grid[head]!;
    if (mostlyValues(row) || !continues(grid[head - 1]!, row)) break;
    if (!grid.slice(head + 1, head + 4).some(mostlyValues)) break;
    head++;
  }
  return Math.min(head, grid.length);
}
