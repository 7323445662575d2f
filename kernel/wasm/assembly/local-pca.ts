/**
 * The largest eigenvalues and eigenvectors of many small scatters, and where queries fall on the planes that they span:
 * subspace iteration on the k x k Gram matrix of a neighbourhood's centred rows, in float32, oversampled so that close
 * eigenvalues do little harm, and Rayleigh-Ritz at the end. After a few plain products Chebyshev polynomials of the Gram
 * matrix do the rest, which are small on the eigenvalues that are not wanted and rise steeply beyond (Saad 2011, 5.3.4).
 * Strides are padded with zeros: `q` and `kp` are multiples of 4 and of 8, `w` is one of 4.
 */
import { sumOfFour } from './parts/lanes';
import { multiplyTile } from './parts/tile';

export { heapBase } from './parts/heap';

/** Plain products before polynomials: so that rows are in the order of their eigenvalues. */
const WARMING: i32 = 3;

/** The most by which a polynomial may raise the largest eigenvalue over those that are not wanted. */
const MOST: f32 = 1e5;

// prettier-ignore
function at(p: usize, i: i32): usize { return p + ((i as usize) << 2); }

function dot(a: usize, b: usize, n: i32): f32 {
  let s = f32x4.splat(0);
  let t = s;
  let i = 0;
  for (; i + 8 <= n; i += 8) {
    s = f32x4.add(s, f32x4.mul(v128.load(at(a, i)), v128.load(at(b, i))));
    t = f32x4.add(t, f32x4.mul(v128.load(at(a, i), 16), v128.load(at(b, i), 16)));
  }
  for (; i < n; i += 4) s = f32x4.add(s, f32x4.mul(v128.load(at(a, i)), v128.load(at(b, i))));
  return sumOfFour(f32x4.add(s, t));
}

/** y += f x */
function add(y: usize, f: f32, x: usize, n: i32): void {
  const w = f32x4.splat(f);
  for (let i = 0; i < n; i += 4)
    v128.store(at(y, i), f32x4.add(v128.load(at(y, i)), f32x4.mul(w, v128.load(at(x, i)))));
}

function scale(y: usize, f: f32, n: i32): void {
  const w = f32x4.splat(f);
  for (let i = 0; i < n; i += 4) v128.store(at(y, i), f32x4.mul(w, v128.load(at(y, i))));
}

/** out = f x + g y, entry by entry */
function combine(out: usize, f: f32, x: usize, g: f32, y: usize, n: i32): void {
  const a = f32x4.splat(f);
  const b = f32x4.splat(g);
  for (let i = 0; i < n; i += 4)
    v128.store(at(out, i), f32x4.add(f32x4.mul(a, v128.load(at(x, i))), f32x4.mul(b, v128.load(at(y, i)))));
}

function clear(y: usize, n: i32): void {
  for (let i = 0; i < n; i += 4) v128.store(at(y, i), f32x4.splat(0));
}

/** y [w, kp] = v g for v [w, kp] and symmetric g [k, kp]: four rows and eight columns at a time. */
function timesGram(v: usize, g: usize, y: usize, w: i32, k: i32, kp: i32): void {
  const stride = (kp as usize) << 2;
  for (let j = 0; j < w; j += 4)
    for (let c = 0; c < kp; c += 8)
      multiplyTile(at(v, j * kp), stride, at(g, c), stride, k, at(y, j * kp + c), stride);
}

/** Rows of v orthonormal, each against those before it; a row that they span becomes zero. */
function orthonormalise(v: usize, w: i32, kp: i32): void {
  for (let j = 0; j < w; j++) {
    const row = at(v, j * kp);
    const before = dot(row, row, kp);
    for (let a = 0; a < j; a++) {
      const other = at(v, a * kp);
      add(row, -dot(other, row, kp), other, kp);
    }
    const after = dot(row, row, kp);
    scale(row, after > 1e-12 * before && after > 1e-36 ? 1 / sqrt<f32>(after) : 0, kp);
  }
}

