/**
 * The dataflow of one notebook, put together: its cells read, its kernel asked, states judged, runs and edits carried
 * out. What it says of cells is worked out in common/dataflow; how it looks is the panel's and the headers'.
 */
import { NotebookActions, type NotebookPanel } from '@jupyterlab/notebook';
import type { IDisposable } from '@lumino/disposable';
import { Signal, type ISignal } from '@lumino/signaling';
import {
  costOf,
  DataflowReader,
  judgeCells,
  type CellState,
  type CellText,
  type Dataflow,
  type NotebookEdit,
  type RunCost,
  type RunRecord,
  type RunWhat
} from '../../common/dataflow/index.js';
import type { JobEvent } from '../../common/host.js';
import type { ViewPayload } from '../../common/views/index.js';
import type { NotebookFeeds } from '../link/index.js';
import { isOurs, isReadable, LiveCells } from '../notebooks/index.js';
import { applyEditsTo } from './apply.js';
import { readDrawing, writeDrawing } from './drawing.js';
import { DrawingSteps, stepsOf } from './drawing-steps.js';
import { jobsByCell } from './jobs.js';
import { KernelKnowledge } from './known.js';
import { Pictures } from './pictures.js';
import { proposalsFor } from './proposals.js';
import { Reactions } from './reactions.js';
import { Runner, type Situation } from './runner.js';
import type { Drawing, IDataflow, Proposals } from './tokens.js';

/** Milliseconds of reading that a person would feel while typing, and for which it is put off at most. */
const SLOW = 20;
const LONGEST_PAUSE = 2000;

const NO_KERNEL: ReadonlyMap<string, CellState> = new Map();

export class DataflowModel implements IDataflow, IDisposable {
  flow: Dataflow = { nodes: [], edges: [], order: [], cycles: [] };
  states: ReadonlyMap<string, CellState> = NO_KERNEL;
  jobs: ReadonlyMap<string, JobEvent> = new Map();
  readonly propose: Proposals;
  private readonly reader = new DataflowReader();
  private readonly live: LiveCells;
  private readonly known: KernelKnowledge;
  private readonly runner: Runner;
  private readonly pictures: Pictures;
  private readonly reactions: Reactions;
  private readonly drawn = new DrawingSteps();
  private readonly _changed = new Signal<this, void>(this);
  private frame: number | undefined;
  private pause: ReturnType<typeof setTimeout> | undefined;
  /** Milliseconds that the last reading took. */
  private cost = 0;
  private cells: readonly CellText[] = [];
  private disposed = false;

