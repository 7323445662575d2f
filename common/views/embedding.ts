/**
 * Rows in the plane of two principal components. Shape tells the domain, a cross a flag, colour one column.
 * Only a picture: no weight, distance or flag is ever computed from these two coordinates.
 */
import { interpolateViridis } from 'd3-scale-chromatic';
import { brief, count, percent } from './numbers.js';
import { drawFactList } from './frame.js';
import { clipTo, drawMarks, drawSwatch, type Mark, type Swatch } from './marks.js';
import { unpackCodes, unpackNumbers } from './pack.js';
import type { Choices } from './choices.js';
import type { ColourColumn, EmbeddingPayload } from './payload.js';
import { extent, linear, logarithmic, padded, type Scale } from './axes.js';
import { clean, isLabel, type Box, type Pen } from './pen.js';
import type { Theme } from './theme.js';

type Part = 'source' | 'target' | 'flagged';
const PARTS: readonly Part[] = ['source', 'target', 'flagged'];
const MARKS: Record<Part, Mark> = { source: 'dot', target: 'triangle', flagged: 'cross' };

interface Decoded {
  x: Float32Array;
  y: Float32Array;
  /** Index into PARTS, a row. */
  part: Uint8Array;
  counts: Record<Part, number>;
}

// Unpacking 100k rows on every mouse move or resize would be felt.
const decoded = new WeakMap<EmbeddingPayload, Decoded>();

function decode(payload: EmbeddingPayload): Decoded {
  let found = decoded.get(payload);
  if (!found) {
    const codes = unpackCodes(payload.domain);
    const target = payload.domain.categories.map(name => name === 'target');
    const flags = payload.flagged ? unpackCodes(payload.flagged) : undefined;
    const raised = payload.flagged?.categories.map(name => /^(1|yes|true|flagged)$/.test(name));
    const counts = { source: 0, target: 0, flagged: 0 };
    const part = Uint8Array.from(codes, (code, i) => {
      const value = flags && raised![flags[i]!] ? 2 : target[code] ? 1 : 0;
      counts[PARTS[value]!]++;
      return value;
    });
    found = { x: unpackNumbers(payload.x), y: unpackNumbers(payload.y), part, counts };
    decoded.set(payload, found);
  }
  return found;
}

/** How the rows are coloured: groups of rows that share one colour, and what the legend says. */
interface Colouring {
  /** Colour of a row; undefined where the column has no value: the domain's own colour, faded. */
  bucket: (row: number) => number;
  colours: string[];
  column?: ColourColumn;
  scale?: { kind: 'linear' | 'log'; domain: [number, number] };
  items?: { text: string; colour: string; n: number }[];
  value: (row: number) => string;
}

const BUCKETS = 48;
const colourings = new WeakMap<ColourColumn, Map<Theme, Colouring>>();

function domainColouring(column?: ColourColumn): Colouring {
  return { bucket: () => -1, colours: [], ...(column ? { column } : {}), value: () => '' };
}

function numericColouring(column: ColourColumn & { scale: 'linear' | 'log' }, theme: Theme): Colouring {
  const values = unpackNumbers(column.values as never);
  const usable = column.scale === 'log' ? values.filter(v => v > 0) : values;
  const found = extent(usable);
  if (!found) return domainColouring(column);
  const kind = column.scale;
  // Four decades at most: below, differences are of no use to the eye.
  const domain: [number, number] = kind === 'log' ? [Math.max(found[0], found[1] / 1e4), found[1]] : found;
  const place = kind === 'log' ? Math.log : (v: number) => v;
  const low = place(domain[0]);
  const length = place(domain[1]) - low || 1;
  const colours = Array.from({ length: BUCKETS }, (_, i) => viridis(i / (BUCKETS - 1), theme));
  return {
    column,
    colours,
    scale: { kind, domain },
    bucket: row => {
      const v = values[row]!;
      if (!Number.isFinite(v)) return -1;
      const share = (place(Math.max(v, domain[0])) - low) / length;
      return Math.min(BUCKETS - 1, Math.max(0, Math.round(share * (BUCKETS - 1))));
    },
    value: row => (Number.isFinite(values[row]!) ? brief(Number(values[row]!.toPrecision(4))) : '')
  };
}

function categoricalColouring(column: ColourColumn, theme: Theme): Colouring {
  const packed = column.values as Parameters<typeof unpackCodes>[0];
  const codes = unpackCodes(packed);
  const counts = packed.categories.map(() => 0);
  for (const code of codes) counts[code]!++;
  const order = counts.map((_, i) => i).sort((a, b) => counts[b]! - counts[a]!);
  const palette = [
    theme.source,
    '#e69f00',
    theme.ratio,
    theme.third,
    theme.target,
    theme.series[6]!,
    theme.series[7]!
  ];
  const kept = order.slice(0, palette.length);
  const others = order.slice(palette.length);
  const colour = counts.map((_, i) => (kept.includes(i) ? kept.indexOf(i) : palette.length));
  const items = kept.map((i, rank) => ({
    text: packed.categories[i]!,
    colour: palette[rank]!,
    n: counts[i]!
  }));
  if (others.length > 0) {
    const n = others.reduce((sum, i) => sum + counts[i]!, 0);
    items.push({ text: `${others.length} more`, colour: theme.axis, n });
  }
  return {
    column,
    colours: [...palette, theme.axis],
    items,
    bucket: row => colour[codes[row]!]!,
    value: row => packed.categories[codes[row]!]!
  };
}

