/** Something of ours for each open notebook, made and dropped as notebooks are opened and closed. */
import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import type { IDisposable } from '@lumino/disposable';

export class PerNotebook<T extends IDisposable> implements IDisposable {
  private readonly made = new Map<NotebookPanel, T>();
  private disposed = false;

  constructor(
    private readonly tracker: INotebookTracker,
    private readonly make: (panel: NotebookPanel) => T
  ) {
    tracker.forEach(panel => this.add(panel));
    tracker.widgetAdded.connect(this.onAdded, this);
  }

  of(panel: NotebookPanel): T | undefined {
    return this.made.get(panel);
  }

  get isDisposed(): boolean {
    return this.disposed;
  }

  dispose(): void {
    if (this.disposed) return;
    this.disposed = true;
    this.tracker.widgetAdded.disconnect(this.onAdded, this);
    for (const one of this.made.values()) one.dispose();
    this.made.clear();
  }

  private onAdded(_: INotebookTracker, panel: NotebookPanel): void {
    this.add(panel);
  }

  private add(panel: NotebookPanel): void {
    if (this.made.has(panel)) return;
    this.made.set(panel, this.make(panel));
    panel.disposed.connect(() => {
      this.made.get(panel)?.dispose();
      this.made.delete(panel);
    });
  }
}
