/**
 * What stages may ask of the kernel (common/host.ts): job reports over a comm, interrupts, displays. Front ends
 * may be absent; a report then goes nowhere.
 */
import type { Host, JobEvent, MimeBundle } from '../../common/host.js';
import type { Comm } from '../cell/index.js';
import type { CellPlanner, ValueLooker } from '../../common/dataflow/index.js';
import type { ViewAnswerer } from '../../common/live.js';
import type { Comms } from './comms.js';
import type { DataflowChannel } from './dataflow.js';
import type { Displays } from './displays.js';
import { ViewsChannel } from './views.js';

/** Comm target that the front end registers to follow jobs. */
export const JOBS_TARGET = 'hysim.jobs';

/** Milliseconds between two "running" reports of one job. */
const INTERVAL = 50;

interface Pace {
  sent: number;
  /** The newest view that was reported and not sent: a later report without one must not lose it. */
  view?: JobEvent['view'];
  timer?: NodeJS.Timeout;
}

export class KernelHost implements Host {
  private comm: Comm | undefined;
  private readonly paces = new Map<string, Pace>();
  private readonly listeners = new Set<() => void>();
  private readonly views: ViewsChannel;

  constructor(
    private readonly comms: Comms,
    private readonly displays: Displays,
    private readonly dataflow: DataflowChannel,
    private readonly complain: (error: unknown) => void
  ) {
    this.views = new ViewsChannel(comms, complain);
  }

  answerViews(answer: ViewAnswerer): void {
    this.views.answerer = answer;
  }

  followCells(planner: CellPlanner, looker: ValueLooker): void {
    this.dataflow.planner = planner;
    this.dataflow.looker = looker;
  }

  job(event: JobEvent): void {
    const pace = this.paces.get(event.job);
    if (!pace) {
      // A front end that closed the comm is asked again at the next job, not at each report.
      if (!this.comm || this.comm.closed) this.comm = this.comms.openComm(JOBS_TARGET);
      this.paces.set(event.job, { sent: -Infinity });
      return this.job(event);
    }
    clearTimeout(pace.timer);
    pace.view = event.view ?? pace.view;
    const wait = pace.sent + INTERVAL - performance.now();
    if (event.status === 'running' && wait > 0) {
      pace.timer = setTimeout(() => this.sendJob(pace, event), wait);
      return;
    }
    this.sendJob(pace, event);
    if (event.status !== 'running') this.paces.delete(event.job);
  }

  private sendJob(pace: Pace, event: JobEvent): void {
    pace.sent = performance.now();
    const { view } = pace;
    pace.view = undefined;
    if (this.comm && !this.comm.closed) this.comm.send({ ...event, ...(view ? { view } : {}) });
  }

  onInterrupt(listener: () => void): () => void {
    // Wrapped: the same function added twice is two listeners.
    const own = (): void => listener();
    this.listeners.add(own);
    return () => void this.listeners.delete(own);
  }

  display(bundle: MimeBundle, id?: string): void {
    this.displays.show(bundle, {}, id);
  }

  /** Runs every listener, whatever the others do. */
  interrupt(): void {
    for (const listener of [...this.listeners]) {
      try {
        listener();
      } catch (error) {
        this.complain(error);
      }
    }
  }
}
