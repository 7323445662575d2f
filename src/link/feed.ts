/** The jobs of one kernel, as it reports them over its comm. Shows nothing and starts nothing. */
import type { Kernel, KernelMessage } from '@jupyterlab/services';
import type { IDisposable } from '@lumino/disposable';
import { Signal, type ISignal } from '@lumino/signaling';
import type { JobEvent } from '../../common/host.js';
import { readJobEvent } from './event.js';

/** Name of the comm target that the kernel opens (kernel/jupyter/host.ts). */
export const JOBS_TARGET = 'hysim.jobs';
export const KERNEL_NAME = 'hysim';

/** Milliseconds for which the end of a job stays to be read. */
const LINGER = 2500;

export class JobFeed implements IDisposable {
  private readonly jobs = new Map<string, JobEvent>();
  private readonly comms = new Set<Kernel.IComm>();
  private readonly timers = new Set<ReturnType<typeof setTimeout>>();
  private readonly _changed = new Signal<this, void>(this);
  private disposed = false;

  constructor(private readonly kernel: Kernel.IKernelConnection) {
    kernel.registerCommTarget(JOBS_TARGET, this.onOpen);
    kernel.statusChanged.connect(this.onStatus, this);
    void this.adoptOpenComms();
  }

  /** The newest report of every job that runs or has just ended, oldest job first. */
  get current(): readonly JobEvent[] {
    return [...this.jobs.values()];
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this.disposed;
  }

  dispose(): void {
    if (this.disposed) return;
    this.disposed = true;
    this.kernel.statusChanged.disconnect(this.onStatus, this);
    if (!this.kernel.isDisposed) this.kernel.removeCommTarget(JOBS_TARGET, this.onOpen);
    // Let go here only: closing would end the comm for the kernel's other front ends too.
    for (const comm of this.comms) comm.dispose();
    this.comms.clear();
    this.forget();
    Signal.clearData(this);
  }

  private readonly onOpen = (comm: Kernel.IComm, message: KernelMessage.ICommOpenMsg): void => {
    this.adopt(comm);
    this.take(message.content.data);
  };

  /** A page that was loaded anew finds the comm that the kernel opened to the page before. */
  private async adoptOpenComms(): Promise<void> {
    try {
      const { content } = await this.kernel.requestCommInfo({ target_name: JOBS_TARGET });
      if (this.disposed || content.status !== 'ok') return;
      for (const id of Object.keys(content.comms)) {
        if (!this.kernel.hasComm(id)) this.adopt(this.kernel.createComm(JOBS_TARGET, id));
      }
    } catch (error) {
      // A kernel that is shut down while it is asked rejects: nothing is left to follow.
      if (!this.disposed && !this.kernel.isDisposed)
        console.warn('HySim Lab: job progress is not available.', error);
    }
  }

  private adopt(comm: Kernel.IComm): void {
    this.comms.add(comm);
    comm.onMsg = message => this.take(message.content.data);
    comm.onClose = () => void this.comms.delete(comm);
  }

  private take(data: unknown): void {
    const event = readJobEvent(data);
    if (!event || this.disposed) return;
    // A report without a picture means that the picture is still the one before.
    const view = event.view ?? this.jobs.get(event.job)?.view;
    this.jobs.set(event.job, view === undefined ? event : { ...event, view });
    if (event.status !== 'running') this.expire(this.jobs.get(event.job)!);
    this._changed.emit();
  }

  private expire(event: JobEvent): void {
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      if (this.jobs.get(event.job) !== event) return;
      this.jobs.delete(event.job);
      this._changed.emit();
    }, LINGER);
    this.timers.add(timer);
  }

  private onStatus(_: Kernel.IKernelConnection, status: Kernel.Status): void {
    if (status !== 'restarting' && status !== 'autorestarting' && status !== 'dead') return;
    this.comms.clear();
    this.forget();
    this._changed.emit();
  }

  private forget(): void {
    for (const timer of this.timers) clearTimeout(timer);
    this.timers.clear();
    this.jobs.clear();
  }
}
