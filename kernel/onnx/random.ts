/**
 * A seeded generator for initial weights and the order of mini-batches: the same seed gives the same bits on
 * every machine. Not for cryptography.
 */
export interface Random {
  /** Uniform in [0, 1), with 32 bits. */
  next(): number;
  /** 0 .. n-1 in random order. */
  permutation(n: number): Uint32Array;
}

/** Generator of the stream `stream` of `seed` (sfc32, its state filled by a 32-bit mixing hash). */
export function random(seed: number, stream = 0): Random {
  let mix = (seed ^ Math.imul(stream + 1, 0x9e3779b9)) >>> 0;
  const fill = (): number => {
    mix = (mix + 0x6d2b79f5) >>> 0;
    let z = Math.imul(mix ^ (mix >>> 15), mix | 1);
    z ^= z + Math.imul(z ^ (z >>> 7), z | 61);
    return (z ^ (z >>> 14)) >>> 0;
  };
  let [a, b, c, counter] = [fill(), fill(), fill(), 1];
  const next = (): number => {
    const out = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + out;
    return (out >>> 0) / 4294967296;
  };
  for (let i = 0; i < 12; i++) next();
  return {
    next,
    permutation(n) {
      const order = Uint32Array.from({ length: n }, (_, i) => i);
      for (let i = n - 1; i > 0; i--) {
        const j = Math.floor(next() * (i + 1));
        [order[i], order[j]] = [order[j]!, order[i]!];
      }
      return order;
    }
  };
}