function viridis(share: number, theme: Theme): string {
  const [from, to] = theme.viridis;
  return interpolateViridis(from + share * (to - from));
}

function colouring(payload: EmbeddingPayload, name: string, theme: Theme): Colouring {
  const column = payload.columns.find(c => c.name === name);
  if (!column) return domainColouring();
  let themes = colourings.get(column);
  if (!themes) colourings.set(column, (themes = new Map()));
  let found = themes.get(theme);
  if (!found) {
    const domains =
      column.values.type === 'codes' && column.values.categories.every(c => c === 'source' || c === 'target');
    found = domains
      ? domainColouring(column)
      : 'scale' in column
        ? numericColouring(column, theme)
        : categoricalColouring(column, theme);
    themes.set(theme, found);
  }
  return found;
}

function partColour(part: Part, theme: Theme): string {
  return part === 'source' ? theme.source : part === 'target' ? theme.target : theme.flag;
}

function drawPoints(
  pen: Pen,
  payload: EmbeddingPayload,
  plot: Box,
  colours: Colouring,
  hidden: ReadonlySet<string>
): void {
  const { theme } = pen;
  const rows = decode(payload);
  const n = rows.x.length;
  const inner = { x: plot.x + 8, y: plot.y + 8, w: plot.w - 16, h: plot.h - 16 };
  const fx = linear(padded(extent(rows.x) ?? [0, 1], 0.02), [inner.x, inner.x + inner.w], { count: 6 });
  const fy = linear(padded(extent(rows.y) ?? [0, 1], 0.02), [inner.y + inner.h, inner.y], { count: 4 });
  for (const tick of fx.ticks)
    pen.line(
      Math.round(fx(tick.value)) + 0.5,
      plot.y,
      Math.round(fx(tick.value)) + 0.5,
      plot.y + plot.h,
      theme.grid
    );
  for (const tick of fy.ticks)
    pen.line(
      plot.x,
      Math.round(fy(tick.value)) + 0.5,
      plot.x + plot.w,
      Math.round(fy(tick.value)) + 0.5,
      theme.grid
    );
  const x = new Float32Array(n);
  const y = new Float32Array(n);
  const buckets = new Map<number, number[]>();
  for (let i = 0; i < n; i++) {
    const part = rows.part[i]!;
    const shown = !hidden.has(PARTS[part]!);
    x[i] = shown ? fx(rows.x[i]!) : NaN;
    y[i] = shown ? fy(rows.y[i]!) : NaN;
    if (!shown) continue;
    const key = part === 2 ? -1 : colours.bucket(i) * 2 + part;
    const bucket = part === 2 ? 2 * BUCKETS : key;
    const group = buckets.get(bucket);
    if (group) group.push(i);
    else buckets.set(bucket, [i]);
  }
  const radius = n < 400 ? 3.4 : n < 2000 ? 2.8 : n < 8000 ? 2.1 : n < 30000 ? 1.5 : 1;
  const alpha = n < 2000 ? 0.9 : n < 8000 ? 0.75 : n < 30000 ? 0.6 : 0.4;
  clipTo(pen, plot, () => {
    // Sources first, targets over them, flags on top; within a shape the higher colours last.
    const order = [...buckets.keys()].sort(
      (a, b) => (a === 2 * BUCKETS ? 9 : a & 1) - (b === 2 * BUCKETS ? 9 : b & 1) || a - b
    );
    for (const key of order) {
      const part = key === 2 * BUCKETS ? 'flagged' : PARTS[key & 1]!;
      const bucket = key === 2 * BUCKETS ? -1 : key >> 1;
      const own = bucket < 0;
      const faded = own && part !== 'flagged' && colours.colours.length > 0 ? 0.55 : 1;
      const colour = own ? partColour(part, theme) : colours.colours[bucket]!;
      drawMarks(
        pen,
        MARKS[part],
        buckets.get(key)!,
        x,
        y,
        radius,
        colour,
        part === 'flagged' ? 1 : alpha * faded
      );
    }
  });
  const name = colours.column ? clean(colours.column.label) : '';
  pen.points = {
    x,
    y,
    lines: row => {
      const value = colours.value(row);
      return [
        clean(payload.text[row] ?? ''),
        clean(payload.place[row] ?? ''),
        [PARTS[rows.part[row]!]!, value ? `${isLabel(name) ? colours.column!.name : name} ${value}` : '']
          .filter(t => t !== '')
          .join(' · ')
      ].filter(line => line !== '');
    }
  };
}

