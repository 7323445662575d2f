/**
 * Printed tables from files: Markdown, HTML, CSV, TSV, XLSX and JATS XML, one file or a folder of them. It knows
 * which reader takes which ending; the readers know nothing of one another.
 */
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, extname, join, relative, sep } from 'node:path';
import { HySimError, TableError } from '../../common/errors.js';
import type { PkTable, TablePart } from '../../common/tables.js';
import { namesRecords, readDelimited } from './csv.js';
import { readHtml } from './formats/html.js';
import { readJats } from './formats/jats.js';
import { readMarkdown } from './formats/markdown.js';
import { readXlsx } from './formats/xlsx.js';
import { readText } from './jsonl.js';
import { cells, tablesInSheet, toPkTable, type PrintedTable } from './printed.js';
import { recordTable } from './records.js';

export interface Collected {
  tables: PkTable[];
  /** Samples of files of records. */
  rows: TablePart[];
  files: string[];
  /** Files in which there is no table. */
  without: string[];
}

type Reader = (path: string, file: string) => Promise<{ printed: PrintedTable[]; records?: FileRecords }>;
type FileRecords = ReturnType<typeof recordTable>;

const numbered =
  (file: string) =>
  (n: number): string =>
    `${file}#T${n}`;

const html: Reader = async (path, file) => ({
  printed: await readHtml(await readText(path), file, numbered(file))
});
const markdown: Reader = async (path, file) => ({
  printed: await readMarkdown(await readText(path), file, numbered(file))
});
const jats: Reader = async (path, file) => ({
  printed: await readJats(await readText(path), file, numbered(file))
});
const delimited: Reader = async (path, file) => {
  const read = await readDelimited(path);
  if ('records' in read) return { printed: [], records: recordTable(read.records, path, file) };
  return { printed: tablesInSheet(read.lines.map(cells)) };
};
const xlsx: Reader = async (path, file) => {
  const printed = await readXlsx(await readFile(path), file);
  const first = printed[0]?.rows.map(row => row.map(cell => cell.text));
  if (printed.length !== 1 || !first || !namesRecords(first[0]!)) return { printed };
  const [columns, ...rows] = first as [string[], ...string[][]];
  return { printed: [], records: recordTable({ columns, rows }, path, file) };
};

const READERS: Readonly<Record<string, Reader>> = {
  '.md': markdown,
  '.markdown': markdown,
  '.html': html,
  '.htm': html,
  '.xhtml': html,
  '.csv': delimited,
  '.tsv': delimited,
  '.xlsx': xlsx,
  '.xml': jats,
  '.nxml': jats
};

/** The endings that are read, for messages. */
export const ENDINGS = Object.keys(READERS).join(', ');

export function isReadable(path: string): boolean {
  return extname(path).toLowerCase() in READERS;
}

/** @param file the path as shown and as part of table ids, with "/" */
async function readOne(path: string, file: string): Promise<{ tables: PkTable[]; rows: TablePart[] }> {
  const base = basename(path, extname(path));
  try {
    const read = await READERS[extname(path).toLowerCase()]!(path, file);
    const tables = read.printed.map((table, i) =>
      toPkTable(table, `${file}#T${i + 1}`, table.paper ?? base, file)
    );
    if (!read.records) return { tables, rows: [] };
    return { tables: [...tables, read.records.table], rows: read.records.parts };
  } catch (error) {
    // The readers know a file by its name in the folder; the place says where it is.
    if (error instanceof TableError) error.place.file = path;
    if (error instanceof HySimError) throw error;
    if (error instanceof RangeError)
      throw new TableError(
        { file: path },
        `${file}: its elements lie too deep in one another. Save the tables alone and load them again.`
      );
    const code = (error as NodeJS.ErrnoException).code;
    if (code)
      throw new TableError({ file: path }, `${file}: it cannot be read (${code}). Check its permissions.`);
    throw error;
  }
}

/** Every readable file below `folder`, sorted by name; not hidden ones, READMEs, Excel's lock files or links. */
export async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter(entry => entry.isFile() && isReadable(entry.name))
    .map(entry => join(entry.parentPath, entry.name))
    .filter(path => {
      const parts = relative(folder, path).split(sep);
      return !parts.some(part => part.startsWith('.') || part === 'node_modules');
    })
    .filter(path => !/^(?:readme\.|~\$|papers\.csv$)/i.test(basename(path)))
    .sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

/** @throws TableError when the file has no table, or cannot be read */
export async function collectFile(path: string): Promise<Collected> {
  const file = basename(path);
  const { tables, rows } = await readOne(path, file);
  if (tables.length === 0) {
    throw new TableError(
      { file: path },
      `${file}: there is no table in it. Tables that are pictures cannot be read; give a file with the table's text.`
    );
  }
  return { tables, rows: rows.length > 0 ? rows : plainRecords(path, tables), files: [path], without: [] };
}

/** A lone CSV file with one line of distinct column names can also be read a sample a row, whatever they are. */
function plainRecords(path: string, tables: readonly PkTable[]): TablePart[] {
  const [table] = tables;
  const columns = table?.header_rows[0] ?? [];
  const distinct = new Set(columns).size === columns.length && !columns.includes('');
  if (!/\.[ct]sv$/i.test(path) || tables.length > 1 || table?.header_rows.length !== 1 || !distinct)
    return [];
  return recordTable({ columns, rows: table.rows }, path, table.table_id).parts;
}

/** @throws TableError when the folder has no readable file, or none with a table, naming what was looked for */
export async function collectFolder(folder: string): Promise<Collected> {
  const found = await filesBelow(folder);
  if (found.length === 0) {
    throw new TableError(
      { file: folder },
      `${folder} holds no tables.jsonl and no file with tables: looked, also in its folders, for ${ENDINGS}. Point \`path\` at a folder with one of them, or at one such file.`
    );
  }
  const out: Collected = { tables: [], rows: [], files: [], without: [] };
  for (const path of found) {
    const file = relative(folder, path).split(sep).join('/');
    const { tables, rows } = await readOne(path, file);
    if (tables.length === 0) out.without.push(file);
    // Not push(...): a folder may hold more tables than a call takes arguments.
    for (const table of tables) out.tables.push(table);
    for (const row of rows) out.rows.push(row);
    out.files.push(path);
  }
  if (out.tables.length === 0) {
    throw new TableError(
      { file: folder },
      `${folder}: there is no table in its ${found.length} files (${out.without.slice(0, 5).join(', ')}${found.length > 5 ? ', ...' : ''}). Tables that are pictures cannot be read; give files with the tables' text.`
    );
  }
  return out;
}

export async function isFolder(path: string): Promise<boolean | undefined> {
  return stat(path).then(
    info => info.isDirectory(),
    () => undefined
  );
}
