/**
 * What one notebook's kernel knows of its cells: the runs that it noted, what it is at, what the cache has. Asks and
 * listens; judges no state and runs nothing.
 */
import type { NotebookPanel } from '@jupyterlab/notebook';
import type { Kernel } from '@jupyterlab/services';
import type { IDisposable } from '@lumino/disposable';
import { Signal, type ISignal } from '@lumino/signaling';
import {
  stillTelling,
  type CellText,
  type DataflowQuestion,
  type Known,
  type RunRecord
} from '../../common/dataflow/index.js';
import type { ViewPayload } from '../../common/views/index.js';
import type { DataflowLink, NotebookFeeds } from '../link/index.js';
import type { LiveCells } from '../notebooks/index.js';

/** Milliseconds for which edits are gathered before the cache is asked again. */
const GATHER = 400;

export class KernelKnowledge implements IDisposable {
  private link: DataflowLink | undefined;
  /** Oldest first, without those that say nothing any more. */
  private runs: readonly RunRecord[] = [];
  private cached: ReadonlyMap<string, number> = new Map();
  /** The cells that the cache was asked about since the last run. */
  private asked: readonly CellText[] | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly _changed = new Signal<this, void>(this);
  private readonly _ran = new Signal<this, RunRecord>(this);
  /** The kernel has said what it ran. */
  private heard = false;
  private disposed = false;

  constructor(
    private readonly panel: NotebookPanel,
    private readonly feeds: NotebookFeeds,
    private readonly live: LiveCells,
    /** Cells that are about to be sent to the kernel. */
    private readonly planned: ReadonlySet<string>
  ) {
    feeds.changed.connect(this.follow, this);
    live.changed.connect(this.tell, this);
    panel.sessionContext.connectionStatusChanged.connect(this.onConnection, this);
    this.follow();
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** A cell has run, whoever ran it. */
  get ran(): ISignal<this, RunRecord> {
    return this._ran;
  }

  /** Whether there is a kernel of ours, and it has told what it ran. */
  get known(): boolean {
    return this.link !== undefined && this.heard;
  }

  get isDisposed(): boolean {
    return this.disposed;
  }

  /** What is known now, for the cells with these ids. */
  read(cells: Iterable<string>): Known {
    const live = new Map<string, 'queued' | 'running'>();
    for (const cell of cells) {
      const status = this.live.of(cell);
      if (status) live.set(cell, status);
    }
    return { runs: this.runs, live, planned: this.planned, cached: new Set(this.cached.keys()) };
  }

  /** What computing a cell took when the cache's entry was made; undefined where the cache has none. */
  cachedSeconds(cell: string): number | undefined {
    return this.cached.get(cell);
  }

  /** Asks what the cache has for these cells, unless it was asked about this very array since the last run. */
  plan(cells: readonly CellText[]): void {
    if (cells === this.asked || !this.known) return;
    this.asked = cells;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.askPlan(cells), GATHER);
  }

  async look(name: string): Promise<ViewPayload | undefined> {
    const answer = await this.ask({ op: 'look', name });
    return answer?.status === 'ok' ? answer.payload : undefined;
  }

  dispose(): void {
    if (this.disposed) return;
    this.disposed = true;
    clearTimeout(this.timer);
    this.feeds.changed.disconnect(this.follow, this);
    this.live.changed.disconnect(this.tell, this);
    this.panel.sessionContext.connectionStatusChanged.disconnect(this.onConnection, this);
    this.leave();
    Signal.clearData(this);
  }

  private follow(): void {
    const link = this.feeds.flowOf(this.panel);
    if (link === this.link) return;
    this.leave();
    this.link = link;
    link?.ran.connect(this.onRan, this);
    link?.renewed.connect(this.forget, this);
    void this.askRuns();
  }

  private leave(): void {
    if (this.link && !this.link.isDisposed) {
      this.link.ran.disconnect(this.onRan, this);
      this.link.renewed.disconnect(this.forget, this);
    }
    this.link = undefined;
    this.forget();
  }

  /** Of a kernel that was restarted too: what it ran is lost, and it is asked again as soon as it can answer. */
  private forget(): void {
    this.runs = [];
    this.cached = new Map();
    this.asked = undefined;
    this.heard = false;
    this.tell();
  }

  private onConnection(_: unknown, status: Kernel.ConnectionStatus): void {
    if (status === 'connected' && !this.heard) void this.askRuns();
  }

  private onRan(_: DataflowLink, run: RunRecord): void {
    this.note([run]);
    // What has run may now be in the cache, and what was read from disk may be gone.
    this.asked = undefined;
    this.tell();
    this._ran.emit(run);
  }

  private note(runs: readonly RunRecord[]): void {
    // What is told unasked may also be among what was asked for.
    const all = new Map([...this.runs, ...runs].map(run => [run.run, run]));
    this.runs = stillTelling([...all.values()].sort((a, b) => a.run - b.run));
  }

  private async ask(question: DataflowQuestion): ReturnType<DataflowLink['ask']> {
    return (await this.link?.ask(question)) ?? { status: 'gone' };
  }

  private asking = false;

  private async askRuns(): Promise<void> {
    const { link } = this;
    if (!link || this.asking) return;
    this.asking = true;
    const answer = await link.ask({ op: 'runs' });
    this.asking = false;
    if (this.disposed || link !== this.link || answer.status !== 'ok') return;
    this.note(answer.runs ?? []);
    this.heard = true;
    // What was asked of a kernel that was not there yet is asked again.
    this.asked = undefined;
    this.tell();
  }

  private async askPlan(cells: readonly CellText[]): Promise<void> {
    const answer = await this.ask({ op: 'plan', cells });
    if (this.disposed || this.asked !== cells || answer.status !== 'ok') return;
    this.cached = new Map((answer.cached ?? []).map(({ cell, seconds }) => [cell, seconds]));
    this.tell();
  }

  private tell(): void {
    if (!this.disposed) this._changed.emit();
  }
}
