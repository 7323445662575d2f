/** What the panel works out before it draws: words, ways of the arrow keys, what is found, how lines bend. */
import assert from 'node:assert/strict';
import test from 'node:test';
import type { CellState, RunRecord } from '../../../common/dataflow/index.js';
import { arrowHead, forked, roundedPath } from '../../../common/dataflow/path.js';
import { find } from '../../../src/dataflow/panel/search.js';
import { step, type Spot } from '../../../src/dataflow/panel/walk.js';
import {
  about,
  because,
  costInWords,
  countStates,
  duration,
  lastRun,
  stateDetail,
  stateWord,
  summaryOf
} from '../../../src/dataflow/panel/words.js';

const SPOTS: readonly Spot[] = [
  { id: 'top', x: 100, y: 0 },
  { id: 'left', x: 0, y: 100 },
  { id: 'right', x: 200, y: 100 },
  { id: 'low', x: 100, y: 200 },
  { id: 'apart', x: 400, y: 0 }
];
const EDGES = [
  { from: 'top', to: 'left' },
  { from: 'top', to: 'right' },
  { from: 'right', to: 'low' },
  { from: 'top', to: 'low' }
];

test('arrows go along edges: down to the nearest reader, up to what is read', () => {
  assert.equal(step('right', 'down', SPOTS, EDGES), 'low');
  assert.equal(step('low', 'up', SPOTS, EDGES), 'right');
  assert.equal(step('right', 'up', SPOTS, EDGES), 'top');
  assert.ok(['left', 'right'].includes(step('top', 'down', SPOTS, EDGES)!));
});

test('arrows sideways go to the neighbour on the same level, and stay at an end', () => {
  assert.equal(step('left', 'right', SPOTS, EDGES), 'right');
  assert.equal(step('right', 'left', SPOTS, EDGES), 'left');
  assert.equal(step('top', 'right', SPOTS, EDGES), 'apart');
  assert.equal(step('apart', 'right', SPOTS, EDGES), undefined);
  assert.equal(step('top', 'up', SPOTS, EDGES), undefined);
});

test('a node without edges is left to the nearest below, and without a chosen node the topmost is first', () => {
  assert.equal(step('apart', 'down', SPOTS, EDGES), 'right');
  assert.equal(step(undefined, 'down', SPOTS, EDGES), 'top');
  assert.equal(step('gone', 'left', SPOTS, EDGES), 'top');
  assert.equal(step(undefined, 'down', [], []), undefined);
});

const CELLS = [
  { id: 'a', title: 'Load tables', names: ['tables'], source: 'await hysim.load({ path: "weights" })' },
  { id: 'b', title: 'Weigh', names: ['weights'], source: 'await hysim.weigh({ space, clean })' },
  { id: 'c', title: 'Fine-tune', names: ['model'], source: 'await hysim.finetune({ data, weights })' }
];

test('names and titles are found before code, whatever their case; every word must be there', () => {
  assert.deepEqual(find('WEIGH', CELLS), ['b', 'a', 'c']);
  assert.deepEqual(find('fine data', CELLS), ['c']);
  assert.deepEqual(find('nothing', CELLS), []);
  assert.deepEqual(find('  ', CELLS), []);
});

test('corners are rounded as far as the pieces are long, and the line ends where it should', () => {
  const path = roundedPath([
    { x: 0, y: 0 },
    { x: 0, y: 4 },
    { x: 40, y: 4 }
  ]);
  assert.equal(path, 'M0 0L0 2Q0 4 2 4L40 4');
  assert.equal(roundedPath([]), '');
  assert.match(arrowHead({ x: 5, y: 9 }), /L5 9Z$/);
});

test('a line forks above the node into another port, and not where it runs across lower', () => {
  const route = [
    { x: 0, y: 0 },
    { x: 0, y: 20 },
    { x: 50, y: 20 },
    { x: 50, y: 60 }
  ];
  assert.deepEqual(forked(route, 80).slice(-3), [
    { x: 50, y: 47 },
    { x: 80, y: 47 },
    { x: 80, y: 60 }
  ]);
  assert.equal(
    forked(
      route.map(point => ({ ...point, y: Math.max(point.y, 55) })),
      80
    ).length,
    4
  );
});

