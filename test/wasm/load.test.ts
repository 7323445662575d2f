/** A module's kernels and its arena: distances against the plain loop, arrays that grow. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { instantiate, type DistanceKernels } from '../../kernel/wasm/index.js';

test('squared distances from the origin are those of a plain loop, whatever the number of columns', () => {
  const { exports, arena } = instantiate<DistanceKernels>('distances');
  for (const cols of [1, 3, 4, 7, 64, 385]) {
    const rows = 5;
    const mark = arena.mark;
    const [x, out] = [arena.reserve(rows * cols * 4), arena.reserve(rows * 8)];
    const origin = arena.reserve(cols * 4);
    arena.f32(origin, cols).fill(0);
    const values = Float32Array.from({ length: rows * cols }, (_, i) => Math.sin(i + cols));
    arena.f32(x, rows * cols).set(values);
    exports.squaredDistances32(origin, x, rows, cols, out);
    const found = arena.f64(out, rows);
    for (let r = 0; r < rows; r++) {
      let sum = 0;
      for (let c = 0; c < cols; c++) sum += values[r * cols + c]! ** 2;
      assert.ok(Math.abs(found[r]! - sum) <= 1e-5 * sum, `${cols} columns, row ${r}`);
    }
    arena.release(mark);
  }
});

test('an arena grows, and what was released is given again', () => {
  const { arena } = instantiate<DistanceKernels>('distances');
  const before = arena.mark;
  const first = arena.reserve(3 << 20);
  arena.f32(first, 4).set([1, 2, 3, 4]);
  arena.reserve(3 << 20);
  assert.deepEqual([...arena.f32(first, 4)], [1, 2, 3, 4]);
  arena.release(before);
  assert.equal(arena.reserve(8), first);
});
