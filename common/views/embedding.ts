/**
 * Rows in a plane: of two principal components, or of UMAP. Shape tells the domain, a cross a flag, colour one column.
 * Only a picture: no weight, distance or flag is ever computed from these two coordinates.
 */
import { extent, linear, padded } from './axes.js';
import type { Choices } from './choices.js';
import { drawCloud, drawRing } from './cloud.js';
import { colouringOf, groupingOf, type Colouring } from './colouring.js';
import { axisName } from './axis-name.js';
import { drawFactList } from './frame.js';
import { drawLegend } from './legend.js';
import { count } from './numbers.js';
import { numbersOf } from './pack.js';
import type { EmbeddingPayload } from './payload.js';
import { clean, isLabel, type Box, type Pen } from './pen.js';
import { maskOf, PARTS, rowsOf, type Mask } from './rows.js';
import { around, linearAxis, place, windowOr } from './scatter.js';

/** Points at the edge keep this far from the frame as long as nobody has zoomed. */
const EDGE = 8;

const extents = new WeakMap<Float32Array, [number, number]>();

function domainOf(values: Float32Array): [number, number] {
  let found = extents.get(values);
  if (!found) extents.set(values, (found = padded(extent(values) ?? [0, 1], 0.02)));
  return found;
}

/** For each code of the colour column whether a person has hidden it. */
function hiddenCodes(colours: Colouring, hidden: ReadonlySet<string>): Uint8Array | undefined {
  let found: Uint8Array | undefined;
  for (const { codes, toggle } of colours.items ?? []) {
    if (!hidden.has(toggle)) continue;
    found ??= new Uint8Array(256);
    for (const code of codes) found[code] = 1;
  }
  return found;
}

function drawPoints(
  pen: Pen,
  payload: EmbeddingPayload,
  plot: Box,
  colours: Colouring,
  mask: Mask | undefined,
  options: Choices
): void {
  const rows = rowsOf(payload);
  const hidden = options.hidden ?? new Set<string>();
  const [xs, ys] = [numbersOf(payload.x), numbersOf(payload.y)];
  const whole = { x: around(domainOf(xs), plot.w, EDGE), y: around(domainOf(ys), plot.h, EDGE) };
  const window = windowOr(options.window, whole);
  const axes = {
    x: linearAxis(window.x, plot.x, plot.x + plot.w),
    y: linearAxis(window.y, plot.y + plot.h, plot.y)
  };
  const parts = PARTS.map(part => !hidden.has(part));
  const { part } = rows;
  const { codes } = colours;
  const without = hiddenCodes(colours, hidden);
  const shown =
    without && codes
      ? (i: number): boolean => parts[part[i]!]! && without[codes[i]!] === 0
      : (i: number): boolean => parts[part[i]!]!;
  const { x, y, inside } = place(xs, ys, axes, plot, shown, options.most);
  const share = (axis: 'x' | 'y'): number =>
    Math.min(1, (window[axis][1] - window[axis][0]) / (whole[axis][1] - whole[axis][0]));
  // By area as well as by number: marks do not change in size as the window moves over an empty part.
  const crowd = Math.max(inside, rows.n * share('x') * share('y'));
  const ticks = (domain: readonly [number, number], n: number): number[] =>
    linear([...domain], [0, 1], { count: n }).ticks.map(tick => tick.value);
  const colour = pen.theme.grid;
  drawCloud(pen, plot, {
    x,
    y,
    mask,
    crowd,
    grouping: groupingOf(rows, colours, pen.theme),
    behind: [
      ...ticks(window.x, 6).map(v => ({
        x: Math.round(axes.x.toPixel(v)),
        y: plot.y,
        w: 1,
        h: plot.h,
        colour
      })),
      ...ticks(window.y, 4).map(v => ({
        x: plot.x,
        y: Math.round(axes.y.toPixel(v)),
        w: plot.w,
        h: 1,
        colour
      }))
    ]
  });
  const { pointed } = options;
  if (pointed !== undefined) drawRing(pen, x[pointed] ?? NaN, y[pointed] ?? NaN, crowd);
  if (window !== whole)
    pen.text(`${count(inside)} of ${count(rows.n)} in view`, plot.x + plot.w, plot.y - 7, {
      size: 11,
      colour: pen.theme.dim,
      align: 'right'
    });
  pen.plots.push({ kind: 'scatter', box: plot, ...axes });
  const name = colours.column ? clean(colours.column.label) : '';
  pen.points = {
    x,
    y,
    rows: rows.index,
    lines: row => {
      const value = colours.value(row);
      return [
        clean(payload.text[row] ?? ''),
        clean(payload.place[row] ?? ''),
        [PARTS[part[row]!]!, value ? `${isLabel(name) ? colours.column!.name : name} ${clean(value)}` : '']
          .filter(t => t !== '')
          .join(' · ')
      ].filter(line => line !== '');
    }
  };
}

/** Draws the picture in a column `w` wide with its top at `y`; returns its height. */
export function drawEmbedding(
  pen: Pen,
  payload: EmbeddingPayload,
  x: number,
  y: number,
  w: number,
  options: Choices = {}
): number {
  const { theme } = pen;
  const colours = colouringOf(payload, options.colour ?? payload.colour, theme);
  const rows = rowsOf(payload);
  const mask = maskOf(rows.index, options.selected);
  const side = w >= 600 ? 236 : 0;
  const plotWidth = side ? w - side - 24 : w;
  const tall = Math.round(Math.min(400, Math.max(220, plotWidth * 0.56)));
  const panel = side ? x + w - side : x;
  const panelTop = side ? y + 4 : y + tall + 28;
  const content = {
    rows,
    mask,
    colours,
    hidden: options.hidden ?? new Set<string>(),
    flags: payload.flagged !== undefined,
    n: payload.n
  };
  let used = drawLegend(pen, content, panel, panelTop, side || w);
  if (payload.facts.length > 0) {
    pen.line(panel, panelTop + used + 8.5, panel + (side || w), panelTop + used + 8.5, theme.faint);
    used += 18 + drawFactList(pen, payload.facts, panel, panelTop + used + 18, side || w);
  }
  const height = side ? Math.max(tall, used - 20) : tall;
  const plot = { x, y: y + 20, w: plotWidth, h: height - 18 };
  const [first, second] = payload.axes;
  pen.text(axisName(second), x, y + 13, { size: 11, colour: theme.dim, max: plotWidth - 150 });
  if (rows.n === 0) {
    pen.text('No rows to draw.', x + plotWidth / 2, plot.y + plot.h / 2, {
      colour: theme.dim,
      align: 'center'
    });
  } else if (!pen.dry) {
    drawPoints(pen, payload, plot, colours, mask, options);
  }
  pen.text(axisName(first), x + plotWidth, plot.y + plot.h + 13, {
    size: 11,
    colour: theme.dim,
    align: 'right',
    max: plotWidth
  });
  if (side)
    pen.line(panel - 12.5, y, panel - 12.5, Math.max(plot.y + plot.h + 18, panelTop + used), theme.faint);
  return side ? Math.max(height + 24, used + 16) : panelTop + used - y;
}
