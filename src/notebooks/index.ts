/** Open notebooks: something of ours for each, their code cells, what their kernel is at, edits as steps of undo. */
export {
  codeCells,
  codeOf,
  isOurs,
  isReadable,
  lockOf,
  oneStep,
  writeEdits,
  type SharedNotebook
} from './cells.js';
export { LiveCells, type Liveness } from './live.js';
export { PerNotebook } from './per-notebook.js';
