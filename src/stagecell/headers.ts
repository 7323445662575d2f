/** One set of headers a notebook, made and dropped as notebooks are opened and closed. */
import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import type { IDisposable } from '@lumino/disposable';
import type { NotebookFeeds } from '../link/index.js';
import { NotebookHeaders, type FinishJob } from './notebook.js';

export class StageHeaders implements IDisposable {
  private readonly notebooks = new Map<NotebookPanel, NotebookHeaders>();
  private disposed = false;

  constructor(
    private readonly tracker: INotebookTracker,
    private readonly feeds: NotebookFeeds,
    private readonly finish?: FinishJob
  ) {
    tracker.forEach(panel => this.add(panel));
    tracker.widgetAdded.connect(this.onAdded, this);
  }

  get isDisposed(): boolean {
    return this.disposed;
  }

  dispose(): void {
    if (this.disposed) return;
    this.disposed = true;
    this.tracker.widgetAdded.disconnect(this.onAdded, this);
    for (const headers of this.notebooks.values()) headers.dispose();
    this.notebooks.clear();
  }

  private onAdded(_: INotebookTracker, panel: NotebookPanel): void {
    this.add(panel);
  }

  private add(panel: NotebookPanel): void {
    if (this.notebooks.has(panel)) return;
    this.notebooks.set(panel, new NotebookHeaders(panel, this.feeds, this.finish));
    panel.disposed.connect(() => {
      this.notebooks.get(panel)?.dispose();
      this.notebooks.delete(panel);
    });
  }
}
