/**
 * One panel of a distribution: histograms of source against target, what is selected among them, curves (ratio, kappa)
 * on a right-hand axis, vertical marks, and the range that a person has brushed.
 */
import { area, curveStepAfter, line } from 'd3-shape';
import {
  drawAxes,
  extent,
  gutter,
  linear,
  logarithmic,
  padded,
  plotAxis,
  scaleOf,
  type Scale
} from './axes.js';
import { binned, selectedHeights } from './binned.js';
import { drawBrush } from './brush.js';
import type { Choices } from './choices.js';
import { drawPolyline } from './lines.js';
import { clipTo, drawLegendRow, type LegendItem } from './marks.js';
import { count } from './numbers.js';
import type { DistributionPayload } from './payload.js';
import { clean, type Box, type Pen } from './pen.js';
import { maskOf } from './rows.js';
import { numbersOf } from './pack.js';
import type { Theme } from './theme.js';

export type Panel = DistributionPayload['panels'][number];
type Series = Panel['series'][number];
type Curve = Panel['curves'][number];

const MARK = { size: 11, weight: 600 } as const;

interface Look {
  edge: string;
  ink: string;
  fill: string;
  dash: number[];
}

function look(series: Series, index: number, theme: Theme): Look {
  switch (series.role) {
    case 'source':
      return { edge: theme.source, ink: theme.sourceInk, fill: theme.sourceArea, dash: [] };
    case 'target':
      return { edge: theme.target, ink: theme.targetInk, fill: theme.targetArea, dash: [5, 3] };
    case 'flagged':
      return { edge: theme.flag, ink: theme.text, fill: 'rgba(128,128,128,0.14)', dash: [1, 2] };
    case 'other': {
      const at = index % theme.series.length;
      return { edge: theme.series[at]!, ink: theme.inks[at]!, fill: 'rgba(128,128,128,0.10)', dash: [] };
    }
    default:
      return series.role satisfies never;
  }
}

function curveColour(index: number, theme: Theme): { line: string; ink: string } {
  if (index === 0) return { line: theme.ratio, ink: theme.ratioInk };
  const at = [3, 7, 5, 0][(index - 1) % 4]!;
  return { line: theme.series[at]!, ink: theme.inks[at]! };
}

/** The right-hand scale of a curve: its own numbers, rounded outwards. */
function rightScale(curves: readonly Curve[], plot: Box): Scale | undefined {
  const kind = curves[0]!.scale;
  const values = curves.flatMap(c => c.y.filter(v => Number.isFinite(v) && (kind === 'linear' || v > 0)));
  const found = extent(values);
  if (!found) return undefined;
  const range: [number, number] = [plot.y + plot.h, plot.y];
  if (kind === 'log') return logarithmic([Math.max(found[0], found[1] / 1e6), found[1] * 1.05], range, 5);
  return linear(padded([Math.min(0, found[0]), found[1]], 0.04), range, { count: 4 });
}

/** Traces the steps of a histogram; nothing where it has no bins. */
function steps(panel: Panel, heights: readonly number[]): [number, number][] {
  if (heights.length === 0) return [];
  const points = heights.map((h, i) => [panel.edges[i]!, h] as [number, number]);
  points.push([panel.edges[points.length]!, heights[heights.length - 1]!]);
  return points;
}

function fillSteps(
  pen: Pen,
  points: [number, number][],
  x: Scale,
  y: Scale,
  colour: string,
  alpha: number
): void {
  const ctx = pen.ctx;
  ctx.globalAlpha = alpha;
  ctx.fillStyle = colour;
  ctx.beginPath();
  area<[number, number]>()
    .x(p => x(p[0]))
    .y0(y(0))
    .y1(p => y(p[1]))
    .curve(curveStepAfter)
    .context(ctx as never)(points);
  ctx.fill();
  ctx.globalAlpha = 1;
}

