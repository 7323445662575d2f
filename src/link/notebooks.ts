/** One job feed and the lines for views and dataflow of a notebook whose kernel is ours, made and dropped as kernels come and go. */
import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import { Token } from '@lumino/coreutils';
import type { IDisposable } from '@lumino/disposable';
import { Signal, type ISignal } from '@lumino/signaling';
import { DataflowLink } from './dataflow.js';
import { JobFeed, KERNEL_NAME } from './feed.js';
import { ViewLink } from './views.js';

/** One set of feeds serves every plugin: a kernel takes one listener for its comm target. */
export const INotebookFeeds = new Token<NotebookFeeds>(
  'hysim-lab:INotebookFeeds',
  'How the jobs of each notebook with the HySim kernel go.'
);

export class NotebookFeeds implements IDisposable {
  private readonly feeds = new Map<NotebookPanel, JobFeed>();
  private readonly links = new Map<NotebookPanel, ViewLink>();
  private readonly flows = new Map<NotebookPanel, DataflowLink>();
  private readonly panels = new Set<NotebookPanel>();
  private readonly _changed = new Signal<this, void>(this);
  private disposed = false;

  constructor(private readonly tracker: INotebookTracker) {
    tracker.forEach(panel => this.add(panel));
    tracker.widgetAdded.connect(this.onAdded, this);
    tracker.currentChanged.connect(this.emit, this);
  }

  /** The feed of the notebook in front, if its kernel is ours. */
  get current(): JobFeed | undefined {
    const panel = this.tracker.currentWidget;
    return panel ? this.feeds.get(panel) : undefined;
  }

  /** The feed of a notebook, if its kernel is ours. */
  of(panel: NotebookPanel): JobFeed | undefined {
    return this.feeds.get(panel);
  }

  /** The line of a notebook's views to its kernel, if that is ours. */
  linkOf(panel: NotebookPanel): ViewLink | undefined {
    return this.links.get(panel);
  }

  /** The line of a notebook's dataflow to its kernel, if that is ours. */
  flowOf(panel: NotebookPanel): DataflowLink | undefined {
    return this.flows.get(panel);
  }

  /** The notebook in front or its kernel has changed. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this.disposed;
  }

  dispose(): void {
    if (this.disposed) return;
    this.disposed = true;
    this.tracker.widgetAdded.disconnect(this.onAdded, this);
    this.tracker.currentChanged.disconnect(this.emit, this);
    for (const panel of [...this.panels]) this.remove(panel);
    Signal.clearData(this);
  }

  private onAdded(_: INotebookTracker, panel: NotebookPanel): void {
    this.add(panel);
  }

  private add(panel: NotebookPanel): void {
    if (this.panels.has(panel)) return;
    this.panels.add(panel);
    const renew = (): void => this.renew(panel);
    panel.sessionContext.kernelChanged.connect(renew, this);
    panel.disposed.connect(() => this.remove(panel), this);
    renew();
  }

  private remove(panel: NotebookPanel): void {
    this.panels.delete(panel);
    if (this.drop(panel)) this._changed.emit();
  }

  private drop(panel: NotebookPanel): boolean {
    this.feeds.get(panel)?.dispose();
    this.links.get(panel)?.dispose();
    this.links.delete(panel);
    this.flows.get(panel)?.dispose();
    this.flows.delete(panel);
    return this.feeds.delete(panel);
  }

  private renew(panel: NotebookPanel): void {
    this.drop(panel);
    const kernel = panel.sessionContext.session?.kernel;
    if (kernel && !this.disposed && !panel.isDisposed && kernel.name === KERNEL_NAME) {
      this.feeds.set(panel, new JobFeed(kernel));
      this.links.set(panel, new ViewLink(kernel));
      this.flows.set(panel, new DataflowLink(kernel));
    }
    this._changed.emit();
  }

  private emit(): void {
    this._changed.emit();
  }
}
