/**
 * Which cells of one notebook its kernel has been sent and has not answered, as the messages tell: whoever started
 * them, by whatever key. How they ended is the kernel's to say (src/dataflow). Knows no widget.
 */
import type { ISessionContext } from '@jupyterlab/apputils';
import type { Kernel } from '@jupyterlab/services';
import type { IDisposable } from '@lumino/disposable';
import { Signal, type ISignal } from '@lumino/signaling';

export type Liveness = 'queued' | 'running';

export class LiveCells implements IDisposable {
  private readonly cells = new Map<string, Liveness>();
  /** Id of the request -> the cell that it runs. */
  private readonly requests = new Map<string, string>();
  private readonly _changed = new Signal<this, void>(this);
  private kernel: Kernel.IKernelConnection | null = null;
  private disposed = false;

  constructor(private readonly context: ISessionContext) {
    context.kernelChanged.connect(this.forget, this);
    context.statusChanged.connect(this.onStatus, this);
    this.follow();
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this.disposed;
  }

  of(cell: string): Liveness | undefined {
    return this.cells.get(cell);
  }

  /** The cell that the kernel is at. */
  get executing(): string | undefined {
    for (const [cell, state] of this.cells) if (state === 'running') return cell;
    return undefined;
  }

  dispose(): void {
    if (this.disposed) return;
    this.disposed = true;
    this.kernel?.anyMessage.disconnect(this.onMessage, this);
    this.context.kernelChanged.disconnect(this.forget, this);
    this.context.statusChanged.disconnect(this.onStatus, this);
    Signal.clearData(this);
  }

  private follow(): void {
    const kernel = this.context.session?.kernel ?? null;
    if (kernel === this.kernel) return;
    this.kernel?.anyMessage.disconnect(this.onMessage, this);
    this.kernel = kernel;
    kernel?.anyMessage.connect(this.onMessage, this);
  }

  private forget(): void {
    this.cells.clear();
    this.requests.clear();
    this.follow();
    this._changed.emit();
  }

  private onStatus(_: ISessionContext, status: Kernel.Status): void {
    if (['restarting', 'autorestarting', 'dead', 'terminating'].includes(status)) this.forget();
  }

  private onMessage(_: Kernel.IKernelConnection, { msg, direction }: Kernel.IAnyMessageArgs): void {
    if (direction === 'send') {
      // JupyterLab says in the request's metadata which cell it runs.
      const cell = (msg.metadata as { cellId?: unknown }).cellId;
      if (msg.header.msg_type !== 'execute_request' || typeof cell !== 'string') return;
      this.requests.set(msg.header.msg_id, cell);
      this.set(cell, 'queued');
      return;
    }
    const id = (msg.parent_header as { msg_id?: string }).msg_id;
    const cell = id === undefined ? undefined : this.requests.get(id);
    if (id === undefined || cell === undefined) return;
    if (msg.header.msg_type === 'execute_input') this.set(cell, 'running');
    else if (msg.header.msg_type === 'execute_reply') {
      this.requests.delete(id);
      // It may have been sent again meanwhile.
      this.set(cell, [...this.requests.values()].includes(cell) ? 'queued' : undefined);
    }
  }

  private set(cell: string, state: Liveness | undefined): void {
    if (state) this.cells.set(cell, state);
    else this.cells.delete(cell);
    this._changed.emit();
  }
}
