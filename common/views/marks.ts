/** The marks of rows (source: filled dot, target: open triangle, flagged: cross) and legends made of them. */
import type { Box, Pen } from './pen.js';

export type Mark = 'dot' | 'triangle' | 'cross';

/** Adds one mark's outline to the current path. */
export function traceMark(pen: Pen, mark: Mark, x: number, y: number, radius: number): void {
  const ctx = pen.ctx;
  if (mark === 'dot') {
    ctx.moveTo(x + radius, y);
    ctx.arc(x, y, radius, 0, 2 * Math.PI);
  } else if (mark === 'triangle') {
    const r = radius * 1.35;
    ctx.moveTo(x, y - r);
    ctx.lineTo(x + r * 0.92, y + r * 0.7);
    ctx.lineTo(x - r * 0.92, y + r * 0.7);
    ctx.lineTo(x, y - r);
  } else {
    const r = radius * 1.15;
    ctx.moveTo(x - r, y - r);
    ctx.lineTo(x + r, y + r);
    ctx.moveTo(x - r, y + r);
    ctx.lineTo(x + r, y - r);
  }
}

/** Width of the line that a mark is drawn with. */
export function strokeOf(mark: Mark, radius: number): number {
  return mark === 'cross' ? Math.max(1.2, radius * 0.55) : Math.max(0.8, radius * 0.42);
}

/** Draws many marks of one shape and colour; a path of at most 2,000 marks keeps large clouds fast. */
export function drawMarks(
  pen: Pen,
  mark: Mark,
  rows: ArrayLike<number>,
  x: Float32Array,
  y: Float32Array,
  radius: number,
  colour: string,
  alpha: number
): void {
  const ctx = pen.ctx;
  ctx.globalAlpha = alpha;
  ctx.fillStyle = colour;
  ctx.strokeStyle = colour;
  ctx.lineWidth = strokeOf(mark, radius);
  const small = radius < 1.3 && mark === 'dot';
  for (let from = 0; from < rows.length; from += 2000) {
    ctx.beginPath();
    for (let k = from; k < Math.min(rows.length, from + 2000); k++) {
      const i = rows[k]!;
      if (small) ctx.rect(x[i]! - radius, y[i]! - radius, 2 * radius, 2 * radius);
      else traceMark(pen, mark, x[i]!, y[i]!, radius);
    }
    if (mark === 'dot') ctx.fill();
    else ctx.stroke();
  }
  ctx.globalAlpha = 1;
}

/** What stands before a legend's words. */
export type Swatch =
  | { mark: Mark; colour: string }
  | { line: string; dash?: number[]; width?: number }
  | { area: string; edge: string; dash?: number[] };

export interface LegendItem {
  swatch: Swatch;
  text: string;
  /** Words in the series' colour. */
  ink?: string;
  /** A count after the words, and the widest that it can become: room is kept for it. */
  number?: { text: string; widest: string };
  /** The part that a click hides or shows, and whether it is hidden now. */
  toggle?: { part: string; off: boolean };
}

export function drawSwatch(pen: Pen, swatch: Swatch, x: number, middle: number): void {
  if ('mark' in swatch) {
    drawMarks(pen, swatch.mark, [0], Float32Array.of(x + 8), Float32Array.of(middle), 3.6, swatch.colour, 1);
  } else if ('line' in swatch) {
    pen.line(x, middle, x + 16, middle, swatch.line, swatch.width ?? 2, swatch.dash ?? []);
  } else {
    pen.rect({ x: x + 1, y: middle - 5, w: 14, h: 10 }, swatch.area);
    pen.line(x + 1, middle - 5, x + 15, middle - 5, swatch.edge, 2, swatch.dash ?? []);
  }
}

/** Items in a row that wraps; returns the height. */
export function drawLegendRow(
  pen: Pen,
  items: readonly LegendItem[],
  x: number,
  y: number,
  w: number
): number {
  if (items.length === 0) return 0;
  const bold = { weight: 600 } as const;
  let at = x;
  let top = y;
  for (const { swatch, text, ink, number, toggle } of items) {
    const room = number ? pen.width(number.widest, bold) + 6 : 0;
    const max = Math.max(40, w - 24 - room);
    const width = 22 + pen.width(pen.fit(text, max, {}), {}) + room;
    if (at > x && at + width > x + w) {
      at = x;
      top += 18;
    }
    const colour = toggle?.off ? pen.theme.dim : (ink ?? pen.theme.text);
    pen.ctx.globalAlpha = toggle?.off ? 0.35 : 1;
    drawSwatch(
      pen,
      toggle?.off && 'mark' in swatch ? { ...swatch, colour: pen.theme.track } : swatch,
      at,
      top + 9
    );
    pen.ctx.globalAlpha = 1;
    const words = pen.text(text, at + 22, top + 13, { colour, max });
    if (toggle?.off) pen.line(at + 22, top + 9.5, at + 22 + words, top + 9.5, colour);
    if (number) pen.text(number.text, at + 28 + words, top + 13, { ...bold, colour });
    if (toggle) {
      const told = [text, number?.text ?? ''].filter(t => t !== '').join(' ');
      const does = toggle.off ? 'Hidden. Click shows it' : 'Click hides it';
      pen.region({ x: at, y: top, w: width, h: 18 }, [told, does], toggle.part);
    }
    at += width + 16;
  }
  return top - y + 18;
}

/** The part of a box that a plot may fill, when drawing must not leave it. */
export function clipTo(pen: Pen, box: Box, draw: () => void): void {
  pen.ctx.save();
  pen.ctx.beginPath();
  pen.ctx.rect(box.x, box.y, box.w, box.h);
  pen.ctx.clip();
  draw();
  pen.ctx.restore();
}
