/** Arms compared: scores with their intervals, differences to the first arm, and where one arm's mistakes lie. */
import { drawAxes, extent, linear, padded, type Scale } from './axes.js';
import { drawFactGrid, drawRule } from './frame.js';
import { count, fixed, signed } from './numbers.js';
import type { ReportPayload } from './payload.js';
import { clean, isLabel, type Pen } from './pen.js';

const ROW = 28;

interface Interval {
  value: number;
  low: number;
  high: number;
}

function drawInterval(
  pen: Pen,
  scale: Scale,
  { value, low, high }: Interval,
  y: number,
  colour: string
): void {
  pen.line(scale(low), y, scale(high), y, colour, 2);
  for (const end of [low, high]) pen.line(scale(end), y - 4, scale(end), y + 4, colour, 1.5);
  const ctx = pen.ctx;
  ctx.beginPath();
  ctx.arc(scale(value), y, 4.5, 0, 2 * Math.PI);
  ctx.fillStyle = colour;
  ctx.fill();
  ctx.strokeStyle = pen.theme.ground;
  ctx.lineWidth = 1.2;
  ctx.stroke();
}

interface Row {
  name: string;
  interval: Interval;
  text: string;
  colour: string;
  note: { text: string; colour: string; chip: boolean };
}

/** Name, dot with interval, numbers, and a chip or word, a row each; returns the height. */
function drawRows(
  pen: Pen,
  heading: string,
  rows: readonly Row[],
  x: number,
  y: number,
  w: number,
  zero: boolean
): number {
  const { theme } = pen;
  let top = y + 8 + pen.paragraph(heading, x, y + 8, w, { weight: 600, lineHeight: 17, maxLines: 2 }) + 6;
  const widest = (texts: string[], cap: number, style = {}): number =>
    Math.min(cap, Math.max(0, ...texts.map(t => pen.width(clean(t), style))));
  const nameWidth =
    widest(
      rows.map(r => r.name),
      w * 0.26
    ) + 10;
  const textWidth =
    widest(
      rows.map(r => r.text),
      w * 0.4
    ) + 10;
  const noteWidth =
    Math.min(
      w * 0.24,
      Math.max(
        ...rows.map(
          r =>
            pen.width(clean(r.note.text), { size: r.note.chip ? 10 : 11, weight: r.note.chip ? 600 : 400 }) +
            (r.note.chip ? 12 : 0)
        )
      )
    ) + 8;
  const stacked = w - nameWidth - textWidth - noteWidth < 120;
  const plot = {
    x: x + nameWidth,
    y: top,
    w: w - nameWidth - (stacked ? 12 : textWidth + noteWidth + 12),
    h: rows.length * (stacked ? ROW + 16 : ROW)
  };
  const step = stacked ? ROW + 16 : ROW;
  const values = rows.flatMap(r => [r.interval.low, r.interval.high, r.interval.value]);
  const domain = extent(zero ? [...values, 0] : values) ?? [0, 1];
  const scale = linear(padded(domain, 0.06), [plot.x + 6, plot.x + plot.w - 6], {
    count: Math.max(2, Math.floor(plot.w / 70))
  });
  for (const tick of scale.ticks)
    pen.line(
      Math.round(scale(tick.value)) + 0.5,
      plot.y,
      Math.round(scale(tick.value)) + 0.5,
      plot.y + plot.h,
      theme.grid
    );
  if (zero)
    pen.line(
      Math.round(scale(0)) + 0.5,
      plot.y,
      Math.round(scale(0)) + 0.5,
      plot.y + plot.h,
      theme.text,
      1,
      [3, 3]
    );
  rows.forEach((row, i) => {
    const middle = top + i * step + ROW / 2;
    pen.text(row.name, x, middle + 4, { max: nameWidth - 8 });
    drawInterval(pen, scale, row.interval, middle, row.colour);
    pen.region({ x: plot.x, y: middle - 12, w: plot.w, h: 24 }, [row.name, row.text]);
    const textAt = stacked ? plot.x + 6 : x + w - noteWidth - textWidth + 4;
    const baseline = stacked ? middle + 22 : middle + 4;
    const wide = pen.text(row.text, textAt, baseline, { max: stacked ? plot.w : textWidth });
    const noteAt = stacked ? textAt + wide + 8 : x + w;
    const room = stacked ? Math.max(0, x + w - noteAt) : noteWidth;
    if (room < 24) return;
    if (row.note.chip && isLabel(row.note.text))
      pen.chip(row.note.text, noteAt, baseline - 4, room, stacked ? 'left' : 'right');
    else
      pen.text(row.note.text, noteAt, baseline, {
        size: 11,
        colour: row.note.colour,
        align: stacked ? 'left' : 'right',
        max: room
      });
  });
  drawAxes(pen, plot, scale, undefined, {});
  top += plot.h + 24;
  return top - y;
}

function interval({ value, low, high }: Interval, write: (v: number) => string): string {
  return `${write(value)} [${write(low)}, ${write(high)}]`;
}

