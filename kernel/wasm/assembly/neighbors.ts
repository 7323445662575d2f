/**
 * The k smallest of each row of a block of squared distances, kept from block to block in a max-heap a row: values [n, k]
 * float32 and the indices that they belong to. Heaps start full of infinities with index -1. Equal values stay with
 * whoever came first.
 */
import { multiplyTile } from './parts/tile';

export { heapBase } from './parts/heap';

/** Puts (v, id) in the place of a heap's root, which is the largest. */
function replaceRoot(values: usize, ids: usize, k: i32, v: f32, id: i32): void {
  let i = 0;
  while (true) {
    let child = 2 * i + 1;
    if (child >= k) break;
    const right = child + 1;
    if (
      right < k &&
      load<f32>(values + ((right as usize) << 2)) > load<f32>(values + ((child as usize) << 2))
    )
      child = right;
    const w = load<f32>(values + ((child as usize) << 2));
    if (w <= v) break;
    store<f32>(values + ((i as usize) << 2), w);
    store<i32>(ids + ((i as usize) << 2), load<i32>(ids + ((child as usize) << 2)));
    i = child;
  }
  store<f32>(values + ((i as usize) << 2), v);
  store<i32>(ids + ((i as usize) << 2), id);
}

/**
 * A block [rows, cols] of what queries row0 ... are to reference rows col0 ... Heap r belongs to query r. `exclude` holds
 * for each of the block's queries the reference row that it may not have, or -1.
 */
export function scanRows(
  block: usize,
  rows: i32,
  cols: i32,
  row0: i32,
  col0: i32,
  exclude: usize,
  values: usize,
  ids: usize,
  k: i32
): void {
  const stride = (k as usize) << 2;
  for (let r = 0; r < rows; r++) {
    const heap = values + ((row0 + r) as usize) * stride;
    const own = ids + ((row0 + r) as usize) * stride;
    const not = load<i32>(exclude + ((r as usize) << 2));
    let p = block + (((r as usize) * (cols as usize)) << 2);
    let worst = load<f32>(heap);
    let t = f32x4.splat(worst);
    let c = 0;
    for (; c + 16 <= cols; c += 16, p += 64) {
      const low = v128.or(f32x4.lt(v128.load(p), t), f32x4.lt(v128.load(p, 16), t));
      const high = v128.or(f32x4.lt(v128.load(p, 32), t), f32x4.lt(v128.load(p, 48), t));
      if (v128.any_true(v128.or(low, high))) {
        for (let q = 0; q < 16; q++) {
          const v = load<f32>(p + ((q as usize) << 2));
          if (v < worst && col0 + c + q != not) {
            replaceRoot(heap, own, k, v, col0 + c + q);
            worst = load<f32>(heap);
          }
        }
        t = f32x4.splat(worst);
      }
    }
    for (; c < cols; c++, p += 4) {
      const v = load<f32>(p);
      if (v < worst && col0 + c != not) {
        replaceRoot(heap, own, k, v, col0 + c);
        worst = load<f32>(heap);
      }
    }
  }
}

/**
 * A block off the diagonal where queries are the reference: each entry serves its row's heap and its column's.
 * `worst` [n] holds the roots of all heaps; `cols` is a multiple of 8.
 */
export function scanBoth(
  block: usize,
  rows: i32,
  cols: i32,
  row0: i32,
  col0: i32,
  values: usize,
  ids: usize,
  worst: usize,
  k: i32
): void {
  const stride = (k as usize) << 2;
  for (let r = 0; r < rows; r++) {
    const i = row0 + r;
    const heap = values + (i as usize) * stride;
    const own = ids + (i as usize) * stride;
    let p = block + (((r as usize) * (cols as usize)) << 2);
    let columns = worst + ((col0 as usize) << 2);
    let least = load<f32>(heap);
    let t = f32x4.splat(least);
    for (let c = 0; c < cols; c += 8, p += 32, columns += 32) {
      const low = f32x4.lt(v128.load(p), f32x4.max(t, v128.load(columns)));
      const high = f32x4.lt(v128.load(p, 16), f32x4.max(t, v128.load(columns, 16)));
      if (!v128.any_true(v128.or(low, high))) continue;
      for (let q = 0; q < 8; q++) {
        const v = load<f32>(p + ((q as usize) << 2));
        const j = col0 + c + q;
        if (v < least) {
          replaceRoot(heap, own, k, v, j);
          least = load<f32>(heap);
        }
        const column = columns + ((q as usize) << 2);
        if (v < load<f32>(column)) {
          const other = values + (j as usize) * stride;
          replaceRoot(other, ids + (j as usize) * stride, k, v, i);
          store<f32>(column, load<f32>(other));
        }
      }
      t = f32x4.splat(least);
    }
    store<f32>(worst + ((i as usize) << 2), least);
  }
}

/** worst[i] = the root of heap i, for rows from ... to - 1. */
export function roots(values: usize, from: i32, to: i32, k: i32, worst: usize): void {
  for (let i = from; i < to; i++)
    store<f32>(worst + ((i as usize) << 2), load<f32>(values + (i as usize) * ((k as usize) << 2)));
}

/**
 * out [rows, cols] = a b^T, for few columns k: where a library's product saves nothing. b comes in panels of 8 rows,
 * [cols / 8, k, 8]; rows is a multiple of 4 and cols of 8.
 */
export function multiply(a: usize, panels: usize, rows: i32, cols: i32, k: i32, out: usize): void {
  const width = (k as usize) << 2;
  const stride = (cols as usize) << 2;
  for (let c = 0; c < cols; c += 8)
    for (let r = 0; r < rows; r += 4)
      multiplyTile(
        a + (r as usize) * width,
        width,
        panels + (c as usize) * width,
        32,
        k,
        out + (((r as usize) * (cols as usize) + (c as usize)) << 2),
        stride
      );
}
