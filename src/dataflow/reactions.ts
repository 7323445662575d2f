/**
 * Reactive mode: what hangs on a cell that ran, or that a form or the graph has changed, runs by itself when that is
 * cheap. What is expensive waits for the key, and so does all that hangs on it. Off until somebody switches it on.
 */
import type { IDisposable } from '@lumino/disposable';
import { downstream, upstream, type Fault } from '../../common/dataflow/index.js';
import type { Runner, Situation } from './runner.js';

/** Seconds up to which a cell is cheap, unless the settings say another. */
export const CHEAP = 5;

/** Stages that take their time: one that has never run counts as expensive. */
const SLOW: readonly string[] = ['embed', 'finetune', 'ablate'];

/** Milliseconds without a further change after which a change counts as made. */
const REST = 600;

const BLOCKING: readonly Fault['kind'][] = ['duplicate', 'cycle', 'syntax'];

export class Reactions implements IDisposable {
  private enabled = false;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private disposed = false;
  /** Seconds up to which a cell runs by itself. */
  cheap = CHEAP;

  constructor(
    private readonly runner: Runner,
    private readonly look: () => Situation
  ) {}

  get on(): boolean {
    return this.enabled;
  }

  set on(on: boolean) {
    this.enabled = on;
    if (on) this.edited();
    else clearTimeout(this.timer);
  }

  get isDisposed(): boolean {
    return this.disposed;
  }

  dispose(): void {
    this.disposed = true;
    clearTimeout(this.timer);
  }

  /** A cell has run. */
  ran(cell: string): void {
    if (this.enabled && !this.runner.busy) void this.react([cell]);
  }

  /** Code has changed, by whatever hand. */
  edited(): void {
    clearTimeout(this.timer);
    if (!this.enabled || this.disposed) return;
    this.timer = setTimeout(() => {
      if (this.disposed || this.runner.busy) return;
      const { states, panel } = this.look();
      // Who writes in a cell runs it when it is written.
      const writing = panel.content.mode === 'edit' ? panel.content.activeCell?.model.id : undefined;
      const changed = [...states].filter(([id, { due, run }]) => due && run && id !== writing);
      void this.react(changed.map(([id]) => id));
    }, REST);
  }

  private async react(cells: readonly string[]): Promise<void> {
    const { flow } = this.look();
    if (flow.nodes.some(({ faults }) => faults.some(fault => BLOCKING.includes(fault.kind)))) return;
    const hanging = downstream(flow, cells);
    const allowed = (id: string): boolean => {
      const { flow: now, states } = this.look();
      const before = upstream(now, [id]);
      return hanging.has(id) && [...before].every(one => !states.get(one)?.due || this.isCheap(one));
    };
    await this.runner.run('stale', allowed);
  }

  private isCheap(id: string): boolean {
    const { states, flow, secondsOf } = this.look();
    if (states.get(id)?.name === 'cached') return true;
    const seconds = secondsOf(id);
    if (seconds !== undefined) return seconds <= this.cheap;
    const node = flow.nodes.find(one => one.id === id);
    return !node?.calls.some(call => SLOW.includes(call.stage));
  }
}
