/**
 * How alike two short texts are: edit similarity and token Dice, and AutoPK's hybrid of both with the cosine of their
 * embeddings (arXiv 2510.00039; theory.md 3). Letter case and runs of spaces do not count.
 */

/** The hybrid's parts: .6 cosine + .2 edit + .2 Dice. */
export const HYBRID = { cosine: 0.6, edit: 0.2, dice: 0.2 } as const;

/** A text made ready to be compared many times. */
export interface PreparedText {
  text: string;
  /** UTF-16 code units. */
  codes: Uint16Array;
  tokens: ReadonlySet<string>;
}

export function prepareText(raw: string): PreparedText {
  const text = raw.normalize('NFKC').toLowerCase().replace(/\s+/gu, ' ').trim();
  const codes = Uint16Array.from({ length: text.length }, (_, i) => text.charCodeAt(i));
  return { text, codes, tokens: new Set(text.match(/[\p{L}\p{N}]+/gu) ?? []) };
}

/** 1 - edit distance / longer length, in [0, 1]; 1 for two empty texts. */
export function editSimilarity(a: PreparedText, b: PreparedText): number {
  const longer = Math.max(a.codes.length, b.codes.length);
  return longer === 0 ? 1 : 1 - editDistance(a.codes, b.codes) / longer;
}

/** 2 |A and B| / (|A| + |B|) over distinct words, in [0, 1]; 1 where neither text has a word. */
export function tokenDice(a: PreparedText, b: PreparedText): number {
  const [few, many] = a.tokens.size < b.tokens.size ? [a.tokens, b.tokens] : [b.tokens, a.tokens];
  if (many.size === 0) return 1;
  let shared = 0;
  for (const token of few) if (many.has(token)) shared++;
  return (2 * shared) / (few.size + many.size);
}

/** Levenshtein's distance, 32 letters of the pattern at a time (Myers 1999; Hyyro 2003). */
export function editDistance(a: Uint16Array, b: Uint16Array): number {
  const [pattern, text] = a.length < b.length ? [a, b] : [b, a];
  const m = pattern.length;
  if (m === 0) return text.length;
  const blocks = Math.ceil(m / 32);
  const places = new Map<number, Int32Array>();
  for (let i = 0; i < m; i++) {
    let bits = places.get(pattern[i]);
    if (!bits) places.set(pattern[i], (bits = new Int32Array(blocks)));
    bits[i >> 5] |= 1 << (i & 31);
  }
  // Bit i of `up`: row i + 1 exceeds row i by one in this column; of `down`: it falls short by one.
  const up = new Int32Array(blocks).fill(-1);
  const down = new Int32Array(blocks);
  const last = 1 << ((m - 1) & 31);
  let distance = m;
  for (const letter of text) {
    const here = places.get(letter);
    let upIn = 1;
    let downIn = 0;
    for (let k = 0; k < blocks; k++) {
      const [pv, mv] = [up[k], down[k]];
      let eq = here ? here[k] : 0;
      const xv = eq | mv;
      eq |= downIn;
      const xh = ((((eq & pv) >>> 0) + (pv >>> 0)) ^ pv) | eq;
      let ph = mv | ~(xh | pv);
      let mh = pv & xh;
      const top = k === blocks - 1 ? last : 1 << 31;
      const [upOut, downOut] = [ph & top ? 1 : 0, mh & top ? 1 : 0];
      ph = (ph << 1) | upIn;
      mh = (mh << 1) | downIn;
      up[k] = mh | ~(xv | ph);
      down[k] = ph & xv;
      [upIn, downIn] = [upOut, downOut];
    }
    distance += upIn - downIn;
  }
  return distance;
}