function drawHistogram(pen: Pen, panel: Panel, series: Series, x: Scale, y: Scale, style: Look): void {
  const points = steps(panel, series.heights);
  if (points.length === 0) return;
  fillSteps(pen, points, x, y, style.fill, 1);
  const ctx = pen.ctx;
  const base = y(0);
  ctx.strokeStyle = style.edge;
  ctx.lineWidth = 1.6;
  ctx.setLineDash(style.dash);
  ctx.beginPath();
  ctx.moveTo(x(points[0]![0]), base);
  ctx.lineTo(x(points[0]![0]), y(points[0]![1]));
  line<[number, number]>()
    .x(p => x(p[0]))
    .y(p => y(p[1]))
    .curve(curveStepAfter)
    .context(ctx as never)(points);
  ctx.lineTo(x(points[points.length - 1]![0]), base);
  ctx.stroke();
  ctx.setLineDash([]);
}

interface PlacedMark {
  at: number;
  words: string;
  left: number;
  row: number;
}

/** The marks' words in rows above the plot, where they cover no data; marks outside the plot are left out. */
function placeMarks(pen: Pen, panel: Panel, plot: Pick<Box, 'x' | 'w'>, x: Scale): PlacedMark[] {
  const placed: (PlacedMark & { to: number })[] = [];
  for (const mark of panel.marks) {
    const at = Math.round(x(mark.x)) + 0.5;
    if (!(at >= plot.x - 1 && at <= plot.x + plot.w + 1)) continue;
    const words = pen.fit(mark.label, plot.w * 0.7, MARK);
    const wide = pen.width(words, MARK);
    const beside = at - 4 + wide > plot.x + plot.w ? at + 4 - wide : at - 4;
    const left = Math.max(plot.x, beside);
    let row = 0;
    while (placed.some(p => p.row === row && left < p.to + 8 && left + wide > p.left - 8)) row++;
    placed.push({ at, words, left, row, to: left + wide });
  }
  return placed;
}

function drawMarkLines(pen: Pen, marks: readonly PlacedMark[], plot: Box): void {
  for (const { at, words, left, row } of marks) {
    const y = plot.y - 6 - row * 15;
    pen.line(at, y + 3, at, plot.y + plot.h, pen.theme.text, 1, [4, 3]);
    pen.text(words, left, y, MARK);
  }
}

/** What a person has chosen, as far as it touches this panel. */
interface Chosen {
  /** Heights of the selected rows, a series; undefined when nothing is selected. */
  heights: readonly (readonly number[])[] | undefined;
  /** Selected and all rows, a series; undefined where the payload has no rows. */
  counts: readonly { selected: number | undefined; all: number }[] | undefined;
}

function chosenOf(panel: Panel, selected: Choices['selected']): Chosen {
  if (!panel.points) return { heights: undefined, counts: undefined };
  const bins = binned(panel);
  const mask = maskOf(numbersOf(panel.points.rows.index), selected);
  if (!mask) return { heights: undefined, counts: bins.totals.map(all => ({ selected: undefined, all })) };
  const { heights, counts } = selectedHeights(panel, bins, mask);
  return { heights, counts: counts.map((n, i) => ({ selected: n, all: bins.totals[i]! })) };
}

function isHidden(series: Series, hidden: Choices['hidden']): boolean {
  return series.role !== 'other' && hidden?.has(series.role) === true;
}

function legendOf(
  panel: Panel,
  looks: readonly Look[],
  chosen: Chosen,
  hidden: Choices['hidden']
): LegendItem[] {
  return panel.series.map((s, i) => {
    const item: LegendItem = {
      swatch: { area: looks[i]!.fill, edge: looks[i]!.edge, dash: looks[i]!.dash },
      text: s.name,
      ink: looks[i]!.ink
    };
    const found = chosen.counts?.[i];
    if (found) {
      const all = count(found.all);
      const text = found.selected === undefined ? all : `${count(found.selected)} / ${all}`;
      item.number = { text, widest: `${all} / ${all}` };
    }
    if (s.role !== 'other') item.toggle = { part: s.role, off: isHidden(s, hidden) };
    return item;
  });
}

