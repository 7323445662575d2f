/** What the graph says of a cell's state, in words: short for the node, whole for its tooltip. Draws nothing. */
import type { CellState, CellStateName, RunCost, RunRecord } from '../../../common/dataflow/index.js';
import type { JobEvent } from '../../../common/host.js';
import { clean } from '../../../common/views/index.js';

/** The order in which states are counted: what needs a person first. */
export const STATES: readonly CellStateName[] = [
  'running',
  'queued',
  'failed',
  'stale',
  'waiting',
  'fresh',
  'cached',
  'bypassed'
];

const LONGEST = 200;

export function tidy(text: string): string {
  const line = clean(text);
  return line.length > LONGEST ? line.slice(0, LONGEST - 1) + '…' : line;
}

export function duration(seconds: number): string {
  if (seconds < 60) return `${seconds < 9.95 ? seconds.toFixed(1) : seconds.toFixed(0)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')} min`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

/** "about 2 min": how long something will take is known roughly at best. */
export function about(seconds: number): string {
  if (seconds < 1) return 'an instant';
  if (seconds < 60) return `about ${Math.ceil(seconds / 5) * 5} s`;
  if (seconds < 3600) return `about ${Math.round(seconds / 60)} min`;
  return `about ${(seconds / 3600).toFixed(1)} h`;
}

/** "6 cells, about 2 min". */
export function costInWords({ cells, seconds }: RunCost): string {
  if (cells === 0) return 'nothing is stale';
  const count = cells === 1 ? '1 cell' : `${cells} cells`;
  return seconds === undefined ? count : `${count}, ${about(seconds)}`;
}

/** A cell that was never run is stale by the rules; a person says that it has not run. */
export function stateWord(state: CellState | undefined): string {
  if (!state) return '';
  return state.name === 'stale' && !state.run ? 'not run' : state.name;
}

/** What stands beside the word: a running job's share, else what the last run took. */
export function stateDetail(state: CellState | undefined, job: JobEvent | undefined): string {
  if (state?.name === 'running') {
    return job?.fraction === undefined ? '' : `${Math.round(100 * job.fraction)} %`;
  }
  return state?.run ? duration(state.run.seconds) : '';
}

function written({ writes }: RunRecord): string {
  const told = Object.entries(writes).filter(([, { summary }]) => summary !== undefined && summary !== '');
  if (told.length === 1) return tidy(told[0]![1].summary!);
  return tidy(told.map(([name, { summary }]) => `${name}: ${summary}`).join('; '));
}

/** The node's last line: what a job is at, why a run failed, or what it made. */
export function summaryOf(state: CellState | undefined, job: JobEvent | undefined): string {
  if (state?.name === 'running') return tidy(job?.message ?? '');
  if (state?.name === 'failed') return tidy(state.run?.reason ?? state.why);
  return state?.run ? written(state.run) : '';
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** "Stale: neighbors 20 → 30 since it ran", "Waiting for Denoise", "Has not run in this kernel". */
export function because(state: CellState | undefined): string {
  if (!state) return '';
  const word = capital(stateWord(state));
  const why = tidy(state.why);
  if (why === '') return word;
  if (why.startsWith('for ')) return `${word} ${why}`;
  return /^(?:has|was) /.test(why) ? capital(why) : `${word}: ${why}`;
}

export function lastRun(run: RunRecord | undefined): string {
  if (!run) return '';
  const at = new Date(run.started);
  const time = `${String(at.getHours()).padStart(2, '0')}:${String(at.getMinutes()).padStart(2, '0')}`;
  const end = { done: 'took', failed: 'failed after', cancelled: 'was stopped after' }[run.status];
  return `The run at ${time} ${end} ${duration(run.seconds)}.`;
}

export function countStates(states: Iterable<CellState>): readonly (readonly [CellStateName, number])[] {
  const counts = new Map<CellStateName, number>();
  for (const { name } of states) counts.set(name, (counts.get(name) ?? 0) + 1);
  return STATES.flatMap(name => (counts.has(name) ? [[name, counts.get(name)!] as const] : []));
}
