/** The notebooks as homes of their views: one selection a notebook, its kernel's line, and its cells' code. */
import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import type { ViewQuestion } from '../../common/live.js';
import { GONE, type Answered, type NotebookFeeds, type ViewLink } from '../link/index.js';
import { PerNotebook } from '../notebooks/index.js';
import { setHomes, type ViewHome } from './home.js';
import { Selection } from './selection.js';

/** Writes parameters into the code of the cell that made what `node` shows (src/stagecell); says why not, if not. */
export type Apply = (
  panel: NotebookPanel,
  node: HTMLElement,
  stage: string,
  changes: Readonly<Record<string, unknown>>,
  run: boolean
) => string | undefined;

class NotebookHome implements ViewHome, IDisposable {
  readonly selection = new Selection();
  readonly renewed = new Signal<this, void>(this);
  private link: ViewLink | undefined;
  private disposed = false;

  constructor(
    private readonly panel: NotebookPanel,
    private readonly feeds: NotebookFeeds,
    private readonly write: Apply
  ) {
    feeds.changed.connect(this.follow, this);
    this.follow();
  }

  ask(question: ViewQuestion): Promise<Answered> {
    return this.link?.ask(question) ?? Promise.resolve(GONE);
  }

  apply(
    node: HTMLElement,
    stage: string,
    changes: Readonly<Record<string, unknown>>,
    run: boolean
  ): string | undefined {
    return this.write(this.panel, node, stage, changes, run);
  }

  get isDisposed(): boolean {
    return this.disposed;
  }

  dispose(): void {
    if (this.disposed) return;
    this.disposed = true;
    this.feeds.changed.disconnect(this.follow, this);
    this.link?.renewed.disconnect(this.renew, this);
    Signal.clearData(this);
    Signal.clearData(this.selection);
  }

  private follow(): void {
    const link = this.feeds.linkOf(this.panel);
    if (link === this.link) return;
    if (this.link && !this.link.isDisposed) this.link.renewed.disconnect(this.renew, this);
    this.link = link;
    link?.renewed.connect(this.renew, this);
    this.renew();
  }

  private renew(): void {
    this.renewed.emit();
  }
}

export class NotebookHomes implements IDisposable {
  private readonly homes: PerNotebook<NotebookHome>;

  constructor(
    private readonly tracker: INotebookTracker,
    feeds: NotebookFeeds,
    apply: Apply
  ) {
    this.homes = new PerNotebook(tracker, panel => new NotebookHome(panel, feeds, apply));
    setHomes(node => this.find(node));
  }

  get isDisposed(): boolean {
    return this.homes.isDisposed;
  }

  dispose(): void {
    if (this.isDisposed) return;
    setHomes(() => undefined);
    this.homes.dispose();
  }

  private find(node: HTMLElement): ViewHome | undefined {
    const panel = this.tracker.find(one => one.node.contains(node));
    return panel && this.homes.of(panel);
  }
}
