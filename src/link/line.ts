/**
 * A page's line to one kernel: asks questions over a comm of its own, and hands each answer to whoever asked. Opens its
 * comm when it is first needed, and again after a restart. Knows neither the questions nor the answers.
 */
import type { Kernel, KernelMessage } from '@jupyterlab/services';
import { UUID, type JSONObject } from '@lumino/coreutils';
import type { IDisposable } from '@lumino/disposable';
import { Signal, type ISignal } from '@lumino/signaling';

/** Checks what came over the wire, which another process, perhaps of another version, has sent. */
export interface Reading<A> {
  /** Comm target that the kernel registers. */
  readonly target: string;
  /** What a kernel answers that is not there. */
  readonly gone: A;
  /** The answer and the request that it belongs to, or undefined when the data is neither. */
  answer(data: unknown, buffers: readonly ArrayBuffer[]): { request: string; answer: A } | undefined;
  /** What the kernel says unasked. */
  event?(data: unknown): void;
}

/** In these the kernel's values are gone, whatever comes after. */
const LOST: readonly Kernel.Status[] = ['restarting', 'autorestarting', 'dead', 'terminating'];

export class Line<Q extends object, A> implements IDisposable {
  private comm: Kernel.IComm | undefined;
  private readonly asked = new Map<string, (answer: A) => void>();
  private readonly _renewed = new Signal<this, void>(this);
  private disposed = false;

  constructor(
    private readonly kernel: Kernel.IKernelConnection,
    private readonly reading: Reading<A>
  ) {
    kernel.statusChanged.connect(this.onStatus, this);
  }

  /** The kernel is another one now, or has forgotten: what was known of it no longer holds. */
  get renewed(): ISignal<this, void> {
    return this._renewed;
  }

  get isDisposed(): boolean {
    return this.disposed;
  }

  /**
   * Never rejects: a kernel that cannot answer, or ends before it does, has answered that it is gone. A kernel that is
   * busy with a loop answers when it comes to it.
   */
  ask(question: Q): Promise<A> {
    const { kernel } = this;
    // What is asked while a kernel restarts is thrown away with its connection, and the next one knows nothing yet.
    if (this.disposed || kernel.isDisposed || LOST.includes(kernel.status))
      return Promise.resolve(this.reading.gone);
    const request = UUID.uuid4();
    return new Promise(resolve => {
      this.asked.set(request, resolve);
      try {
        const asked = { ...question, request };
        this.opened().send(asked as unknown as JSONObject, undefined, undefined, true);
      } catch {
        this.settle(request, this.reading.gone);
      }
    });
  }

  dispose(): void {
    if (this.disposed) return;
    this.disposed = true;
    this.kernel.statusChanged.disconnect(this.onStatus, this);
    // The kernel keeps a comm until it is told; this one is the page's own.
    if (this.comm && !this.kernel.isDisposed && !this.comm.isDisposed) {
      try {
        void this.comm.close();
      } catch {
        // The connection is going down by itself.
      }
    }
    this.forget();
    Signal.clearData(this);
  }

  private opened(): Kernel.IComm {
    if (this.comm && !this.comm.isDisposed) return this.comm;
    const comm = this.kernel.createComm(this.reading.target);
    comm.onMsg = message => this.take(message);
    comm.onClose = () => {
      if (this.comm === comm) this.forget();
    };
    comm.open({});
    this.comm = comm;
    return comm;
  }

  private take({ content, buffers }: KernelMessage.ICommMsgMsg): void {
    const whole = (buffers ?? []).map(buffer => {
      if (buffer instanceof ArrayBuffer) return buffer;
      const { byteOffset, byteLength } = buffer;
      return buffer.buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer;
    });
    const reply = this.reading.answer(content.data, whole);
    if (reply) this.settle(reply.request, reply.answer);
    else this.reading.event?.(content.data);
  }

  private settle(request: string, answer: A): void {
    const resolve = this.asked.get(request);
    this.asked.delete(request);
    resolve?.(answer);
  }

  private onStatus(_: Kernel.IKernelConnection, status: Kernel.Status): void {
    if (!LOST.includes(status)) return;
    this.forget();
    this._renewed.emit();
  }

  private forget(): void {
    this.comm = undefined;
    for (const request of [...this.asked.keys()]) this.settle(request, this.reading.gone);
  }
}