/** Rotates h [w, w] to its eigenvalues and r [w, w] to its eigenvectors as rows (cyclic Jacobi). */
function jacobi(h: usize, r: usize, w: i32): void {
  for (let i = 0; i < w * w; i++) store<f32>(at(r, i), i % (w + 1) === 0 ? 1 : 0);
  for (let sweep = 0; sweep < 8; sweep++) {
    let off: f32 = 0;
    let trace: f32 = 0;
    for (let p = 0; p < w; p++) {
      trace += abs(load<f32>(at(h, p * w + p)));
      for (let q = p + 1; q < w; q++) off += abs(load<f32>(at(h, p * w + q)));
    }
    if (off <= 1e-6 * trace) return;
    for (let p = 0; p < w; p++)
      for (let q = p + 1; q < w; q++) {
        const cross = load<f32>(at(h, p * w + q));
        if (abs(cross) <= 1e-9 * trace) continue;
        const theta = (load<f32>(at(h, q * w + q)) - load<f32>(at(h, p * w + p))) / (2 * cross);
        const sign: f32 = theta >= 0 ? 1 : -1;
        const t = sign / (abs(theta) + sqrt<f32>(theta * theta + 1));
        const c: f32 = 1 / sqrt<f32>(t * t + 1);
        turn(at(h, p * w), at(h, q * w), c, t * c, w);
        for (let i = 0; i < w; i++) {
          const x = load<f32>(at(h, i * w + p));
          const y = load<f32>(at(h, i * w + q));
          store<f32>(at(h, i * w + p), c * x - t * c * y);
          store<f32>(at(h, i * w + q), t * c * x + c * y);
        }
        turn(at(r, p * w), at(r, q * w), c, t * c, w);
      }
  }
}

/** (a, b) = (c a - s b, s a + c b) */
function turn(a: usize, b: usize, cosine: f32, sine: f32, n: i32): void {
  const c = f32x4.splat(cosine);
  const s = f32x4.splat(sine);
  for (let i = 0; i < n; i += 4) {
    const x = v128.load(at(a, i));
    const y = v128.load(at(b, i));
    v128.store(at(a, i), f32x4.sub(f32x4.mul(c, x), f32x4.mul(s, y)));
    v128.store(at(b, i), f32x4.add(f32x4.mul(s, x), f32x4.mul(c, y)));
  }
}

/** Bytes that `localPca` works in. */
export function workBytes(q: i32, k: i32, kp: i32, w: i32): i32 {
  return 4 * (q * (k + 3) + kp * (k + 3 * w + 2) + 2 * w * w);
}

/**
 * Neighbourhoods of `count` queries.
 * @param points rows [., q]
 * @param indices [count, k] into points
 * @param queries [count, q]
 * @param start [w, kp]: where the iteration begins
 * @param products with the Gram matrix, in polynomials of degree 4 at most
 * @param values [count, m]: eigenvalues of the scatter, falling
 * @param feet [count, q]: the feet of the queries on the m-dimensional planes
 * @param residuals [count]: how far they are from their queries
 */
