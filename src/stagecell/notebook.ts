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
import { CellRuns } from './runs.js';
import { describeState } from './state.js';

/** Milliseconds for which edits are gathered. */
const GATHER = 60;

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

interface Read {
  readonly source: string;
  readonly imports: string;
  readonly calls: readonly StageCall[];
}

export class NotebookHeaders implements IDisposable {
  private readonly headers = new Map<Cell, StageHeader>();
  private readonly read = new WeakMap<Cell, Read>();
  private readonly runs: CellRuns;
  private readonly running = new RunningViews();
  private feed: JobFeed | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private disposed = false;

  constructor(
    private readonly panel: NotebookPanel,
    private readonly feeds: NotebookFeeds
  ) {
    this.runs = new CellRuns(panel.sessionContext);
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

  private schedule(): void {
    if (this.disposed || this.timer !== undefined) return;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      if (!this.disposed && !this.panel.isDisposed) this.refresh();
    }, GATHER);
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
    const header = new StageHeader({
      run: () => void NotebookActions.runCells(content, [cell], sessionContext),
      stop: () => void sessionContext.session?.kernel?.interrupt()
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
      const run = this.runs.of(model.id);
      const saved = model.outputs.length > 0;
      const job = this.jobOf(cell);
      header.setState(describeState(run, job, model.sharedModel.getSource(), saved));
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
