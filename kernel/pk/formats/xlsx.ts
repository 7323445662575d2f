/**
 * Tables of an Excel workbook, through SheetJS: what each visible sheet shows, as formatted there. Formulas are
 * not computed (the workbook's stored results are read), macros and links are not opened. Not the old .xls.
 */
import type { WorkSheet } from '@e965/xlsx';
import { TableError } from '../../../common/errors.js';
import type { Cell } from '../grid.js';
import { tablesInSheet, type PrintedTable } from '../printed.js';
import { cleanText } from '../text.js';
import { textOf } from './html.js';

/** A workbook that unpacks to more than this is refused: a small file can be made to fill the memory. */
const MAX_UNPACKED = 256 * 1024 * 1024;

const startsWith = (bytes: Uint8Array, ...head: number[]): boolean =>
  head.every((byte, i) => bytes[i] === byte);

async function checkContainer(bytes: Uint8Array, file: string): Promise<void> {
  if (startsWith(bytes, 0xd0, 0xcf, 0x11, 0xe0)) {
    const encrypted = Buffer.from(bytes).includes(Buffer.from('EncryptedPackage', 'utf16le'));
    throw new TableError(
      { file },
      encrypted
        ? `${file}: the workbook is protected by a password. Save it without one and load it again.`
        : `${file}: an old Excel file (.xls) with a new ending. Save it as .xlsx and load it again.`
    );
  }
  const { unzipSync } = await import('fflate');
  let size = 0;
  try {
    unzipSync(bytes, {
      filter: entry => {
        size += entry.originalSize;
        return false;
      }
    });
  } catch {
    throw new TableError({ file }, `${file}: not an Excel workbook. Save it as .xlsx and load it again.`);
  }
  if (size > MAX_UNPACKED)
    throw new TableError(
      { file },
      `${file}: the workbook unpacks to ${Math.round(size / 2 ** 20)} MB; at most ${MAX_UNPACKED / 2 ** 20} MB are read. Save the sheets with tables alone.`
    );
}

/** A sheet's rows; a merged range is its first cell with spans, the cells below it are not there. */
function rowsOf(
  sheet: WorkSheet,
  file: string,
  fragment: (html: string) => Parameters<typeof textOf>[0]
): Cell[][] {
  const data = sheet['!data'] ?? [];
  const width = data.reduce((most, row) => Math.max(most, row?.length ?? 0), 0);
  // Tables seldom begin in column A.
  const left = data.reduce((least, row) => {
    const first = row?.findIndex(cell => cell?.v !== undefined && cell.v !== '') ?? -1;
    return first < 0 ? least : Math.min(least, first);
  }, width);
  const spans = new Map<string, { colspan: number; rowspan: number }>();
  const covered = new Set<string>();
  for (const { s, e } of sheet['!merges'] ?? []) {
    const last = { r: Math.min(e.r, data.length - 1), c: Math.min(e.c, width - 1) };
    spans.set(`${s.r},${s.c}`, { rowspan: last.r - s.r + 1, colspan: last.c - s.c + 1 });
    for (let r = s.r; r <= last.r; r++)
      for (let c = s.c; c <= last.c; c++) if (r !== s.r || c !== s.c) covered.add(`${r},${c}`);
  }
  return Array.from(data, (row, r) => {
    const cells: Cell[] = [];
    for (let c = left; c < width; c++) {
      const at = spans.size > 0 ? `${r},${c}` : '';
      if (covered.has(at)) continue;
      const cell = row?.[c];
      const rich = typeof cell?.h === 'string' && cell.h.includes('<sup>');
      const text = rich
        ? textOf(fragment(cell.h!), file)
        : cleanText(cell?.w ?? (cell?.v === undefined ? '' : String(cell.v)));
      cells.push({ text, ...spans.get(at) });
    }
    return cells;
  });
}

/** @throws TableError for a file that is no workbook, has a password, or unpacks to too much */
export async function readXlsx(bytes: Uint8Array, file: string): Promise<PrintedTable[]> {
  await checkContainer(bytes, file);
  const [{ read }, { parseFragment }] = await Promise.all([import('@e965/xlsx'), import('parse5')]);
  let book: ReturnType<typeof read>;
  try {
    book = read(bytes, { type: 'array', dense: true, cellFormula: false });
  } catch (error) {
    throw new TableError(
      { file },
      `${file}: the workbook cannot be read: ${(error as Error).message}. Save it again as .xlsx.`
    );
  }
  const found: PrintedTable[] = [];
  book.SheetNames.forEach((name, i) => {
    if (book.Workbook?.Sheets?.[i]?.Hidden) return;
    for (const table of tablesInSheet(rowsOf(book.Sheets[name]!, file, parseFragment))) {
      if (table.caption === '' && !/^sheet\s*\d*$/i.test(name)) table.caption = cleanText(name);
      found.push(table);
    }
  });
  return found;
}
