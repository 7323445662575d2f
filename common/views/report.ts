/** Arms compared: scores with their intervals, differences to the first arm, and beside them one arm's mistakes. */
import { drawAxes, extent, linear, padded, type Scale } from './axes.js';
import type { Choices } from './choices.js';
import { confusionOf, drawConfusion } from './confusion.js';
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
  pen.disc(scale(value), y, 4.5, colour, pen.theme.ground, 1.2);
}

interface Row {
  name: string;
  /** What hovering tells below the name. */
  told: string[];
  /** The arm whose mistakes are drawn beside. */
  strong: boolean;
  interval: Interval;
  text: string;
  colour: string;
  note: { text: string; colour: string; chip: boolean };
}

interface Columns {
  name: number;
  text: number;
  note: number;
  /** Numbers stand below their interval, where there is no room beside it. */
  stacked: boolean;
}

/** One set of column widths for all rows of the card, so that its plots line up. */
function columnsOf(pen: Pen, rows: readonly Row[], w: number): Columns {
  const widest = (widths: number[], cap: number): number => Math.min(cap, Math.max(0, ...widths));
  const name =
    widest(
      rows.map(r => pen.width(clean(r.name), { weight: 600 })),
      w * 0.26
    ) + 10;
  const text =
    widest(
      rows.map(r => pen.width(clean(r.text))),
      w * 0.4
    ) + 10;
  const noteOf = ({ text, chip }: Row['note']): number =>
    pen.width(clean(text), chip ? { size: 10, weight: 600 } : { size: 11 }) + (chip ? 12 : 0);
  const note =
    widest(
      rows.map(r => noteOf(r.note)),
      w * 0.24
    ) + 8;
  return { name, text, note, stacked: w - name - text - note < 140 };
}

/** Name, dot with interval, numbers, and a chip or word, a row each; returns the height. */
function drawRows(
  pen: Pen,
  heading: string,
  rows: readonly Row[],
  columns: Columns,
  x: number,
  y: number,
  w: number,
  zero: boolean
): number {
  const { theme } = pen;
  const { stacked } = columns;
  const step = stacked ? ROW + 18 : ROW;
  const top = y + 14 + pen.paragraph(heading, x, y + 8, w, { weight: 600, lineHeight: 17, maxLines: 2 });
  const beside = stacked ? 12 : columns.text + columns.note + 12;
  const plot = { x: x + columns.name, y: top, w: w - columns.name - beside, h: rows.length * step };
  const values = rows.flatMap(r => [r.interval.low, r.interval.high, r.interval.value]);
  const domain = extent(zero ? [...values, 0] : values) ?? [0, 1];
  const scale = linear(padded(domain, 0.06), [plot.x + 6, plot.x + plot.w - 6], {
    count: Math.max(2, Math.floor(plot.w / 70))
  });
  const upright = (value: number, colour: string, dash: number[]): void => {
    const at = Math.round(scale(value)) + 0.5;
    pen.line(at, plot.y, at, plot.y + plot.h, colour, 1, dash);
  };
  for (const tick of scale.ticks) upright(tick.value, theme.grid, []);
  if (zero) upright(0, theme.text, [3, 3]);
  rows.forEach((row, i) => {
    const middle = top + i * step + ROW / 2;
    pen.text(row.name, x, middle + 4, { max: columns.name - 8, weight: row.strong ? 600 : 400 });
    drawInterval(pen, scale, row.interval, middle, row.colour);
    pen.region({ x: plot.x, y: middle - 12, w: plot.w, h: 24 }, [clean(row.name), ...row.told]);
    const { text, chip, colour } = row.note;
    if (stacked) {
      const words = pen.fit(row.text, plot.w);
      const wide = pen.width(words);
      pen.rect({ x: plot.x, y: middle + 12, w: plot.w, h: 18 }, theme.ground);
      pen.text(words, plot.x + 6, middle + 25);
      const room = plot.w - wide - 14;
      if (room < 30) return;
      if (chip && isLabel(text)) pen.chip(text, plot.x + wide + 14, middle + 21, room, 'left');
      else pen.text(text, plot.x + wide + 14, middle + 25, { size: 11, colour, max: room });
      return;
    }
    pen.text(row.text, x + w - columns.note - columns.text + 4, middle + 4, { max: columns.text });
    if (chip && isLabel(text)) pen.chip(text, x + w, middle, columns.note);
    else pen.text(text, x + w, middle + 4, { size: 11, colour, align: 'right', max: columns.note });
  });
  drawAxes(pen, plot, scale, undefined, {});
  return top + plot.h + 24 - y;
}

