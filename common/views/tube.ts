/**
 * Rows beside the manifold, seen from its side: the manifold as the ground line, the tube above it up to d0, and beyond
 * it the weight that fades. What is drawn is how far off a row lies, not on which side.
 */
import { drawAxes, extent, gutter, linear, padded, plotAxis, type Scale } from './axes.js';
import type { Choices } from './choices.js';
import { drawCloud, drawRing, MARKS, type Backdrop } from './cloud.js';
import { groupingOf, partColour, plain } from './colouring.js';
import { drawLegendRow, type LegendItem } from './marks.js';
import { brief, count } from './numbers.js';
import { numbersOf } from './pack.js';
import type { DistributionPayload, Packed } from './payload.js';
import { clean, type Box, type Pen } from './pen.js';
import { maskOf, PARTS, rowsOf, tally, type CloudRows, type Mask } from './rows.js';
import { place } from './scatter.js';

type Tube = NonNullable<DistributionPayload['tube']>;

const TALL = 230;
const COLOURS = plain();
/** More lines from rows to the manifold than this would be a hatching. */
const STICKS = 150;

/** How distances become heights. */
interface Range {
  x: [number, number];
  /** Distance at the upper edge. */
  top: number;
  /** Square roots of distances are drawn: the tube would be flat otherwise. */
  root: boolean;
  /** Distances as drawn: those further out stand at the upper edge. */
  ys: Float32Array;
  further: number;
  farthest: number;
}

const ranges = new WeakMap<Packed, Range>();

function rangeOf(tube: Tube): Range {
  let found = ranges.get(tube.y);
  if (found) return found;
  const distances = numbersOf(tube.y);
  const sorted = distances.slice().sort();
  const farthest = sorted.length > 0 ? sorted[sorted.length - 1]! : 0;
  const most = sorted.length > 0 ? sorted[Math.floor(0.98 * (sorted.length - 1))]! : 0;
  const { d0, h } = tube;
  // One row in fifty may lie above the picture, but never what the tube and its fading need.
  const wanted = Math.max(d0 + 2.6 * h, most, 1e-9) * 1.06;
  const top = farthest > wanted ? wanted : Math.max(farthest * 1.06, d0 + h, 1e-9);
  const root = d0 + h > 0 && top > 6 * (d0 + h);
  const scale = root ? Math.sqrt : (v: number): number => v;
  const ys = distances.map(v => scale(v > top ? 0.97 * top : v));
  const further = sorted.length - sorted.filter(v => v <= top).length;
  const x = padded(extent(numbersOf(tube.x)) ?? [0, 1], 0.03);
  ranges.set(tube.y, (found = { x, top, root, ys, further, farthest }));
  return found;
}

/** A scale from 0 at the bottom; on square roots it puts its ticks at round distances all the same. */
function heightScale({ top, root }: Range, plot: Box): Scale {
  const own = linear([0, top], [plot.y + plot.h, plot.y], { count: 5 });
  if (!root) return own;
  const bottom = plot.y + plot.h;
  const scale = ((v: number) => bottom - plot.h * Math.sqrt(Math.max(0, v) / top)) as Scale;
  scale.domain = [0, top];
  scale.invert = pixel => top * (Math.max(0, bottom - pixel) / plot.h) ** 2;
  const ticks = [...linear([0, top / 12], [0, 1], { count: 2 }).ticks.slice(0, 2), ...own.ticks.slice(1)];
  scale.ticks = ticks.filter((t, i) => ticks.findIndex(other => other.value === t.value) === i);
  return scale;
}

