/**
 * The headers of one notebook: keeps one above the code of every cell that calls a stage, whatever a person does to
 * the cells. Reads code and follows the kernel; changes no cell and no metadata.
 */
import type { Cell, ICodeCellModel } from '@jupyterlab/cells';
import { NotebookActions, type NotebookPanel } from '@jupyterlab/notebook';
import type { IDisposable } from '@lumino/disposable';
import type { PanelLayout } from '@lumino/widgets';
import type { JobEvent } from '../../common/host.js';
import { findStageCalls, readImports, type StageCall } from '../../common/stagecell/index.js';
import { KERNEL_NAME, type JobFeed, type NotebookFeeds } from '../link/index.js';
import { RunningViews } from '../views/index.js';
import { StageHeader } from './header.js';
import { CellRuns, type SavedRun } from './runs.js';
import { describeState } from './state.js';

/** Milliseconds for which edits are gathered. */
const GATHER = 60;

/** Milliseconds of reading that a person would feel while typing, and for which it is put off at most. */
const SLOW = 20;
const LONGEST_WAIT = 2000;

/** Whether the notebook runs, or would run, in our kernel. */
export function isOurs(panel: NotebookPanel): boolean {
  const kernel = panel.sessionContext.session?.kernel;
  if (kernel) return kernel.name === KERNEL_NAME;
  const spec = panel.model?.getMetadata('kernelspec') as { name?: unknown } | undefined;
  return spec?.name === KERNEL_NAME;
}

/** The code of the notebook's code cells, from the top. */
export function codeOf(panel: NotebookPanel): string[] {
  return codeCells(panel).map(cell => cell.model.sharedModel.getSource());
}

/** The notebook’s code cells, from the top. */
export function codeCells(panel: NotebookPanel): readonly Cell[] {
  return panel.content.widgets.filter(cell => cell.model.type === 'code');
}

/** Asks a running job to end with the best that it has. */
export type FinishJob = (panel: NotebookPanel, job: string) => void;

interface Read {
  readonly source: string;
  readonly imports: string;
  readonly calls: readonly StageCall[];
}

function savedRun(model: ICodeCellModel, source: string): SavedRun {
  let error: string | undefined;
  for (let i = 0; i < model.outputs.length; i++) {
    const output = model.outputs.get(i);
    if (output.type === 'error') error = String(output.toJSON()['ename']);
  }
  return { count: model.executionCount, source, error, timing: model.getMetadata('execution') };
}

export class NotebookHeaders implements IDisposable {
  private readonly headers = new Map<Cell, StageHeader>();
  private readonly read = new WeakMap<Cell, Read>();
  private readonly runs: CellRuns;
  private readonly running = new RunningViews();
  private feed: JobFeed | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** Milliseconds that the last reading took, and when the next must begin. */
  private cost = 0;
  private due = 0;
  private disposed = false;

  constructor(
    private readonly panel: NotebookPanel,
    private readonly feeds: NotebookFeeds,
    private readonly finish?: FinishJob
  ) {
    this.runs = new CellRuns(panel.sessionContext, kernel => kernel.name === KERNEL_NAME);
    this.runs.changed.connect(this.showStates, this);
    panel.content.modelContentChanged.connect(this.schedule, this);
    panel.sessionContext.kernelChanged.connect(this.schedule, this);
    feeds.changed.connect(this.followFeed, this);
    this.followFeed();
    void panel.context.ready.then(() => this.schedule());
  }

  get isDisposed(): boolean {
    return this.disposed;
  }

  dispose(): void {
    if (this.disposed) return;
    this.disposed = true;
    clearTimeout(this.timer);
    this.runs.dispose();
    this.running.dispose();
    this.feed?.changed.disconnect(this.showStates, this);
    this.feeds.changed.disconnect(this.followFeed, this);
    this.panel.content.modelContentChanged?.disconnect(this.schedule, this);
    this.panel.sessionContext.kernelChanged.disconnect(this.schedule, this);
    for (const header of this.headers.values()) header.dispose();
    this.headers.clear();
  }

