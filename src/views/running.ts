/**
 * What a running stage has to show, in its cell, between code and output: a training's curves as they grow. It is the
 * page's own and no output: nothing of it is saved, and it goes when the cell shows what came of the run.
 */
import type { Cell, ICodeCellModel } from '@jupyterlab/cells';
import type { IDisposable } from '@lumino/disposable';
import type { PanelLayout } from '@lumino/widgets';
import type { JobEvent } from '../../common/host.js';
import { MIME, type ViewPayload } from '../../common/views/index.js';
import { ViewWidget } from './widget.js';

interface Shown {
  readonly widget: ViewWidget;
  payload: ViewPayload;
}

/** Whether the cell's outputs hold a view of ours: what came of the run is on screen then. */
function showsView(cell: Cell): boolean {
  const { outputs } = cell.model as ICodeCellModel;
  return Array.from({ length: outputs.length }, (_, i) => outputs.get(i)).some(output => MIME in output.data);
}

export class RunningViews implements IDisposable {
  private readonly shown = new Map<Cell, Shown>();
  private disposed = false;

  get isDisposed(): boolean {
    return this.disposed;
  }

  dispose(): void {
    if (this.disposed) return;
    this.disposed = true;
    for (const { widget } of this.shown.values()) widget.dispose();
    this.shown.clear();
  }

  /** @param job the job that the cell is at, if it is at one */
  update(cell: Cell, job: JobEvent | undefined): void {
    const known = this.shown.get(cell);
    if (known?.widget.isDisposed || cell.isDisposed) return void this.shown.delete(cell);
    if (job?.view) return this.draw(cell, job.view, known);
    if (!known) return;
    // The curves of a training whose cell shows nothing stay until it runs again.
    if (job !== undefined || showsView(cell)) this.remove(cell);
  }

  /** Takes a cell's picture away: it runs again, or its kernel has forgotten. */
  remove(cell: Cell): void {
    this.shown.get(cell)?.widget.dispose();
    this.shown.delete(cell);
  }

  private draw(cell: Cell, payload: ViewPayload, known: Shown | undefined): void {
    let shown = known;
    if (!shown) {
      const widget = new ViewWidget();
      widget.addClass('hs-Running');
      const layout = cell.layout as PanelLayout;
      const at = layout.widgets.findIndex(one => one.hasClass('jp-Cell-outputWrapper'));
      if (at < 0) return widget.dispose();
      layout.insertWidget(at, widget);
      shown = { widget, payload };
      this.shown.set(cell, shown);
    } else if (shown.payload === payload) return;
    shown.payload = payload;
    shown.widget.showPayload(payload);
  }
}
