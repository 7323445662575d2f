/** The notebooks as homes of their views: one selection a notebook, its kernel's line, and its cells' code. */
import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import type { ViewQuestion } from '../../common/live.js';
import type { Answered, NotebookFeeds, ViewLink } from '../link/index.js';
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

class NotebookHome implements ViewHome {
  readonly selection = new Selection();
  readonly renewed = new Signal<this, void>(this);
  private link: ViewLink | undefined;

  constructor(
    private readonly panel: NotebookPanel,
    private readonly feeds: NotebookFeeds,
    private readonly write: Apply
  ) {
    feeds.changed.connect(this.follow, this);
    this.follow();
  }

  ask(question: ViewQuestion): Promise<Answered> {
    return this.link?.ask(question) ?? Promise.resolve({ answer: { status: 'gone' }, buffers: [] });
  }

  apply(
    node: HTMLElement,
    stage: string,
    changes: Readonly<Record<string, unknown>>,
    run: boolean
  ): string | undefined {
    return this.write(this.panel, node, stage, changes, run);
  }

  dispose(): void {
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
  private readonly homes = new Map<NotebookPanel, NotebookHome>();
  private disposed = false;

  constructor(
    private readonly tracker: INotebookTracker,
    private readonly feeds: NotebookFeeds,
    private readonly apply: Apply
  ) {
    setHomes(node => this.find(node));
  }

  get isDisposed(): boolean {
    return this.disposed;
  }

  dispose(): void {
    if (this.disposed) return;
    this.disposed = true;
    setHomes(() => undefined);
    for (const home of this.homes.values()) home.dispose();
    this.homes.clear();
  }

  private find(node: HTMLElement): ViewHome | undefined {
    const panel = this.tracker.find(one => one.node.contains(node));
    if (!panel) return undefined;
    let home = this.homes.get(panel);
    if (!home) {
      home = new NotebookHome(panel, this.feeds, this.apply);
      this.homes.set(panel, home);
      panel.disposed.connect(() => {
        this.homes.get(panel)?.dispose();
        this.homes.delete(panel);
      });
    }
    return home;
  }
}
