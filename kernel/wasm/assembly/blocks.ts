/** Loops over row-major float32 blocks that lie in the module's own memory. Pointers are bytes, 16-aligned. */
export { heapBase } from './parts/heap';

/** Squared Euclidean norm of each of `rows` rows of `cols` into `out`. */
export function squaredNorms(x: usize, rows: i32, cols: i32, out: usize): void {
  for (let r = 0; r < rows; r++) {
    let p = x + (((r as usize) * (cols as usize)) << 2);
    let sum = f32x4.splat(0);
    let c = 0;
    for (; c + 4 <= cols; c += 4, p += 16) {
      const v = v128.load(p);
      sum = f32x4.add(sum, f32x4.mul(v, v));
    }
    let total: f32 =
      f32x4.extract_lane(sum, 0) +
      f32x4.extract_lane(sum, 1) +
      f32x4.extract_lane(sum, 2) +
      f32x4.extract_lane(sum, 3);
    for (; c < cols; c++, p += 4) total += load<f32>(p) * load<f32>(p);
    store<f32>(out + ((r as usize) << 2), total);
  }
}
