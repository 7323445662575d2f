/**
 * The headers of one notebook: keeps one above the code of every cell that calls a stage, whatever a person does to
 * the cells. Reads code and follows the kernel; changes no cell and no metadata.
 */
import type { Cell, ICodeCellModel } from '@jupyterlab/cells';
import { NotebookActions, type NotebookPanel } from '@jupyterlab/notebook';
import type { IDisposable } from '@lumino/disposable';
import type { PanelLayout } from '@lumino/widgets';
import type { JobEvent } from '../../common/host.js';
import {
  findStageCalls,
  parses,
  readImports,
  type Imports,
  type PathKind,
  type StageCall
} from '../../common/stagecell/index.js';
import { KERNEL_NAME, type JobFeed, type NotebookFeeds } from '../link/index.js';
import { RunningViews } from '../views/index.js';
import { CellForm } from './form/cell.js';
import { CellReader, madeWith } from './form/reading.js';
import { StageHeader } from './header.js';
import { markDiffering } from './mark.js';
import { CellRuns, type CellRun, type SavedRun } from './runs.js';
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

/** What a header and its form ask others for. */
export interface HeaderTools {
  /** Asks a running job to end with the best that it has. */
  finish?(panel: NotebookPanel, job: string): void;
  /** Shows what a stage does and takes. */
  help?(panel: NotebookPanel, stage: string): void;
  /** Lets a person choose a path, from the notebook's folder. */
  browse?(panel: NotebookPanel, kind: PathKind, now: string): Promise<string | undefined>;
}

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
  private readonly readers = new WeakMap<Cell, CellReader>();
  private readonly forms = new Map<Cell, CellForm>();
  /** Ids of the cells whose form is open: a cell that is moved stays the same, and its form open. */
  private readonly open = new Set<string>();
  private imports: Imports = readImports([]);
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
    private readonly tools: HeaderTools = {}
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
    for (const form of this.forms.values()) form.dispose();
    this.forms.clear();
    for (const header of this.headers.values()) header.dispose();
    this.headers.clear();
  }

  /** Whether the cell calls a stage, and so has a form. */
  hasForm(cell: Cell): boolean {
    return this.headers.has(cell);
  }

  /** Opens the cell's form and goes there; closes it where one is in it already. */
  toggleForm(cell: Cell): void {
    if (!this.headers.has(cell)) return;
    const form = this.forms.get(cell);
    if (!form) {
      this.open.add(cell.model.id);
      this.showForms();
      this.forms.get(cell)?.focus();
    } else if (form.node.contains(document.activeElement)) this.closeForm(cell);
    else form.focus();
  }

  closeForm(cell: Cell): void {
    const held = this.forms.get(cell)?.node.contains(document.activeElement);
    this.open.delete(cell.model.id);
    this.showForms();
    if (held) this.goTo(cell);
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
      this.forms.get(cell)?.dispose();
      this.forms.delete(cell);
      header.dispose();
    }
    for (const [cell, found] of calls) {
      let header = this.headers.get(cell);
      if (!header || header.isDisposed) this.headers.set(cell, (header = this.add(cell)));
      header.setCalls(found);
    }
    this.showForms();
    this.showStates();
  }

  /** The cells that call a stage. A cell is read again only when its code or the notebook's imports have changed. */
  private callsOf(cells: readonly Cell[]): Map<Cell, readonly StageCall[]> {
    const sources = cells.map(cell => cell.model.sharedModel.getSource());
    const importing = sources.filter(source => source.includes('hysim-lab'));
    const key = importing.join('\n');
    const imports = (this.imports = readImports(importing));
    const found = new Map<Cell, readonly StageCall[]>();
    cells.forEach((cell, i) => {
      const source = sources[i]!;
      let read = this.read.get(cell);
      if (read?.source !== source || read.imports !== key) {
        const calls = findStageCalls(source, imports);
        read = { source, imports: key, calls: calls.length > 0 ? calls : this.unfinished(source, read) };
        this.read.set(cell, read);
      }
      if (read.calls.length > 0) found.set(cell, read.calls);
    });
    return found;
  }

  private add(cell: Cell): StageHeader {
    const { content, sessionContext } = this.panel;
    const { finish } = this.tools;
    const header = new StageHeader({
      run: () => void NotebookActions.runCells(content, [cell], sessionContext),
      stop: () => void sessionContext.session?.kernel?.interrupt(),
      form: () => (this.open.has(cell.model.id) ? this.closeForm(cell) : this.toggleForm(cell)),
      ...(finish ? { finish: (job: string) => finish(this.panel, job) } : {})
    });
    // A cell that is not on screen yet has no parts to stand between.
    void cell.ready.then(() => {
      if (header.isDisposed || cell.isDisposed) return;
      (cell.layout as PanelLayout).insertWidget(1, header);
    });
    return header;
  }

  /** Calls that are being typed in: a cell that for a moment does not parse has not stopped calling its stage. */
  private unfinished(source: string, before: Read | undefined): readonly StageCall[] {
    const calls = before?.calls ?? [];
    return calls.some(call => source.includes(call.stage)) && !parses(source) ? calls : [];
  }

  /** Makes the forms that are open and are not there yet, and drops those that are closed. */
  private showForms(): void {
    for (const [cell, header] of this.headers) {
      const wanted = this.open.has(cell.model.id) && !header.isDisposed;
      let form = this.forms.get(cell);
      if (wanted && !form) {
        this.forms.set(cell, (form = this.addForm(cell)));
        this.showChanges(cell, header, this.runOf(cell)?.code);
      } else if (!wanted && form) {
        form.dispose();
        this.forms.delete(cell);
        form = undefined;
      }
      header.setForm(form?.node);
    }
  }

  private addForm(cell: Cell): CellForm {
    const { content, sessionContext } = this.panel;
    const { help, browse } = this.tools;
    return new CellForm(cell, {
      run: () => void NotebookActions.runCells(content, [cell], sessionContext),
      leave: () => this.goTo(cell),
      read: () => this.callsNow(cell),
      changed: () => {
        const header = this.headers.get(cell);
        if (header) this.showChanges(cell, header, this.runOf(cell)?.code);
      },
      ...(help ? { help: (stage: string) => help(this.panel, stage) } : {}),
      ...(browse ? { browse: (kind: PathKind, now: string) => browse(this.panel, kind, now) } : {})
    });
  }

  /** Back to the cell from a control of ours, as Escape leaves an editor. */
  private goTo(cell: Cell): void {
    const { content } = this.panel;
    const index = content.widgets.indexOf(cell);
    if (index < 0) return;
    content.activeCellIndex = index;
    content.mode = 'command';
    content.activate();
  }

  private callsNow(cell: Cell): { source: string; calls: readonly StageCall[] } {
    const source = cell.model.sharedModel.getSource();
    const read = this.read.get(cell);
    return { source, calls: read?.source === source ? read.calls : findStageCalls(source, this.imports) };
  }

  /** What of the cell differs from its last run: in the code, in the header, in the form. */
  private showChanges(cell: Cell, header: StageHeader, code: string | undefined): void {
    let reader = this.readers.get(cell);
    if (!reader) this.readers.set(cell, (reader = new CellReader()));
    const form = this.forms.get(cell);
    const now = this.callsNow(cell);
    const reading = reader.read(now, code, ran => ({
      source: ran,
      calls: findStageCalls(ran, this.imports)
    }));
    const ranges = reading.broken
      ? []
      : reading.changes.flatMap(list => list.flatMap(({ range }) => range ?? []));
    markDiffering(cell, ranges);
    header.setMade(madeWith(reading));
    form?.update(reading);
  }

  private runOf(cell: Cell): CellRun | undefined {
    const model = cell.model as ICodeCellModel;
    const source = this.read.get(cell)?.source ?? model.sharedModel.getSource();
    return this.runs.recall(model.id, () => savedRun(model, source));
  }

  private showStates(): void {
    for (const [cell, header] of this.headers) {
      if (header.isDisposed || cell.isDisposed) continue;
      const model = cell.model as ICodeCellModel;
      // What was read of it last: a long cell's text is dear to ask for at every report.
      const source = this.read.get(cell)?.source ?? model.sharedModel.getSource();
      const run = this.runOf(cell);
      const job = this.jobOf(cell);
      header.setState(describeState(run, job, source, model.outputs.length > 0));
      this.showChanges(cell, header, run?.code);
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