export function localPca(
  points: usize,
  indices: usize,
  queries: usize,
  count: i32,
  k: i32,
  kp: i32,
  q: i32,
  m: i32,
  w: i32,
  products: i32,
  start: usize,
  work: usize,
  values: usize,
  feet: usize,
  residuals: usize
): void {
  const rows = work;
  const centre = at(rows, k * q);
  const query = at(centre, q);
  const foot = at(query, q);
  const gram = at(foot, q);
  let v = at(gram, k * kp);
  let y = at(v, w * kp);
  const z = at(y, w * kp);
  const inner = at(z, w * kp);
  const combined = at(inner, kp);
  const h = at(combined, kp);
  const r = at(h, w * w);
  for (let i = 0; i < count; i++) {
    clear(centre, q);
    for (let a = 0; a < k; a++) add(centre, 1, at(points, load<i32>(at(indices, i * k + a)) * q), q);
    scale(centre, (1 / (k as f64)) as f32, q);
    for (let a = 0; a < k; a++) {
      const from = at(points, load<i32>(at(indices, i * k + a)) * q);
      const to = at(rows, a * q);
      for (let p = 0; p < q; p += 4)
        v128.store(at(to, p), f32x4.sub(v128.load(at(from, p)), v128.load(at(centre, p))));
    }
    clear(gram, k * kp);
    for (let a = 0; a < k; a++)
      for (let b = 0; b <= a; b++) {
        const product = dot(at(rows, a * q), at(rows, b * q), q);
        store<f32>(at(gram, a * kp + b), product);
        store<f32>(at(gram, b * kp + a), product);
      }

    memory.copy(v, start, ((w * kp) as usize) << 2);
    for (let step = 0; step < WARMING; step++) {
      timesGram(v, gram, y, w, k, kp);
      orthonormalise(y, w, kp);
      const before = v;
      v = y;
      y = before;
    }
    let left = products;
    while (left > 0) {
      timesGram(v, gram, y, w, k, kp);
      let largest: f32 = 0;
      let least: f32 = Infinity;
      for (let a = 0; a < w; a++) {
        const quotient = dot(at(v, a * kp), at(y, a * kp), kp);
        largest = max<f32>(largest, quotient);
        if (quotient > 0) least = min<f32>(least, quotient);
      }
      if (!(largest > 0)) break;
      least = max<f32>(least, 1e-3 * largest);
      // Only so high a degree that what is far from the largest eigenvalue keeps digits beside it.
      let degree = 1;
      let power: f32 = (4 * largest) / least;
      while (degree < 4 && degree < left && power * ((4 * largest) / least) < MOST) {
        power *= (4 * largest) / least;
        degree++;
      }
      left -= degree;
      const f: f32 = 2 / least;
      // y = (f G - 1) v, then two at a time: next = 2 (f G - 1) y - v.
      combine(y, f, y, -1, v, w * kp);
      for (let d = 1; d < degree; d++) {
        timesGram(y, gram, z, w, k, kp);
        combine(v, -1, v, -2, y, w * kp);
        combine(v, 1, v, 2 * f, z, w * kp);
        const before = v;
        v = y;
        y = before;
      }
      orthonormalise(y, w, kp);
      const before = v;
      v = y;
      y = before;
    }
    timesGram(v, gram, y, w, k, kp);
    for (let a = 0; a < w; a++)
      for (let b = 0; b <= a; b++) {
        const product = dot(at(v, a * kp), at(y, b * kp), kp);
        store<f32>(at(h, a * w + b), product);
        store<f32>(at(h, b * w + a), product);
      }
    jacobi(h, r, w);

    // The query from the centre, and what it is to each neighbour.
    const own = at(queries, i * q);
    for (let p = 0; p < q; p += 4)
      v128.store(at(query, p), f32x4.sub(v128.load(at(own, p)), v128.load(at(centre, p))));
    clear(inner, kp);
    for (let a = 0; a < k; a++) store<f32>(at(inner, a), dot(at(rows, a * q), query, q));
    clear(combined, kp);
    let first: f32 = 0;
    for (let j = 0; j < m; j++) {
      let best = 0;
      let value: f32 = -Infinity;
      for (let a = 0; a < w; a++) {
        const found = load<f32>(at(h, a * w + a));
        if (found > value) {
          value = found;
          best = a;
        }
      }
      store<f32>(at(h, best * w + best), -Infinity);
      if (j === 0) first = value;
      store<f32>(at(values, i * m + j), max<f32>(value, 0));
      // A direction that the neighbours do not span is rounding.
      if (!(value > 1e-6 * first)) continue;
      // The eigenvector, in y's first row: y is not used any more.
      clear(y, kp);
      for (let a = 0; a < w; a++) add(y, load<f32>(at(r, best * w + a)), at(v, a * kp), kp);
      add(combined, dot(y, inner, kp) / value, y, kp);
    }
    clear(foot, q);
    for (let a = 0; a < k; a++) add(foot, load<f32>(at(combined, a)), at(rows, a * q), q);
    let sum = f32x4.splat(0);
    for (let p = 0; p < q; p += 4) {
      const f = v128.load(at(foot, p));
      v128.store(at(feet, i * q + p), f32x4.add(f, v128.load(at(centre, p))));
      const e = f32x4.sub(v128.load(at(query, p)), f);
      sum = f32x4.add(sum, f32x4.mul(e, e));
    }
    store<f32>(at(residuals, i), sqrt<f32>(sumOfFour(sum)));
  }
}
