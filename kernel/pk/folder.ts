/**
 * A folder of PK tables: tables.jsonl, and beside it, where they exist, the labelled parts (headers.jsonl,
 * rows.jsonl) and the papers' columns (papers.csv).
 */
import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Type } from '@sinclair/typebox';
import { TableError } from '../../common/errors.js';
import { PkTable, type PartUnit, type TablePart } from '../../common/tables.js';
import { readCsv } from './csv.js';
import { readJsonLines } from './jsonl.js';

export interface TableFolder {
  tables: PkTable[];
  parts: Partial<Record<PartUnit, TablePart[]>>;
  /** The files that were read, for hashing. */
  files: string[];
}

const Part = Type.Object({ table_id: Type.String({ minLength: 1 }), text: Type.String() });

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false
  );
}

/** The files of such a folder that are there. */
export async function filesOfFolder(folder: string): Promise<string[]> {
  const names = ['tables.jsonl', 'papers.csv', 'headers.jsonl', 'rows.jsonl'];
  const files = await Promise.all(
    names.map(async name => ((await exists(join(folder, name))) ? [name] : []))
  );
  return files.flat();
}

/** A field of any JSON type as the text that a person would read. */
function asText(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) return value.map(asText).join(' | ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value as string | number | boolean);
}

type Papers = Map<string, Record<string, string>>;

/** The columns of papers.csv by paper id. @throws TableError when it has no column paper_id. */
export async function readPapers(file: string): Promise<Papers> {
  const { columns, rows } = await readCsv(file);
  const key = columns.indexOf('paper_id');
  if (key < 0)
    throw new TableError(
      { file, line: 1, column: 'paper_id' },
      'papers.csv, line 1: no column paper_id. Add it.'
    );
  return new Map(
    rows.map(row => [row[key]!, Object.fromEntries(columns.map((column, i) => [column, row[i]!]))])
  );
}

/**
 * @throws TableError when a line of any file is malformed, when a table id stands
 * twice, or when a part names a table that is not there.
 */
export async function readTableFolder(folder: string): Promise<TableFolder> {
  const tablesFile = join(folder, 'tables.jsonl');
  const files = [tablesFile];
  const tables = await readJsonLines(tablesFile, PkTable);
  const byId = new Map<string, PkTable>();
  tables.forEach((table, i) => {
    if (byId.has(table.table_id)) {
      throw new TableError(
        { file: tablesFile, line: i + 1, table: table.table_id },
        `tables.jsonl: the table ${table.table_id} stands twice. Remove one.`
      );
    }
    byId.set(table.table_id, table);
  });

  let papers: Papers = new Map();
  const papersFile = join(folder, 'papers.csv');
  if (await exists(papersFile)) {
    files.push(papersFile);
    papers = await readPapers(papersFile);
  }

  const parts: TableFolder['parts'] = {};
  for (const [unit, name] of [
    ['header', 'headers.jsonl'],
    ['row', 'rows.jsonl']
  ] as const) {
    const file = join(folder, name);
    if (!(await exists(file))) continue;
    files.push(file);
    const lines = await readJsonLines(file, Part);
    const seen = new Map<string, number>();
    parts[unit] = lines.map((line, i) => {
      const table = byId.get(line.table_id);
      if (!table) {
        throw new TableError(
          { file, line: i + 1, table: line.table_id },
          `${name}, line ${i + 1}: no table ${line.table_id} in tables.jsonl.`
        );
      }
      const own = Object.fromEntries(Object.entries(line).map(([field, value]) => [field, asText(value)]));
      const fields = {
        ...papers.get(table.paper_id),
        caption: table.caption ?? '',
        table_kind: table.table_kind ?? '',
        ...own
      };
      let id = own['entry_id'] ?? `${line.table_id}:${basename(name, '.jsonl')}${own['row'] ?? i}`;
      // Some sources print the same entry twice; ids must still be unique.
      const count = seen.get(id) ?? 0;
      seen.set(id, count + 1);
      if (count > 0) id = `${id}~${count}`;
      return { id, table: table.table_id, paper: table.paper_id, fields };
    });
  }
  return { tables, parts, files };
}
