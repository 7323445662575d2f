/** A running stage as the stage sees it: where it reports to, and how it learns that it should stop. */
import { randomUUID } from 'node:crypto';
import { CancelledError } from '../../../common/errors.js';
import { currentHost, type JobEvent } from '../../../common/host.js';

export interface Job {
  /** Aborts when the person interrupts the cell. Pass it on to the engine. */
  readonly signal: AbortSignal;
  /** Reports how far the stage is: `fraction` in [0, 1], and what it does now. */
  progress(fraction: number, message?: string): void;
}

/** Runs `work` as a job of `stage`: reports it to the host, and aborts it when the host is interrupted. */
export async function runJob<T>(stage: string, work: (job: Job) => Promise<T>): Promise<T> {
  const host = currentHost();
  const started = performance.now();
  const abort = new AbortController();
  const id = randomUUID();
  const report = (status: JobEvent['status'], fraction?: number, message?: string): void =>
    host?.job({ job: id, stage, status, fraction, message, elapsed: (performance.now() - started) / 1000 });
  const off = host?.onInterrupt(() => abort.abort(new CancelledError(`${stage} was interrupted.`)));
  report('running', 0);
  try {
    const result = await work({
      signal: abort.signal,
      progress: (fraction, message) => report('running', Math.min(1, Math.max(0, fraction)), message)
    });
    report('done', 1);
    return result;
  } catch (error) {
    report(
      abort.signal.aborted ? 'cancelled' : 'failed',
      undefined,
      error instanceof Error ? error.message : String(error)
    );
    throw error;
  } finally {
    off?.();
  }
}
