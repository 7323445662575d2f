/**
 * The page's line to one kernel for its views: asks, and hands each answer to whoever asked (common/live.ts). Opens its
 * comm when it is first needed, and again after a restart. Draws nothing and keeps no value.
 */
import type { Kernel, KernelMessage } from '@jupyterlab/services';
import { UUID, type JSONObject } from '@lumino/coreutils';
import type { IDisposable } from '@lumino/disposable';
import { Signal, type ISignal } from '@lumino/signaling';
import { VIEWS_TARGET, type ViewAnswer, type ViewQuestion, type ViewRequest } from '../../common/live.js';
import { readViewReply } from './reply.js';

export interface Answered {
  readonly answer: ViewAnswer;
  readonly buffers: readonly ArrayBuffer[];
}

/** What a kernel answers that is not there. */
export const GONE: Answered = { answer: { status: 'gone' }, buffers: [] };

/** In these the kernel's values are gone, whatever comes after. */
const LOST: readonly Kernel.Status[] = ['restarting', 'autorestarting', 'dead', 'terminating'];

export class ViewLink implements IDisposable {
  private comm: Kernel.IComm | undefined;
  private readonly asked = new Map<string, (answered: Answered) => void>();
  private readonly _renewed = new Signal<this, void>(this);
  private disposed = false;

  constructor(private readonly kernel: Kernel.IKernelConnection) {
    kernel.statusChanged.connect(this.onStatus, this);
  }

  /** The kernel is another one now, or has forgotten: what was known of its values no longer holds. */
  get renewed(): ISignal<this, void> {
    return this._renewed;
  }

  get isDisposed(): boolean {
    return this.disposed;
  }

  /**
   * Never rejects: a kernel that cannot answer, or ends before it does, has answered "gone". A kernel that is busy with
   * a loop answers when it comes to it.
   */
  ask(question: ViewQuestion): Promise<Answered> {
    const { kernel } = this;
    // What is asked while a kernel restarts is thrown away with its connection, and the next one knows nothing yet.
    if (this.disposed || kernel.isDisposed || LOST.includes(kernel.status)) return Promise.resolve(GONE);
    const request = UUID.uuid4();
    return new Promise(resolve => {
      this.asked.set(request, resolve);
      try {
        const asked: ViewRequest = { ...question, request };
        this.opened().send(asked as unknown as JSONObject, undefined, undefined, true);
      } catch {
        this.settle(request, GONE);
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
    const comm = this.kernel.createComm(VIEWS_TARGET);
    comm.onMsg = message => this.take(message);
    comm.onClose = () => {
      if (this.comm === comm) this.forget();
    };
    comm.open({});
    this.comm = comm;
    return comm;
  }

  private take({ content, buffers }: KernelMessage.ICommMsgMsg): void {
    const reply = readViewReply(content.data);
    if (!reply) return;
    const whole = (buffers ?? []).map(buffer => {
      if (buffer instanceof ArrayBuffer) return buffer;
      const { byteOffset, byteLength } = buffer;
      return buffer.buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer;
    });
    this.settle(reply.request, { answer: reply.answer, buffers: whole });
  }

  private settle(request: string, answered: Answered): void {
    const resolve = this.asked.get(request);
    this.asked.delete(request);
    resolve?.(answered);
  }

  private onStatus(_: Kernel.IKernelConnection, status: Kernel.Status): void {
    if (!LOST.includes(status)) return;
    this.forget();
    this._renewed.emit();
  }

  private forget(): void {
    this.comm = undefined;
    for (const request of [...this.asked.keys()]) this.settle(request, GONE);
  }
}
