/**
 * What a person does with a control as one step of undo, however long it takes: a slider that is dragged, a text that
 * is typed. Knows the shared model's undo manager, and no code.
 */
import type { Cell } from '@jupyterlab/cells';

interface UndoManager {
  captureTimeout: number;
  stopCapturing(): void;
}

/** What of a cell's shared model is used here; JupyterLab's interface does not tell of the undo manager. */
interface SharedCell {
  transact(change: () => void): void;
  undo(): void;
  redo(): void;
  readonly undoManager?: Partial<UndoManager> | null;
}

const sharedOf = (cell: Cell): SharedCell => cell.model.sharedModel as unknown as SharedCell;

let open: { readonly manager: Partial<UndoManager>; readonly timeout: number | undefined } | undefined;

/** From here on changes belong together, until the gesture ends. */
function begin(manager: Partial<UndoManager>): void {
  if (open?.manager === manager) return;
  endGesture();
  manager.stopCapturing?.();
  // Changes close in time count as one for undo: here all do, however far apart.
  open = { manager, timeout: manager.captureTimeout };
  manager.captureTimeout = Infinity;
}

export function endGesture(): void {
  if (!open) return;
  const { manager, timeout } = open;
  open = undefined;
  if (timeout === undefined) delete manager.captureTimeout;
  else manager.captureTimeout = timeout;
  manager.stopCapturing?.();
}

/** Makes a change as part of the gesture that is under way, which begins where none is. */
export function changeIn(cell: Cell, change: () => void): void {
  const shared = sharedOf(cell);
  if (shared.undoManager) begin(shared.undoManager);
  shared.transact(change);
}

export function undoIn(cell: Cell, redo: boolean): void {
  endGesture();
  if (redo) sharedOf(cell).redo();
  else sharedOf(cell).undo();
}
