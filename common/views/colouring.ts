/** How the rows of an embedding are coloured: a bucket a row, a colour a bucket, and what the legend says of them. */
import { extent } from './axes.js';
import { brief } from './numbers.js';
import { codesOf, numbersOf } from './pack.js';
import type { Codes, ColourColumn, EmbeddingPayload, Packed } from './payload.js';
import { PARTS, type CloudRows, type Part } from './rows.js';
import { viridis } from './scale.js';
import type { Theme } from './theme.js';

export interface LegendEntry {
  text: string;
  colour: string;
  n: number;
  /** Codes of the column that the entry stands for. */
  codes: readonly number[];
  /** As `hidden` calls it. */
  toggle: string;
}

export interface Colouring {
  column?: ColourColumn;
  /** Index into `colours` of each row; `colours.length` where the column has no value: the domain's own colour. */
  bucket?: Uint8Array;
  colours: string[];
  scale?: { kind: 'linear' | 'log'; domain: [number, number] };
  items?: LegendEntry[];
  /** Of a column with categories: the code of each row. */
  codes?: Uint8Array;
  value(row: number): string;
}

const BUCKETS = 48;

export function partColour(part: Part, theme: Theme): string {
  return part === 'source' ? theme.source : part === 'target' ? theme.target : theme.flag;
}

/** Every row in the colour of its domain. */
export function plain(column?: ColourColumn): Colouring {
  return { colours: [], ...(column ? { column } : {}), value: () => '' };
}

function numeric(column: ColourColumn, packed: Packed, kind: 'linear' | 'log', theme: Theme): Colouring {
  const values = numbersOf(packed);
  const found = extent(kind === 'log' ? values.filter(v => v > 0) : values);
  if (!found) return plain(column);
  // Four decades at most: below, differences are of no use to the eye.
  const domain: [number, number] = kind === 'log' ? [Math.max(found[0], found[1] / 1e4), found[1]] : found;
  const place = kind === 'log' ? Math.log : (v: number) => v;
  const low = place(domain[0]);
  const step = (BUCKETS - 1) / (place(domain[1]) - low || 1);
  const bucket = new Uint8Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const v = values[i]!;
    const at = Math.round((place(Math.max(v, domain[0])) - low) * step);
    bucket[i] = Number.isFinite(v) ? Math.min(BUCKETS - 1, Math.max(0, at)) : BUCKETS;
  }
  return {
    column,
    bucket,
    colours: Array.from({ length: BUCKETS }, (_, i) => viridis(i / (BUCKETS - 1), theme)),
    scale: { kind, domain },
    value: row => (Number.isFinite(values[row]!) ? brief(Number(values[row]!.toPrecision(4))) : '')
  };
}

function categorical(column: ColourColumn, packed: Codes, theme: Theme): Colouring {
  const codes = codesOf(packed);
  const counts = packed.categories.map(() => 0);
  for (const code of codes) counts[code]!++;
  const order = counts.map((_, i) => i).sort((a, b) => counts[b]! - counts[a]!);
  const palette = theme.categories;
  const kept = order.slice(0, palette.length);
  const others = order.slice(palette.length);
  const rank = counts.map((_, i) => (kept.includes(i) ? kept.indexOf(i) : palette.length));
  const items: LegendEntry[] = kept.map((code, k) => ({
    text: packed.categories[code]!,
    colour: palette[k]!,
    n: counts[code]!,
    codes: [code],
    toggle: `${column.name}:${packed.categories[code]!}`
  }));
  if (others.length > 0) {
    const n = others.reduce((sum, code) => sum + counts[code]!, 0);
    const text = `${others.length} more`;
    items.push({ text, colour: theme.axis, n, codes: others, toggle: `${column.name}:*` });
  }
  return {
    column,
    codes,
    colours: [...palette, theme.axis],
    items,
    bucket: Uint8Array.from(codes, code => rank[code]!),
    value: row => packed.categories[codes[row]!]!
  };
}

const colourings = new WeakMap<ColourColumn, Map<string, Colouring>>();

/** A theme by what is taken from it: the browser makes a new object of the same colours for each drawing. */
function themeKey(theme: Theme): string {
  return [theme.axis, theme.ground, ...theme.viridis, ...theme.categories].join();
}

export function colouringOf(payload: EmbeddingPayload, name: string, theme: Theme): Colouring {
  const column = payload.columns.find(c => c.name === name);
  if (!column) return plain();
  let themes = colourings.get(column);
  if (!themes) colourings.set(column, (themes = new Map()));
  const key = themeKey(theme);
  let found = themes.get(key);
  if (!found) {
    const { values } = column;
    if (values.type !== 'codes')
      found = numeric(column, values, 'scale' in column ? column.scale : 'linear', theme);
    else if (values.categories.every(c => c === 'source' || c === 'target')) found = plain(column);
    else found = categorical(column, values, theme);
    themes.set(key, found);
  }
  return found;
}

/** A group of rows that are drawn alike. */
export interface Group {
  part: Part;
  colour: string;
  /** The column has no value for these rows: they keep the domain's colour, paler. */
  pale: boolean;
}

export interface Grouping {
  groups: readonly Group[];
  /** Rows in the order in which they are drawn, group by group. */
  order: Uint32Array;
  /** Where each group begins in `order`, and where the last ends. */
  from: Uint32Array;
}

const groupings = new WeakMap<Colouring, Grouping>();
const ownGroupings = new WeakMap<CloudRows, Map<string, Grouping>>();

function group(rows: CloudRows, colours: Colouring, theme: Theme): Grouping {
  const width = colours.colours.length + 1;
  const groups = PARTS.flatMap(part =>
    Array.from({ length: width }, (_, k): Group => {
      const own = k === 0 || part === 'flagged';
      const colour = own ? partColour(part, theme) : colours.colours[k - 1]!;
      return { part, colour, pale: own && part !== 'flagged' && width > 1 };
    })
  );
  // Counting sort: sources first, targets over them, flags on top; within a part the higher colours last.
  const { n, part } = rows;
  const key = new Uint16Array(n);
  const from = new Uint32Array(groups.length + 1);
  const bucket = colours.bucket;
  for (let i = 0; i < n; i++) {
    const b = part[i] === 2 || !bucket || bucket[i] === width - 1 ? 0 : bucket[i]! + 1;
    const k = part[i]! * width + b;
    key[i] = k;
    from[k + 1]!++;
  }
  for (let k = 0; k < groups.length; k++) from[k + 1]! += from[k]!;
  const next = from.slice();
  const order = new Uint32Array(n);
  for (let i = 0; i < n; i++) order[next[key[i]!]!++] = i;
  return { groups, order, from };
}

/** The rows in drawing order; kept for as long as the colouring, or without one, for each set of part colours. */
export function groupingOf(rows: CloudRows, colours: Colouring, theme: Theme): Grouping {
  const key = PARTS.map(part => partColour(part, theme)).join();
  if (colours.bucket) {
    let found = groupings.get(colours);
    // The same colours on other part colours are another theme.
    if (!found || found.groups[0]!.colour !== theme.source || found.order.length !== rows.n)
      groupings.set(colours, (found = group(rows, colours, theme)));
    return found;
  }
  let known = ownGroupings.get(rows);
  if (!known) ownGroupings.set(rows, (known = new Map()));
  let found = known.get(key);
  if (!found) known.set(key, (found = group(rows, colours, theme)));
  return found;
}
