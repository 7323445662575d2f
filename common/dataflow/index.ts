/** The dataflow of a notebook: what its cells make and read, and what state that leaves them in. */
export { analyse } from './analyse.js';
export { buildDataflow } from './graph.js';
export { costOf, downstream, dueCells, upstream, type RunCost, type RunWhat } from './due.js';
export { arrowsOf, GLYPHS, labelOf, type Arrow, type NodeLabel } from './labels.js';
export { toMermaid } from './mermaid.js';
export { arrowHead, forked, roundedPath } from './path.js';
export { toSvg } from './svg.js';
export { DataflowReader } from './reader.js';
export { planCalls, type CallPlan } from './planned.js';
export { stillTelling } from './runs.js';
export { judgeCells, titleOf, type Known } from './state.js';
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
  DATAFLOW_TARGET,
  MOST_CELLS,
  type CachedCell,
  type CellPlanner,
  type DataflowAnswer,
  type DataflowEvent,
  type DataflowQuestion,
  type DataflowReply,
  type DataflowRequest,
  type ValueLooker
} from './wire.js';
export {
  canBypass,
  connect,
  disconnect,
  duplicate,
  freeName,
  insertStage,
  isBypassed,
  palette,
  remove,
  rename,
  tidyOrder,
  toggleBypass,
  type Input,
  type Output,
  type PaletteEntry,
  type Proposal,
  type Subject,
  type Where
} from './edit/index.js';
