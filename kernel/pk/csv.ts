/** Comma- or tab-separated files with one header line, through csv-parse. */
import { basename, extname } from 'node:path';
import { CsvError, parse } from 'csv-parse/sync';
import { TableError } from '../../common/errors.js';
import { readText } from './jsonl.js';

export interface CsvFile {
  columns: string[];
  rows: string[][];
}

/** @throws TableError naming file and line: missing, empty, ragged, or a column named twice. */
export async function readCsv(path: string): Promise<CsvFile> {
  const text = await readText(path);
  const name = basename(path);
  let records: string[][];
  try {
    records = parse(text, {
      bom: true,
      delimiter: extname(path).toLowerCase() === '.tsv' ? '\t' : ',',
      skip_empty_lines: true
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = Number((error as CsvError & { lines?: number }).lines) || undefined;
    throw new TableError(
      { file: path, line },
      `${name}, line ${line ?? '?'}: ${error.message}. Mend the line.`
    );
  }
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
