/** What a run takes, in which order, and how long. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { costOf, downstream, dueCells, upstream } from '../../common/dataflow/index.js';
import { World } from './world.js';

//   a -> b -> d
//   a -> c         e
const fan = (): World =>
  new World({
    d: 'const d = b',
    a: 'const a = 1',
    b: 'const b = a',
    c: 'const c = a',
    e: 'const e = 5'
  });

test('a run of what is stale goes from makers to readers, wherever they stand', () => {
  const world = fan();
  const due = dueCells(world, 'stale');
  assert.deepEqual([...due].sort(), ['a', 'b', 'c', 'd', 'e']);
  assert.ok(due.indexOf('a') < due.indexOf('b') && due.indexOf('b') < due.indexOf('d'));
  world.runStale();
  world.edit('b', 'const b = a + 1');
  assert.deepEqual(dueCells(world, 'stale'), ['b', 'd']);
});

test('a run to a cell takes what it needs and it itself, and leaves the rest', () => {
  const world = fan();
  assert.deepEqual(dueCells(world, { to: 'd' }), ['a', 'b', 'd']);
  world.runStale();
  assert.deepEqual(dueCells(world, { to: 'd' }), ['d']);
  assert.deepEqual(dueCells(world, { only: 'c' }), ['c']);
});

test('what a cell hangs on, and what hangs on it, include the cell', () => {
  const { flow } = fan();
  assert.deepEqual([...upstream(flow, ['d'])].sort(), ['a', 'b', 'd']);
  assert.deepEqual([...downstream(flow, ['b'])].sort(), ['b', 'd']);
});

test('a cost is the sum of what is known; what the cache has costs nothing', () => {
  const world = fan();
  const seconds: Record<string, number> = { a: 1, b: 2, c: 4, d: 8, e: 16 };
  const secondsOf = (cell: string): number | undefined => seconds[cell];
  assert.deepEqual(costOf(world, 'stale', secondsOf), { cells: 5, seconds: 31 });
  world.cached.add('e');
  assert.deepEqual(costOf(world, 'stale', secondsOf), { cells: 5, seconds: 15 });
  delete seconds['a'];
  assert.deepEqual(costOf(world, 'stale', secondsOf), { cells: 5 });
  assert.deepEqual(costOf(world, { only: 'c' }, secondsOf), { cells: 1, seconds: 4 });
});
