/**
 * Stochastic gradient descent of UMAP's layout (McInnes, Healy and Melville 2018, section 3.2): an edge that is due
 * pulls its ends together, and each end is pushed away from points drawn at random. The forces on an end are added up
 * before it moves, so that none waits for another. Points are float32 pairs (8 bytes), or float32 triples and a zero
 * (16 bytes). Pointers are bytes, 16-aligned. Small functions are inlined by the compiler.
 */
export { heapBase } from './parts/heap';

/** What is left of a float32 are its exponent and 6 bits of its mantissa, which the sign, 0 here, stands before. */
const TABLE_SHIFT: i32 = 17;

/** Bits of a squared distance that the place of its coefficient in a table leaves out. */
export function tableShift(): i32 {
  return TABLE_SHIFT;
}

/** The largest step along one axis by one force, before the rate. */
const LIMIT: f32 = 4;

/** A 64-bit linear congruential generator by Knuth's multiplier; the upper half of its state is the number drawn. */
const MULTIPLIER: u64 = 6364136223846793005;
const INCREMENT: u64 = 1442695040888963407;

function after(state: u64): u64 {
  return state * MULTIPLIER + INCREMENT;
}

/** Place of a coefficient in its table, by the bits of the squared distance. */
function slot(bits: u32): usize {
  return ((bits >> TABLE_SHIFT) as usize) << 2;
}

function limited(force: v128): v128 {
  return f32x4.max(f32x4.min(force, f32x4.splat(LIMIT)), f32x4.splat(-LIMIT));
}

/** Byte offset of a random point, each of `1 << size` bytes. */
function drawn(state: u64, n: u64, size: usize): usize {
  return ((((state >> 32) * n) >> 32) as usize) << size;
}

/** Forces on `point`, twice the same pair, from two others, with a table of coefficients for each. */
function twoForces(point: v128, first: usize, second: usize, one: usize, other: usize): v128 {
  const d = f32x4.sub(point, v128.load64_lane(second, v128.load64_zero(first), 1));
  const m = f32x4.mul(d, d);
  const squared = f32x4.add(m, v128.shuffle<f32>(m, m, 1, 0, 3, 2));
  const g = v128.load32_splat(one + slot(i32x4.extract_lane(squared, 0)));
  const h = v128.load32_splat(other + slot(i32x4.extract_lane(squared, 2)));
  return limited(f32x4.mul(v128.shuffle<f32>(g, h, 0, 1, 4, 5), d));
}

/** The force on `point` from another, in space. */
function solidForce(point: v128, other: usize, table: usize): v128 {
  const d = f32x4.sub(point, v128.load(other));
  const m = f32x4.mul(d, d);
  const squared = f32x4.extract_lane(m, 0) + f32x4.extract_lane(m, 1) + f32x4.extract_lane(m, 2);
  return limited(f32x4.mul(v128.load32_splat(table + slot(reinterpret<u32>(squared))), d));
}

/**
 * Moves the point at `at` by its edge to the one at `end` and away from five of the `n` at `others`; with `both` the other
 * end is drawn towards it. @returns the generator's next state
 */
function movePlane(
  at: usize,
  end: usize,
  others: usize,
  n: u64,
  attraction: usize,
  repulsion: usize,
  rate: v128,
  state: u64,
  both: bool
): u64 {
  const s1 = after(state);
  const s2 = after(s1);
  const s3 = after(s2);
  const s4 = after(s3);
  const s5 = after(s4);
  const point = v128.load64_splat(at);
  const pull = twoForces(point, end, others + drawn(s1, n, 3), attraction, repulsion);
  const push = f32x4.add(
    twoForces(point, others + drawn(s2, n, 3), others + drawn(s3, n, 3), repulsion, repulsion),
    twoForces(point, others + drawn(s4, n, 3), others + drawn(s5, n, 3), repulsion, repulsion)
  );
  const sum = f32x4.add(pull, push);
  const force = f32x4.add(sum, v128.shuffle<f32>(sum, sum, 2, 3, 0, 1));
  if (both) v128.store64_lane(end, f32x4.sub(v128.load64_zero(end), f32x4.mul(pull, rate)), 0);
  v128.store64_lane(at, f32x4.add(point, f32x4.mul(force, rate)), 0);
  return s5;
}

/** `movePlane` in space. */
function moveSolid(
  at: usize,
  end: usize,
  others: usize,
  n: u64,
  attraction: usize,
  repulsion: usize,
  rate: v128,
  state: u64,
  both: bool
): u64 {
  const s1 = after(state);
  const s2 = after(s1);
  const s3 = after(s2);
  const s4 = after(s3);
  const s5 = after(s4);
  const point = v128.load(at);
  const pull = solidForce(point, end, attraction);
  let force = f32x4.add(pull, solidForce(point, others + drawn(s1, n, 4), repulsion));
  force = f32x4.add(force, solidForce(point, others + drawn(s2, n, 4), repulsion));
  force = f32x4.add(force, solidForce(point, others + drawn(s3, n, 4), repulsion));
  force = f32x4.add(force, solidForce(point, others + drawn(s4, n, 4), repulsion));
  force = f32x4.add(force, solidForce(point, others + drawn(s5, n, 4), repulsion));
  if (both) v128.store(end, f32x4.sub(v128.load(end), f32x4.mul(pull, rate)));
  v128.store(at, f32x4.add(point, f32x4.mul(force, rate)));
  return s5;
}

/**
 * One epoch over edges `from` to `to`. `random` points to the generator's 8 bytes. With `both` heads and tails are the same
 * points and both move; else heads move among tails that stay. With `solid` points are in space.
 */
export function layoutEpoch(
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
  const rate = f32x4.splat(alpha);
  const count = n as u64;
  const size: usize = solid ? 4 : 3;
  let state = load<u64>(random);
  for (let e = from; e < to; e++) {
    const o = (e as usize) << 2;
    const next = load<f32>(due + o);
    if (next > epoch) continue;
    store<f32>(due + o, next + load<f32>(periods + o));
    const head = points + ((load<i32>(heads + o) as usize) << size);
    const tail = others + ((load<i32>(tails + o) as usize) << size);
    // With `both` the edge is taken once more, from its other end.
    if (solid) {
      state = moveSolid(head, tail, others, count, attraction, repulsion, rate, state, both);
      if (both) state = moveSolid(tail, head, others, count, attraction, repulsion, rate, state, both);
    } else {
      state = movePlane(head, tail, others, count, attraction, repulsion, rate, state, both);
      if (both) state = movePlane(tail, head, others, count, attraction, repulsion, rate, state, both);
    }
  }
  store<u64>(random, state);
}
