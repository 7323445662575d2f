/** What a stage cell's header says of its state. Needs no browser. */
import assert from 'node:assert/strict';
import test from 'node:test';
import type { CellState, RunRecord } from '../../common/dataflow/index.js';
import type { JobEvent } from '../../common/host.js';

interface Said {
  name: string;
  word: string;
  detail: string;
  title: string;
  percent?: string;
  fraction?: number;
}

// The extension is compiled for a browser in a project of its own, which tests do not reference.
const { describeState, timeLeft } = (await import(
  new URL('../../src/stagecell/state.js', import.meta.url).href
)) as {
  describeState(state: CellState | undefined, job: JobEvent | undefined): Said;
  timeLeft(job: JobEvent): string;
};

const job = (fraction: number | undefined, elapsed: number, message?: string): JobEvent => ({
  ...{ job: 'j', stage: 'denoise', status: 'running' },
  fraction,
  elapsed,
  message
});

const run = (more: Partial<RunRecord> = {}): RunRecord => ({
  ...{ run: 1, cell: 'a', source: 'one', status: 'done', reads: {}, writes: {} },
  started: new Date(2026, 0, 1, 9, 5).getTime(),
  seconds: 3.4,
  ...more
});

test('a fresh cell says what it took, and whether the cache gave its result', () => {
  const fresh = { name: 'fresh', why: '', due: false } as const;
  assert.equal(describeState({ ...fresh, run: run() }, undefined).detail, '3.4 s');
  assert.equal(describeState({ ...fresh, run: run({ seconds: 90 }) }, undefined).detail, '1:30 min');
  const writes = { clean: { run: 1, id: 'x', kind: 'denoised', cached: true } } as const;
  assert.equal(describeState({ ...fresh, run: run({ writes }) }, undefined).detail, '3.4 s, from the cache');
});

test('a stale cell says why, and its tooltip when it ran last', () => {
  const stale = { name: 'stale', why: 'neighbors 20 → 30 since it ran', due: true, run: run() } as const;
  const said = describeState(stale, undefined);
  assert.equal(said.detail, 'neighbors 20 → 30 since it ran');
  assert.equal(said.title, 'stale: neighbors 20 → 30 since it ran. Last run 09:05, 3.4 s');
});

test('a failed cell says why in its tooltip', () => {
  const failed = { name: 'failed', why: 'DataError: too few rows', due: true, run: run() } as const;
  assert.match(describeState(failed, undefined).title, /DataError: too few rows/);
});

test('progress comes with percent, message and time left, which waits until the speed is telling', () => {
  const running = { name: 'running', why: '', due: false } as const;
  const said = describeState(running, job(0.25, 30, 'local PCA'));
  assert.equal(said.percent, '25 %');
  assert.equal(said.detail, 'local PCA · 1:30 left');
  assert.equal(said.fraction, 0.25);
  // A cell that another page started.
  assert.equal(describeState(undefined, job(0.5, 10)).name, 'running');
  assert.equal(timeLeft(job(0.01, 30)), '');
  assert.equal(timeLeft(job(0.5, 0.2)), '');
  assert.equal(timeLeft(job(undefined, 30)), '');
  assert.equal(timeLeft(job(1, 30)), '');
  // The stage's own estimate is not repeated.
  assert.equal(describeState(running, job(0.5, 30, 'at most 20 s left')).detail, 'at most 20 s left');
});