/** Draws the panel in a column `w` wide with the top at `y`, its plot `tall` pixels high; returns the height. */
export function drawPanel(
  pen: Pen,
  panel: Panel,
  index: number,
  x: number,
  y: number,
  w: number,
  titled: boolean,
  tall: number,
  options: Choices
): number {
  const { theme } = pen;
  let top = y + 6;
  if (titled)
    top += pen.paragraph(panel.title, x, top, w, { size: 12, weight: 600, lineHeight: 17, maxLines: 2 });
  const looks = panel.series.map((s, i) => look(s, i, theme));
  const chosen = chosenOf(panel, options.selected);
  const items = legendOf(panel, looks, chosen, options.hidden);
  const axes = new Map<string, Curve[]>();
  for (const curve of panel.curves) {
    const key = `${curve.scale} ${curve.axis}`;
    axes.set(key, [...(axes.get(key) ?? []), curve]);
  }
  const groups = [...axes.values()];
  panel.curves.forEach((c, i) => {
    const { line: colour, ink } = curveColour(i, theme);
    const other = groups.length > 1 && !groups[0]!.includes(c);
    items.push({ swatch: { line: colour }, text: other ? `${c.name} (own scale: ${c.axis})` : c.name, ink });
  });
  top += drawLegendRow(pen, items, x, top + 2, w) + 24;
  const heights = panel.series.flatMap(s => s.heights);
  const most = extent(heights)?.[1] ?? 0;
  // The columns beside the plot depend on its numbers, not on where it stands: they are measured first.
  const measure = { x, y: 0, w, h: tall };
  const yAt = (y0: number): Scale => linear([0, most > 0 ? most * 1.08 : 1], [y0 + tall, y0], { count: 4 });
  const left = heights.length > 0 ? gutter(pen, yAt(0)) : 4;
  const measured = groups.length > 0 ? rightScale(groups[0]!, measure) : undefined;
  const across = { x: x + left, w: w - left - (measured ? gutter(pen, measured) + 4 : 8) };
  const domain = extent([...panel.edges, ...panel.curves.flatMap(c => c.x)]);
  if (!domain) {
    pen.text('Nothing to draw: no bins and no curve.', x + w / 2, top + tall / 2, {
      colour: theme.dim,
      align: 'center',
      max: w
    });
    return top + tall + 36 - y;
  }
  const xScale = scaleOf(panel.scale, domain, [across.x, across.x + across.w], {
    count: Math.max(3, Math.floor(across.w / 80))
  });
  const marks = placeMarks(pen, panel, across, xScale);
  const lift = marks.length > 0 ? 15 * (1 + Math.max(...marks.map(m => m.row))) : 0;
  top += lift;
  const plot = { ...across, y: top, h: tall };
  const yScale = yAt(top);
  const right = groups.length > 0 ? rightScale(groups[0]!, plot) : undefined;
  drawAxes(pen, plot, xScale, heights.length > 0 ? yScale : undefined, {
    x: panel.xLabel,
    lift,
    ...(heights.length > 0 ? { y: panel.yLabel } : {}),
    ...(right ? { right: { scale: right, label: clean(groups[0]![0]!.axis), colour: theme.ratioInk } } : {})
  });
  clipTo(pen, { x: plot.x - 2, y: plot.y - 3, w: plot.w + 4, h: plot.h + 5 }, () => {
    panel.series.forEach((s, i) => {
      if (isHidden(s, options.hidden)) return;
      drawHistogram(pen, panel, s, xScale, yScale, looks[i]!);
      const heights = chosen.heights?.[i];
      if (heights) fillSteps(pen, steps(panel, heights), xScale, yScale, looks[i]!.edge, 0.6);
    });
    panel.curves.forEach((c, i) => {
      const group = groups.find(g => g.includes(c))!;
      const scale = group === groups[0] ? right : rightScale(group, plot);
      if (!scale) return;
      const ys = c.scale === 'log' ? c.y.map(v => (v > 0 ? Math.max(v, scale.domain[0]) : NaN)) : c.y;
      drawPolyline(pen, c.x, ys, xScale, scale, curveColour(i, theme).line, 2.2, []);
    });
  });
  drawMarkLines(pen, marks, plot);
  const axis = plotAxis(xScale);
  if (options.brush?.panel === index) drawBrush(pen, plot, axis, options.brush);
  pen.plots.push({ kind: 'histogram', panel: index, box: plot, x: axis });
  return top + tall + 36 - y;
}
