/** The fewest cells move, and then each comes after what it reads from. */
import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { leastMoves, type Before } from '../../common/dataflow/edit/index.js';
import { applied } from './notebook.js';

const ids = (count: number): string[] => Array.from({ length: count }, (_, i) => String(i));

function order(all: readonly string[], code: readonly string[], pairs: readonly Before[]): string[] {
  const cells = all.map(id => ({ id, source: id }));
  return applied(cells, leastMoves(all, code, pairs)).map(cell => cell.id);
}

test('an order that is right already is left alone', () => {
  assert.deepEqual(leastMoves(ids(3), ids(3), [['0', '2']]), []);
});

test('the reader goes right below what it reads, and no heading above it moves along', () => {
  assert.deepEqual(order(['t', '0', 'h', '1', '2'], ids(3), [['1', '0']]), ['t', 'h', '1', '0', '2']);
});

test('one definer goes up rather than two readers down, and not above the notebook’s heading', () => {
  const pairs: Before[] = [
    ['2', '0'],
    ['2', '1']
  ];
  assert.deepEqual(leastMoves(['t', '0', '1', '2'], ids(3), pairs), [{ do: 'move', cell: '2', after: 't' }]);
  assert.deepEqual(leastMoves(ids(3), ids(3), pairs), [{ do: 'move', cell: '2', after: undefined }]);
});

test('the cells of a cycle bind each other to nothing, and what reads from it still goes below', () => {
  const pairs: Before[] = [
    ['1', '2'],
    ['2', '1'],
    ['2', '0']
  ];
  assert.deepEqual(order(ids(3), ids(3), pairs), ['1', '2', '0']);
});

/** The most cells that may stay, by trying all. */
function mostStaying(count: number, after: (i: number, j: number) => boolean): number {
  let most = 0;
  for (let set = 0; set < 1 << count; set++) {
    const kept = ids(count).flatMap((_, i) => ((set >> i) & 1 ? [i] : []));
    if (kept.every((i, at) => kept.slice(at + 1).every(j => !after(j, i))))
      most = Math.max(most, kept.length);
  }
  return most;
}

test('whatever the pairs: all of them hold afterwards, and no way has fewer moves', () => {
  const graph = fc
    .integer({ min: 1, max: 9 })
    .chain(count =>
      fc.tuple(
        fc.shuffledSubarray(ids(count), { minLength: count, maxLength: count }),
        fc.array(fc.tuple(fc.nat(count - 1), fc.nat(count - 1)), { maxLength: 14 })
      )
    );
  fc.assert(
    fc.property(graph, ([names, raw]) => {
      // Free of cycles: every pair leads from the smaller to the larger name; the notebook's order is any.
      const pairs = raw
        .filter(([a, b]) => a !== b)
        .map(([a, b]): Before => [String(Math.min(a, b)), String(Math.max(a, b))]);
      const moves = leastMoves(names, names, pairs);
      const now = order(names, names, pairs);
      for (const [a, b] of pairs)
        assert.ok(now.indexOf(a) < now.indexOf(b), `${a} before ${b} in ${now.join()}`);
      const reach = new Set(pairs.map(([a, b]) => `${a} ${b}`));
      for (const k of ids(names.length))
        for (const i of ids(names.length))
          for (const j of ids(names.length))
            if (reach.has(`${i} ${k}`) && reach.has(`${k} ${j}`)) reach.add(`${i} ${j}`);
      const most = mostStaying(names.length, (i, j) => reach.has(`${names[i]} ${names[j]}`));
      assert.equal(moves.length, names.length - most);
    }),
    { numRuns: 300 }
  );
});

test('five hundred cells upside down are put right', () => {
  const names = ids(500).reverse();
  const pairs = ids(499).map((_, i): Before => [String(i), String(i + 1)]);
  assert.deepEqual(order(names, names, pairs), ids(500));
});
