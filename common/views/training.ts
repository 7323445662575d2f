/**
 * Loss against step: fold F dotted (it was fitted on), fold C as a line (it chose the checkpoint), the ring was kept. Also
 * for a training that still runs, and for several arms at once.
 */
import { drawAxes, extent, gutter, linear, padded, type Scale } from './axes.js';
import { drawFactList } from './frame.js';
import { drawPolyline } from './lines.js';
import { clipTo, drawLegendRow, type LegendItem } from './marks.js';
import { brief, fixed } from './numbers.js';
import type { TrainingPayload } from './payload.js';
import { clean, type Box, type Pen } from './pen.js';
import type { Theme } from './theme.js';

type Curve = TrainingPayload['curves'][number];

const TALL = 220;
/** Width of a strip that tells the losses at its x. */
const STRIP = 3;

interface Look {
  colour: string;
  ink: string;
  width: number;
  dash: number[];
}

/** One colour a name, so that a run's two folds belong together; a lone run is blue. */
function looksOf(
  payload: TrainingPayload,
  theme: Theme
): { names: string[]; of(curve: Pick<Curve, 'name' | 'fold'>): Look } {
  const names = [...new Set(payload.curves.map(c => c.name))];
  const [first, second] = payload.curves;
  const single =
    names.length <= 1 || (payload.curves.length === 2 && first!.fold !== second!.fold && names.length === 2);
  const n = theme.series.length;
  return {
    names,
    of: ({ name, fold }) => {
      const at = single ? 1 : names.indexOf(name);
      // Beyond the colours there are, long dashes tell the second round.
      const whole = at >= n ? [9, 3] : [];
      return {
        colour: theme.series[at % n]!,
        ink: theme.inks[at % n]!,
        width: fold === 'F' ? 1.5 : 2.2,
        dash: fold === 'F' ? [2, 3] : whole
      };
    }
  };
}

/** Up to four curves each by name and fold; more by name, and once what dots mean. */
function legendOf(payload: TrainingPayload, looks: ReturnType<typeof looksOf>, theme: Theme): LegendItem[] {
  const { curves } = payload;
  if (curves.length <= 4)
    return curves.map(c => {
      const { colour, ink, width, dash } = looks.of(c);
      const text = c.name.includes(`fold ${c.fold}`) ? c.name : `${c.name}, fold ${c.fold}`;
      return { swatch: { line: colour, dash, width }, text, ink };
    });
  const items: LegendItem[] = looks.names.map(name => {
    const { colour, ink, width, dash } = looks.of({ name, fold: 'C' });
    return { swatch: { line: colour, dash, width }, text: name, ink };
  });
  const folds = new Set(curves.map(c => c.fold));
  if (folds.has('C')) items.push({ swatch: { line: theme.dim, width: 2.2 }, text: 'fold C', ink: theme.dim });
  if (folds.has('F'))
    items.push({ swatch: { line: theme.dim, dash: [2, 3], width: 1.5 }, text: 'fold F', ink: theme.dim });
  return items;
}

/** Index of the number in a rising list that is nearest to `wanted`. */
function nearest(xs: readonly number[], wanted: number): number {
  let low = 0;
  let high = xs.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (xs[middle]! <= wanted) low = middle;
    else high = middle;
  }
  return Math.abs(xs[high]! - wanted) < Math.abs(xs[low]! - wanted) ? high : low;
}

/** Strips over the plot, each telling the losses of all curves at the step nearest to it. */
function tellLosses(pen: Pen, payload: TrainingPayload, plot: Box, x: Scale): void {
  const curves = payload.curves.filter(c => c.x.length > 0);
  const steps = [...new Set(curves.flatMap(c => c.x))].sort((a, b) => a - b);
  if (steps.length === 0) return;
  const length = x.domain[1] - x.domain[0];
  // A curve that has not come so far, or was not measured near, says nothing there.
  const gap = Math.max(length * 0.04, ...curves.map(c => (c.x.length > 1 ? (c.x[1]! - c.x[0]!) / 2 : 0)));
  const names = [...new Set(curves.map(c => c.name))];
  for (let left = plot.x; left < plot.x + plot.w; left += STRIP) {
    const step = steps[nearest(steps, x.invert(left + STRIP / 2))]!;
    if (Math.abs(x(step) - left) > Math.max(12, ((gap * plot.w) / length) * 1.1)) continue;
    const lines = names.flatMap(name => {
      const found = curves
        .filter(c => c.name === name)
        .flatMap(c => {
          const k = nearest(c.x, step);
          return Math.abs(c.x[k]! - step) <= gap ? [`fold ${c.fold} ${fixed(c.y[k]!)}`] : [];
        });
      return found.length > 0 ? [`${clean(name)}: ${found.join(', ')}`] : [];
    });
    pen.region({ x: left, y: plot.y, w: STRIP, h: plot.h }, [
      `${clean(payload.xLabel)} ${brief(Number(step.toPrecision(6)))}`,
      ...lines
    ]);
  }
}

