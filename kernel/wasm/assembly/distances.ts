/**
 * Squared Euclidean distances in float64 of one row to others, summed in the order of kernel/theory's squaredDistance, so
 * that both give the same bits.
 */
export { heapBase } from './parts/heap';

/** ((v0 + v1) + (v2 + v3)) + ((v4 + v5) + (v6 + v7)) of eight squares, two a register. */
function sumOfEight(ab: v128, cd: v128, ef: v128, gh: v128): f64 {
  const low = f64x2.add(v128.shuffle<f64>(ab, cd, 0, 2), v128.shuffle<f64>(ab, cd, 1, 3));
  const high = f64x2.add(v128.shuffle<f64>(ef, gh, 0, 2), v128.shuffle<f64>(ef, gh, 1, 3));
  const both = f64x2.add(v128.shuffle<f64>(low, high, 0, 2), v128.shuffle<f64>(low, high, 1, 3));
  return f64x2.extract_lane(both, 0) + f64x2.extract_lane(both, 1);
}

function square(difference: v128): v128 {
  return f64x2.mul(difference, difference);
}

/** Two numbers of a row of T. */
function two<T>(at: usize): v128 {
  return sizeof<T>() == 4 ? f64x2.promote_low_f32x4(v128.load64_zero(at)) : v128.load(at);
}

function squaredDistances<T>(query: usize, rows: usize, count: i32, cols: i32, out: usize): void {
  const size = sizeof<T>();
  let v = rows;
  for (let r = 0; r < count; r++) {
    let u = query;
    let sum: f64 = 0;
    let p = 0;
    for (; p + 8 <= cols; p += 8, u += 8 * size, v += 8 * size)
      sum += sumOfEight(
        square(f64x2.sub(two<T>(u), two<T>(v))),
        square(f64x2.sub(two<T>(u + 2 * size), two<T>(v + 2 * size))),
        square(f64x2.sub(two<T>(u + 4 * size), two<T>(v + 4 * size))),
        square(f64x2.sub(two<T>(u + 6 * size), two<T>(v + 6 * size)))
      );
    for (; p < cols; p++, u += size, v += size) {
      const e = (load<T>(u) as f64) - (load<T>(v) as f64);
      sum += e * e;
    }
    store<f64>(out + ((r as usize) << 3), sum);
  }
}

/** float32 rows [count, cols]; out [count]. */
export function squaredDistances32(query: usize, rows: usize, count: i32, cols: i32, out: usize): void {
  squaredDistances<f32>(query, rows, count, cols, out);
}

/** float64 rows [count, cols]; out [count]. */
export function squaredDistances64(query: usize, rows: usize, count: i32, cols: i32, out: usize): void {
  squaredDistances<f64>(query, rows, count, cols, out);
}
