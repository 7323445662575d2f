/**
 * The headers of one notebook: keeps one above the code of every cell that calls a stage, whatever a person does to
 * the cells. Shows what the dataflow says of them; changes no cell and no metadata.
 */
import type { Cell } from '@jupyterlab/cells';
import type { NotebookPanel } from '@jupyterlab/notebook';
import type { IDisposable } from '@lumino/disposable';
import type { PanelLayout } from '@lumino/widgets';
import type { DataflowNode } from '../../common/dataflow/index.js';
import type { IDataflow } from '../dataflow/index.js';
import { RunningViews } from '../views/index.js';
import { NotebookForms, type FormTools } from './form/forms.js';
import { StageHeader } from './header.js';
import { describeState } from './state.js';

/** What headers and their forms ask others for. */
export interface HeaderTools extends FormTools {
  /** Asks a running job to end with the best that it has. */
  finish?(panel: NotebookPanel, job: string): void;
}

export class NotebookHeaders implements IDisposable {
  private readonly headers = new Map<Cell, StageHeader>();
  private readonly forms: NotebookForms;
  private readonly running = new RunningViews();
  private disposed = false;

  constructor(
    private readonly dataflow: IDataflow,
    private readonly tools: HeaderTools = {}
  ) {
    this.forms = new NotebookForms(dataflow, tools);
    dataflow.changed.connect(this.refresh, this);
    this.refresh();
  }

  get isDisposed(): boolean {
    return this.disposed;
  }

  dispose(): void {
    if (this.disposed) return;
    this.disposed = true;
    this.dataflow.changed.disconnect(this.refresh, this);
    this.running.dispose();
    this.forms.dispose();
    for (const header of this.headers.values()) header.dispose();
    this.headers.clear();
  }

  /** Whether the cell calls a stage, and so has a form. */
  hasForm(cell: Cell): boolean {
    return this.forms.has(cell);
  }

  /** Opens the cell's form and goes there; closes it where one is in it already. */
  openForm(cell: Cell): void {
    this.forms.goTo(cell);
  }

  /** A cell that for a moment does not parse, while a person types, has not stopped calling its stage. */
  private calls(
    { code, source, calls }: DataflowNode,
    header: StageHeader | undefined
  ): DataflowNode['calls'] {
    if (calls.length > 0 || !header || !code.problem) return calls;
    return header.shownCalls.some(call => source.includes(call.stage)) ? header.shownCalls : calls;
  }

  private refresh(): void {
    const { ours, flow, panel } = this.dataflow;
    const nodes = new Map((ours ? flow.nodes : []).map(node => [node.id, node]));
    const there = new Map<Cell, DataflowNode['calls']>();
    for (const cell of panel.content.widgets) {
      const node = cell.model.type === 'code' ? nodes.get(cell.model.id) : undefined;
      const calls = node && this.calls(node, this.headers.get(cell));
      if (calls && calls.length > 0) there.set(cell, calls);
    }
    for (const [cell, header] of this.headers) {
      if (there.has(cell)) continue;
      this.headers.delete(cell);
      this.running.remove(cell);
      this.forms.remove(cell);
      header.dispose();
    }
    for (const [cell, calls] of there) {
      let header = this.headers.get(cell);
      if (!header || header.isDisposed) this.headers.set(cell, (header = this.add(cell)));
      header.setCalls(calls);
      this.showState(cell, header);
      this.forms.show(cell, header);
    }
  }

  private add(cell: Cell): StageHeader {
    const { dataflow, forms } = this;
    const { finish } = this.tools;
    const header = new StageHeader({
      run: () => void dataflow.run({ only: cell.model.id }),
      stop: () => void dataflow.stop(),
      form: () => forms.toggle(cell),
      ...(finish ? { finish: (job: string) => finish(dataflow.panel, job) } : {})
    });
    // A cell that is not on screen yet has no parts to stand between.
    void cell.ready.then(() => {
      if (header.isDisposed || cell.isDisposed) return;
      const layout = cell.layout as PanelLayout;
      // Right above the code: what is wrong with the cell is told above its header.
      const input = layout.widgets.findIndex(part => part.hasClass('jp-Cell-inputWrapper'));
      layout.insertWidget(Math.max(1, input), header);
    });
    return header;
  }

  private showState(cell: Cell, header: StageHeader): void {
    if (header.isDisposed || cell.isDisposed) return;
    const { id } = cell.model;
    const state = this.dataflow.states.get(id);
    const job = this.dataflow.jobs.get(id);
    header.setState(describeState(state, job));
    // A cell that runs again, or whose kernel has forgotten, has nothing of its own to show.
    if (state?.name === 'queued' || (!state?.run && !job)) this.running.remove(cell);
    else this.running.update(cell, job);
  }
}
