/** Any supported path to tables: a folder with tables.jsonl, a folder of files with tables, or one such file. */
import { readFile } from 'node:fs/promises';
import { basename, extname, join, relative, sep } from 'node:path';
import { TableError } from '../../common/errors.js';
import { PkTable } from '../../common/tables.js';
import {
  collectFile,
  collectFolder,
  ENDINGS,
  filesBelow,
  isFolder,
  isReadable,
  type Collected
} from './collect.js';
import { filesOfFolder, readPapers, readTableFolder, type TableFolder } from './folder.js';
import { headerParts } from './headers.js';
import { readJsonLines } from './jsonl.js';

/** What `readTables` gives: the tables, their parts, and what makes them what they are. */
export interface ReadTables extends TableFolder {
  /** The files' bytes and, where ids are made of it, their names: for hashing. */
  bytes: Uint8Array[];
  /** Files of the folder in which there is no table. */
  without: string[];
}

function checkIds(tables: readonly PkTable[], path: string): void {
  const seen = new Set<string>();
  for (const { table_id } of tables) {
    if (seen.has(table_id))
      throw new TableError(
        { file: path, table: table_id },
        `${path}: two tables have the id ${table_id}. Rename or remove one.`
      );
    seen.add(table_id);
  }
}

/** A row's samples, and with papers.csv beside the files also the headers, with the columns of their papers. */
async function partsOf(collected: Collected, folder?: string): Promise<TableFolder> {
  const { tables, rows, files } = collected;
  const papersFile = folder && join(folder, 'papers.csv');
  if (!papersFile || (await isFolder(papersFile)) !== false)
    return { tables, parts: rows.length > 0 ? { row: rows } : {}, files };
  const papers = await readPapers(papersFile);
  return {
    tables,
    parts: {
      header: headerParts(tables, papers),
      ...(rows.length > 0
        ? { row: rows.map(part => ({ ...part, fields: { ...papers.get(part.paper), ...part.fields } })) }
        : {})
    },
    files: [...files, papersFile]
  };
}

/**
 * A folder with tables.jsonl is that file's; any other folder, with the folders in it, is the Markdown, HTML,
 * CSV, TSV, XLSX and JATS XML files in it.
 * @throws TableError for a path that is missing or of a kind that is not read, or a file that is malformed
 */
export async function readTables(path: string): Promise<ReadTables> {
  const folder = await isFolder(path);
  if (folder === undefined)
    throw new TableError(
      { file: path },
      `${path}: there is no such file or folder. Check the path; it is taken from the notebook's folder.`
    );
  let read: TableFolder;
  let named = false;
  let without: string[] = [];
  if (folder && (await isFolder(join(path, 'tables.jsonl'))) === false) read = await readTableFolder(path);
  else if (folder) {
    const collected = await collectFolder(path);
    without = collected.without;
    named = true;
    read = await partsOf(collected, path);
  } else if (extname(path).toLowerCase() === '.jsonl')
    read = { tables: await readJsonLines(path, PkTable), parts: {}, files: [path] };
  else if (isReadable(path)) {
    const collected = await collectFile(path);
    named = collected.tables.some(table => table.table_id.includes('#'));
    read = await partsOf(collected);
  } else
    throw new TableError(
      { file: path },
      `${path}: files of kind "${extname(path)}" are not read. Use a folder of tables, .jsonl, or ${ENDINGS}.`
    );
  checkIds(read.tables, path);
  const bytes: Uint8Array[] = [];
  for (const file of read.files) {
    // Papers and tables are named after their files here, so the names are part of what was read.
    if (named) bytes.push(Buffer.from(folder ? relative(path, file).split(sep).join('/') : basename(file)));
    bytes.push(await readFile(file));
  }
  return { ...read, bytes, without };
}

/**
 * The files that `readTables` reads at this path, and the names by which it knows them: together they are all that
 * the tables depend on. @throws TableError or the file system's error where `readTables` would fail too
 */
export async function tableFiles(path: string): Promise<{ name: string; file: string }[]> {
  const within = (names: readonly string[]): { name: string; file: string }[] =>
    names.map(name => ({ name, file: join(path, name) }));
  // Tables of other files are named after them.
  if (!(await isFolder(path)))
    return [{ name: extname(path).toLowerCase() === '.jsonl' ? '' : basename(path), file: path }];
  if ((await isFolder(join(path, 'tables.jsonl'))) === false) return within(await filesOfFolder(path));
  const found = (await filesBelow(path)).map(file => relative(path, file).split(sep).join('/'));
  const papers = (await isFolder(join(path, 'papers.csv'))) === false ? ['papers.csv'] : [];
  return within([...found, ...papers]);
}
