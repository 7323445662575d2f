/** The edits of the graph, each worked out from the notebook as it stands: proposals that change nothing by themselves. */
export { canBypass, isBypassed, remove, toggleBypass } from './cells.js';
export { connect, disconnect } from './connect.js';
export { insertStage, palette, type PaletteEntry, type Where } from './insert.js';
export { leastMoves, type Before } from './moves.js';
export { duplicate, freeName, rename } from './rename.js';
export { tidyOrder } from './order.js';
export type { Input, Output, Proposal, Subject } from './proposal.js';