/** The tube, and above it bands that fade as the clean weight does. */
function bandsOf(pen: Pen, tube: Tube, y: Scale, plot: Box): Backdrop[] {
  const { d0, h } = tube;
  const edge = Math.max(plot.y, Math.round(y(d0)));
  const bottom = plot.y + plot.h;
  const colour = pen.theme.source;
  const bands: Backdrop[] = [{ x: plot.x, y: edge, w: plot.w, h: bottom - edge, colour, alpha: 0.2 }];
  if (h <= 0) return bands;
  for (let at = edge - 2; at > plot.y; at -= 2) {
    const weight = Math.exp(-(((y.invert(at + 1) - d0) / h) ** 2) / 2);
    if (weight < 0.02) break;
    bands.push({ x: plot.x, y: at, w: plot.w, h: 2, colour, alpha: 0.16 * weight });
  }
  return bands;
}

/** What stands at the right edge: the tube's ends and the manifold, moved apart where they would cover each other. */
function drawEdges(pen: Pen, edges: readonly { at: number; text: string }[], plot: Box): void {
  const right = plot.x + plot.w;
  let free = Infinity;
  for (const { at, text } of [...edges].sort((a, b) => b.at - a.at)) {
    const baseline = Math.min(at + 4, free);
    pen.text(text, right + 6, baseline, { size: 11, weight: 600 });
    free = baseline - 14;
  }
}

function legendOf(
  pen: Pen,
  rows: CloudRows,
  mask: Mask | undefined,
  hidden: ReadonlySet<string>
): LegendItem[] {
  const selected = mask && tally(rows.part, mask, 3);
  return PARTS.map((part, i) => {
    const all = count(rows.counts[i]!);
    const text = selected ? `${count(selected[i]!)} / ${all}` : all;
    return {
      swatch: { mark: MARKS[part], colour: partColour(part, pen.theme) },
      text: part,
      number: { text, widest: `${all} / ${all}` },
      toggle: { part, off: hidden.has(part) }
    };
  });
}

function lineOf(tube: Tube, row: number): string {
  const distance = numbersOf(tube.y)[row]!;
  const where =
    distance <= tube.d0 ? 'in the tube' : distance <= tube.d0 + tube.h ? 'beyond d₀' : 'beyond d₀ + h';
  const kappa = Math.exp(-((Math.max(0, distance - tube.d0) / (tube.h || Infinity)) ** 2) / 2);
  const weight = tube.h > 0 ? `, weight κ ${brief(Number(kappa.toPrecision(3)))}` : '';
  return `distance ${brief(Number(distance.toPrecision(3)))}, ${where}${weight}`;
}

/** Draws the rows; the plot must still be bare ground. */
function drawRows(pen: Pen, tube: Tube, range: Range, x: Scale, y: Scale, plot: Box, options: Choices): void {
  const { theme } = pen;
  const rows = rowsOf(tube);
  const mask = maskOf(rows.index, options.selected);
  const hidden = options.hidden ?? new Set<string>();
  const shown = PARTS.map(part => !hidden.has(part));
  const high = range.root ? Math.sqrt(range.top) : range.top;
  const heights = linear([0, high], [plot.y + plot.h, plot.y]);
  const axes = { x: plotAxis(x), y: plotAxis(heights) };
  const placed = place(numbersOf(tube.x), range.ys, axes, plot, i => shown[rows.part[i]!]!, options.most);
  const sticks: Backdrop[] = [];
  if (rows.counts[2]! <= STICKS) {
    for (let i = 0; i < rows.n; i++) {
      if (rows.part[i] !== 2 || !Number.isFinite(placed.x[i]!)) continue;
      const alpha = mask && !mask[i] ? 0.1 : 0.4;
      const [px, py] = [Math.round(placed.x[i]!), Math.round(placed.y[i]!)];
      sticks.push({ x: px, y: py, w: 1, h: plot.y + plot.h - py, colour: theme.target, alpha });
    }
  }
  const level = y.ticks.map(({ value }) => ({
    x: plot.x,
    y: Math.round(y(value)),
    w: plot.w,
    h: 1,
    colour: theme.grid
  }));
  drawCloud(pen, plot, {
    x: placed.x,
    y: placed.y,
    mask,
    crowd: rows.n,
    grouping: groupingOf(rows, COLOURS, theme),
    behind: [...level, ...bandsOf(pen, tube, y, plot), ...sticks]
  });
  const { pointed } = options;
  if (pointed !== undefined) drawRing(pen, placed.x[pointed] ?? NaN, placed.y[pointed] ?? NaN, rows.n);
  pen.points = {
    x: placed.x,
    y: placed.y,
    rows: rows.index,
    lines: row =>
      [
        clean(tube.text[row] ?? ''),
        clean(tube.place[row] ?? ''),
        `${PARTS[rows.part[row]!]!} · ${lineOf(tube, row)}`
      ].filter(t => t !== '')
  };
}

