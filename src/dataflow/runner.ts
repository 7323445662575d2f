/**
 * Runs what is due, cell after cell, each after those that it reads from. Looks again after each: what turned out the
 * same as before has nothing behind it to run. Sends cells the way JupyterLab does; knows no stage.
 */
import type { Cell } from '@jupyterlab/cells';
import { NotebookActions, type NotebookPanel } from '@jupyterlab/notebook';
import {
  downstream,
  dueCells,
  upstream,
  type CellState,
  type Dataflow,
  type RunWhat
} from '../../common/dataflow/index.js';

/** Milliseconds for which the kernel's word on a run is waited for after its answer to the cell. */
const PATIENCE = 3000;

export interface Situation {
  readonly panel: NotebookPanel;
  readonly flow: Dataflow;
  readonly states: ReadonlyMap<string, CellState>;
  /** What running the cell took, or would have taken, last; undefined when nobody knows. */
  secondsOf(cell: string): number | undefined;
  /** Resolves when the kernel has told how the cell's run ended. */
  told(cell: string): Promise<void>;
}

export class Runner {
  /** Cells that this run will send, as far as can be told. */
  readonly planned = new Set<string>();
  private running: { stopped: boolean } | undefined;

  /** @param changed told when `planned` has */
  constructor(
    private readonly look: () => Situation,
    private readonly changed: () => void
  ) {}

  get busy(): boolean {
    return this.running !== undefined;
  }

  /** Sends no further cell. The one that the kernel is at is the kernel's to end. */
  stop(): void {
    if (this.running) this.running.stopped = true;
    this.plan([]);
  }

  /**
   * Runs until nothing of it is due, a cell does not end well, or it is stopped. A run that is under way goes on with
   * what is wanted now.
   * @param may says of a cell whether it may run at all
   */
  async run(what: RunWhat, may: (cell: string) => boolean = () => true): Promise<void> {
    if (this.running) this.running.stopped = true;
    const own = (this.running = { stopped: false });
    const first = dueCells(this.look(), what);
    // What becomes due on the way belongs to it when it hangs on a cell of this run.
    const wanted =
      what === 'stale'
        ? downstream(this.look().flow, first)
        : 'to' in what
          ? upstream(this.look().flow, [what.to])
          : new Set(first);
    const done = new Set<string>();
    try {
      for (;;) {
        const situation = this.look();
        const asked = typeof what === 'string' ? undefined : 'only' in what ? what.only : what.to;
        const todo = situation.flow.order.filter(
          id =>
            wanted.has(id) &&
            !done.has(id) &&
            may(id) &&
            (id === asked || situation.states.get(id)?.due === true)
        );
        const next = todo[0];
        if (next === undefined || own.stopped) return;
        this.plan(todo);
        done.add(next);
        const ended = await this.send(situation, next);
        if (!ended || own.stopped) return;
      }
    } finally {
      if (this.running === own) {
        this.running = undefined;
        this.plan([]);
      }
    }
  }

  private plan(cells: readonly string[]): void {
    this.planned.clear();
    for (const cell of cells) this.planned.add(cell);
    this.changed();
  }

  private async send(situation: Situation, id: string): Promise<boolean> {
    const { content, sessionContext } = situation.panel;
    const cell = content.widgets.find(one => one.model.id === id) as Cell | undefined;
    if (!cell) return true;
    const told = situation.told(id);
    const { mode } = content;
    const ended = NotebookActions.runCells(content, [cell], sessionContext);
    // Sending takes the caret out of the cell that somebody is writing in.
    if (mode === 'edit') content.mode = 'edit';
    const well = await ended;
    // It comes before the answer to the cell or just behind it, if at all.
    if (well) await Promise.race([told, new Promise(resolve => setTimeout(resolve, PATIENCE))]);
    return well;
  }
}
