/**
 * Undo for where nodes stand. The notebook's own undo knows cells and not metadata; here each change of the drawing is
 * kept with how far the notebook's undo had come, so that one key takes both back in the order in which they were made.
 */
import type { NotebookPanel } from '@jupyterlab/notebook';
import type { Drawing } from './tokens.js';

/** How many steps the notebook could take back, and take again. */
export interface NotebookSteps {
  readonly back: number;
  readonly again: number;
}

interface Kept extends NotebookSteps {
  readonly drawing: Drawing;
}

export function stepsOf(panel: NotebookPanel): NotebookSteps {
  const shared = panel.model?.sharedModel as
    { undoManager?: { undoStack: readonly unknown[]; redoStack: readonly unknown[] } } | undefined;
  return {
    back: shared?.undoManager?.undoStack.length ?? 0,
    again: shared?.undoManager?.redoStack.length ?? 0
  };
}

export class DrawingSteps {
  private past: Kept[] = [];
  private future: Kept[] = [];

  /** @param drawing as it was before the change */
  record(drawing: Drawing, steps: NotebookSteps): void {
    this.past.push({ drawing, ...steps });
    this.future = [];
  }

  /** The drawing to go back to; undefined when the notebook's last step came after the last change of the drawing. */
  undo(now: Drawing, steps: NotebookSteps): Drawing | undefined {
    // What the notebook has taken back further than that is gone with it.
    while (this.past.length > 0 && this.past.at(-1)!.back > steps.back) this.past.pop();
    if (this.past.at(-1)?.back !== steps.back) return undefined;
    this.future.push({ drawing: now, ...steps });
    return this.past.pop()!.drawing;
  }

  redo(now: Drawing, steps: NotebookSteps): Drawing | undefined {
    const next = this.future.at(-1);
    if (!next || next.back !== steps.back || next.again !== steps.again) return undefined;
    this.future.pop();
    this.past.push({ drawing: now, ...steps });
    return next.drawing;
  }
}