  private followFeed(): void {
    const feed = this.feeds.of(this.panel);
    if (feed === this.feed) return;
    this.feed?.changed.disconnect(this.showStates, this);
    this.feed = feed;
    feed?.changed.connect(this.showStates, this);
    this.showStates();
  }

  /** Where reading takes long it waits for a pause in the typing, though not for ever: outputs come all the time. */
  private schedule(): void {
    if (this.disposed) return;
    const now = Date.now();
    if (this.timer === undefined) this.due = now + LONGEST_WAIT;
    else if (this.cost < SLOW || now > this.due) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(
      () => {
        this.timer = undefined;
        if (this.disposed || this.panel.isDisposed) return;
        const started = performance.now();
        this.refresh();
        this.cost = performance.now() - started;
      },
      Math.max(GATHER, 3 * this.cost)
    );
  }

  private refresh(): void {
    const cells = isOurs(this.panel) ? codeCells(this.panel) : [];
    const calls = this.callsOf(cells);
    for (const [cell, header] of this.headers) {
      if (calls.has(cell)) continue;
      this.headers.delete(cell);
      this.running.remove(cell);
      header.dispose();
    }
    for (const [cell, found] of calls) {
      let header = this.headers.get(cell);
      if (!header || header.isDisposed) this.headers.set(cell, (header = this.add(cell)));
      header.setCalls(found);
    }
    this.showStates();
  }

  /** The cells that call a stage. A cell is read again only when its code or the notebook's imports have changed. */
  private callsOf(cells: readonly Cell[]): Map<Cell, readonly StageCall[]> {
    const sources = cells.map(cell => cell.model.sharedModel.getSource());
    const importing = sources.filter(source => source.includes('hysim-lab'));
    const key = importing.join('\n');
    const imports = readImports(importing);
    const found = new Map<Cell, readonly StageCall[]>();
    cells.forEach((cell, i) => {
      const source = sources[i]!;
      let read = this.read.get(cell);
      if (read?.source !== source || read.imports !== key) {
        read = { source, imports: key, calls: findStageCalls(source, imports) };
        this.read.set(cell, read);
      }
      if (read.calls.length > 0) found.set(cell, read.calls);
    });
    return found;
  }

  private add(cell: Cell): StageHeader {
    const { content, sessionContext } = this.panel;
    const { finish } = this;
    const header = new StageHeader({
      run: () => void NotebookActions.runCells(content, [cell], sessionContext),
      stop: () => void sessionContext.session?.kernel?.interrupt(),
      ...(finish ? { finish: (job: string) => finish(this.panel, job) } : {})
    });
    // A cell that is not on screen yet has no parts to stand between.
    void cell.ready.then(() => {
      if (header.isDisposed || cell.isDisposed) return;
      (cell.layout as PanelLayout).insertWidget(1, header);
    });
    return header;
  }

  private showStates(): void {
    for (const [cell, header] of this.headers) {
      if (header.isDisposed || cell.isDisposed) continue;
      const model = cell.model as ICodeCellModel;
      // What was read of it last: a long cell's text is dear to ask for at every report.
      const source = this.read.get(cell)?.source ?? model.sharedModel.getSource();
      const run = this.runs.recall(model.id, () => savedRun(model, source));
      const job = this.jobOf(cell);
      header.setState(describeState(run, job, source, model.outputs.length > 0));
      // A cell that runs again, or whose kernel has forgotten, has nothing of its own to show.
      if (run?.status === 'queued' || (!run && !job)) this.running.remove(cell);
      else this.running.update(cell, job);
    }
  }

  /** The job that a cell is at: the newest that runs, in the cell that runs. */
  private jobOf(cell: Cell): JobEvent | undefined {
    const jobs = (this.feed?.current ?? []).filter(job => job.status === 'running');
    const { executing } = this.runs;
    if (executing !== undefined) return executing === cell.model.id ? jobs.at(-1) : undefined;
    // After a page was loaded anew nobody knows which cell runs; a stage that only one cell calls tells.
    return jobs.find(job => {
      const callers = [...this.headers.keys()].filter(other =>
        this.read.get(other)?.calls.some(call => call.stage === job.stage)
      );
      return callers.length === 1 && callers[0] === cell;
    });
  }
}
