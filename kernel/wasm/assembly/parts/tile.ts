/**
 * out [4, 8] = a b, for a [4, k] and b [k, 8] in float32: 32 sums that stay in registers. `rowsOfA`, `rowsOfB` and
 * `rowsOfOut` are the bytes from one row to the next; rows of b and out are 16-aligned.
 */
export function multiplyTile(
  a: usize,
  rowsOfA: usize,
  b: usize,
  rowsOfB: usize,
  k: i32,
  out: usize,
  rowsOfOut: usize
): void {
  let a0 = f32x4.splat(0);
  let a1 = a0;
  let b0 = a0;
  let b1 = a0;
  let c0 = a0;
  let c1 = a0;
  let d0 = a0;
  let d1 = a0;
  for (let t = 0; t < k; t++, a += 4, b += rowsOfB) {
    const left = v128.load(b);
    const right = v128.load(b, 16);
    let f = v128.load32_splat(a);
    a0 = f32x4.add(a0, f32x4.mul(f, left));
    a1 = f32x4.add(a1, f32x4.mul(f, right));
    f = v128.load32_splat(a + rowsOfA);
    b0 = f32x4.add(b0, f32x4.mul(f, left));
    b1 = f32x4.add(b1, f32x4.mul(f, right));
    f = v128.load32_splat(a + 2 * rowsOfA);
    c0 = f32x4.add(c0, f32x4.mul(f, left));
    c1 = f32x4.add(c1, f32x4.mul(f, right));
    f = v128.load32_splat(a + 3 * rowsOfA);
    d0 = f32x4.add(d0, f32x4.mul(f, left));
    d1 = f32x4.add(d1, f32x4.mul(f, right));
  }
  v128.store(out, a0);
  v128.store(out, a1, 16);
  out += rowsOfOut;
  v128.store(out, b0);
  v128.store(out, b1, 16);
  out += rowsOfOut;
  v128.store(out, c0);
  v128.store(out, c1, 16);
  out += rowsOfOut;
  v128.store(out, d0);
  v128.store(out, d1, 16);
}