function drawKept(pen: Pen, payload: TrainingPayload, plot: Box, x: Scale, y: Scale): void {
  const { theme, ctx } = pen;
  const kept = payload.kept;
  if (!kept) return;
  const cx = Math.min(plot.x + plot.w, Math.max(plot.x, x(kept.x)));
  const cy = y(kept.y);
  pen.line(cx, cy + 6, cx, plot.y + plot.h, theme.axis, 1, [2, 2]);
  pen.disc(cx, cy, 5, theme.ground, theme.text, 2);
  const style = { size: 11, weight: 600 as const };
  const words = pen.fit(kept.label, plot.w * 0.6, style);
  const wide = pen.width(words, style);
  const lx = Math.min(plot.x + plot.w - wide - 4, Math.max(plot.x + 4, cx - wide / 2));
  const ly = cy - 14 < plot.y + 12 ? cy + 24 : cy - 14;
  ctx.globalAlpha = 0.85;
  pen.rect({ x: lx - 3, y: ly - 11, w: wide + 6, h: 15 }, theme.ground);
  ctx.globalAlpha = 1;
  pen.text(words, lx, ly, style);
  // As narrow as a strip, so that it speaks before the strip does.
  pen.region({ x: cx - STRIP, y: cy - 8, w: 2 * STRIP, h: 16 }, [
    clean(kept.label),
    `${clean(payload.yLabel)} ${fixed(kept.y)}`
  ]);
}

function drawCurves(
  pen: Pen,
  payload: TrainingPayload,
  looks: ReturnType<typeof looksOf>,
  plot: Box,
  x: Scale,
  y: Scale
): void {
  const running = payload.xMax !== undefined && !payload.kept;
  clipTo(pen, { x: plot.x - 4, y: plot.y - 4, w: plot.w + 8, h: plot.h + 8 }, () => {
    for (const c of payload.curves) {
      const { colour, width, dash } = looks.of(c);
      drawPolyline(pen, c.x, c.y, x, y, colour, width, dash);
      const last = c.x.length - 1;
      // Where a curve that still grows has come to.
      if (!running || last < 1 || c.fold !== 'C' || c.x[last]! >= payload.xMax!) continue;
      pen.ctx.beginPath();
      pen.ctx.arc(x(c.x[last]!), y(c.y[last]!), 3.2, 0, 2 * Math.PI);
      pen.ctx.fillStyle = colour;
      pen.ctx.fill();
    }
  });
}

/** Draws the curves in a column `w` wide with the top at `y`; returns the height. */
export function drawTraining(pen: Pen, payload: TrainingPayload, x: number, y: number, w: number): number {
  const { theme } = pen;
  const side = payload.facts.length > 0 && w >= 640 ? 236 : 0;
  const inner = side ? w - side - 24 : w;
  const looks = looksOf(payload, theme);
  const top = y + 30 + drawLegendRow(pen, legendOf(payload, looks, theme), x, y + 6, inner);
  let height = top + TALL + 36 - y;
  const found = extent(payload.curves.flatMap(c => c.x));
  const losses = extent([...payload.curves.flatMap(c => c.y), ...(payload.kept ? [payload.kept.y] : [])]);
  if (!found || !losses) {
    pen.text('No training step has been recorded.', x + inner / 2, top + TALL / 2, {
      colour: theme.dim,
      align: 'center',
      max: inner
    });
  } else {
    const { xMax } = payload;
    const steps: [number, number] =
      xMax === undefined ? found : [Math.min(0, found[0]), Math.max(xMax, found[1])];
    const yScale = linear(padded(losses, 0.06), [top + TALL, top], { count: 5 });
    const left = gutter(pen, yScale);
    const plot = { x: x + left, y: top, w: inner - left - 10, h: TALL };
    const xScale = linear(steps, [plot.x, plot.x + plot.w], { count: Math.max(3, Math.floor(plot.w / 90)) });
    drawAxes(pen, plot, xScale, yScale, { x: payload.xLabel, y: payload.yLabel });
    drawCurves(pen, payload, looks, plot, xScale, yScale);
    if (!pen.dry) tellLosses(pen, payload, plot, xScale);
    drawKept(pen, payload, plot, xScale, yScale);
  }
  if (side) {
    pen.line(x + w - side - 12.5, y, x + w - side - 12.5, y + height, theme.faint);
    return Math.max(height, 8 + drawFactList(pen, payload.facts, x + w - side, y + 10, side));
  }
  if (payload.facts.length > 0) height += drawFactList(pen, payload.facts, x, y + height, w);
  return height;
}
