/**
 * Stochastic gradient descent of UMAP's layout (McInnes, Healy and Melville 2018, section 3.2): an edge that is due
 * pulls its ends together, and each end is pushed away from points drawn at random. Points are float32 pairs (8 bytes),
 * or float32 triples and a zero (16 bytes). Pointers are bytes, 16-aligned.
 */
export { heapBase } from './parts/heap';

/** What is left of a float32 are its exponent and 6 bits of its mantissa, which the sign, 0 here, stands before. */
const TABLE_SHIFT: i32 = 17;

/** Bits of a squared distance that the place of its coefficient in a table leaves out. */
export function tableShift(): i32 {
  return TABLE_SHIFT;
}

/** Points that an end is pushed away from, each time that its edge is due. */
const NEGATIVES: i32 = 5;

/** The largest step along one axis, before the rate. */
const LIMIT: f32 = 4;

@inline
function loadPoint(at: usize, solid: bool): v128 {
  return solid ? v128.load(at) : v128.load64_zero(at);
}

@inline
function storePoint(at: usize, point: v128, solid: bool): void {
  if (solid) v128.store(at, point);
  else v128.store64_lane(at, point, 0);
}

@inline
function squaredLength(d: v128, solid: bool): f32 {
  const m = f32x4.mul(d, d);
  const sum = f32x4.extract_lane(m, 0) + f32x4.extract_lane(m, 1);
  return solid ? sum + f32x4.extract_lane(m, 2) : sum;
}

@inline
function coefficient(table: usize, squared: f32): f32 {
  return load<f32>(table + (((reinterpret<u32>(squared) >> TABLE_SHIFT) as usize) << 2));
}

@inline
function limited(force: v128): v128 {
  return f32x4.max(f32x4.min(force, f32x4.splat(LIMIT)), f32x4.splat(-LIMIT));
}

/** The next state of a 64-bit linear congruential generator; its upper half is the number drawn (Knuth's multiplier). */
@inline
function nextState(state: u64): u64 {
  return state * 6364136223846793005 + 1442695040888963407;
}

@inline
function drawn(state: u64, n: u64, points: usize, solid: bool): usize {
  return points + ((((state >> 32) * n) >> 32) as usize) * (solid ? 16 : 8);
}

/** Where `point` goes, pushed away from NEGATIVES of the `n` points at `others`. */
@inline
function pushed(
  point: v128,
  others: usize,
  n: u64,
  repulsion: usize,
  rate: v128,
  random: usize,
  solid: bool
): v128 {
  let state = load<u64>(random);
  for (let q = 0; q < NEGATIVES; q++) {
    state = nextState(state);
    const d = f32x4.sub(point, loadPoint(drawn(state, n, others, solid), solid));
    const g = f32x4.splat(coefficient(repulsion, squaredLength(d, solid)));
    point = f32x4.add(point, f32x4.mul(limited(f32x4.mul(g, d)), rate));
  }
  store<u64>(random, state);
  return point;
}

@inline
function run(
  points: usize,
  others: usize,
  n: i32,
  heads: usize,
  tails: usize,
  periods: usize,
  due: usize,
  from: i32,
  to: i32,
  attraction: usize,
  repulsion: usize,
  epoch: f32,
  alpha: f32,
  random: usize,
  both: bool,
  solid: bool
): void {
  const size: usize = solid ? 16 : 8;
  const rate = f32x4.splat(alpha);
  for (let e = from; e < to; e++) {
    const o = (e as usize) << 2;
    const next = load<f32>(due + o);
    if (next > epoch) continue;
    store<f32>(due + o, next + load<f32>(periods + o));
    const head = points + (load<i32>(heads + o) as usize) * size;
    const tail = others + (load<i32>(tails + o) as usize) * size;
    let a = loadPoint(head, solid);
    let b = loadPoint(tail, solid);
    let d = f32x4.sub(a, b);
    let g = f32x4.splat(coefficient(attraction, squaredLength(d, solid)));
    let f = f32x4.mul(limited(f32x4.mul(g, d)), rate);
    a = f32x4.add(a, f);
    if (!both) {
      storePoint(head, pushed(a, others, n as u64, repulsion, rate, random, solid), solid);
      continue;
    }
    b = f32x4.sub(b, f);
    storePoint(tail, b, solid);
    a = pushed(a, others, n as u64, repulsion, rate, random, solid);
    storePoint(head, a, solid);
    // The edge once more, from its other end.
    b = loadPoint(tail, solid);
    d = f32x4.sub(b, a);
    g = f32x4.splat(coefficient(attraction, squaredLength(d, solid)));
    f = f32x4.mul(limited(f32x4.mul(g, d)), rate);
    b = f32x4.add(b, f);
    storePoint(head, f32x4.sub(a, f), solid);
    storePoint(tail, pushed(b, others, n as u64, repulsion, rate, random, solid), solid);
  }
}

/**
 * One epoch over edges `from` to `to` in the plane. `random` points to the generator's 8 bytes. With `both` heads and
 * tails are the same points and both move; else heads move among tails that stay.
 */
export function layoutPlane(
  points: usize,
  others: usize,
  n: i32,
  heads: usize,
  tails: usize,
  periods: usize,
  due: usize,
  from: i32,
  to: i32,
  attraction: usize,
  repulsion: usize,
  epoch: f32,
  alpha: f32,
  random: usize,
  both: bool
): void {
  if (both)
    run(points, others, n, heads, tails, periods, due, from, to, attraction, repulsion, epoch, alpha, random, true, false);
  else
    run(points, others, n, heads, tails, periods, due, from, to, attraction, repulsion, epoch, alpha, random, false, false);
}

/** `layoutPlane` in space. */
export function layoutSolid(
  points: usize,
  others: usize,
  n: i32,
  heads: usize,
  tails: usize,
  periods: usize,
  due: usize,
  from: i32,
  to: i32,
  attraction: usize,
  repulsion: usize,
  epoch: f32,
  alpha: f32,
  random: usize,
  both: bool
): void {
  if (both)
    run(points, others, n, heads, tails, periods, due, from, to, attraction, repulsion, epoch, alpha, random, true, true);
  else
    run(points, others, n, heads, tails, periods, due, from, to, attraction, repulsion, epoch, alpha, random, false, true);
}
