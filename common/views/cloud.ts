/**
 * Many rows as points in a box: as paths where they are few, by hand into pixels where they are many. Knows groups of
 * rows that are drawn alike, not what they stand for.
 */
import { blended, parseColour, type Rgba } from './colour.js';
import type { Group, Grouping } from './colouring.js';
import type { Canvas2D, Pixels } from './canvas.js';
import { clipTo, drawMarks, strokeOf, type Mark } from './marks.js';
import type { Box, Pen } from './pen.js';
import type { Mask, Part } from './rows.js';
import { splat, spriteOf, wordOf, type Raster } from './sprites.js';

export const MARKS: Record<Part, Mark> = { source: 'dot', target: 'triangle', flagged: 'cross' };

/** From here on points are blended into pixels by hand. */
const MANY = 3000;
/** What is not selected keeps so much of its opacity. */
const FAINT = 0.16;

export interface Backdrop extends Box {
  colour: string;
  /** Opacity on top of the colour's own. */
  alpha?: number;
}

export interface Cloud {
  /** CSS pixels; NaN where a row is not drawn. */
  x: Float32Array;
  y: Float32Array;
  grouping: Grouping;
  mask: Mask | undefined;
  /** How many rows could be seen at once, which decides how large and how opaque each is. */
  crowd: number;
  /** What lies behind the points, painted in this order: grid lines, bands. */
  behind: readonly Backdrop[];
}

/** Radius of a mark: smaller, the more rows share the plane. */
export function radiusOf(crowd: number): number {
  const r = 3.4 - 1.1 * Math.log10(Math.max(1, crowd) / 400);
  return Math.round(10 * Math.min(3.6, Math.max(1, r))) / 10;
}

function opacityOf(crowd: number): number {
  return Math.min(0.9, Math.max(0.4, 0.9 - 0.35 * Math.log10(Math.max(1, crowd) / 1500)));
}

/** The colour as numbers; the canvas itself is asked where it is written in a way that we do not read. */
function read(ctx: Canvas2D, colour: string): Rgba | undefined {
  const own = parseColour(colour);
  if (own) return own;
  ctx.fillStyle = colour;
  return typeof ctx.fillStyle === 'string' ? parseColour(ctx.fillStyle) : undefined;
}

type Sheet = Pick<Raster, 'words' | 'width' | 'height'> & { pixels: Pixels };

// One for all pictures: they are drawn one after the other, and a new one of some megabytes a frame would be felt.
let kept: Sheet | undefined;

function sheetOf(ctx: Canvas2D, width: number, height: number): Sheet | undefined {
  if (kept?.width === width && kept.height === height) return kept;
  const pixels = ctx.createImageData?.(width, height);
  const data = pixels?.data;
  if (data?.length !== 4 * width * height || data.byteOffset % 4 !== 0) return undefined;
  const words = new Int32Array(data.buffer, data.byteOffset, width * height);
  return (kept = { pixels: pixels!, words, width, height });
}

/** Paints a part of the sheet; what lies outside is left out. */
function bar(
  { words, width, height }: Sheet,
  x: number,
  y: number,
  w: number,
  h: number,
  colour: Rgba
): void {
  const [left, right] = [Math.max(0, x), Math.min(width, x + w)];
  if (left >= right) return;
  for (let v = Math.max(0, y); v < Math.min(height, y + h); v++) {
    if (colour[3] === 1) words.fill(wordOf(colour), v * width + left, v * width + right);
    else {
      for (let o = v * width + left; o < v * width + right; o++) {
        const below = words[o]!;
        const ground: Rgba = [below & 255, (below >> 8) & 255, (below >> 16) & 255, 1];
        words[o] = wordOf(blended(colour, ground));
      }
    }
  }
}

interface Pass {
  want: number;
  opacity(group: Group): number;
}

/** The passes in which rows are drawn: those that are not selected first, faint. */
function passesOf(cloud: Cloud): Pass[] {
  const crowded = opacityOf(cloud.crowd);
  const flag = cloud.crowd > 20_000 ? 0.7 : 1;
  const usual = (group: Group): number =>
    group.part === 'flagged' ? flag : group.pale ? 0.55 * crowded : crowded;
  if (!cloud.mask) return [{ want: 0, opacity: usual }];
  return [
    { want: 0, opacity: group => FAINT * usual(group) },
    { want: 1, opacity: () => Math.max(0.7, crowded) }
  ];
}

