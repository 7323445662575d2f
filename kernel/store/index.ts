/** What is kept: content hashes, whole files, the decision log, the ledger of fold V. */
export { writeWhole } from './atomic.js';
export { contentHash, type Hashable } from './hash.js';
export { readDecisions, type Decision } from './decisions.js';
export { openFoldV, type Look } from './ledger.js';
