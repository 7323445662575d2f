/** Comma- or tab-separated files, through csv-parse: files of records, and printed tables. */
import { basename, extname } from 'node:path';
import { CsvError, parse } from 'csv-parse/sync';
import { TableError } from '../../common/errors.js';
import { readText } from './jsonl.js';

export interface CsvFile {
  columns: string[];
  rows: string[][];
}

/** Every line as it stands. @throws TableError naming the line that csv-parse cannot read. */
function parseLines(path: string, text: string, ragged: boolean): string[][] {
  try {
    return parse(text, {
      bom: true,
      delimiter: extname(path).toLowerCase() === '.tsv' ? '\t' : ',',
      skip_empty_lines: !ragged,
      relax_column_count: ragged
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = Number((error as CsvError & { lines?: number }).lines) || undefined;
    throw new TableError(
      { file: path, line },
      `${basename(path)}, line ${line ?? '?'}: ${error.message}. Mend the line.`
    );
  }
}

/** @throws TableError naming file and line: missing, empty, ragged, or a column named twice. */
export async function readCsv(path: string): Promise<CsvFile> {
  const records = parseLines(path, await readText(path), false);
  return checkRecords(path, records);
}

function checkRecords(path: string, records: string[][]): CsvFile {
  const name = basename(path);
  const [columns, ...rows] = records;
  if (!columns || rows.length === 0) {
    throw new TableError({ file: path }, `${name}: needs a header line and at least one row.`);
  }
  const twice = columns.find((column, i) => columns.indexOf(column) !== i);
  if (twice !== undefined) {
    throw new TableError(
      { file: path, line: 1, column: twice },
      `${name}, line 1: the column "${twice}" stands twice. Rename one.`
    );
  }
  return { columns, rows };
}

/** Columns by which a file is known as records (one sample a line) and not as a printed table. */
const RECORD_COLUMNS = new Set(['text', 'label', 'paper', 'paper_id', 'table_id', 'entry_id']);

/** Whether a first line names the fields of records. */
export function namesRecords(columns: readonly string[]): boolean {
  return columns.some(column => RECORD_COLUMNS.has(column));
}

/**
 * A file of records when its first line names a field that only records have (text, label, paper, paper_id,
 * table_id, entry_id); else the lines of a printed table, which may be ragged and have empty lines.
 * @throws TableError as `readCsv` does
 */
export async function readDelimited(path: string): Promise<{ records: CsvFile } | { lines: string[][] }> {
  const text = await readText(path);
  const lines = parseLines(path, text, true);
  if (!namesRecords(lines[0] ?? [])) {
    if (lines.length === 0) checkRecords(path, lines);
    return { lines };
  }
  return { records: checkRecords(path, parseLines(path, text, false)) };
}
