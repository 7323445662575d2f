/**
 * Edits of a cell's code as steps of undo. A gesture, however long it takes, is one step: a slider that is dragged, a
 * text that is typed. Knows the shared model's undo manager, and no code.
 */
import type { Cell } from '@jupyterlab/cells';
import type { Edit } from '../../../common/stagecell/index.js';

interface UndoManager {
  captureTimeout: number;
  stopCapturing(): void;
}

/** What of a cell's shared model is used here; JupyterLab's interface does not tell of the undo manager. */
interface SharedCell {
  updateSource(start: number, end: number, value?: string): void;
  transact(change: () => void): void;
  undo(): void;
  redo(): void;
  readonly undoManager?: Partial<UndoManager> | null;
}

const sharedOf = (cell: Cell): SharedCell => cell.model.sharedModel as unknown as SharedCell;

let open: { readonly manager: Partial<UndoManager>; readonly timeout: number | undefined } | undefined;

/** From here on edits belong together, until the gesture ends. */
export function beginGesture(cell: Cell): void {
  const manager = sharedOf(cell).undoManager;
  if (!manager || open?.manager === manager) return;
  endGesture();
  manager.stopCapturing?.();
  // Edits close in time count as one for undo: here all are, however far apart.
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

/** Makes edits that are in order and apart from each other: one step of undo, or part of the open gesture. */
export function editCell(cell: Cell, edits: readonly Edit[]): void {
  if (edits.length === 0) return;
  const shared = sharedOf(cell);
  const alone = open === undefined || open.manager !== shared.undoManager;
  if (alone) beginGesture(cell);
  shared.transact(() => {
    // From the end, so that the places of those before still hold.
    for (const { from, to, insert } of [...edits].reverse()) shared.updateSource(from, to, insert);
  });
  if (alone) endGesture();
}

export function undoIn(cell: Cell, redo: boolean): void {
  endGesture();
  if (redo) sharedOf(cell).redo();
  else sharedOf(cell).undo();
}
