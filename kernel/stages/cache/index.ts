/** Results of stages, kept and found. */
export { throughCache } from './call.js';
export type { Keeping, KnownInputs } from './key.js';
export type { Plannable } from './planner.js';
