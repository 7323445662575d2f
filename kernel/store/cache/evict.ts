/**
 * Keeps the folder within its limit: entries go in the order in which they were used last, and with an entry the values
 * that no other entry needs. What running programs hold and what is pinned stays. A call whose value is removed while
 * it is being noted finds that it is missing, and is computed again: so nobody has to wait for anybody here.
 */
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { listEntries, type ListedEntry } from './entries.js';
import type { Layout } from './layout.js';
import { heldValues } from './leases.js';
import { pinnedIds } from './pins.js';

/** Files that no entry knows are being written, or were left by a program that died: they may stay so long. */
const UNKNOWN_MS = 10 * 60 * 1000;

interface File {
  path: string;
  bytes: number;
  changed: number;
}

async function filesIn(folder: string): Promise<File[]> {
  const names = await readdir(folder).catch(() => []);
  const found = await Promise.all(
    names.map(name =>
      stat(join(folder, name)).then(
        ({ size, mtimeMs }) => [{ path: join(folder, name), bytes: size, changed: mtimeMs }],
        () => []
      )
    )
  );
  return found.flat();
}

/** Every file of results: entries, values, tensors. */
async function allFiles(layout: Layout): Promise<File[]> {
  const folders = [layout.entries, layout.values, layout.tensors];
  return (await Promise.all(folders.map(filesIn))).flat();
}

export async function sizeOfCache(layout: Layout): Promise<number> {
  return (await allFiles(layout)).reduce((sum, file) => sum + file.bytes, 0);
}

/** The files of an entry's values. */
function filesOf(layout: Layout, { entry }: ListedEntry): string[] {
  return Object.entries(entry?.values ?? {}).flatMap(([digest, { tensors }]) => [
    layout.record(digest),
    ...(tensors === undefined ? [] : [layout.tensor(tensors)])
  ]);
}

export interface Removed {
  /** Entries that went. */
  readonly entries: readonly ListedEntry[];
  /** Bytes that are there now. */
  readonly size: number;
}

export interface Removal {
  /** Says of the bytes that remain whether they are few enough. */
  enough(size: number): boolean;
  /** Whether an entry may go at all; those that are held or pinned may not. */
  unwanted?(listed: ListedEntry): boolean;
  /** Whether what this program alone holds may go: when its own person asks for it. */
  own?: boolean;
}

/** Removes entries, the one that was used longest ago first, and what only they needed. */
export async function removeEntries(layout: Layout, { enough, unwanted, own }: Removal): Promise<Removed> {
  const [listed, files, held, pinned] = await Promise.all([
    listEntries(layout),
    allFiles(layout),
    heldValues(layout, own),
    pinnedIds(layout)
  ]);
  const bytes = new Map(files.map(file => [file.path, file.bytes]));
  let size = files.reduce((sum, file) => sum + file.bytes, 0);
  const remove = async (path: string): Promise<void> => {
    const gone = await rm(path, { force: true }).then(
      () => true,
      () => false
    );
    if (!gone) return;
    size -= bytes.get(path) ?? 0;
    bytes.delete(path);
  };
  const needed = new Map<string, number>();
  for (const one of listed)
    for (const path of filesOf(layout, one)) needed.set(path, (needed.get(path) ?? 0) + 1);
  // What nobody knows any more, and what a program left behind that died while it wrote.
  for (const { path, changed } of files) {
    const entry = listed.some(({ key }) => layout.entry(key) === path);
    if (!entry && !needed.has(path) && Date.now() - changed > UNKNOWN_MS) await remove(path);
  }
  const entries: ListedEntry[] = [];
  for (const one of listed) {
    if (enough(size)) break;
    const { digest = '', values = {} } = one.entry ?? {};
    if (held.has(digest) || pinned.has(values[digest]?.id ?? '') || unwanted?.(one) === false) continue;
    await remove(layout.entry(one.key));
    entries.push(one);
    for (const path of filesOf(layout, one)) {
      const left = needed.get(path)! - 1;
      needed.set(path, left);
      if (left === 0) await remove(path);
    }
  }
  return { entries, size };
}
