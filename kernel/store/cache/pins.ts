/** What a person wants kept whatever the limit: one empty file a pinned id. */
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isHash, type Layout } from './layout.js';

export async function pinnedIds(layout: Layout): Promise<Set<string>> {
  return new Set((await readdir(layout.pins).catch(() => [])).filter(isHash));
}

export async function pin(layout: Layout, id: string): Promise<void> {
  await mkdir(layout.pins, { recursive: true });
  await writeFile(join(layout.pins, id), '');
}

/** @returns whether it was pinned */
export async function unpin(layout: Layout, id: string): Promise<boolean> {
  return rm(join(layout.pins, id)).then(
    () => true,
    () => false
  );
}
