/** TypeScript's errors, underlined in the cells that they are in. */
import type { INotebookTracker } from '@jupyterlab/notebook';
import { PerNotebook } from '../notebooks/index.js';
import { NotebookFaults } from './notebook.js';

export const NEXT_FAULT = 'hysim:next-fault';

/** Underlines the faults of every notebook; returns what goes to the next fault of the one in front. */
export function underlineFaults(tracker: INotebookTracker): () => Promise<boolean> {
  const faults = new PerNotebook(tracker, panel => new NotebookFaults(panel));
  return async () => {
    const panel = tracker.currentWidget;
    return (panel && (await faults.of(panel)?.next())) ?? false;
  };
}
