/**
 * The Gaussian kernel in float64: exact values, and means of random Fourier features. Two at a time; cos, sin and exp are
 * polynomials after Cody and Waite's reduction, within a few units of the last place. Pointers are bytes, 16-aligned.
 */
export { heapBase } from './parts/heap';

function splat(value: f64): v128 {
  return f64x2.splat(value);
}

/** One step of Horner's rule: p x + c. */
function step(p: v128, x: v128, c: f64): v128 {
  return f64x2.add(f64x2.mul(p, x), splat(c));
}

/** exp of two numbers from -700 to 0. */
function exponential(x: v128): v128 {
  const k = f64x2.nearest(f64x2.mul(x, splat(1.4426950408889634)));
  let r = f64x2.sub(x, f64x2.mul(k, splat(6.9314718036912381649e-1)));
  r = f64x2.sub(r, f64x2.mul(k, splat(1.90821492927058770002e-10)));
  let p = splat(1.0 / 39916800.0);
  p = step(p, r, 1.0 / 3628800.0);
  p = step(p, r, 1.0 / 362880.0);
  p = step(p, r, 1.0 / 40320.0);
  p = step(p, r, 1.0 / 5040.0);
  p = step(p, r, 1.0 / 720.0);
  p = step(p, r, 1.0 / 120.0);
  p = step(p, r, 1.0 / 24.0);
  p = step(p, r, 1.0 / 6.0);
  p = step(p, r, 0.5);
  p = step(p, r, 1.0);
  p = step(p, r, 1.0);
  const exponent = i64x2.extend_low_i32x4_s(i32x4.trunc_sat_f64x2_s_zero(k));
  return f64x2.mul(p, i64x2.shl(i64x2.add(exponent, i64x2.splat(1023)), 52));
}

/**
 * exp(scale |z - y_j|^2) for j = from .. rows - 1 into `out`, scale <= 0. `from` is rounded down to an even number.
 * @param z one point of `cols`; @param y points transposed, [cols, rows], `rows` even
 */
export function gaussianRow(
  z: usize,
  y: usize,
  rows: i32,
  cols: i32,
  from: i32,
  scale: f64,
  out: usize
): void {
  const stride = (rows as usize) << 3;
  for (let j = from & ~1; j < rows; j += 2) {
    let p = y + ((j as usize) << 3);
    let sum = splat(0);
    for (let c = 0; c < cols; c++, p += stride) {
      const gap = f64x2.sub(v128.load64_splat(z + ((c as usize) << 3)), v128.load(p));
      sum = f64x2.add(sum, f64x2.mul(gap, gap));
    }
    const power = f64x2.max(f64x2.mul(sum, splat(scale)), splat(-700));
    v128.store(out + ((j as usize) << 3), exponential(power));
  }
}

/**
 * Adds sum_i a_ki cos(f . x_i) to out[k, f] and sum_i a_ki sin(f . x_i) to out[k, half + f].
 * @param x rows [rows, cols]; @param frequencies transposed, [cols, half], `half` even; @param a weights
 *   [columns, rows]; @param out [columns, 2 half]
 */
export function addFourier(
  x: usize,
  rows: i32,
  cols: i32,
  frequencies: usize,
  half: i32,
  a: usize,
  columns: i32,
  out: usize
): void {
  const stride = (half as usize) << 3;
  const odd = i64x2.splat(1);
  const two = i64x2.splat(2);
  for (let f = 0; f < half; f += 2) {
    const first = frequencies + ((f as usize) << 3);
    let p = x;
    for (let i = 0; i < rows; i++) {
      let angle = splat(0);
      let q = first;
      for (let c = 0; c < cols; c++, p += 8, q += stride)
        angle = f64x2.add(angle, f64x2.mul(v128.load64_splat(p), v128.load(q)));
      const k = f64x2.nearest(f64x2.mul(angle, splat(6.36619772367581382433e-1)));
      let r = f64x2.sub(angle, f64x2.mul(k, splat(1.57079632673412561417)));
      r = f64x2.sub(r, f64x2.mul(k, splat(6.07710050650619224932e-11)));
      const z = f64x2.mul(r, r);
      let s = splat(1.58969099521155010221e-10);
      s = step(s, z, -2.50507602534068634195e-8);
      s = step(s, z, 2.75573137070700676789e-6);
      s = step(s, z, -1.98412698298579493134e-4);
      s = step(s, z, 8.33333333332248946124e-3);
      s = step(s, z, -1.66666666666666324348e-1);
      s = f64x2.add(r, f64x2.mul(f64x2.mul(r, z), s));
      let c = splat(-1.13596475577881948265e-11);
      c = step(c, z, 2.0875723212981748279e-9);
      c = step(c, z, -2.75573143513906633035e-7);
      c = step(c, z, 2.48015872894767294178e-5);
      c = step(c, z, -1.38888888888741095749e-3);
      c = step(c, z, 4.16666666666666019037e-2);
      c = f64x2.add(f64x2.sub(splat(1), f64x2.mul(z, splat(0.5))), f64x2.mul(f64x2.mul(z, z), c));
      // Quadrant k: sin and cos change places where it is odd, and signs with its second bit.
      const quadrant = i64x2.extend_low_i32x4_s(i32x4.trunc_sat_f64x2_s_zero(k));
      const swap = i64x2.eq(v128.and(quadrant, odd), odd);
      const sine = v128.xor(v128.bitselect(c, s, swap), i64x2.shl(v128.and(quadrant, two), 62));
      const turned = i64x2.add(quadrant, odd);
      const cosine = v128.xor(v128.bitselect(s, c, swap), i64x2.shl(v128.and(turned, two), 62));
      let to = out + ((f as usize) << 3);
      let weight = a + ((i as usize) << 3);
      for (let l = 0; l < columns; l++) {
        const w = v128.load64_splat(weight);
        v128.store(to, f64x2.add(v128.load(to), f64x2.mul(w, cosine)));
        v128.store(to + stride, f64x2.add(v128.load(to + stride), f64x2.mul(w, sine)));
        to += stride << 1;
        weight += (rows as usize) << 3;
      }
    }
  }
}
