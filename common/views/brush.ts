/** The range that a person has brushed on an axis: a band with edges, grips to take hold of, and its ends in words. */
import type { PlotAxis } from './choices.js';
import { brief } from './numbers.js';
import type { Box, Pen } from './pen.js';

const WORDS = { size: 11, weight: 600 } as const;

function inside(plot: Box, pixel: number): number {
  return Math.min(plot.x + plot.w, Math.max(plot.x, pixel));
}

/** A number as an axis of this length is read: a three-hundredth of it is told apart, more would be noise. */
export function rounded(value: number, [low, high]: readonly [number, number]): string {
  const step = 10 ** Math.floor(Math.log10(Math.abs(high - low) / 300 || 1));
  return brief(Number((Math.round(value / step) * step).toPrecision(6)));
}

export function drawBrush(pen: Pen, plot: Box, axis: PlotAxis, brush: { from: number; to: number }): void {
  const { theme, ctx } = pen;
  const [from, to] = [Math.min(brush.from, brush.to), Math.max(brush.from, brush.to)];
  const left = Math.round(inside(plot, axis.toPixel(from)));
  const right = Math.round(inside(plot, axis.toPixel(to)));
  ctx.globalAlpha = 0.14;
  pen.rect({ x: left, y: plot.y, w: right - left, h: plot.h }, theme.accent);
  ctx.globalAlpha = 1;
  for (const at of [left, right]) {
    pen.line(at, plot.y, at, plot.y + plot.h, theme.accent, 2);
    const grip = { x: at - 4, y: Math.round(plot.y + plot.h / 2) - 9, w: 8, h: 18 };
    pen.rect(grip, theme.ground);
    pen.frame(grip, theme.accent, [], 1.6);
    pen.line(at, grip.y + 5, at, grip.y + 13, theme.accent, 1);
  }
  // On a logarithmic axis equal steps are equal shares: three digits each are right there.
  const log =
    Math.abs(axis.toData((axis.toPixel(from) + axis.toPixel(to)) / 2) - (from + to) / 2) > 1e-6 * (to - from);
  const write = (value: number): string =>
    log ? brief(Number(value.toPrecision(3))) : rounded(value, axis.domain);
  const words = `${write(from)} to ${write(to)}`;
  const wide = pen.width(words, WORDS) + 10;
  const x = Math.min(plot.x + plot.w - wide, Math.max(plot.x, (left + right - wide) / 2));
  const box = { x: Math.round(x), y: plot.y + 3, w: Math.ceil(wide), h: 17 };
  pen.rect(box, theme.ground);
  pen.frame(box, theme.accent);
  pen.text(words, box.x + 5, box.y + 12.5, WORDS);
}