const run = (more: Partial<RunRecord> = {}): RunRecord => ({
  run: 1,
  source: '',
  status: 'done',
  started: 0,
  seconds: 3.42,
  reads: {},
  writes: { clean: { run: 1, summary: '1,512 rows, 63 flagged' } },
  ...more
});
const state = (name: CellState['name'], more: Partial<CellState> = {}): CellState => ({
  name,
  why: '',
  due: false,
  ...more
});

test('a state is told in a word, with what the run took, why, and what it made', () => {
  const stale = state('stale', { run: run(), why: 'neighbors 20 → 30 since it ran' });
  assert.equal(stateWord(stale), 'stale');
  assert.equal(because(state('waiting', { why: 'for Denoise' })), 'Waiting for Denoise');
  assert.equal(because(state('stale', { why: 'has not run in this kernel' })), 'Has not run in this kernel');
  assert.equal(because(state('fresh')), 'Fresh');
  assert.equal(stateDetail(stale, undefined), '3.4 s');
  assert.equal(because(stale), 'Stale: neighbors 20 → 30 since it ran');
  assert.equal(summaryOf(stale, undefined), '1,512 rows, 63 flagged');
  assert.match(lastRun(run()), /^The run at \d\d:\d\d took 3\.4 s\.$/);
});

test('a cell that never ran has not run, whatever the rules call that', () => {
  assert.equal(stateWord(state('stale')), 'not run');
  assert.equal(stateWord(undefined), '');
  assert.equal(lastRun(undefined), '');
});

test('a running job tells its share and what it is at; a failure its reason', () => {
  const job = {
    job: 'j',
    stage: 'finetune',
    status: 'running' as const,
    fraction: 0.62,
    message: 'epoch 2',
    elapsed: 9
  };
  assert.equal(stateDetail(state('running', { run: run() }), job), '62 %');
  assert.equal(stateDetail(state('running', { run: run() }), { ...job, fraction: undefined }), '');
  assert.equal(summaryOf(state('running'), job), 'epoch 2');
  const failed = state('failed', { run: run({ status: 'failed', reason: 'ParameterError:\nfolds' }) });
  assert.equal(summaryOf(failed, undefined), 'ParameterError: folds');
});

test('several names are told apart, and long words are cut', () => {
  const both = run({ writes: { a: { run: 1, summary: '1 row' }, b: { run: 1, summary: '2 rows' } } });
  assert.equal(summaryOf(state('fresh', { run: both }), undefined), 'a: 1 row; b: 2 rows');
  const long = run({ writes: { a: { run: 1, summary: 'x'.repeat(999) } } });
  assert.equal(summaryOf(state('fresh', { run: long }), undefined).length, 200);
});

test('times and costs read as a person would say them', () => {
  assert.deepEqual([0.04, 9.96, 59.4, 84, 3725].map(duration), [
    '0.0 s',
    '10 s',
    '59 s',
    '1:24 min',
    '1 h 2 min'
  ]);
  assert.deepEqual([0.4, 12, 118, 5400].map(about), [
    'an instant',
    'about 15 s',
    'about 2 min',
    'about 1.5 h'
  ]);
  assert.equal(costInWords({ cells: 6, seconds: 118 }), '6 cells, about 2 min');
  assert.equal(costInWords({ cells: 1 }), '1 cell');
  assert.equal(costInWords({ cells: 0 }), 'nothing is stale');
});

test('states are counted, those that need a person first', () => {
  const states = [state('fresh'), state('stale'), state('fresh'), state('failed')];
  assert.deepEqual(countStates(states), [
    ['failed', 1],
    ['stale', 1],
    ['fresh', 2]
  ]);
});