  constructor(
    readonly panel: NotebookPanel,
    private readonly feeds: NotebookFeeds,
    wanted: (stage: string) => Readonly<Record<string, unknown>>
  ) {
    this.live = new LiveCells(panel.sessionContext);
    this.runner = new Runner(
      () => this.situation(),
      () => this.schedule()
    );
    this.known = new KernelKnowledge(panel, feeds, this.live, this.runner.planned);
    this.pictures = new Pictures(panel, this.known, () => this.schedule());
    this.propose = proposalsFor(this, wanted);
    this.reactions = new Reactions(this.runner, () => this.situation());
    this.known.changed.connect(this.schedule, this);
    this.known.ran.connect(this.onRan, this);
    panel.content.modelContentChanged.connect(this.schedule, this);
    panel.content.activeCellChanged.connect(this.schedule, this);
    panel.sessionContext.kernelChanged.connect(this.schedule, this);
    feeds.changed.connect(this.followFeed, this);
    this.followFeed();
    void panel.context.ready.then(() => this.refresh());
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get ours(): boolean {
    return isOurs(this.panel);
  }

  get isDisposed(): boolean {
    return this.disposed;
  }

  /** The cell that the kernel is at. */
  get executing(): string | undefined {
    return this.live.executing;
  }

  get selected(): string | undefined {
    const model = this.panel.content.activeCell?.model;
    return model?.type === 'code' ? model.id : undefined;
  }

  set selected(id: string | undefined) {
    const index = this.indexOf(id);
    if (index < 0 || id === this.selected) return;
    this.panel.content.deselectAll();
    this.panel.content.activeCellIndex = index;
    void this.panel.content.scrollToItem(index, 'smart').catch(() => undefined);
  }

  goTo(cell: string): void {
    this.selected = cell;
    this.panel.content.activate();
  }

  payloadOf(cell: string): ViewPayload | undefined {
    return this.pictures.of(cell, this.states.get(cell));
  }

  costOf(what: RunWhat): RunCost {
    return costOf(this, what, cell => this.secondsOf(cell));
  }

  async run(what: RunWhat): Promise<void> {
    this.refresh();
    await this.runner.run(what);
  }

  async stop(): Promise<void> {
    this.runner.stop();
    await this.panel.sessionContext.session?.kernel?.interrupt();
  }

  get reactive(): boolean {
    return this.reactions.on;
  }

  set reactive(on: boolean) {
    this.reactions.on = on;
    this.schedule();
  }

  /** Seconds up to which reactive mode runs a cell by itself. */
  set cheap(seconds: number) {
    this.reactions.cheap = seconds;
  }

  async apply(edits: readonly NotebookEdit[]): Promise<readonly string[]> {
    const inserted = applyEditsTo(this.panel, edits);
    this.refresh();
    return inserted;
  }

  undo(): void {
    const drawing = this.drawn.undo(this.drawing, stepsOf(this.panel));
    if (drawing) writeDrawing(this.panel, drawing);
    else NotebookActions.undo(this.panel.content);
    this.schedule();
  }

  redo(): void {
    const drawing = this.drawn.redo(this.drawing, stepsOf(this.panel));
    if (drawing) writeDrawing(this.panel, drawing);
    else NotebookActions.redo(this.panel.content);
    this.schedule();
  }

  get drawing(): Drawing {
    return readDrawing(this.panel);
  }

  draw(drawing: Drawing): void {
    this.drawn.record(this.drawing, stepsOf(this.panel));
    writeDrawing(this.panel, drawing);
    this.schedule();
  }

  dispose(): void {
    if (this.disposed) return;
    this.disposed = true;
    if (this.frame !== undefined) cancelAnimationFrame(this.frame);
    clearTimeout(this.pause);
    this.runner.stop();
    this.reactions.dispose();
    this.known.dispose();
    this.live.dispose();
    this.pictures.dispose();
    this.feed?.changed.disconnect(this.schedule, this);
    this.feeds.changed.disconnect(this.followFeed, this);
    this.panel.content.modelContentChanged?.disconnect(this.schedule, this);
    this.panel.content.activeCellChanged?.disconnect(this.schedule, this);
    this.panel.sessionContext.kernelChanged.disconnect(this.schedule, this);
    Signal.clearData(this);
  }

  private feed: ReturnType<NotebookFeeds['of']>;

  private followFeed(): void {
    const feed = this.feeds.of(this.panel);
    if (feed === this.feed) return;
    if (this.feed && !this.feed.isDisposed) this.feed.changed.disconnect(this.schedule, this);
    this.feed = feed;
    feed?.changed.connect(this.schedule, this);
    this.schedule();
  }

  private indexOf(id: string | undefined): number {
    return id === undefined ? -1 : this.panel.content.widgets.findIndex(cell => cell.model.id === id);
  }

  private readonly waiting = new Map<string, () => void>();

  private onRan(_: KernelKnowledge, { cell, status }: RunRecord): void {
    if (cell === undefined) return;
    this.refresh();
    this.waiting.get(cell)?.();
    if (status === 'done') this.reactions.ran(cell);
  }

  private secondsOf(cell: string): number | undefined {
    return this.states.get(cell)?.run?.seconds ?? this.known.cachedSeconds(cell);
  }

  private situation(): Situation {
    return {
      panel: this.panel,
      flow: this.flow,
      states: this.states,
      secondsOf: cell => this.secondsOf(cell),
      told: cell =>
        new Promise(resolve => {
          this.waiting.set(cell, () => {
            this.waiting.delete(cell);
            resolve();
          });
        })
    };
  }

  /** At most once a frame: reports come twenty times a second, outputs as fast as they like. */
  private schedule(): void {
    if (this.disposed || this.frame !== undefined || this.pause !== undefined) return;
    const look = (): void => {
      this.frame = this.pause = undefined;
      this.refresh();
    };
    // Where reading takes so long that whoever types would feel it, it is done seldom.
    if (this.cost > SLOW) this.pause = setTimeout(look, Math.min(LONGEST_PAUSE, 3 * this.cost));
    else this.frame = requestAnimationFrame(look);
  }

  private readCells(): readonly CellText[] {
    const shared = isReadable(this.panel) ? (this.panel.model?.sharedModel.cells ?? []) : [];
    return shared
      .filter(cell => cell.cell_type === 'code')
      .map(cell => ({ id: cell.getId(), source: cell.getSource() }));
  }

  private refresh(): void {
    if (this.disposed || this.panel.isDisposed) return;
    const started = performance.now();
    this.look();
    this.cost = performance.now() - started;
    this._changed.emit();
  }

  private look(): void {
    const cells = this.readCells();
    const flow = this.reader.read(cells);
    // The reader gives the same graph for the same cells.
    const same = flow === this.flow;
    if (!same) {
      this.cells = cells;
      this.flow = flow;
    }
    if (this.ours) {
      this.known.plan(this.cells);
      this.states = judgeCells(this.flow, this.known.read(cells.map(cell => cell.id)));
      this.jobs = jobsByCell(this.feed, this.flow, this.executing);
    } else {
      this.states = NO_KERNEL;
      this.jobs = new Map();
    }
    if (!same) this.reactions.edited();
  }
}
