/** Loss against step: fold F dotted (it was fitted on), fold C as a line (it chose the checkpoint), the ring was kept. */
import { drawAxes, extent, gutter, linear, padded } from './axes.js';
import { drawPolyline } from './lines.js';
import { drawFactList } from './frame.js';
import { clipTo, drawLegendRow, type LegendItem } from './marks.js';
import { fixed } from './numbers.js';
import type { TrainingPayload } from './payload.js';
import type { Pen } from './pen.js';

/** Draws the curves in a column `w` wide with the top at `y`; returns the height. */
export function drawTraining(pen: Pen, payload: TrainingPayload, x: number, y: number, w: number): number {
  const { theme } = pen;
  const side = payload.facts.length > 0 && w >= 640 ? 236 : 0;
  const inner = side ? w - side - 24 : w;
  // One colour a name, so that a run's two folds belong together; a lone run is blue.
  const names = [...new Set(payload.curves.map(c => c.name))];
  const single =
    names.length <= 1 ||
    (names.length === 2 &&
      payload.curves.length === 2 &&
      payload.curves[0]!.fold !== payload.curves[1]!.fold);
  const at = (name: string): number => (single ? 1 : names.indexOf(name) % theme.series.length);
  const items: LegendItem[] = payload.curves.map(c => ({
    swatch: {
      line: theme.series[at(c.name)]!,
      dash: c.fold === 'F' ? [2, 3] : [],
      width: c.fold === 'F' ? 1.6 : 2.2
    },
    text: c.name.includes(`fold ${c.fold}`) ? c.name : `${c.name}, fold ${c.fold}`,
    ink: theme.inks[at(c.name)]!
  }));
  let top = y + 6;
  top += drawLegendRow(pen, items, x, top, inner) + 24;
  const tall = 220;
  const domainX = extent(payload.curves.flatMap(c => c.x));
  const domainY = extent([...payload.curves.flatMap(c => c.y), ...(payload.kept ? [payload.kept.y] : [])]);
  let height = top + tall + 36 - y;
  if (!domainX || !domainY) {
    pen.text('No training step has been recorded.', x + inner / 2, top + tall / 2, {
      colour: theme.dim,
      align: 'center',
      max: inner
    });
  } else {
    const yScale = linear(padded(domainY, 0.06), [top + tall, top], { count: 5 });
    const left = gutter(pen, yScale);
    const plot = { x: x + left, y: top, w: inner - left - 10, h: tall };
    const xScale = linear(domainX, [plot.x, plot.x + plot.w], {
      count: Math.max(3, Math.floor(plot.w / 90))
    });
    drawAxes(pen, plot, xScale, yScale, { x: payload.xLabel, y: payload.yLabel });
    clipTo(pen, { x: plot.x - 4, y: plot.y - 4, w: plot.w + 8, h: plot.h + 8 }, () => {
      for (const c of payload.curves) {
        const training = c.fold === 'F';
        drawPolyline(
          pen,
          c.x,
          c.y,
          xScale,
          yScale,
          theme.series[at(c.name)]!,
          training ? 1.5 : 2.2,
          training ? [2, 3] : []
        );
      }
    });
    const kept = payload.kept;
    if (kept) {
      const cx = Math.min(plot.x + plot.w, Math.max(plot.x, xScale(kept.x)));
      const cy = yScale(kept.y);
      const ctx = pen.ctx;
      pen.line(cx, cy + 6, cx, plot.y + plot.h, theme.axis, 1, [2, 2]);
      ctx.beginPath();
      ctx.arc(cx, cy, 5, 0, 2 * Math.PI);
      ctx.fillStyle = theme.ground;
      ctx.fill();
      ctx.strokeStyle = theme.text;
      ctx.lineWidth = 2;
      ctx.stroke();
      const words = pen.fit(kept.label, plot.w * 0.6, { size: 11, weight: 600 });
      const wide = pen.width(words, { size: 11, weight: 600 });
      const lx = Math.min(plot.x + plot.w - wide - 4, Math.max(plot.x + 4, cx - wide / 2));
      const ly = cy - 14 < plot.y + 12 ? cy + 24 : cy - 14;
      ctx.globalAlpha = 0.85;
      pen.rect({ x: lx - 3, y: ly - 11, w: wide + 6, h: 15 }, theme.ground);
      ctx.globalAlpha = 1;
      pen.text(words, lx, ly, { size: 11, weight: 600 });
      pen.region({ x: cx - 8, y: cy - 8, w: 16, h: 16 }, [kept.label, `${payload.yLabel} ${fixed(kept.y)}`]);
    }
  }
  if (side) {
    pen.line(x + w - side - 12.5, y, x + w - side - 12.5, y + height, theme.faint);
    return Math.max(height, 8 + drawFactList(pen, payload.facts, x + w - side, y + 10, side));
  }
  if (payload.facts.length > 0) height += drawFactList(pen, payload.facts, x, y + height, w);
  return height;
}
