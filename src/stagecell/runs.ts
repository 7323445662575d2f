/**
 * How the cells of one notebook have run, as its kernel's messages tell: whoever started them, by whatever key. Knows
 * no widget, and forgets when the kernel does.
 */
import type { ISessionContext } from '@jupyterlab/apputils';
import type { Kernel, KernelMessage } from '@jupyterlab/services';
import type { IDisposable } from '@lumino/disposable';
import { Signal, type ISignal } from '@lumino/signaling';

export interface CellRun {
  readonly status: 'queued' | 'running' | 'done' | 'failed' | 'cancelled';
  /** The code as it was sent. */
  readonly code: string;
  /** When the kernel took it up and when it answered, in milliseconds. */
  readonly started?: number;
  readonly ended?: number;
  /** Why it failed or was not run. */
  readonly reason?: string;
}

/** Names of the errors by which a stage, or the kernel, says that a person stopped it. */
const STOPPED: readonly string[] = ['CancelledError', 'KeyboardInterrupt'];

interface Request {
  readonly cell: string;
  readonly code: string;
}

interface Reply {
  status: string;
  ename?: string;
  evalue?: string;
}

export class CellRuns implements IDisposable {
  private readonly runs = new Map<string, CellRun>();
  /** Id of the request -> the cell that it runs. */
  private readonly requests = new Map<string, Request>();
  private readonly _changed = new Signal<this, void>(this);
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

  of(cell: string): CellRun | undefined {
    return this.runs.get(cell);
  }

  /** The cell that the kernel is at. */
  get executing(): string | undefined {
    for (const [cell, run] of this.runs) if (run.status === 'running') return cell;
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

  private kernel: Kernel.IKernelConnection | null = null;

  private follow(): void {
    const kernel = this.context.session?.kernel ?? null;
    if (kernel === this.kernel) return;
    this.kernel?.anyMessage.disconnect(this.onMessage, this);
    this.kernel = kernel;
    kernel?.anyMessage.connect(this.onMessage, this);
  }

  private forget(): void {
    this.follow();
    this.runs.clear();
    this.requests.clear();
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
      const { code } = msg.content as KernelMessage.IExecuteRequestMsg['content'];
      this.requests.set(msg.header.msg_id, { cell, code });
      this.set(cell, { status: 'queued', code });
      return;
    }
    const id = (msg.parent_header as { msg_id?: string }).msg_id;
    const request = id === undefined ? undefined : this.requests.get(id);
    if (id === undefined || !request) return;
    if (msg.header.msg_type === 'execute_input') {
      this.set(request.cell, { status: 'running', code: request.code, started: Date.now() });
    } else if (msg.header.msg_type === 'execute_reply') {
      this.requests.delete(id);
      this.end(request, msg.content as unknown as Reply);
    }
  }

  private end({ cell, code }: Request, reply: Reply): void {
    const times = { started: this.runs.get(cell)?.started, ended: Date.now() };
    if (reply.status === 'ok') {
      this.set(cell, { status: 'done', code, ...times });
    } else if (reply.status === 'error' && !STOPPED.includes(reply.ename ?? '')) {
      this.set(cell, { status: 'failed', code, ...times, reason: `${reply.ename}: ${reply.evalue}` });
    } else {
      const reason = times.started === undefined ? 'an earlier cell did not end well' : undefined;
      this.set(cell, { status: 'cancelled', code, ...times, reason });
    }
  }

  private set(cell: string, run: CellRun): void {
    this.runs.set(cell, run);
    this._changed.emit();
  }
}