function drawConfusion(
  pen: Pen,
  confusion: NonNullable<ReportPayload['confusion']>,
  x: number,
  y: number,
  w: number
): number {
  const { theme } = pen;
  const k = confusion.classes.length;
  const heading = `Where “${clean(confusion.arm)}” errs: true class down, predicted class across`;
  let top = y + 8 + pen.paragraph(heading, x, y + 8, w, { weight: 600, lineHeight: 17, maxLines: 3 }) + 8;
  if (k === 0) {
    pen.text('No class to compare.', x, top + 14, { colour: theme.dim });
    return top + 24 - y;
  }
  const size = { size: 11 };
  const nameWidth = Math.min(
    Math.max(...confusion.classes.map(c => pen.width(clean(c), size))),
    w * 0.36,
    130
  );
  const cell = Math.max(3, Math.min(34, Math.floor((w - nameWidth - 10) / k)));
  const slanted = Math.min(Math.max(...confusion.classes.map(c => pen.width(clean(c), size))), 110);
  const left = x + nameWidth + 8;
  const ctx = pen.ctx;
  const namesFit = cell >= 11;
  if (namesFit) {
    confusion.classes.forEach((name, j) => {
      ctx.save();
      ctx.translate(left + (j + 0.5) * cell + 4, top + slanted - 2);
      ctx.rotate(-Math.PI / 2);
      ctx.font = `400 11px ${theme.font}`;
      ctx.textAlign = 'left';
      ctx.fillStyle = theme.dim;
      ctx.fillText(pen.fit(name, slanted, size), 0, 0);
      ctx.restore();
    });
    top += slanted + 4;
  }
  confusion.counts.forEach((row, i) => {
    const sum = row.reduce((a, b) => a + b, 0);
    const middle = top + (i + 0.5) * cell;
    if (namesFit)
      pen.text(confusion.classes[i]!, left - 8, middle + 4, { ...size, align: 'right', max: nameWidth });
    row.forEach((n, j) => {
      const box = { x: left + j * cell, y: top + i * cell, w: cell, h: cell };
      const share = sum > 0 ? n / sum : 0;
      const base = i === j ? theme.source : theme.target;
      if (n > 0) {
        ctx.globalAlpha = 0.14 + 0.86 * share;
        pen.rect(box, base);
        ctx.globalAlpha = 1;
      }
      ctx.strokeStyle = theme.grid;
      ctx.lineWidth = 1;
      ctx.strokeRect(box.x + 0.5, box.y + 0.5, cell, cell);
      if (cell >= 18 && n > 0) {
        const strong =
          share > 0.55 && theme.name !== 'dark' ? '#ffffff' : share > 0.55 ? '#10202c' : theme.text;
        const words = count(n);
        if (pen.width(words, size) < cell - 2)
          pen.text(words, box.x + cell / 2, middle + 4, { ...size, colour: strong, align: 'center' });
      }
      if (n > 0)
        pen.region(box, [
          `true ${clean(confusion.classes[i]!)}, predicted ${clean(confusion.classes[j]!)}: ${count(n)}`,
          `${Math.round(share * 100)} % of its ${count(sum)} rows`
        ]);
    });
  });
  top += k * cell + 6;
  top += pen.paragraph('Blue: right. Vermillion: wrong. Depth: share of the true class.', x, top, w, {
    size: 11,
    colour: theme.dim,
    lineHeight: 15
  });
  return top + 8 - y;
}

/** Draws the report in a column `w` wide with the top at `y`; returns the height. */
export function drawReport(pen: Pen, payload: ReportPayload, x: number, y: number, w: number): number {
  const { theme } = pen;
  const beside = payload.confusion !== undefined && w >= 760;
  const main = beside ? Math.round(w * 0.58) - 12 : w;
  const arms: Row[] = payload.arms.map((arm, i) => ({
    name: arm.name,
    interval: arm.score,
    text: interval(arm.score, fixed),
    colour: theme.series[i % theme.series.length]!,
    note: { text: arm.label, colour: theme.dim, chip: isLabel(arm.label) }
  }));
  const better = payload.higherIsBetter ? 1 : -1;
  const paired: Row[] = payload.paired.map(p => {
    const { low, high } = p.difference;
    const verdict =
      low * better > 0 && high * better > 0
        ? 'better'
        : low * better < 0 && high * better < 0
          ? 'worse'
          : 'within noise';
    const colour = verdict === 'better' ? theme.good : verdict === 'worse' ? theme.bad : theme.dim;
    const arm = payload.arms.findIndex(a => a.name === p.name);
    return {
      name: p.name,
      interval: p.difference,
      text: interval(p.difference, signed),
      colour: theme.series[(arm < 0 ? 0 : arm) % theme.series.length]!,
      note: { text: verdict, colour, chip: false }
    };
  });
  let height = 0;
  if (arms.length === 0) {
    pen.text('No arm has been scored.', x, y + 24, { colour: theme.dim });
    height = 40;
  } else {
    const rows = [...new Set(payload.arms.map(a => a.n))];
    const n = rows.length === 1 ? `, n = ${count(rows[0]!)}` : '';
    height += drawRows(
      pen,
      `${payload.metric} (${payload.higherIsBetter ? 'higher' : 'lower'} is better${n})`,
      arms,
      x,
      y,
      main,
      false
    );
  }
  if (paired.length > 0) {
    const first = payload.arms[0] ? `“${clean(payload.arms[0].name)}”` : 'the first arm';
    height += drawRows(pen, `Difference to ${first}, paired by paper`, paired, x, y + height, main, true);
  }
  if (payload.confusion) {
    if (beside) {
      pen.line(x + main + 12.5, y, x + main + 12.5, y + height, theme.faint);
      height = Math.max(height, drawConfusion(pen, payload.confusion, x + main + 25, y, w - main - 25));
    } else height += drawConfusion(pen, payload.confusion, x, y + height, w);
  }
  if (payload.facts.length === 0) return height;
  drawRule(pen, { x, w }, y + height);
  return height + drawFactGrid(pen, payload.facts, x, y + height, w);
}
