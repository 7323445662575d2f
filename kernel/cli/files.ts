/**
 * The files that a cell's stages are told to read, by what they hold. A parameter is a file's when a file or folder of
 * that name lies beside the notebook, whether the code names it or the stage does by default. What other code reads is
 * not seen.
 */
import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { findStageCalls, readParameters, stageNamed, type Imports } from '../../common/stagecell/index.js';
import { contentHash, fileHash } from '../store/index.js';

/** Not what a stage reads: our own notes, another program's, and notebooks. */
const SKIPPED = /^\.|^node_modules$|\.ipynb$/;

async function hashOfFolder(folder: string): Promise<string> {
  const hashes: Record<string, string> = {};
  const look = async (within: string, name: string): Promise<void> => {
    for (const entry of (await readdir(within, { withFileTypes: true })).sort((a, b) =>
      a.name < b.name ? -1 : 1
    )) {
      if (SKIPPED.test(entry.name)) continue;
      const path = join(within, entry.name);
      if (entry.isDirectory()) await look(path, `${name}${entry.name}/`);
      else if ((await stat(path)).isFile()) hashes[name + entry.name] = await fileHash(path);
    }
  };
  await look(folder, '');
  return contentHash(hashes);
}

/** Undefined for what is no file; a file that cannot be read is told by the stage that reads it. */
async function hashOf(path: string): Promise<string | undefined> {
  try {
    const info = await stat(path);
    if (info.isDirectory()) return await hashOfFolder(path);
    return info.isFile() ? await fileHash(path) : undefined;
  } catch {
    return undefined;
  }
}

/** @returns name as the stage has it -> hash, for each file or folder that is there */
export async function filesRead(
  source: string,
  imports: Imports,
  folder: string
): Promise<Record<string, string>> {
  const names = new Set<string>();
  for (const call of findStageCalls(source, imports)) {
    const given = readParameters(source, call);
    for (const [name, schema] of Object.entries(stageNamed(call.stage)!.params.properties)) {
      const parameter = given.get(name);
      const value = parameter ? ('value' in parameter ? parameter.value : undefined) : schema.default;
      if (typeof value === 'string' && value !== '') names.add(value);
    }
  }
  const files: Record<string, string> = {};
  for (const name of [...names].sort()) {
    const hash = await hashOf(resolve(folder, name));
    if (hash !== undefined) files[name] = hash;
  }
  return files;
}
