/**
 * Marks as small masks of coverage, and their blending into pixels by hand. A path a mark takes a canvas a second for
 * 100,000 rows; copying masks takes some ten milliseconds. A mask is made for each quarter of a device pixel that a
 * mark may stand on, so that the copies look as if they had been drawn.
 */
import type { Rgba } from './colour.js';
import type { Mark } from './marks.js';

/** Positions a pixel, along each axis. */
const PHASES = 4;

export interface Sprite {
  /** Device pixels from the middle to the farthest edge. */
  reach: number;
  /** For each phase: where its pixels lie relative to the middle's, and how much of each is covered (0 to 256). */
  phases: readonly { dx: Int8Array; dy: Int8Array; cover: Uint16Array }[];
}

function segment(x: number, y: number, ax: number, ay: number, bx: number, by: number): number {
  const [dx, dy] = [bx - ax, by - ay];
  const t = Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy)));
  const [u, v] = [x - ax - t * dx, y - ay - t * dy];
  return Math.sqrt(u * u + v * v);
}

/** How far inside the ink a place is, seen from the mark's middle; the shapes are those of `traceMark`. */
function depth(mark: Mark, x: number, y: number, radius: number, half: number): number {
  if (mark === 'dot') return radius - Math.sqrt(x * x + y * y);
  if (mark === 'cross') {
    const end = radius * 1.15 * Math.SQRT2;
    const [u, v] = [Math.abs(x + y) * Math.SQRT1_2, Math.abs(x - y) * Math.SQRT1_2];
    return Math.max(Math.min(half - v, end - u), Math.min(half - u, end - v));
  }
  const r = radius * 1.35;
  const [w, low] = [r * 0.92, r * 0.7];
  const sides = Math.min(segment(x, y, 0, -r, w, low), segment(x, y, -w, low, 0, -r));
  return half - Math.min(sides, segment(x, y, w, low, -w, low));
}

interface Offsets {
  at: Int32Array;
  dx: Int8Array;
  cover: Uint16Array;
}

const offsets = new WeakMap<Sprite, { width: number; phases: Offsets[] }>();

/** Where a sprite's pixels lie in a raster of this width, so that the innermost loop only adds. */
function offsetsOf(sprite: Sprite, width: number): Offsets[] {
  let found = offsets.get(sprite);
  if (found?.width !== width) {
    const phases = sprite.phases.map(({ dx, dy, cover }) => ({
      at: Int32Array.from(dx, (u, k) => dy[k]! * width + u),
      dx,
      cover
    }));
    offsets.set(sprite, (found = { width, phases }));
  }
  return found.phases;
}

const made = new Map<string, Sprite>();

/** @param radius and `width` of its line in device pixels */
export function spriteOf(mark: Mark, radius: number, width: number): Sprite {
  const key = `${mark} ${radius.toFixed(1)} ${width.toFixed(1)}`;
  let sprite = made.get(key);
  if (sprite) return sprite;
  const reach = Math.ceil(radius * (mark === 'dot' ? 1 : 1.35) + (mark === 'dot' ? 0 : width / 2)) + 1;
  const phases = Array.from({ length: PHASES * PHASES }, (_, phase) => {
    const px = ((phase % PHASES) + 0.5) / PHASES;
    const py = (Math.floor(phase / PHASES) + 0.5) / PHASES;
    const [dx, dy, cover] = [[] as number[], [] as number[], [] as number[]];
    for (let v = -reach; v <= reach; v++) {
      for (let u = -reach; u <= reach; u++) {
        // A pixel whose middle lies on the edge is covered by half.
        const share = 0.5 + depth(mark, u + 0.5 - px, v + 0.5 - py, radius, width / 2);
        if (share <= 0.02) continue;
        dx.push(u);
        dy.push(v);
        cover.push(Math.round(256 * Math.min(1, share)));
      }
    }
    return { dx: Int8Array.from(dx), dy: Int8Array.from(dy), cover: Uint16Array.from(cover) };
  });
  // A zoom passes through many sizes; only the last ones are of use.
  if (made.size >= 40) made.clear();
  made.set(key, (sprite = { reach, phases }));
  return sprite;
}

/** Pixels to blend into, one word each: red, green, blue, opaque, as every machine that we run on has them. */
export interface Raster {
  words: Int32Array;
  width: number;
  height: number;
  /** Where it lies on the canvas, and the canvas's device pixels a CSS pixel. */
  left: number;
  top: number;
  ratio: number;
}

export function wordOf([red, green, blue]: Rgba): number {
  return (255 << 24) | (Math.round(blue) << 16) | (Math.round(green) << 8) | Math.round(red);
}

/** What is to be blended: `rows[from..to)`, and of these where `mask` is `want`. */
export interface Batch {
  rows: Uint32Array;
  from: number;
  to: number;
  mask: Uint8Array | undefined;
  want: number;
  /** CSS pixels; NaN where a row is not drawn. */
  x: Float32Array;
  y: Float32Array;
}

/** Blends a mark for each row of the batch into the raster. */
export function splat(raster: Raster, sprite: Sprite, batch: Batch, colour: Rgba, alpha: number): void {
  const { words, width, height, left, top, ratio } = raster;
  const { rows, from, to, mask, want, x, y } = batch;
  const { reach } = sprite;
  const phases = offsetsOf(sprite, width);
  const opacity = Math.round(256 * alpha);
  const word = wordOf(colour);
  // Red and blue are blended in one multiplication, 16 bits apart; green in another.
  const redBlue = word & 0xff00ff;
  const green = (word >>> 8) & 0xff;
  const [lastX, lastY] = [width - 1 - reach, height - 1 - reach];
  for (let k = from; k < to; k++) {
    const i = rows[k]!;
    if (mask !== undefined && mask[i] !== want) continue;
    const px = x[i]! * ratio - left;
    const py = y[i]! * ratio - top;
    // NaN is never greater: a row that is not drawn goes no further.
    if (!(px > -reach && py > -reach && px < width + reach && py < height + reach)) continue;
    const cx = Math.floor(px);
    const cy = Math.floor(py);
    const { at, dx, cover } = phases[(((py - cy) * PHASES) | 0) * PHASES + (((px - cx) * PHASES) | 0)]!;
    const middle = cy * width + cx;
    const inside = cx >= reach && cy >= reach && cx <= lastX && cy <= lastY;
    for (let j = 0; j < at.length; j++) {
      const o = middle + at[j]!;
      if (!inside && (o < 0 || o >= words.length || cx + dx[j]! < 0 || cx + dx[j]! >= width)) continue;
      const a = (cover[j]! * opacity) >> 8;
      const rest = 256 - a;
      const below = words[o]!;
      const rb = (Math.imul(below & 0xff00ff, rest) + Math.imul(redBlue, a) + 0x800080) >>> 8;
      const g = (Math.imul((below >>> 8) & 0xff, rest) + Math.imul(green, a) + 0x80) & 0xff00;
      words[o] = 0xff000000 | (rb & 0xff00ff) | g;
    }
  }
}
