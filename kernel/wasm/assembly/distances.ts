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

function two(at: usize): v128 {
  return f64x2.promote_low_f32x4(v128.load64_zero(at));
}

/** float32 rows [count, cols]; out [count]. */
export function squaredDistances32(query: usize, rows: usize, count: i32, cols: i32, out: usize): void {
  let v = rows;
  for (let r = 0; r < count; r++) {
    let u = query;
    let sum: f64 = 0;
    let p = 0;
    for (; p + 8 <= cols; p += 8, u += 32, v += 32)
      sum += sumOfEight(
        square(f64x2.sub(two(u), two(v))),
        square(f64x2.sub(two(u + 8), two(v + 8))),
        square(f64x2.sub(two(u + 16), two(v + 16))),
        square(f64x2.sub(two(u + 24), two(v + 24)))
      );
    for (; p < cols; p++, u += 4, v += 4) {
      const e = (load<f32>(u) as f64) - (load<f32>(v) as f64);
      sum += e * e;
    }
    store<f64>(out + ((r as usize) << 3), sum);
  }
}

/** float64 rows [count, cols]; out [count]. */
export function squaredDistances64(query: usize, rows: usize, count: i32, cols: i32, out: usize): void {
  let v = rows;
  for (let r = 0; r < count; r++) {
    let u = query;
    let sum: f64 = 0;
    let p = 0;
    for (; p + 8 <= cols; p += 8, u += 64, v += 64)
      sum += sumOfEight(
        square(f64x2.sub(v128.load(u), v128.load(v))),
        square(f64x2.sub(v128.load(u, 16), v128.load(v, 16))),
        square(f64x2.sub(v128.load(u, 32), v128.load(v, 32))),
        square(f64x2.sub(v128.load(u, 48), v128.load(v, 48)))
      );
    for (; p < cols; p++, u += 8, v += 8) {
      const e = load<f64>(u) - load<f64>(v);
      sum += e * e;
    }
    store<f64>(out + ((r as usize) << 3), sum);
  }
}
