/** A sheet or CSV file of records: its first line names the fields, each further line is one sample. */
import { TableError } from '../../common/errors.js';
import type { PkTable, TablePart } from '../../common/tables.js';
import type { CsvFile } from './csv.js';

/**
 * One table whose rows are samples: its columns become the fields. `paper_id` or `paper` says which paper a row
 * is from; without either each row stands alone as its own paper.
 * @param id id of the table
 * @throws TableError for a row that does not say its paper
 */
export function recordTable(
  { columns, rows }: CsvFile,
  file: string,
  id: string
): { table: PkTable; parts: TablePart[] } {
  const paperColumn = columns.findIndex(column => column === 'paper_id' || column === 'paper');
  const parts = rows.map((row, i): TablePart => {
    const fields = Object.fromEntries(columns.map((column, c) => [column, row[c] ?? '']));
    const paper = paperColumn < 0 ? `${id}:${i + 1}` : row[paperColumn]!;
    if (paper === '') {
      const line = i + 2;
      throw new TableError(
        { file, line, table: id, row: line, column: columns[paperColumn] },
        `${id}, line ${line}: the column ${columns[paperColumn]} is empty. Say which paper the row is from.`
      );
    }
    return { id: fields['id'] || `${id}:${i + 1}`, table: fields['table_id'] || id, paper, fields };
  });
  return { table: { table_id: id, paper_id: id, caption: id, header_rows: [columns], rows }, parts };
}
