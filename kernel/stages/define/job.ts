/** A running stage as the stage sees it: where it reports to, and how it learns that it should stop or end early. */
import { randomUUID } from 'node:crypto';
import { CancelledError } from '../../../common/errors.js';
import { currentHost, type JobEvent } from '../../../common/host.js';
import type { ViewPayload } from '../../../common/views/payload.js';
import { answerLiveViews } from '../live/answer.js';
import { offerFinish } from '../live/finishers.js';

/** Milliseconds between two views of one job. */
const VIEW_INTERVAL = 250;

export interface Job {
  /** Aborts when the person interrupts the cell. Pass it on to the engine. */
  readonly signal: AbortSignal;
  /** Reports how far the stage is: `fraction` in [0, 1], and what it does now. */
  progress(fraction: number, message?: string): void;
  /** Shows what there is so far, in place of what was shown before. Call it as often as it changes. */
  show(view: ViewPayload): void;
  /** Lets the person ask the job to end now with the best that it has; until it is taken back. */
  offerFinish(): FinishOffer;
  /** Puts on record that the person did so: the same call would then give another result. */
  endedEarly(words: string): void;
}

export interface FinishOffer {
  /** Aborts when the person asks. Pass it on to the engine as `finish`. */
  readonly signal: AbortSignal;
  takeBack(): void;
}

/** What is known of a job beside its result. */
export interface JobRecord {
  /** How a person ended it early, in words; absent where nobody did. */
  endedEarly?: string;
  /** What is told of it when it is done. */
  message?: string;
}

/** Runs `work` as a job of `stage`: reports it to the host, and aborts it when the host is interrupted. */
export async function runJob<T>(
  stage: string,
  work: (job: Job, record: JobRecord) => Promise<T>
): Promise<T> {
  const host = currentHost();
  const started = performance.now();
  const abort = new AbortController();
  const id = randomUUID();
  const record: JobRecord = {};
  let last: { fraction?: number; message?: string } = {};
  let offers = 0;
  let view: ViewPayload | undefined;
  let viewed = -Infinity;
  const viewDue = (): boolean => view !== undefined && performance.now() - viewed >= VIEW_INTERVAL;
  const report = (status: JobEvent['status'], fraction?: number, message?: string): void => {
    if (!host) return;
    const running = status === 'running';
    const event: JobEvent = { job: id, stage, status, fraction, message, elapsed: 0 };
    event.elapsed = (performance.now() - started) / 1000;
    if (running && offers > 0) event.finishable = true;
    // The last view is never held back.
    if (viewDue() || (!running && view)) {
      event.view = view;
      viewed = performance.now();
      view = undefined;
    }
    last = { fraction, message };
    host.job(event);
  };
  const again = (): void => report('running', last.fraction, last.message);
  const off = host?.onInterrupt(() => abort.abort(new CancelledError(`${stage} was interrupted.`)));
  report('running', 0);
  try {
    const result = await work(
      {
        signal: abort.signal,
        progress: (fraction, message) => report('running', Math.min(1, Math.max(0, fraction)), message),
        show(next) {
          view = next;
          if (viewDue()) again();
        },
        offerFinish() {
          if (host) answerLiveViews();
          const asked = new AbortController();
          const takeBack = offerFinish(id, () => asked.abort());
          offers++;
          again();
          return {
            signal: asked.signal,
            takeBack() {
              takeBack();
              offers = 0;
            }
          };
        },
        endedEarly: words => void (record.endedEarly = words)
      },
      record
    );
    report('done', 1, record.message);
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
