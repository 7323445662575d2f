/** What a stage cell's header says of its state: a shape's name, a word, and a few more words. Draws nothing. */
import type { JobEvent } from '../../common/host.js';
import type { StateName } from './icons.js';
import { clean } from '../../common/views/index.js';
import type { CellRun } from './runs.js';

export interface HeaderState {
  readonly name: StateName;
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

const WORDS: Readonly<Record<StateName, string>> = {
  idle: 'not run',
  queued: 'queued',
  running: 'running',
  done: 'done',
  failed: 'failed',
  cancelled: 'stopped',
  edited: 'edited since it ran'
};

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

/** Said of a run that this page has not seen. */
const EARLIER = 'before this page was loaded';

function state(name: StateName, detail = '', more: Partial<HeaderState> = {}): HeaderState {
  const word = more.word ?? WORDS[name];
  const title = detail ? `${word}: ${detail}` : word;
  return { name, word, detail, title, ...more };
}

function running(job: JobEvent | undefined): HeaderState {
  if (!job || job.status !== 'running') return state('running');
  const percent = job.fraction === undefined ? undefined : `${Math.round(100 * job.fraction)} %`;
  const message = job.message ?? '';
  // Some stages know better than their speed so far when they will end, and say so.
  const left = /\bleft\b/.test(message) ? '' : timeLeft(job);
  const detail = [message, left].filter(part => part !== '').join(' · ');
  const finishable = job.finishable === true ? job.job : undefined;
  return state('running', detail, { percent, fraction: job.fraction, finishable });
}

/**
 * @param run the cell's last run in this kernel, if any
 * @param job the job that the cell is at
 * @param source the cell's code as it is now
 * @param saved whether the cell shows output of an earlier session
 */
export function describeState(
  run: CellRun | undefined,
  job: JobEvent | undefined,
  source: string,
  saved: boolean
): HeaderState {
  // A cell that another page started is told of by its job alone.
  if ((!run || run.earlier) && job?.status === 'running') return running(job);
  if (!run) return state('idle', saved ? 'in this session' : '');
  if (run.status === 'queued') return state('queued');
  if (run.status === 'running') return running(job);
  const took =
    run.started === undefined || run.ended === undefined ? '' : seconds((run.ended - run.started) / 1000);
  if (run.code !== source) return state('edited', took && `last run ${took}`);
  if (run.status === 'ended') return state('idle', `${EARLIER}, output not kept`, { word: 'ran' });
  if (run.earlier) return state(run.status, [took, EARLIER].filter(part => part !== '').join(', '));
  if (run.status === 'failed')
    return state('failed', took && `after ${took}`, { title: clean(run.reason ?? '') });
  if (run.status === 'cancelled') return state('cancelled', run.reason ?? (took && `after ${took}`));
  return state('done', took);
}