function drawScaleBar(pen: Pen, colours: Colouring, x: number, y: number, w: number): number {
  const { kind, domain } = colours.scale!;
  const steps = Math.max(1, Math.floor(w / 2));
  for (let i = 0; i < steps; i++) {
    pen.rect(
      { x: x + (i * w) / steps, y, w: w / steps + 0.6, h: 10 },
      viridis(i / Math.max(1, steps - 1), pen.theme)
    );
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

function drawLegend(
  pen: Pen,
  payload: EmbeddingPayload,
  colours: Colouring,
  hidden: ReadonlySet<string>,
  x: number,
  y: number,
  w: number
): number {
  const { theme } = pen;
  const { counts } = decode(payload);
  const total = Math.max(1, payload.shown);
  let at = y;
  const row = (swatch: Swatch, text: string, n: number, toggle?: string): void => {
    const off = toggle !== undefined && hidden.has(toggle);
    const colour = off ? theme.axis : theme.text;
    drawSwatch(pen, off && 'mark' in swatch ? { ...swatch, colour: theme.track } : swatch, x, at + 10);
    const number = count(n);
    const numberAt = x + w;
    pen.text(number, numberAt, at + 14, { weight: 600, colour, align: 'right' });
    const bar = w >= 180 ? 40 : 0;
    const barAt = numberAt - 44 - bar;
    if (bar) {
      pen.rect({ x: barAt, y: at + 8, w: bar, h: 4 }, theme.track);
      if ('mark' in swatch)
        pen.rect(
          { x: barAt, y: at + 8, w: Math.max(1, (bar * n) / total), h: 4 },
          off ? theme.axis : swatch.colour
        );
    }
    pen.text(text, x + 22, at + 14, { colour, max: barAt - x - 30 });
    if (toggle)
      pen.region({ x: x - 4, y: at, w: w + 8, h: 20 }, [off ? `Show ${toggle}` : `Hide ${toggle}`], toggle);
    at += 20;
  };
  const rest = colours.colours.length > 0 && colours.scale ? viridis(0.5, theme) : theme.source;
  row({ mark: 'dot', colour: colours.items ? theme.axis : rest }, 'Source', counts.source, 'source');
  row(
    { mark: 'triangle', colour: colours.items ? theme.axis : theme.target },
    'Target',
    counts.target,
    'target'
  );
  if (payload.flagged) row({ mark: 'cross', colour: theme.flag }, 'Flagged', counts.flagged, 'flagged');
  if (payload.shown < payload.n) {
    const words = `${count(payload.shown)} of ${count(payload.n)} rows are drawn.`;
    at += 4 + pen.paragraph(words, x, at + 2, w, { size: 11, colour: theme.dim, lineHeight: 16 });
  }
  if (!colours.column || (!colours.scale && !colours.items)) return at - y;
  const label = clean(colours.column.label);
  const claim = isLabel(label) ? label : undefined;
  at += 12;
  let free = w;
  if (claim) free -= pen.chip(claim, x + w, at + 9, w / 2) + 8;
  pen.text(claim ? colours.column.name : label, x, at + 13, { weight: 600, max: free });
  at += 24;
  if (colours.scale) at += drawScaleBar(pen, colours, x, at, w);
  for (const item of colours.items ?? []) row({ mark: 'dot', colour: item.colour }, item.text, item.n);
  return at - y;
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
  const colours = colouring(payload, options.colour ?? payload.colour, theme);
  const hidden = options.hidden ?? new Set<string>();
  const side = w >= 600 ? 236 : 0;
  const plotWidth = side ? w - side - 24 : w;
  const tall = Math.round(Math.min(400, Math.max(220, plotWidth * 0.56)));
  const panel = side ? x + w - side : x;
  const panelTop = side ? y + 8 : y + tall + 32;
  let used = drawLegend(pen, payload, colours, hidden, panel, panelTop, side || w);
  if (payload.facts.length > 0) {
    pen.line(panel, panelTop + used + 8.5, panel + (side || w), panelTop + used + 8.5, theme.faint);
    used += 18 + drawFactList(pen, payload.facts, panel, panelTop + used + 18, side || w);
  }
  const height = side ? Math.max(tall, used - 20) : tall;
  const plot = { x, y: y + 20, w: plotWidth, h: height - 18 };
  const [first, second] = payload.axes;
  const name = (axis: { label: string; share: number }): string =>
    `${clean(axis.label)} (${percent(axis.share)})`;
  pen.text(name(second), x, y + 13, { size: 11, colour: theme.dim, max: plotWidth });
  if (payload.x.length === 0) {
    pen.text('No rows to draw.', x + plotWidth / 2, plot.y + plot.h / 2, {
      colour: theme.dim,
      align: 'center'
    });
  } else if (!pen.dry) {
    drawPoints(pen, payload, plot, colours, hidden);
  }
  pen.text(name(first), x + plotWidth, plot.y + plot.h + 13, {
    size: 11,
    colour: theme.dim,
    align: 'right',
    max: plotWidth
  });
  if (side)
    pen.line(panel - 12.5, y, panel - 12.5, Math.max(plot.y + plot.h + 18, panelTop + used), theme.faint);
  return side ? Math.max(height + 24, used + 16) : panelTop + used - y;
}
