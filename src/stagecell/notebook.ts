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
import { StageHeader } from './header.js';
import { describeState } from './state.js';

/** Asks a running job to end with the best that it has. */
export type FinishJob = (panel: NotebookPanel, job: string) => void;

export class NotebookHeaders implements IDisposable {
  private readonly headers = new Map<Cell, StageHeader>();
  private readonly running = new RunningViews();
  private disposed = false;

  constructor(
    private readonly dataflow: IDataflow,
    private readonly finish?: FinishJob
  ) {
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
    for (const header of this.headers.values()) header.dispose();
    this.headers.clear();
  }

  private refresh(): void {
    const { ours, flow, panel } = this.dataflow;
    const calling = new Map(
      (ours ? flow.nodes : []).filter(node => node.calls.length > 0).map(node => [node.id, node])
    );
    const there = new Map<Cell, DataflowNode>();
    for (const cell of panel.content.widgets) {
      const node = cell.model.type === 'code' ? calling.get(cell.model.id) : undefined;
      if (node) there.set(cell, node);
    }
    for (const [cell, header] of this.headers) {
      if (there.has(cell)) continue;
      this.headers.delete(cell);
      this.running.remove(cell);
      header.dispose();
    }
    for (const [cell, node] of there) {
      let header = this.headers.get(cell);
      if (!header || header.isDisposed) this.headers.set(cell, (header = this.add(cell)));
      header.setCalls(node.calls);
      this.showState(cell, header);
    }
  }

  private add(cell: Cell): StageHeader {
    const { dataflow, finish } = this;
    const header = new StageHeader({
      run: () => void dataflow.run({ only: cell.model.id }),
      stop: () => void dataflow.stop(),
      ...(finish ? { finish: (job: string) => finish(dataflow.panel, job) } : {})
    });
    // A cell that is not on screen yet has no parts to stand between.
    void cell.ready.then(() => {
      if (header.isDisposed || cell.isDisposed) return;
      (cell.layout as PanelLayout).insertWidget(1, header);
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
