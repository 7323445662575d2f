/**
 * One pass of weighted logistic regression over rows in the module's memory, float64 throughout: the loss, and the
 * gradient and second derivatives where these are wanted. Rows are `stride` numbers apart, an even count, zero beyond
 * the columns; pointers are bytes, 16-aligned. Sums run in the order of the rows, so they are the same bits each time.
 */
export { heapBase } from './parts/heap';

/** ln(1 + e^t) without overflow. */
function softplus(t: f64): f64 {
  return t > 0 ? t + Math.log1p(Math.exp(-t)) : Math.log1p(Math.exp(t));
}

function dot(x: usize, y: usize, stride: i32): f64 {
  let sum = f64x2.splat(0);
  for (let j: usize = 0; j < (stride as usize) << 3; j += 16) {
    sum = f64x2.add(sum, f64x2.mul(v128.load(x + j), v128.load(y + j)));
  }
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}

/** sum_i w_i softplus(-+ f_i), f = x beta: minus for rows from `targets` on, plus before it. Rows of weight 0 are skipped. */
export function loss(x: usize, rows: i32, stride: i32, weight: usize, targets: i32, beta: usize): f64 {
  const bytes = (stride as usize) << 3;
  let sum: f64 = 0;
  for (let i = 0; i < rows; i++) {
    const w = load<f64>(weight + ((i as usize) << 3));
    if (w == 0) continue;
    const f = dot(x + (i as usize) * bytes, beta, stride);
    sum += w * softplus(i < targets ? f : -f);
  }
  return sum;
}

/**
 * Adds to `gradient` [stride] and to the upper triangle of `hessian` [stride, stride]. Four rows at a time, so that a
 * second derivative is loaded and stored once for four; `zero` is a row of zeros, for want of a fourth.
 */
export function derivatives(
  x: usize,
  rows: i32,
  stride: i32,
  weight: usize,
  targets: i32,
  beta: usize,
  gradient: usize,
  hessian: usize,
  zero: usize
): void {
  const bytes = (stride as usize) << 3;
  let held = 0;
  let x0: usize = zero;
  let x1: usize = zero;
  let x2: usize = zero;
  let x3: usize = zero;
  let c0: f64 = 0;
  let c1: f64 = 0;
  let c2: f64 = 0;
  let c3: f64 = 0;
  for (let i = 0; i < rows; i++) {
    const w = load<f64>(weight + ((i as usize) << 3));
    if (w != 0) {
      const row = x + (i as usize) * bytes;
      const f = Math.min(30, Math.max(-30, dot(row, beta, stride)));
      const p = 1 / (1 + Math.exp(-f));
      const e = f64x2.splat(w * (i < targets ? p : p - 1));
      for (let j: usize = 0; j < bytes; j += 16) {
        v128.store(gradient + j, f64x2.add(v128.load(gradient + j), f64x2.mul(e, v128.load(row + j))));
      }
      const c = w * p * (1 - p);
      if (held == 0) {
        x0 = row;
        c0 = c;
      } else if (held == 1) {
        x1 = row;
        c1 = c;
      } else if (held == 2) {
        x2 = row;
        c2 = c;
      } else {
        x3 = row;
        c3 = c;
      }
      held++;
    }
    if (held == 4 || (i == rows - 1 && held > 0)) {
      if (held < 2) x1 = zero;
      if (held < 3) x2 = zero;
      if (held < 4) x3 = zero;
      for (let j: usize = 0; j < bytes; j += 8) {
        const f0 = f64x2.splat(c0 * load<f64>(x0 + j));
        const f1 = f64x2.splat(c1 * load<f64>(x1 + j));
        const f2 = f64x2.splat(c2 * load<f64>(x2 + j));
        const f3 = f64x2.splat(c3 * load<f64>(x3 + j));
        const to = hessian + (j >> 3) * bytes;
        for (let k: usize = (j >> 4) << 4; k < bytes; k += 16) {
          const first = f64x2.add(f64x2.mul(f0, v128.load(x0 + k)), f64x2.mul(f1, v128.load(x1 + k)));
          const second = f64x2.add(f64x2.mul(f2, v128.load(x2 + k)), f64x2.mul(f3, v128.load(x3 + k)));
          v128.store(to + k, f64x2.add(v128.load(to + k), f64x2.add(first, second)));
        }
      }
      held = 0;
    }
  }
}
