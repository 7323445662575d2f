/** What is kept: content hashes, whole files, the decision log, the ledger of fold V. */
export { writeWhole } from './atomic.js';
export { contentHash, type Hashable } from './hash.js';
export { readDecisions, type Decision } from './decisions.js';
export { openFoldV, type Look } from './ledger.js';
export { fileHash, folderHashes } from './fingerprint.js';
export {
  Cache,
  Damaged,
  FORMAT,
  hashOf,
  isHash,
  limitOf,
  listEntries,
  pack,
  parseBytes,
  pin,
  pinnedIds,
  prepare,
  readValue,
  unpack,
  Unkeepable,
  unpin,
  type Described,
  type Entry,
  type EntryValue,
  type Kept,
  type KeptValue,
  type ListedEntry,
  type Packed,
  type Prepared,
  type ReadValue,
  type Removed
} from './cache/index.js';
