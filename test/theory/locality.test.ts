/** An order in which near rows stand near, and the blocks of it that are worth comparing. */
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import {
  localOrder,
  matrix,
  nearBlockPairs,
  nearestNeighbors,
  Random,
  selectRows
} from '../../kernel/theory/index.js';

const [ROWS, COLS, CLUSTERS, BLOCK] = [9000, 4, 30, 1024];
const random = new Random(1);
const centres = Array.from({ length: CLUSTERS * COLS }, () => 6 * random.normal());
const x = matrix(ROWS, COLS);
for (let i = 0; i < ROWS; i++)
  for (let j = 0; j < COLS; j++) x.data[i * COLS + j] = centres[(i % CLUSTERS) * COLS + j]! + random.normal();

describe('a local order of rows', () => {
  const order = localOrder(x);

  it('holds each row once, and is the same again', () => {
    assert.deepEqual(
      [...order].sort((a, b) => a - b),
      [...order.keys()]
    );
    assert.deepEqual(localOrder(x), order);
  });

  it('leaves few that are as they are, and equal rows as they came', () => {
    const few = selectRows(x, [5, 4, 3]);
    assert.deepEqual([...localOrder(few)], [0, 1, 2]);
    assert.deepEqual([...localOrder(matrix(3000, 2))], [...new Int32Array(3000).keys()]);
  });

  it('has nearly all neighbours in a few near blocks, and more in more', () => {
    const sorted = selectRows(x, order);
    const some = Array.from({ length: 300 }, (_, i) => 30 * i);
    const found = nearestNeighbors(selectRows(sorted, some), sorted, 10, some);
    const recall = (nearest: number): number => {
      const pairs = new Set(nearBlockPairs(sorted, nearest).map(pair => pair.join()));
      const within = (i: number, j: number): boolean => {
        const [a, b] = [i, j].map(row => row - (row % BLOCK)).sort((p, q) => p - q);
        return pairs.has([a, b].join());
      };
      const hits = found.indices.filter((j, p) => within(some[Math.floor(p / 10)]!, j));
      return hits.length / found.indices.length;
    };
    assert.ok(recall(3) > 0.9, `${recall(3)}`);
    assert.ok(recall(1) < recall(3));
    assert.equal(recall(8), 1);
  });

  it('compares each block with itself, no pair twice, the first of a pair first', () => {
    const pairs = nearBlockPairs(x, 2);
    assert.equal(new Set(pairs.map(pair => pair.join())).size, pairs.length);
    assert.ok(pairs.every(([a, b]) => a <= b && a % BLOCK === 0 && b % BLOCK === 0 && b < ROWS));
    for (let a = 0; a < ROWS; a += BLOCK) assert.ok(pairs.some(pair => pair[0] === a && pair[1] === a));
    assert.equal(nearBlockPairs(x, 100).length, (9 * 10) / 2);
    assert.throws(() => nearBlockPairs(x, 0), /another/);
  });
});
