/** Keeps the underlines of one notebook in step with its cells' outputs. Changes no cell. */
import type { Cell, ICodeCellModel } from '@jupyterlab/cells';
import type { NotebookPanel } from '@jupyterlab/notebook';
import type { IOutputModel } from '@jupyterlab/rendermime';
import type { IDisposable } from '@lumino/disposable';
import { codeCells, isOurs } from '../notebooks/index.js';
import { viewOf } from '../stagecell/index.js';
import { readFaults } from './faults.js';
import { goTo, shownFaults, underline } from './underline.js';

/** Name of the error by which the kernel says that a cell does not compile. */
const ENAME = 'TypeScriptError';

/** Milliseconds for which changes are gathered. */
const GATHER = 60;

/** The newest error output of a cell. */
function errorOf(cell: Cell): IOutputModel | undefined {
  const { outputs } = cell.model as ICodeCellModel;
  for (let i = outputs.length - 1; i >= 0; i--) if (outputs.get(i).type === 'error') return outputs.get(i);
  return undefined;
}

export class NotebookFaults implements IDisposable {
  /** The error that a cell's underlines come from: what was edited away does not come back. */
  private readonly told = new WeakMap<Cell, IOutputModel | undefined>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private disposed = false;

  constructor(private readonly panel: NotebookPanel) {
    panel.content.modelContentChanged.connect(this.schedule, this);
    panel.sessionContext.kernelChanged.connect(this.schedule, this);
    void panel.context.ready.then(() => this.schedule());
  }

  get isDisposed(): boolean {
    return this.disposed;
  }

  dispose(): void {
    if (this.disposed) return;
    this.disposed = true;
    clearTimeout(this.timer);
    this.panel.content.modelContentChanged?.disconnect(this.schedule, this);
    this.panel.sessionContext.kernelChanged.disconnect(this.schedule, this);
  }

  /** Goes to the next fault below the caret, and from the last to the first; false when there is none. */
  async next(): Promise<boolean> {
    const { content } = this.panel;
    const places = codeCells(this.panel).flatMap(cell => {
      const view = viewOf(cell);
      const index = content.widgets.indexOf(cell);
      return view ? shownFaults(view).map(fault => ({ index, view, fault })) : [];
    });
    const active = content.activeCellIndex;
    const head =
      content.activeCell && content.mode === 'edit'
        ? viewOf(content.activeCell)?.state.selection.main.head
        : -1;
    const below = places.find(
      ({ index, fault }) => index > active || (index === active && fault.from > (head ?? -1))
    );
    const place = below ?? places[0];
    if (!place) return false;
    content.deselectAll();
    content.activeCellIndex = place.index;
    await content.scrollToItem(place.index, 'smart');
    content.mode = 'edit';
    goTo(place.view, place.fault);
    return true;
  }

  private schedule(): void {
    if (this.disposed || this.timer !== undefined) return;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      if (this.disposed || this.panel.isDisposed) return;
      const ours = isOurs(this.panel);
      for (const cell of codeCells(this.panel)) this.follow(cell, ours);
    }, GATHER);
  }

  private follow(cell: Cell, ours: boolean): void {
    const error = ours ? errorOf(cell) : undefined;
    if (error === this.told.get(cell)) return;
    this.told.set(cell, error);
    void cell.ready.then(() => {
      if (cell.isDisposed || this.disposed || this.told.get(cell) !== error) return;
      const view = viewOf(cell);
      if (!view) return;
      const { ename, traceback } = (error?.toJSON() ?? {}) as { ename?: unknown; traceback?: unknown };
      const known = ename === ENAME && Array.isArray(traceback);
      underline(view, known ? readFaults(traceback, view.state.doc.toString()) : []);
    });
  }
}
