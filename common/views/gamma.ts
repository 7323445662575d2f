/**
 * The bound against Γ (how wrong the weights may be), the break-even Γ*, and a knob on the axis: the Γ at which the block
 * is read. Reading computes nothing and opens nothing.
 */
import { drawAxes, extent, gutter, linear, padded, plotAxis } from './axes.js';
import { drawPolyline } from './lines.js';
import { factor, signed } from './numbers.js';
import type { CertificateBlock } from './payload.js';
import type { Box, Pen } from './pen.js';
import type { Reading } from './reading.js';

const TALL = 120;
const KNOB = 8;

/** A knob on the axis, with an arrow on each side where it can still go. */
function drawKnob(pen: Pen, plot: Box, at: number, start: number): void {
  const { ctx, theme } = pen;
  const y = plot.y + plot.h + 0.5;
  pen.line(Math.min(start, at), y, Math.max(start, at), y, theme.accent, 3);
  pen.disc(at, y, KNOB, theme.ground, theme.accent, 2.5);
  for (const side of [-1, 1]) {
    const x = at + side * (KNOB + 4);
    if (x < plot.x - 2 || x > plot.x + plot.w + 2) continue;
    ctx.beginPath();
    ctx.moveTo(x, y - 4);
    ctx.lineTo(x + side * 5, y);
    ctx.lineTo(x, y + 4);
    ctx.closePath();
    ctx.fillStyle = theme.accent;
    ctx.fill();
  }
}

/** Which Γ is read and which was computed with. */
export function readingWords({ moved, whole, gamma }: Reading, now: number): string {
  if (!moved) return `Read at Γ = ${factor(now)}, with which it was computed.`;
  const read = `Read at Γ = ${factor(gamma)}; computed with Γ = ${factor(now)}.`;
  return whole
    ? read
    : `${read} Only the bound is known there: the terms above are those of Γ = ${factor(now)}.`;
}

/** Draws the section in a column `w` wide with the top at `y`; returns the height. */
export function drawGamma(
  pen: Pen,
  block: CertificateBlock,
  index: number,
  reading: Reading,
  x: number,
  y: number,
  w: number
): number {
  const { theme, ctx } = pen;
  const { grid, bound, now, star } = block.gamma!;
  let top = y + 8;
  const question = 'How wrong may the weights be?';
  const lead = pen.width(question, { weight: 600 }) + 8;
  pen.text(question, x, top + 13, { weight: 600 });
  const help =
    'ŵ/Γ ≤ ω ≤ Γŵ off the no-overlap set. Reading another Γ is free: it spends no δ and opens nothing.';
  top += pen.paragraph(help, x, top, w, { colour: theme.dim, lineHeight: 18, indent: lead, maxLines: 3 });
  const ys = extent([...bound, block.reference]);
  const xs = extent([...grid, now]);
  if (!ys || !xs || grid.length === 0) {
    pen.text('No Γ was tried.', x, top + 26, { colour: theme.dim });
    return top + 42 - y;
  }
  const words = readingWords(reading, now);
  // Room for two lines where it may come to that: the plot must not jump under the pointer that moves its knob.
  const room = block.gamma!.at ? 1 : 2;
  pen.paragraph(words, x, top + 2, w, {
    weight: reading.moved ? 600 : 400,
    colour: reading.moved ? theme.text : theme.dim,
    lineHeight: 18,
    maxLines: room
  });
  top += 2 + 18 * room + 10;
  const yScale = linear(padded(ys, 0.08), [top + TALL, top], { count: 4 });
  const left = gutter(pen, yScale);
  const plot = { x: x + left, y: top, w: w - left - 16, h: TALL };
  const xScale = linear(xs, [plot.x, plot.x + plot.w], { count: Math.max(2, Math.floor(plot.w / 110)) });
  if (star !== null) {
    const end = Math.min(xScale(star), plot.x + plot.w);
    const from = yScale(block.reference);
    ctx.globalAlpha = 0.1;
    pen.rect({ x: plot.x, y: from, w: Math.max(0, end - plot.x), h: plot.y + plot.h - from }, theme.good);
    ctx.globalAlpha = 1;
  }
  drawAxes(pen, plot, xScale, yScale, {});
  const zero = Math.round(yScale(block.reference)) + 0.5;
  pen.line(plot.x, zero, plot.x + plot.w, zero, theme.axis);
  drawPolyline(pen, grid, bound, xScale, yScale, theme.source, 2.2, []);
  const label = (text: string, px: number, py: number, bold: boolean): void => {
    const style = { size: 11, weight: bold ? (600 as const) : (400 as const) };
    const wide = pen.width(text, style);
    const beside = px + 8 + wide > plot.x + plot.w ? px - 8 - wide : px + 8;
    const lx = Math.max(plot.x + 4, Math.min(beside, plot.x + plot.w - wide - 4));
    ctx.globalAlpha = 0.85;
    pen.rect({ x: lx - 2, y: py - 11, w: wide + 4, h: 15 }, theme.ground);
    ctx.globalAlpha = 1;
    pen.text(text, lx, py, style);
  };
  if (star !== null) {
    const sx = Math.round(xScale(star)) + 0.5;
    if (sx <= plot.x + plot.w + 1) pen.line(sx, plot.y, sx, plot.y + plot.h, theme.text, 1, [4, 3]);
    const meaning = plot.w >= 560 ? ', last before the first failure' : '';
    label(`break-even Γ* = ${factor(star)}${meaning}`, sx, plot.y + 11, true);
  } else label('no Γ*: the bound fails already at the first Γ', plot.x, plot.y + 11, true);
  const [nx, ny] = [xScale(reading.gamma), yScale(bound[reading.entry]!)];
  if (reading.moved) {
    // Where the computation stood, open: the way back.
    const [ox, bottom] = [xScale(now), plot.y + plot.h];
    pen.line(ox, bottom - 7, ox, bottom + 7, theme.text, 2);
  }
  pen.line(nx, ny, nx, plot.y + plot.h, theme.accent, 1, [2, 2]);
  pen.disc(nx, ny, 4.5, theme.source, theme.ground, 1.5);
  const below = ny + 22 < plot.y + plot.h - KNOB;
  label(`bound ${signed(bound[reading.entry]!)}`, nx, below ? ny + 20 : ny - 10, false);
  drawKnob(pen, plot, nx, xScale(grid[0]!));
  const text = `Γ = ${factor(reading.gamma)}`;
  const style = { size: 12, weight: 600 as const };
  const wide = pen.width(text, style) + 8;
  const lx = Math.max(plot.x - 8, Math.min(nx - wide / 2, plot.x + plot.w + 12 - wide));
  pen.rect({ x: lx, y: plot.y + plot.h + KNOB + 3, w: wide, h: 16 }, theme.ground);
  pen.text(text, lx + 4, plot.y + plot.h + 23, style);
  pen.region({ x: nx - KNOB - 8, y: plot.y + plot.h - KNOB - 2, w: 2 * KNOB + 16, h: 2 * KNOB + 4 }, [
    text,
    'Move it along the axis to read another Γ. It spends no δ and opens nothing.'
  ]);
  const box = { ...plot, h: plot.h + 26 };
  pen.plots.push({ kind: 'gamma', block: index, box, x: plotAxis(xScale) });
  return top + TALL + 38 - y;
}
