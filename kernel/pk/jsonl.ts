/**
 * JSON lines, read so that a mistake is named by file and line. Not a streaming reader: a file of tables fits
 * in memory many times over.
 */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Static, TSchema } from '@sinclair/typebox';
import { TableError } from '../../common/errors.js';
import { parseJsonLines } from '../../common/json-lines.js';

/** Reads a text file as UTF-8. @throws TableError when it is missing, unreadable or not UTF-8. */
export async function readText(path: string): Promise<string> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const why =
      code === 'ENOENT'
        ? 'there is no such file'
        : code === 'EISDIR'
          ? 'it is a folder'
          : `it cannot be read (${code})`;
    throw new TableError(
      { file: path },
      `${path}: ${why}. Check the path; it is taken from the notebook's folder.`
    );
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new TableError({ file: path }, `${path}: not UTF-8 text. Save it as UTF-8 and load it again.`);
  }
}

/**
 * Every non-empty line as a value of `schema`.
 * @throws TableError naming file and line when a line is not JSON or lacks a field, or when there are no lines
 */
export async function readJsonLines<T extends TSchema>(path: string, schema: T): Promise<Static<T>[]> {
  const lines = parseJsonLines(await readText(path), path, schema);
  if (lines.length === 0) {
    throw new TableError(
      { file: path },
      `${basename(path)}: the file has no lines. Nothing can be loaded from it.`
    );
  }
  return lines.map(({ value }) => value);
}