/** Draws the tube in a column `w` wide with the top at `y`; returns the height. */
export function drawTube(pen: Pen, tube: Tube, x: number, y: number, w: number, options: Choices): number {
  const { theme } = pen;
  const rows = rowsOf(tube);
  const mask = maskOf(rows.index, options.selected);
  const range = rangeOf(tube);
  let top = y + 6;
  top += pen.paragraph(tube.title, x, top, w, { size: 12, weight: 600, lineHeight: 17, maxLines: 2 });
  top += drawLegendRow(pen, legendOf(pen, rows, mask, options.hidden ?? new Set()), x, top + 2, w) + 24;
  const { d0, h } = tube;
  const ends = [
    { value: d0, text: `d₀ ${brief(Number(d0.toPrecision(2)))}` },
    { value: d0 + h, text: `d₀ + h ${brief(Number((d0 + h).toPrecision(2)))}` },
    { value: 0, text: 'manifold' }
  ].filter(end => end.value <= range.top);
  const right = Math.max(...ends.map(end => pen.width(end.text, { size: 11, weight: 600 }))) + 10;
  const frame = { x, y: top, w, h: TALL };
  const left = gutter(pen, heightScale(range, frame));
  const plot = { x: x + left, y: top, w: w - left - right, h: TALL };
  const yScale = heightScale(range, plot);
  const xScale = linear(range.x, [plot.x, plot.x + plot.w], { count: Math.max(3, Math.floor(plot.w / 80)) });
  if (!pen.dry && rows.n > 0) drawRows(pen, tube, range, xScale, yScale, plot, options);
  const yLabel = range.root ? `${clean(tube.yLabel)} (square-root scale)` : tube.yLabel;
  drawAxes(pen, plot, xScale, undefined, { x: tube.xLabel, y: yLabel });
  for (const { value, text } of yScale.ticks) {
    const at = Math.round(yScale(value)) + 4.5;
    pen.text(text, plot.x - 6, at, { size: 11, colour: theme.dim, align: 'right' });
  }
  const edges = ends.map(({ value, text }) => ({ at: Math.round(yScale(value)) + 0.5, text }));
  for (const { at } of edges.slice(0, -1)) pen.line(plot.x, at, plot.x + plot.w, at, theme.text, 1, [4, 3]);
  pen.line(plot.x, plot.y + plot.h, plot.x + plot.w, plot.y + plot.h, theme.source, 3);
  drawEdges(pen, edges, plot);
  if (rows.n === 0)
    pen.text('No rows to draw.', plot.x + plot.w / 2, plot.y + plot.h / 2, {
      colour: theme.dim,
      align: 'center'
    });
  pen.plots.push({ kind: 'tube', box: plot, x: plotAxis(xScale), y: plotAxis(yScale) });
  const words: string[] = [];
  if (range.further > 0)
    words.push(
      `${count(range.further)} ${range.further === 1 ? 'row lies' : 'rows lie'} further out, up to ${brief(Number(range.farthest.toPrecision(3)))}: drawn at the upper edge.`
    );
  if (rows.n < tube.n) words.push(`${count(rows.n)} of ${count(tube.n)} rows are drawn.`);
  const bottom = top + TALL + 36;
  if (words.length === 0) return bottom - y;
  return (
    bottom + pen.paragraph(words.join(' '), x, bottom, w, { size: 11, colour: theme.dim, lineHeight: 15 }) - y
  );
}
