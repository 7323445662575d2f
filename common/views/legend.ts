/**
 * The legend of a cloud of points: parts and categories with their marks, counts and shares, each a switch. With a
 * selection it counts "47 / 412". Its height does not depend on what is hidden or selected: nothing jumps.
 */
import { linear, logarithmic, type Scale } from './axes.js';
import { MARKS } from './cloud.js';
import { partColour, type Colouring, type LegendEntry } from './colouring.js';
import { drawSwatch, type Swatch } from './marks.js';
import { count, percent } from './numbers.js';
import { clean, isLabel, type Pen } from './pen.js';
import { viridis } from './scale.js';
import { PARTS, tally, type CloudRows, type Mask } from './rows.js';

const ROW = 20;
const BOLD = { weight: 600 } as const;

interface Line {
  swatch: Swatch;
  colour: string;
  text: string;
  n: number;
  selected: number;
  toggle: string;
}

export interface LegendContent {
  rows: CloudRows;
  mask: Mask | undefined;
  colours: Colouring;
  hidden: ReadonlySet<string>;
  /** Whether flags are told at all. */
  flags: boolean;
  n: number;
}

function drawLine(
  pen: Pen,
  line: Line,
  content: LegendContent,
  numbers: number,
  x: number,
  y: number,
  w: number
): void {
  const { theme } = pen;
  const off = content.hidden.has(line.toggle);
  const ink = off ? theme.dim : theme.text;
  drawSwatch(pen, off ? ({ ...line.swatch, colour: theme.track } as Swatch) : line.swatch, x, y + 10);
  const right = x + w;
  const number = content.mask ? `${count(line.selected)} / ${count(line.n)}` : count(line.n);
  pen.text(number, right, y + 14, { ...BOLD, colour: ink, align: 'right' });
  const bar = w >= 180 ? 40 : 0;
  const at = right - numbers - 12 - bar;
  if (bar) {
    pen.rect({ x: at, y: y + 8, w: bar, h: 4 }, theme.track);
    const share = content.mask ? line.selected / Math.max(1, line.n) : line.n / Math.max(1, content.rows.n);
    if (share > 0)
      pen.rect({ x: at, y: y + 8, w: Math.max(1, bar * share), h: 4 }, off ? theme.axis : line.colour);
  }
  const words = pen.text(line.text, x + 22, y + 14, { colour: ink, max: at - x - 30 });
  if (off) pen.line(x + 22, y + 10.5, x + 22 + words, y + 10.5, ink);
  const name = clean(line.text);
  const told = content.mask
    ? `${count(line.selected)} of ${count(line.n)} rows selected`
    : `${count(line.n)} rows, ${percent(line.n / Math.max(1, content.rows.n))} of those drawn`;
  const does = off ? `Hidden. Click shows ${name}` : `Click hides ${name}`;
  pen.region({ x: x - 4, y, w: w + 8, h: ROW }, [`${name}: ${told}`, does], line.toggle);
}

function partLines(content: LegendContent, pen: Pen): Line[] {
  const { rows, mask, colours, flags } = content;
  const { theme } = pen;
  const selected = mask && tally(rows.part, mask, 3);
  return PARTS.slice(0, flags ? 3 : 2).map((part, i) => {
    const own = partColour(part, theme);
    const scaled = colours.scale && part === 'source' ? viridis(0.5, theme) : own;
    const colour = colours.items && part !== 'flagged' ? theme.axis : scaled;
    return {
      swatch: { mark: MARKS[part], colour },
      colour,
      text: part[0]!.toUpperCase() + part.slice(1),
      n: rows.counts[i]!,
      selected: selected?.[i] ?? 0,
      toggle: part
    };
  });
}

function itemLine(entry: LegendEntry, content: LegendContent): Line {
  const { mask, colours } = content;
  const selected = mask && colours.codes ? tally(colours.codes, mask, 256) : undefined;
  return {
    swatch: { mark: 'dot', colour: entry.colour },
    colour: entry.colour,
    text: entry.text,
    n: entry.n,
    selected: selected ? entry.codes.reduce((sum, code) => sum + selected[code]!, 0) : 0,
    toggle: entry.toggle
  };
}

function drawScaleBar(pen: Pen, colours: Colouring, x: number, y: number, w: number): number {
  const { kind, domain } = colours.scale!;
  const steps = Math.max(1, Math.floor(w / 2));
  if (!pen.dry)
    for (let i = 0; i < steps; i++) {
      const box = { x: x + (i * w) / steps, y, w: Math.min(w / steps + 0.6, w - (i * w) / steps), h: 10 };
      pen.rect(box, viridis(i / Math.max(1, steps - 1), pen.theme));
    }
  const scale: Scale =
    kind === 'log' ? logarithmic(domain, [x, x + w], 5) : linear(domain, [x, x + w], { count: 4 });
  let free = -Infinity;
  for (const { value, text } of scale.ticks) {
    const at = scale(value);
    if (at < x - 1 || at > x + w + 1) continue;
    const half = pen.width(text, { size: 11 }) / 2;
    const middle = Math.min(x + w - half, Math.max(x + half, at));
    if (middle - half < free) continue;
    pen.line(Math.round(at) + 0.5, y + 10, Math.round(at) + 0.5, y + 13, pen.theme.axis);
    pen.text(text, middle, y + 25, { size: 11, colour: pen.theme.dim, align: 'center' });
    free = middle + half + 5;
  }
  return 32;
}

/** Draws the legend in a column `w` wide with the top at `y`; returns the height. */
export function drawLegend(pen: Pen, content: LegendContent, x: number, y: number, w: number): number {
  const { theme } = pen;
  const { colours, rows, mask } = content;
  const parts = partLines(content, pen);
  const items = (colours.items ?? []).map(entry => itemLine(entry, content));
  const widest = (line: Line): number =>
    pen.width(mask ? `${count(line.selected)} / ${count(line.n)}` : count(line.n), BOLD);
  const numbers = Math.max(32, ...[...parts, ...items].map(widest));
  let at = y;
  const heading = mask ? 'Selected / all · click to hide' : 'Rows · click to hide';
  pen.text(heading, x, at + 13, { size: 11, colour: theme.dim, max: w });
  at += 20;
  const draw = (line: Line): void => {
    drawLine(pen, line, content, numbers, x, at, w);
    at += ROW;
  };
  parts.forEach(draw);
  if (rows.n < content.n) {
    const words = `${count(rows.n)} of ${count(content.n)} rows are drawn.`;
    at += 4 + pen.paragraph(words, x, at + 2, w, { size: 11, colour: theme.dim, lineHeight: 16 });
  }
  if (!colours.column || (!colours.scale && !colours.items)) return at - y;
  const label = clean(colours.column.label);
  const claim = isLabel(label) ? label : undefined;
  at += 12;
  let free = w;
  if (claim) free -= pen.chip(claim, x + w, at + 9, w / 2) + 8;
  pen.text(claim ? colours.column.name : label, x, at + 13, { ...BOLD, max: free });
  at += 24;
  if (colours.scale) at += drawScaleBar(pen, colours, x, at, w);
  items.forEach(draw);
  return at - y;
}
