/** What a stage cell's header says of its state: a shape's name, a word, and a few more words. Draws nothing. */
import type { CellState, CellStateName, RunRecord } from '../../common/dataflow/index.js';
import type { JobEvent } from '../../common/host.js';
import { clean } from '../../common/views/index.js';

export interface HeaderState {
  readonly name: CellStateName;
  /** The state in a word or two. */
  readonly word: string;
  readonly detail: string;
  /** All of it, where there is no room. */
  readonly title: string;
  /** "62 %" of the running job, where it is known. */
  readonly percent?: string;
  /** Share of the running job that is done, in [0, 1]. */
  readonly fraction?: number;
  /** Id of the running job, when it can be asked to end with the best that it has. */
  readonly finishable?: string;
}

/** Before this much of a job is done, its speed says nothing about its end. */
const TELLING = { fraction: 0.05, seconds: 1 };

export function seconds(value: number): string {
  if (value < 60) return `${value < 10 ? value.toFixed(1) : value.toFixed(0)} s`;
  const whole = Math.round(value);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')} min`;
}

/** Time left at the speed so far, in words; empty while it cannot be told. */
export function timeLeft(job: JobEvent): string {
  const { fraction, elapsed } = job;
  if (fraction === undefined || fraction < TELLING.fraction || fraction >= 1 || elapsed < TELLING.seconds)
    return '';
  const left = Math.ceil((elapsed / fraction) * (1 - fraction));
  return `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')} left`;
}

function describe(name: CellStateName, detail = '', more: Partial<HeaderState> = {}): HeaderState {
  const title = detail ? `${name}: ${detail}` : name;
  return { name, word: name, detail, title, ...more };
}

function running(job: JobEvent | undefined): HeaderState {
  if (!job || job.status !== 'running') return describe('running');
  const percent = job.fraction === undefined ? undefined : `${Math.round(100 * job.fraction)} %`;
  const message = job.message ?? '';
  // Some stages know better than their speed so far when they will end, and say so.
  const left = /\bleft\b/.test(message) ? '' : timeLeft(job);
  const detail = [message, left].filter(part => part !== '').join(' · ');
  const finishable = job.finishable === true ? job.job : undefined;
  return describe('running', detail, { percent, fraction: job.fraction, finishable });
}

/** "last run 14:02, 3.4 s". */
export function lastRun({ started, seconds: took }: RunRecord): string {
  const at = new Date(started);
  const clock = `${String(at.getHours()).padStart(2, '0')}:${String(at.getMinutes()).padStart(2, '0')}`;
  return `last run ${clock}, ${seconds(took)}`;
}

/** Whether what the run made was read from the cache and not computed. */
function wasCached(run: RunRecord): boolean {
  const made = Object.values(run.writes).filter(written => written.kind !== undefined);
  return made.length > 0 && made.every(written => written.cached === true);
}

/**
 * @param state what the dataflow says of the cell; undefined while it has said nothing
 * @param job the job that the cell is at
 */
export function describeState(state: CellState | undefined, job: JobEvent | undefined): HeaderState {
  // A cell that another page started is told of by its job alone.
  if (job?.status === 'running' || state?.name === 'running') return running(job);
  if (!state) return describe('stale');
  const { name, why, run } = state;
  const more = run ? `. ${lastRun(run)[0]!.toUpperCase()}${lastRun(run).slice(1)}` : '';
  const title = clean(`${name}${why ? `: ${why}` : ''}${more}`);
  switch (name) {
    case 'fresh':
      return describe(name, run ? `${seconds(run.seconds)}${wasCached(run) ? ', from the cache' : ''}` : '', {
        title
      });
    case 'failed':
      return describe(name, run ? `after ${seconds(run.seconds)}` : '', { title });
    default:
      return describe(name, clean(why), { title });
  }
}