function interval({ value, low, high }: Interval, write: (v: number) => string): string {
  return `${write(value)} [${write(low)}, ${write(high)}]`;
}

/**
 * What an interval of paired differences says. With fewer papers than this no 95 % statement can be made from them:
 * even if all papers agree in sign, chance alone does that in 2^(1 - n) of cases, 6 % at 5 papers.
 */
const LEAST_PAPERS = 6;

function verdictOf(payload: ReportPayload, { low, high }: { low: number; high: number }): string {
  if (payload.arms.some(arm => arm.n < LEAST_PAPERS)) return 'too few papers';
  const sign = payload.higherIsBetter ? 1 : -1;
  if (low * sign > 0 && high * sign > 0) return 'better';
  return low * sign < 0 && high * sign < 0 ? 'worse' : 'within noise';
}

/** Draws the report in a column `w` wide with the top at `y`; returns the height. */
export function drawReport(
  pen: Pen,
  payload: ReportPayload,
  x: number,
  y: number,
  w: number,
  options: Choices = {}
): number {
  const { theme } = pen;
  const confusion = confusionOf(payload, options.arm);
  const strong = (name: string): boolean =>
    (payload.confusions?.length ?? 0) > 1 && confusion !== undefined && confusion.arm === name;
  const beside = confusion !== undefined && w >= 760;
  const main = beside ? Math.round(w * 0.58) - 12 : w;
  const arms: Row[] = payload.arms.map((arm, i) => ({
    name: arm.name,
    told: [
      `${clean(payload.metric)}: ${fixed(arm.score.value)}`,
      `interval from ${fixed(arm.score.low)} to ${fixed(arm.score.high)}, n = ${count(arm.n)}`,
      clean(arm.label)
    ].filter(t => t !== ''),
    strong: strong(arm.name),
    interval: arm.score,
    text: interval(arm.score, fixed),
    colour: theme.series[i % theme.series.length]!,
    note: { text: arm.label, colour: theme.dim, chip: isLabel(arm.label) }
  }));
  const paired: Row[] = payload.paired.map(p => {
    const verdict = verdictOf(payload, p.difference);
    const colour = verdict === 'better' ? theme.good : verdict === 'worse' ? theme.bad : theme.dim;
    const arm = payload.arms.findIndex(a => a.name === p.name);
    return {
      name: p.name,
      told: [
        `difference ${signed(p.difference.value)}, paired by paper`,
        `interval from ${signed(p.difference.low)} to ${signed(p.difference.high)}: ${verdict}`
      ],
      strong: strong(p.name),
      interval: p.difference,
      text: interval(p.difference, signed),
      colour: theme.series[(arm < 0 ? 0 : arm) % theme.series.length]!,
      note: { text: verdict, colour, chip: false }
    };
  });
  const columns = columnsOf(pen, [...arms, ...paired], main);
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
      columns,
      x,
      y,
      main,
      false
    );
  }
  if (paired.length > 0) {
    const first = payload.arms[0] ? `“${clean(payload.arms[0].name)}”` : 'the first arm';
    height += drawRows(
      pen,
      `Difference to ${first}, paired by paper`,
      paired,
      columns,
      x,
      y + height,
      main,
      true
    );
  }
  if (confusion && beside) {
    pen.line(x + main + 12.5, y, x + main + 12.5, y + height, theme.faint);
    height = Math.max(height, drawConfusion(pen, confusion, x + main + 25, y, w - main - 25));
  } else if (confusion) height += drawConfusion(pen, confusion, x, y + height, w);
  if (payload.facts.length === 0) return height;
  drawRule(pen, { x, w }, y + height);
  return height + drawFactGrid(pen, payload.facts, x, y + height, w);
}
