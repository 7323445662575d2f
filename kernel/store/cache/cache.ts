/**
 * A folder of results, `.hysim/cache` beside the notebook: what a call gave is found by the call's key. It knows keys,
 * digests and bytes; what a stage is, and how a value is taken apart, is kernel/stages' business.
 *
 * Several programs may use the folder at once. Values are named by what they hold and every file is renamed into place,
 * so that two writers of one name write the same bytes; nothing is ever changed in place, and nobody waits for a lock.
 */
import { stat } from 'node:fs/promises';
import {
  readEntry,
  touchEntry,
  writeEntry,
  type Entry,
  type EntryValue,
  type ListedEntry
} from './entries.js';
import { removeEntries, sizeOfCache, type Removed } from './evict.js';
import { heldValues, writeLease } from './leases.js';
import { layoutOf, type Layout } from './layout.js';
import { writeValue, type Described, type Prepared } from './values.js';

/** Removing makes room for this share of the limit, so that it is not done at each result. */
const ROOM = 0.1;
/** Other programs write too: the folder is measured again when this share of the limit was written here. */
const UNMEASURED = 0.05;

export interface KeptValue extends Omit<EntryValue, 'bytes' | 'tensors'> {
  files: Described;
  /** Asked for only if something is to be written. */
  prepared(): Prepared;
}

export interface Kept {
  entry: Omit<Entry, 'values'>;
  /** The value and all that it refers to, those first. */
  values: readonly KeptValue[];
}

export class Cache {
  readonly layout: Layout;
  /** Bytes when the folder was measured last, and what was written since. */
  #measured?: number;
  #written = 0;
  #lease = '';

  constructor(readonly folder: string) {
    this.layout = layoutOf(folder);
  }

  /** What the call gave, where that was kept. @throws Damaged */
  async find(key: string): Promise<Entry | undefined> {
    return readEntry(this.layout, key);
  }

  /** Whether all files of an entry's values are there, of their lengths. What is in them is checked when it is read. */
  async isWhole({ values }: Entry): Promise<boolean> {
    const sizeOf = async (path: string): Promise<number> => (await stat(path)).size;
    const checks = Object.entries(values).map(async ([digest, { bytes, tensors }]) => {
      const record = await sizeOf(this.layout.record(digest));
      return record + (tensors === undefined ? 0 : await sizeOf(this.layout.tensor(tensors))) === bytes;
    });
    return Promise.all(checks).then(
      whole => whole.every(Boolean),
      () => false
    );
  }

  /** Notes that an entry was used. */
  async used(key: string): Promise<void> {
    await touchEntry(this.layout, key);
  }

  /**
   * Keeps what a call gave: values first, the entry last. @param anew writes over what is there, which is damaged
   * @param limit bytes that the folder may take; what was used longest ago goes to make room
   * @throws the file system's error; then there is no entry, and what was written of it goes at some later time
   */
  async keep({ entry, values }: Kept, limit: number, anew = false): Promise<void> {
    const described: Record<string, EntryValue> = {};
    for (const { files, prepared, ...told } of values) {
      this.#written += await writeValue(this.layout, files, prepared, anew);
      const { digest, length, tensors } = files;
      described[digest] = { ...told, bytes: length + (tensors?.bytes ?? 0), tensors: tensors?.hash };
    }
    await writeEntry(this.layout, { ...entry, values: described });
    await this.#bound(limit);
  }

  /** Says which values live in this program: no other program removes them. */
  async hold(digests: ReadonlySet<string>): Promise<void> {
    const said = [...digests].sort().join();
    // The file goes with the folder, should somebody remove that.
    const there = await stat(this.layout.leases).catch(() => undefined);
    if (said === this.#lease && there) return;
    // The first word of a program is the time to forget those that have died since.
    if (this.#lease === '') await heldValues(this.layout);
    await writeLease(this.layout, digests);
    this.#lease = said;
  }

  /** Removes what is unwanted, or everything, but for what is pinned or other programs hold. */
  async clear(unwanted?: (listed: ListedEntry) => boolean): Promise<Removed> {
    this.#measured = undefined;
    return removeEntries(this.layout, { enough: () => false, unwanted, own: true });
  }

  async size(): Promise<number> {
    this.#written = 0;
    return (this.#measured = await sizeOfCache(this.layout));
  }

  async #bound(limit: number): Promise<void> {
    const known = this.#measured !== undefined && this.#written <= UNMEASURED * limit;
    const size = known ? this.#measured! + this.#written : await this.size();
    if (size <= limit) return;
    const removed = await removeEntries(this.layout, { enough: left => left <= (1 - ROOM) * limit });
    this.#written = 0;
    this.#measured = removed.size;
  }
}
