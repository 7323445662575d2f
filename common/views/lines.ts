/** A line through points, for curves and losses. */
import { line } from 'd3-shape';
import type { Scale } from './axes.js';
import type { Pen } from './pen.js';

/** Draws the line where both numbers are finite; a single point is drawn as a dot, of a dashed line as a ring. */
export function drawPolyline(
  pen: Pen,
  xs: readonly number[],
  ys: readonly number[],
  x: Scale,
  y: Scale,
  colour: string,
  width: number,
  dash: number[]
): void {
  const ctx = pen.ctx;
  ctx.strokeStyle = colour;
  ctx.fillStyle = colour;
  ctx.lineWidth = width;
  ctx.lineJoin = 'round';
  ctx.setLineDash(dash);
  ctx.beginPath();
  const rows = xs.map((v, i) => [x(v), y(ys[i]!)] as [number, number]);
  line<[number, number]>()
    .defined(p => Number.isFinite(p[0]) && Number.isFinite(p[1]))
    .context(ctx as never)(rows);
  ctx.stroke();
  ctx.setLineDash([]);
  // A single point makes no line.
  if (rows.length === 1) {
    ctx.beginPath();
    ctx.arc(rows[0]![0], rows[0]![1], 3, 0, 2 * Math.PI);
    if (dash.length > 0) ctx.stroke();
    else ctx.fill();
  }
}
