/** Any supported path to tables: a folder, or one .jsonl, .csv or .tsv file. */
import { readFile, stat } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { TableError } from '../../common/errors.js';
import { PkTable, type TablePart } from '../../common/tables.js';
import { readCsv } from './csv.js';
import { readTableFolder, type TableFolder } from './folder.js';
import { readJsonLines } from './jsonl.js';

/**
 * A CSV file is one table whose rows are samples: its columns become the fields. `paper_id` or `paper` says
 * which paper a row is from; without either each row stands alone as its own paper.
 */
async function readCsvAsTable(path: string): Promise<TableFolder> {
  const { columns, rows } = await readCsv(path);
  const id = basename(path);
  const paperColumn = columns.findIndex(column => column === 'paper_id' || column === 'paper');
  const parts = rows.map((row, i): TablePart => {
    const fields = Object.fromEntries(columns.map((column, c) => [column, row[c]!]));
    const paper = paperColumn < 0 ? `${id}:${i + 1}` : row[paperColumn]!;
    if (paper === '') {
      const line = i + 2;
      throw new TableError(
        { file: path, line, column: columns[paperColumn] },
        `${id}, line ${line}: the column ${columns[paperColumn]} is empty. Say which paper the row is from.`
      );
    }
    return { id: fields['id'] || `${id}:${i + 1}`, table: fields['table_id'] ?? id, paper, fields };
  });
  const table: PkTable = { table_id: id, paper_id: id, caption: id, header_rows: [columns], rows };
  return { tables: [table], parts: { row: parts }, files: [path] };
}

/** @throws TableError for a path that is missing or of a kind that is not read. */
export async function readTables(path: string): Promise<TableFolder & { bytes: Uint8Array[] }> {
  const info = await stat(path).catch(() => undefined);
  if (!info)
    throw new TableError(
      { file: path },
      `${path}: there is no such file or folder. Check the path; it is taken from the notebook's folder.`
    );
  let folder: TableFolder;
  if (info.isDirectory()) folder = await readTableFolder(path);
  else {
    const extension = extname(path).toLowerCase();
    if (extension === '.jsonl')
      folder = { tables: await readJsonLines(path, PkTable), parts: {}, files: [path] };
    else if (extension === '.csv' || extension === '.tsv') folder = await readCsvAsTable(path);
    else
      throw new TableError(
        { file: path },
        `${path}: files of kind "${extension}" are not read. Use a folder of tables, .jsonl, .csv or .tsv.`
      );
  }
  return { ...folder, bytes: await Promise.all(folder.files.map(file => readFile(file))) };
}
