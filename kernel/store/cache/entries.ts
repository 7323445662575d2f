/**
 * Which value a call gave: one small file a key, written last, so that where it is there the rest was written too.
 * Its time of change is when it was used last. Knows nothing of what is in a value.
 */
import { readdir, readFile, stat, utimes } from 'node:fs/promises';
import { writeWhole } from '../atomic.js';
import { hashOf, isHash, type Layout } from './layout.js';
import { Damaged } from './values.js';

/** A value of an entry: the one that the call gave, or one that it refers to. */
export interface EntryValue {
  readonly kind: string;
  readonly id: string;
  readonly bytes: number;
  /** Name of the tensors' file, where there is one. */
  readonly tensors?: string;
  /** The values that it refers to. */
  readonly refers?: readonly string[];
  /** How it came to be, and what else is told of it that is not part of it. */
  readonly made?: Readonly<Record<string, unknown>>;
  readonly aside?: Readonly<Record<string, unknown>>;
  /** What of it decides what a later stage reads of the world. */
  readonly facts?: Readonly<Record<string, unknown>>;
}

export interface Entry {
  readonly key: string;
  readonly stage: string;
  readonly version: number;
  /** The value that the call gave. */
  readonly digest: string;
  /** The input that the call passed on, where it made nothing itself. */
  readonly passes?: string;
  /** It and all that it refers to, by digest. */
  readonly values: Readonly<Record<string, EntryValue>>;
  /** How long the call took, in seconds, and when it ended, ISO 8601. */
  readonly seconds: number;
  readonly at: string;
}

export async function writeEntry(layout: Layout, entry: Entry): Promise<void> {
  const text = JSON.stringify(entry);
  await writeWhole(layout.entry(entry.key), `${hashOf([text])}\n${text}\n`);
}

/** @returns undefined where there is none @throws Damaged */
export async function readEntry(layout: Layout, key: string): Promise<Entry | undefined> {
  let whole: string;
  try {
    whole = await readFile(layout.entry(key), 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new Damaged(`its entry cannot be read (${code ?? String(error)})`);
  }
  const [hash, text, end] = whole.split('\n');
  if (text === undefined || end !== '' || hashOf([text]) !== hash)
    throw new Damaged('its entry is not what was written');
  const entry = JSON.parse(text) as Entry;
  if (entry.key !== key || !isHash(entry.digest)) throw new Damaged('its entry is that of another call');
  return entry;
}

/** Notes that the entry was used now; a folder that cannot be written keeps no such notes. */
export async function touchEntry(layout: Layout, key: string): Promise<void> {
  const now = new Date();
  await utimes(layout.entry(key), now, now).catch(() => undefined);
}

export interface ListedEntry {
  readonly key: string;
  /** When it was used last, milliseconds since 1970. */
  readonly used: number;
  /** Absent where the file is damaged. */
  readonly entry?: Entry;
}

/** Every entry, the one that was used longest ago first. */
export async function listEntries(layout: Layout): Promise<ListedEntry[]> {
  const names = await readdir(layout.entries).catch(() => []);
  const listed: ListedEntry[] = [];
  for (const name of names) {
    const key = name.slice(0, -'.json'.length);
    if (!name.endsWith('.json') || !isHash(key)) continue;
    try {
      const { mtimeMs } = await stat(layout.entry(key));
      listed.push({ key, used: mtimeMs, entry: await readEntry(layout, key).catch(() => undefined) });
    } catch {
      // Another program has removed it since.
    }
  }
  return listed.sort((a, b) => a.used - b.used || (a.key < b.key ? -1 : 1));
}
