/** The dataflow of a notebook: what its cells make and read, and what state that leaves them in. */
export { analyse } from './analyse.js';
export { buildDataflow } from './graph.js';
export { DataflowReader } from './reader.js';
export type {
  CellCode,
  CellState,
  CellStateName,
  CellText,
  Dataflow,
  DataflowEdge,
  DataflowNode,
  Fault,
  FaultKind,
  NotebookEdit,
  RunRecord,
  Written
} from './types.js';
export { edgeKey, layoutDataflow, type Layout, type LayoutOptions, type Point, type Size } from './layout.js';
export {
  canBypass,
  connect,
  disconnect,
  insertStage,
  isBypassed,
  palette,
  remove,
  tidyOrder,
  toggleBypass,
  type Input,
  type Output,
  type PaletteEntry,
  type Proposal,
  type Subject,
  type Where
} from './edit/index.js';
