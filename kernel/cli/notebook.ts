/** A notebook as the command reads it: the code cells of a file, or a message that says what is wrong with the file. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { CellText } from '../../common/dataflow/index.js';
import { CommandFault } from './fault.js';

export interface NotebookFile {
  readonly path: string;
  readonly cells: readonly CellText[];
  /** Place of each code cell among all cells of the file. */
  readonly places: ReadonlyMap<string, number>;
  /** Saved outputs of each code cell, as text that is the same for the same outputs. */
  readonly outputs: ReadonlyMap<string, string>;
  readonly kernel: string | undefined;
  readonly language: string | undefined;
  /** SHA-256 of the file's bytes. */
  readonly hash: string;
}

type Json = Record<string, unknown>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Jupyter keeps a text as one string or as a list of lines. */
function text(value: unknown): string {
  if (Array.isArray(value)) return value.map(text).join('');
  return typeof value === 'string' ? value : '';
}

/** The same text for the same JSON: keys sorted, lists of lines joined. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) {
    if (value.length > 0 && value.every(item => typeof item === 'string'))
      return JSON.stringify(value.join(''));
    return `[${value.map(canonical).join()}]`;
  }
  if (!isObject(value)) return JSON.stringify(value) ?? 'null';
  const keys = Object.keys(value).filter(key => key !== 'execution_count');
  return `{${keys
    .sort()
    .map(key => `${JSON.stringify(key)}:${canonical(value[key])}`)
    .join()}}`;
}

async function readBytes(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new CommandFault(`${path}: there is no such file.`);
    if (code === 'EISDIR') throw new CommandFault(`${path} is a folder; name a notebook in it.`);
    if (code === 'EACCES' || code === 'EPERM') throw new CommandFault(`${path}: you may not read this file.`);
    throw new CommandFault(`${path} cannot be read: ${(error as Error).message}`);
  }
}

function parseNotebook(path: string, bytes: Buffer): Json {
  let notebook: unknown;
  try {
    notebook = JSON.parse(bytes.toString('utf8').replace(/^\ufeff/, ''));
  } catch (error) {
    const why = /^(<<<<<<<|>>>>>>>) /m.test(bytes.toString('utf8'))
      ? 'it holds the marks of a merge that was not resolved'
      : (error as Error).message;
    throw new CommandFault(`${path} is not JSON: ${why}.`);
  }
  if (!isObject(notebook) || !('nbformat' in notebook))
    throw new CommandFault(`${path} is JSON, but no notebook: it has no "nbformat".`);
  const { nbformat } = notebook;
  if (typeof nbformat !== 'number' || nbformat < 4)
    throw new CommandFault(
      `${path} is a notebook of format ${String(nbformat)}; open and save it in JupyterLab, or run: jupyter nbconvert --to notebook --inplace "${path}"`
    );
  if (nbformat > 4)
    throw new CommandFault(
      `${path} is a notebook of format ${nbformat}, which is newer than this program knows.`
    );
  if (!Array.isArray(notebook.cells)) throw new CommandFault(`${path} is a notebook without "cells".`);
  return notebook;
}

/** @throws CommandFault that says what is wrong with the file */
export async function readNotebookFile(path: string): Promise<NotebookFile> {
  const bytes = await readBytes(path);
  const notebook = parseNotebook(path, bytes);
  const cells: CellText[] = [];
  const places = new Map<string, number>();
  const outputs = new Map<string, string>();
  (notebook.cells as unknown[]).forEach((cell, place) => {
    if (!isObject(cell)) throw new CommandFault(`${path}: cell ${place + 1} is no object.`);
    if (cell.cell_type !== 'code') return;
    // Files before format 4.5 name no cells; a file that names two alike is read as well.
    const named = typeof cell.id === 'string' && cell.id !== '' && !places.has(cell.id);
    const id = named ? (cell.id as string) : `#${place + 1}`;
    cells.push({ id, source: text(cell.source) });
    places.set(id, place);
    outputs.set(id, canonical(cell.outputs ?? []));
  });
  const metadata = isObject(notebook.metadata) ? notebook.metadata : {};
  const spec = isObject(metadata.kernelspec) ? metadata.kernelspec : {};
  const info = isObject(metadata.language_info) ? metadata.language_info : {};
  const string = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
  return {
    path,
    cells,
    places,
    outputs,
    kernel: string(spec.name),
    language: (string(spec.language) ?? string(info.name))?.toLowerCase(),
    hash: createHash('sha256').update(bytes).digest('hex')
  };
}

/** @throws CommandFault where the notebook's cells are in a language that is not read here */
export function mustBeReadable({ path, language }: NotebookFile): void {
  if (language === undefined || /^(typescript|javascript|ts|js)$/.test(language)) return;
  throw new CommandFault(`${path} is a ${language} notebook; this program reads TypeScript and JavaScript.`);
}
