/** Results on disk, by the key of the call that gave them. */
export { Cache, type Kept, type KeptValue } from './cache.js';
export { listEntries, type Entry, type EntryValue, type ListedEntry } from './entries.js';
export type { Removed } from './evict.js';
export { FORMAT, hashOf, isHash } from './layout.js';
export { limitOf, parseBytes } from './limit.js';
export { pack, unpack, Unkeepable, type Packed } from './plain.js';
export { pin, pinnedIds, unpin } from './pins.js';
export { Damaged, prepare, readValue, type Described, type Prepared, type ReadValue } from './values.js';
