/**
 * What every format's reader finds, and the one way from there to a PkTable, so that a table is the same
 * whichever file it came in.
 */
import { TableError } from '../../common/errors.js';
import type { PkTable } from '../../common/tables.js';
import { expand, headerRows, type Cell } from './grid.js';
import { cleanText, isBareTitle, isFootnote, isTableTitle, MAX_TEXT } from './text.js';

/** A table as one file format has it. */
export interface PrintedTable {
  caption: string;
  rows: Cell[][];
  /** Number of header rows, when the file marks them; `atLeast` when rows below may be header, too. */
  head?: number;
  atLeast?: boolean;
  footnotes: string[];
  /** The paper, when the file says it: front matter, an article's id. */
  paper?: string;
}

/** A text block beside a table, in document order. */
export interface Block {
  kind: 'heading' | 'paragraph' | 'table';
  /** Cleaned text; each line of its own, where the file breaks lines. */
  lines: string[];
  bold?: boolean;
}

/**
 * The caption of the table at `index`: going back, the nearest heading, bold paragraph or paragraph that starts
 * "Table N". A title that is a number alone is joined with the paragraph right below it. Another table ends the
 * search.
 */
export function captionBefore(blocks: readonly Block[], index: number): string {
  for (let i = index - 1; i >= 0 && blocks[i]!.kind !== 'table'; i--) {
    const block = blocks[i]!;
    const text = block.lines.join(' ');
    if (block.kind !== 'heading' && !block.bold && !isTableTitle(text)) continue;
    const below = blocks[i + 1]!;
    if (isBareTitle(text) && i + 1 < index && below.kind === 'paragraph')
      return `${text} ${below.lines.join(' ')}`;
    return text;
  }
  return '';
}

/** The footnotes of the table at `index`: the paragraphs right below it that start as footnotes do. */
export function footnotesAfter(blocks: readonly Block[], index: number): string[] {
  const notes: string[] = [];
  for (let i = index + 1; i < blocks.length; i++) {
    const { kind, lines } = blocks[i]!;
    if (kind !== 'paragraph' || !isFootnote(lines[0] ?? '')) break;
    for (const line of lines) {
      if (isFootnote(line)) notes.push(line);
      else notes.push(`${notes.pop()!} ${line}`);
    }
  }
  return notes;
}

/**
 * @param file path as shown in messages
 * @throws TableError when the table has no rows, a text is too long, or its spans are too large
 */
export function toPkTable(found: PrintedTable, id: string, paper: string, file: string): PkTable {
  const place = { file, table: id };
  const grid = expand(found.rows, place, found.atLeast ? undefined : found.head);
  if (grid.length === 0 || grid[0]!.length === 0) {
    throw new TableError(place, `${file}, table ${id}: the table has no cells. Take it out, or fill it.`);
  }
  // A last row with nothing but a footnote's text is a footnote that was typed into the table.
  const notes: string[] = [];
  while (grid.length > 2 && grid[0]!.length > 1) {
    const [first, ...rest] = grid[grid.length - 1]!;
    if (!isFootnote(first!) || rest.some(text => text !== '')) break;
    notes.unshift(first!);
    grid.pop();
  }
  const head = found.head !== undefined && !found.atLeast ? found.head : headerRows(grid, found.head ?? 0);
  const footnotes = [...notes, ...found.footnotes];
  for (const [what, text] of [['caption', found.caption], ...footnotes.map(note => ['footnote', note])]) {
    if (text!.length > MAX_TEXT)
      throw new TableError(
        place,
        `${file}, table ${id}: its ${what} has ${text!.length} characters; at most ${MAX_TEXT} are read. Take out what is not part of the table.`
      );
  }
  return {
    table_id: id,
    paper_id: paper,
    ...(found.caption === '' ? {} : { caption: found.caption }),
    header_rows: grid.slice(0, head),
    rows: grid.slice(head),
    footnotes
  };
}

/**
 * Tables in the rows of a sheet or of a CSV file: leading lines with text in the first cell only are the
 * caption, trailing ones the footnotes, and a line "Table N" below an empty one begins the next table.
 */
export function tablesInSheet(rows: readonly (readonly Cell[])[]): PrintedTable[] {
  const only = (row: readonly Cell[]): string | undefined => {
    const said = row.filter(cell => cell.text !== '');
    return said.length === 1 && row[0] === said[0] ? said[0]!.text : undefined;
  };
  const empty = (row: readonly Cell[]): boolean => row.every(cell => cell.text === '');
  const blocks: (readonly Cell[])[][] = [[]];
  rows.forEach((row, r) => {
    if (r > 0 && empty(rows[r - 1]!) && isTableTitle(only(row) ?? '')) blocks.push([]);
    blocks[blocks.length - 1]!.push(row);
  });
  const tables: PrintedTable[] = [];
  for (const block of blocks) {
    let first = 0;
    let last = block.length;
    const width = Math.max(0, ...block.map(row => row.length));
    const caption: string[] = [];
    const footnotes: string[] = [];
    if (width > 1) {
      for (; first < last && (empty(block[first]!) || only(block[first]!) !== undefined); first++)
        caption.push(only(block[first]!) ?? '');
      for (; last > first; last--) {
        const row = block[last - 1]!;
        if (empty(row)) continue;
        const text = only(row);
        // Below an empty line any text is a footnote; right below the table it must start as one.
        if (text === undefined || !(isFootnote(text) || isGapAbove(block, last - 1))) break;
        footnotes.unshift(text);
      }
    }
    const body = block.slice(first, last).filter(row => !empty(row));
    if (body.length > 0)
      tables.push({
        caption: caption.filter(text => text !== '').join(' '),
        rows: body.map(row => [...row]),
        footnotes
      });
  }
  return tables;
}

/** Whether the single-cell lines that end at `index` have an empty line above them. */
function isGapAbove(block: readonly (readonly Cell[])[], index: number): boolean {
  for (let i = index; i >= 0; i--) {
    const said = block[i]!.filter(cell => cell.text !== '').length;
    if (said === 0) return true;
    if (said > 1) return false;
  }
  return false;
}

/** Cells of plain text. */
export function cells(texts: readonly string[]): Cell[] {
  return texts.map(text => ({ text: cleanText(text) }));
}
