/** A job report as it came over the wire, checked: the kernel is another process and may be another version. */
import type { JobEvent } from '../../common/host.js';
import { clean, parsePayload } from '../../common/views/index.js';

const STATUSES: readonly string[] = ['running', 'done', 'failed', 'cancelled'] satisfies JobEvent['status'][];

/** The event, or undefined when the data is not one. */
export function readJobEvent(data: unknown): JobEvent | undefined {
  const event = data as Partial<JobEvent> | null;
  if (typeof event !== 'object' || event === null) return undefined;
  const { job, stage, status, fraction, message, elapsed, finishable, view } = event;
  if (typeof job !== 'string' || typeof stage !== 'string' || typeof elapsed !== 'number') return undefined;
  if (typeof status !== 'string' || !STATUSES.includes(status)) return undefined;
  if (fraction !== undefined && !(typeof fraction === 'number' && fraction >= 0 && fraction <= 1))
    return undefined;
  if (message !== undefined && typeof message !== 'string') return undefined;
  // A picture that cannot be drawn is no reason to hide how the job goes.
  const parsed = view === undefined ? undefined : parsePayload(view);
  return {
    job,
    stage: clean(stage.slice(0, 80)),
    status,
    elapsed,
    ...(fraction === undefined ? {} : { fraction }),
    ...(message === undefined ? {} : { message: clean(message.slice(0, 200)) }),
    ...(typeof finishable === 'boolean' ? { finishable } : {}),
    ...(parsed && 'payload' in parsed ? { view: parsed.payload } : {})
  };
}
