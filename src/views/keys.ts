/** What keys do on a picture that has the focus; the pointer's gestures, without a pointer. Holds no state. */
import type { Drawn, Plot, Window } from '../../common/views/index.js';
import { panned, zoomed } from './geometry.js';
import type { Range } from './gestures.js';
import type { Combine } from './selection.js';
import type { Tool } from './toolbar.js';

export interface KeyHost {
  readonly drawn: Drawn | undefined;
  /** Index among the drawn points that is pointed at. */
  readonly pointed: number | undefined;
  readonly brushed: (Range & { readonly panel: number }) | undefined;
  look(window: Window | undefined, moving: boolean): void;
  setTool(tool: Tool): void;
  /** Ends a gesture under way, else the selection, else the tool. */
  escape(): void;
  undo(): void;
  point(index: number | undefined): void;
  /** Selects the point, or takes it out again. */
  togglePoint(index: number): void;
  brush(panel: number, range: Range, moving: boolean, combine: Combine): void;
  /** Edges of the bins of a panel. */
  edges(panel: number): readonly number[];
  gammaStep(by: number): void;
  gammaTo(where: 'first' | 'star'): void;
}

/** Share of the picture that an arrow moves it by, and how much + and - zoom. */
const SHIFT = 0.1;
const FACTOR = 1.4;

type Scatter = Extract<Plot, { kind: 'scatter' | 'tube' }>;

function plotOf<K extends Plot['kind']>(host: KeyHost, kind: K): Extract<Plot, { kind: K }> | undefined {
  return host.drawn?.plots.find((plot): plot is Extract<Plot, { kind: K }> => plot.kind === kind);
}

/** The next point to the right (by 1) or left (by -1) of the one pointed at, of those in sight. */
export function nextPoint(
  drawn: Drawn,
  plot: Scatter,
  from: number | undefined,
  by: 1 | -1
): number | undefined {
  const { points } = drawn;
  if (!points) return undefined;
  const { box } = plot;
  const { x: xs, y: ys } = points;
  const key = (i: number): number => xs[i]! * by;
  let best: number | undefined;
  for (let i = 0; i < xs.length; i++) {
    const x = xs[i]!;
    const y = ys[i]!;
    if (!(x >= box.x && x <= box.x + box.w && y >= box.y && y <= box.y + box.h)) continue;
    // Points at the same place follow each other in the order of their rows.
    const after = from === undefined || key(i) > key(from) || (key(i) === key(from) && (i - from) * by > 0);
    if (!after) continue;
    if (best === undefined || key(i) < key(best) || (key(i) === key(best) && (i - best) * by < 0)) best = i;
  }
  return best;
}

/** Zooms around the picture's middle; tells whether there is anything to zoom. */
export function zoomBy(host: KeyHost, step: 'in' | 'out'): boolean {
  const plot = plotOf(host, 'scatter');
  if (!plot) return false;
  const { box } = plot;
  const factor = step === 'in' ? FACTOR : 1 / FACTOR;
  host.look(zoomed(plot.x, plot.y, { x: box.x + box.w / 2, y: box.y + box.h / 2 }, factor), false);
  return true;
}

function pan(host: KeyHost, dx: number, dy: number): boolean {
  const plot = plotOf(host, 'scatter');
  if (!plot) return false;
  host.look(panned(plot.x, plot.y, -dx * SHIFT * plot.box.w, -dy * SHIFT * plot.box.h), false);
  return true;
}

/** Moves both ends of the brush by one bin, or its right end alone. The first press brushes the middle bin. */
function brush(host: KeyHost, by: 1 | -1, widen: boolean): boolean {
  if (!plotOf(host, 'histogram')) return false;
  const now = host.brushed;
  const panel = now?.panel ?? 0;
  const edges = host.edges(panel);
  if (edges.length < 2) return false;
  const place = (value: number): number =>
    edges.reduce((best, edge, i) => (Math.abs(edge - value) < Math.abs(edges[best]! - value) ? i : best), 0);
  const middle = Math.floor((edges.length - 1) / 2);
  let [from, to] = now ? [place(now.from), place(now.to)] : [middle - by, middle + 1 - by];
  if (widen && now) to = Math.max(from + 1, to + by);
  else [from, to] = [from + by, to + by];
  if (from < 0 || to > edges.length - 1) return true;
  host.brush(panel, { from: edges[from]!, to: edges[to]! }, false, 'replace');
  return true;
}

function step(host: KeyHost, by: 1 | -1): boolean {
  const plot = plotOf(host, 'scatter') ?? plotOf(host, 'tube');
  if (!plot || !host.drawn) return false;
  host.point(nextPoint(host.drawn, plot, host.pointed, by) ?? host.pointed);
  return true;
}

function arrow(host: KeyHost, key: string, shift: boolean): boolean {
  if (key === 'ArrowLeft' || key === 'ArrowRight') {
    const by = key === 'ArrowRight' ? 1 : -1;
    if (pan(host, by, 0) || brush(host, by, shift)) return true;
    if (!plotOf(host, 'gamma')) return false;
    host.gammaStep(by);
    return true;
  }
  return pan(host, 0, key === 'ArrowDown' ? 1 : -1);
}

/** Acts on a key; returns whether it meant something here. */
export function pressKey(host: KeyHost, event: KeyboardEvent): boolean {
  const { key, shiftKey } = event;
  if (event.ctrlKey || event.metaKey) {
    if (key.toLowerCase() !== 'z' || shiftKey) return false;
    host.undo();
    return true;
  }
  if (event.altKey) return false;
  const scatter = plotOf(host, 'scatter');
  switch (key) {
    case 'l':
    case 'L':
      if (scatter) host.setTool('lasso');
      return scatter !== undefined;
    case 'x':
    case 'X':
      if (scatter) host.setTool('box');
      return scatter !== undefined;
    case 'Escape':
      host.escape();
      return true;
    case '+':
    case '=':
      return zoomBy(host, 'in');
    case '-':
      return zoomBy(host, 'out');
    case '0':
      if (scatter) host.look(undefined, false);
      return scatter !== undefined;
    case '.':
      return step(host, 1);
    case ',':
      return step(host, -1);
    case ' ':
      if (host.pointed === undefined) return false;
      host.togglePoint(host.pointed);
      return true;
    case 'ArrowLeft':
    case 'ArrowRight':
    case 'ArrowUp':
    case 'ArrowDown':
      return arrow(host, key, shiftKey);
    case 'Home':
    case 'g':
    case 'G':
      if (!plotOf(host, 'gamma')) return false;
      host.gammaTo(key === 'Home' ? 'first' : 'star');
      return true;
    default:
      return false;
  }
}

/** The keys of a picture, for whoever cannot see its tools. */
export function keyWords(drawn: Drawn): string {
  const kinds = new Set(drawn.plots.map(plot => plot.kind));
  const words: string[] = [];
  if (kinds.has('scatter'))
    words.push(
      'arrows move, + and - zoom, 0 shows all, L lasso, X box, full stop and comma step through the rows, space selects'
    );
  if (kinds.has('tube')) words.push('full stop and comma step through the rows, space selects');
  if (kinds.has('histogram')) words.push('left and right brush a range, with Shift they widen it');
  if (kinds.has('gamma'))
    words.push('left and right move Γ, Home goes back to the first, G to the break-even');
  return words.length > 0 ? `Keys: ${words.join('; ')}; Escape clears, Control Z undoes.` : '';
}