/** Flags are few and matter: they do not become smaller than can be seen. */
function sizeOf(group: Group, radius: number): number {
  return group.part === 'flagged' ? Math.max(1.5, radius) : radius;
}

/** Blends the cloud into pixels and puts them on the canvas; false where this canvas, or its ground, does not let us. */
function drawPixels(pen: Pen, box: Box, cloud: Cloud, radius: number): boolean {
  const { ctx, ratio, theme } = pen;
  const ground = read(ctx, theme.ground);
  if (!ctx.putImageData || ground?.[3] !== 1) return false;
  const left = Math.ceil(box.x * ratio);
  const top = Math.ceil(box.y * ratio);
  const width = Math.floor((box.x + box.w) * ratio) - left;
  const height = Math.floor((box.y + box.h) * ratio) - top;
  if (width < 1 || height < 1) return false;
  const sheet = sheetOf(ctx, width, height);
  if (!sheet) return false;
  sheet.words.fill(wordOf(ground));
  const thin = (length: number): number => Math.max(1, Math.round(length * ratio));
  for (const { x, y, w, h, colour, alpha = 1 } of cloud.behind) {
    const [r, g, b, own] = read(ctx, colour) ?? ground;
    bar(sheet, Math.round(x * ratio) - left, Math.round(y * ratio) - top, thin(w), thin(h), [
      r,
      g,
      b,
      own * alpha
    ]);
  }
  const { groups, order, from } = cloud.grouping;
  for (const { want, opacity } of passesOf(cloud)) {
    groups.forEach((group, g) => {
      if (from[g] === from[g + 1]) return;
      const mark = MARKS[group.part];
      const size = sizeOf(group, radius);
      const sprite = spriteOf(mark, size * ratio, strokeOf(mark, size) * ratio);
      const colour = read(ctx, group.colour) ?? [128, 128, 128, 1];
      const batch = {
        rows: order,
        from: from[g]!,
        to: from[g + 1]!,
        mask: cloud.mask,
        want,
        x: cloud.x,
        y: cloud.y
      };
      splat({ ...sheet, left, top, ratio }, sprite, batch, colour, opacity(group));
    });
  }
  ctx.putImageData(sheet.pixels, left, top);
  return true;
}

function drawPaths(pen: Pen, box: Box, cloud: Cloud, radius: number): void {
  const { groups, order, from } = cloud.grouping;
  clipTo(pen, box, () => {
    for (const band of cloud.behind) {
      pen.ctx.globalAlpha = band.alpha ?? 1;
      pen.rect(band, band.colour);
    }
    pen.ctx.globalAlpha = 1;
    for (const { want, opacity } of passesOf(cloud)) {
      groups.forEach((group, g) => {
        if (from[g] === from[g + 1]) return;
        const rows = order.subarray(from[g], from[g + 1]).filter(i => {
          return (!cloud.mask || cloud.mask[i] === want) && cloud.x[i]! === cloud.x[i]!;
        });
        const size = sizeOf(group, radius);
        drawMarks(pen, MARKS[group.part], rows, cloud.x, cloud.y, size, group.colour, opacity(group));
      });
    }
  });
}

/** Draws the cloud and what lies behind it; the box must still be bare ground. */
export function drawCloud(pen: Pen, box: Box, cloud: Cloud): void {
  const radius = radiusOf(cloud.crowd);
  if (cloud.x.length >= MANY && drawPixels(pen, box, cloud, radius)) return;
  drawPaths(pen, box, cloud, radius);
}

/** A ring around the point that is pointed at, and a rim of ground so that it stands out of a crowd. */
export function drawRing(pen: Pen, x: number, y: number, crowd: number): void {
  if (!Number.isFinite(x) || !Number.isFinite(y)) return;
  const { ctx, theme } = pen;
  const radius = radiusOf(crowd) + 4;
  for (const [colour, width] of [
    [theme.ground, 4.5],
    [theme.text, 2]
  ] as const) {
    ctx.beginPath();
    ctx.arc(x, y, radius, 0, 2 * Math.PI);
    ctx.strokeStyle = colour;
    ctx.lineWidth = width;
    ctx.stroke();
  }
}
