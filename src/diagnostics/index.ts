/** TypeScript's errors, underlined in the cells that they are in. */
import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import { NotebookFaults } from './notebook.js';

export const NEXT_FAULT = 'hysim:next-fault';

/** Underlines the faults of every notebook; returns what goes to the next fault of the one in front. */
export function underlineFaults(tracker: INotebookTracker): () => Promise<boolean> {
  const notebooks = new Map<NotebookPanel, NotebookFaults>();
  const add = (panel: NotebookPanel): void => {
    if (notebooks.has(panel)) return;
    notebooks.set(panel, new NotebookFaults(panel));
    panel.disposed.connect(() => {
      notebooks.get(panel)?.dispose();
      notebooks.delete(panel);
    });
  };
  tracker.forEach(add);
  tracker.widgetAdded.connect((_, panel) => add(panel));
  return async () => {
    const panel = tracker.currentWidget;
    return (panel && (await notebooks.get(panel)?.next())) ?? false;
  };
}
