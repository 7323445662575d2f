/**
 * How the cells of one notebook have run, as its kernel's messages tell: whoever started them, by whatever key. Knows
 * no widget, and forgets when the kernel does.
 */
import type { ISessionContext } from '@jupyterlab/apputils';
import type { Kernel, KernelMessage } from '@jupyterlab/services';
import type { IDisposable } from '@lumino/disposable';
import { Signal, type ISignal } from '@lumino/signaling';

export interface CellRun {
  /** `ended`: it ran in this kernel, and how that ended is not known. */
  readonly status: 'queued' | 'running' | 'done' | 'failed' | 'cancelled' | 'ended';
  /** The code as it was sent. */
  readonly code: string;
  /** When the kernel took it up and when it answered, in milliseconds. */
  readonly started?: number;
  readonly ended?: number;
  /** Why it failed or was not run. */
  readonly reason?: string;
  /** It ran before this page was loaded; the kernel's history tells. */
  readonly earlier?: boolean;
}

/** What a cell has kept of its last run. */
export interface SavedRun {
  readonly count: number | null;
  readonly source: string;
  /** Name of the error that its output shows. */
  readonly error?: string;
  /** Metadata that JupyterLab writes when it records times. */
  readonly timing?: unknown;
}

/** Names of the errors by which a stage, or the kernel, says that a person stopped it. */
const STOPPED: readonly string[] = ['CancelledError', 'KeyboardInterrupt'];

/** Cells that the kernel is asked about, the latest. */
const REMEMBERED = 1000;

/** Milliseconds since 1970 of a time in the metadata; undefined when it is none. */
function time(timing: unknown, name: string): number | undefined {
  const value = (timing as Record<string, unknown> | null | undefined)?.[name];
  const parsed = typeof value === 'string' ? Date.parse(value) : NaN;
  return Number.isNaN(parsed) ? undefined : parsed;
}

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
  /** Count -> code of the kernel's own history, as it was when this page met it. */
  private history: ReadonlyMap<number, string> = new Map();
  private ran: ReadonlySet<string> = new Set();
  private readonly _changed = new Signal<this, void>(this);
  private disposed = false;

  /** @param remembers whether a kernel's history is worth asking for */
  constructor(
    private readonly context: ISessionContext,
    private readonly remembers: (kernel: Kernel.IKernelConnection) => boolean = () => false
  ) {
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

  /**
   * The cell's last run, seen by this page or, failing that, told by the kernel's history: a run before the page was
   * loaded counts when the kernel ran this very code.
   */
  recall(cell: string, read: () => SavedRun): CellRun | undefined {
    const known = this.runs.get(cell);
    if (known || this.history.size === 0) return known;
    const { count, source, error, timing } = read();
    if (count !== null && this.history.get(count) === source) {
      const status = error === undefined ? 'done' : STOPPED.includes(error) ? 'cancelled' : 'failed';
      const [started, ended] = [time(timing, 'iopub.execute_input'), time(timing, 'shell.execute_reply')];
      this.runs.set(cell, { status, code: source, started, ended, earlier: true });
    } else if (this.ran.has(source)) {
      // The page that ran it was left before the result came.
      this.runs.set(cell, { status: 'ended', code: source, earlier: true });
    }
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
    if (kernel && this.remembers(kernel)) void this.ask(kernel);
  }

  /** Asks what the kernel has run; one that is busy answers when it is done. */
  private async ask(kernel: Kernel.IKernelConnection): Promise<void> {
    const before = this.history;
    try {
      const request = { hist_access_type: 'tail', n: REMEMBERED, output: false, raw: true } as const;
      const { content } = await kernel.requestHistory(request);
      // Whatever is forgotten meanwhile stays so.
      if (this.disposed || this.history !== before || content.status !== 'ok') return;
      const entries = content.history as [number, number, string][];
      this.history = new Map(entries.map(([, line, source]) => [line, source]));
      this.ran = new Set(this.history.values());
      this._changed.emit();
    } catch {
      // A kernel that is shut down or restarted while it is asked has nothing to remember.
    }
  }

  private forget(): void {
    this.runs.clear();
    this.requests.clear();
    this.history = new Map();
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
