/**
 * Pointer gestures on a drawn picture: moving and zooming a scatter, lasso and box, a brush on a histogram, Γ on its
 * axis. Previews while the pointer is down and tells the view once, when it is let go. Holds no selection of its own.
 */
import type { Drawn, Plot, Window } from '../../common/views/index.js';
import { boxBetween, enclosed, panned, zoomed, type Point } from './geometry.js';
import type { Overlay } from './overlay.js';
import type { Combine } from './selection.js';
import type { Tool } from './toolbar.js';

type Scatter = Extract<Plot, { kind: 'scatter' | 'tube' }>;
type Histogram = Extract<Plot, { kind: 'histogram' }>;
type Gamma = Extract<Plot, { kind: 'gamma' }>;

/** A range on an axis, in data coordinates. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

export interface GestureHost {
  readonly drawn: Drawn | undefined;
  readonly tool: Tool;
  /** The selection's colour. */
  readonly ink: string;
  /** Shows another part of the plane, or all of it; `moving` while the pointer is still down. */
  look(window: Window | undefined, moving: boolean): void;
  /** Drawn points in a lasso or box were chosen. */
  choose(points: readonly number[], words: string, combine: Combine): void;
  /** A range of a histogram is brushed; `moving` while the pointer is still down. Nothing at all takes the brush off. */
  brush(panel: number, range: Range | undefined, moving: boolean, combine: Combine): void;
  /** Rows that a brush would choose. */
  within(panel: number, from: number, to: number): number;
  gamma(value: number): void;
  /** A scatter was clicked where nothing is. */
  clear(): void;
}

/** Pixels within which a press and its release are a click. */
const STILL = 4;
/** Less than this between two points of a lasso is not worth a corner. */
const STEP = 3;
const WHEEL = 0.0016;

function holds({ box }: Plot, x: number, y: number, margin = 0): boolean {
  return (
    x >= box.x - margin && x <= box.x + box.w + margin && y >= box.y - margin && y <= box.y + box.h + margin
  );
}

export function plotAt(drawn: Drawn, x: number, y: number): Plot | undefined {
  return (
    drawn.plots.find(plot => holds(plot, x, y)) ??
    drawn.plots.find(plot => plot.kind === 'gamma' && holds(plot, x, y, 14))
  );
}

function combineOf(event: { shiftKey: boolean; altKey: boolean }): Combine {
  return event.altKey ? 'remove' : event.shiftKey ? 'add' : 'replace';
}

const count = (n: number): string => n.toLocaleString('en');

interface Held {
  readonly plot: Plot;
  readonly from: Point;
  readonly path: Point[];
  readonly as: 'pan' | 'lasso' | 'box' | 'brush' | 'gamma';
  readonly combine: Combine;
  moved: boolean;
  last: Point;
}

export class Gestures {
  private held: Held | undefined;
  private settle: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly overlay: Overlay,
    private readonly host: GestureHost,
    signal: AbortSignal
  ) {
    canvas.addEventListener('pointerdown', event => this.down(event), { signal });
    canvas.addEventListener('pointermove', event => this.move(event), { signal });
    canvas.addEventListener('pointerup', event => this.up(event), { signal });
    canvas.addEventListener('pointercancel', () => this.cancel(), { signal });
    canvas.addEventListener('wheel', event => this.wheel(event), { signal, passive: false });
    canvas.addEventListener('dblclick', event => this.reset(event), { signal });
    signal.addEventListener('abort', () => clearTimeout(this.settle));
  }

  /** Whether the pointer is down on something. */
  get busy(): boolean {
    return this.held !== undefined;
  }

  /** Forgets the gesture under way; nothing is chosen. Returns whether there was one. */
  cancel(): boolean {
    const { held } = this;
    this.held = undefined;
    this.overlay.hide();
    if (held?.as === 'brush') this.host.brush((held.plot as Histogram).panel, undefined, true, 'replace');
    return held !== undefined;
  }

  private down(event: PointerEvent): void {
    const { drawn, tool } = this.host;
    if (event.button !== 0 || !drawn) return;
    const at = { x: event.offsetX, y: event.offsetY };
    const plot = plotAt(drawn, at.x, at.y);
    if (!plot) return;
    // A tube has one window: what would move a scatter selects here.
    const as =
      plot.kind === 'gamma'
        ? 'gamma'
        : plot.kind === 'histogram'
          ? 'brush'
          : plot.kind === 'tube' && tool === 'pan'
            ? 'box'
            : tool;
    this.held = { plot, from: at, path: [at], as, combine: combineOf(event), moved: false, last: at };
    this.canvas.setPointerCapture(event.pointerId);
    if (as === 'gamma') this.host.gamma((plot as Gamma).x.toData(at.x));
  }

  private move(event: PointerEvent): void {
    const { held } = this;
    if (!held) return;
    const at = { x: event.offsetX, y: event.offsetY };
    if (!held.moved && Math.hypot(at.x - held.from.x, at.y - held.from.y) < STILL) return;
    held.moved = true;
    if (held.as === 'pan') {
      const { x, y } = held.plot as Scatter;
      this.host.look(panned(x, y, at.x - held.from.x, at.y - held.from.y), true);
    } else if (held.as === 'gamma') {
      this.host.gamma((held.plot as Gamma).x.toData(at.x));
    } else if (held.as === 'brush') {
      const plot = held.plot as Histogram;
      const [from, to] = this.range(plot, held.from.x, at.x);
      this.host.brush(plot.panel, { from, to }, true, held.combine);
      this.preview([], plot.box, this.host.within(plot.panel, from, to));
    } else {
      if (held.as === 'lasso' && Math.hypot(at.x - held.last.x, at.y - held.last.y) >= STEP)
        held.path.push(at);
      const outline = held.as === 'lasso' ? held.path : boxBetween(held.from, at);
      this.preview(outline, held.plot.box, this.pointsIn(outline).length);
    }
    held.last = at;
  }

  private up(event: PointerEvent): void {
    const { held } = this;
    if (!held) return;
    this.held = undefined;
    this.overlay.hide();
    const at = { x: event.offsetX, y: event.offsetY };
    if (!held.moved) {
      if (held.as === 'brush') this.host.brush((held.plot as Histogram).panel, undefined, false, 'replace');
      else if (held.as === 'lasso' || held.as === 'box') this.host.clear();
      return;
    }
    if (held.as === 'pan') {
      const { x, y } = held.plot as Scatter;
      this.host.look(panned(x, y, at.x - held.from.x, at.y - held.from.y), false);
    } else if (held.as === 'brush') {
      const plot = held.plot as Histogram;
      const [from, to] = this.range(plot, held.from.x, at.x);
      this.host.brush(plot.panel, { from, to }, false, held.combine);
    } else if (held.as !== 'gamma') {
      const outline = held.as === 'lasso' ? held.path : boxBetween(held.from, at);
      this.host.choose(this.pointsIn(outline), held.as, held.combine);
    }
  }

  private range(plot: Histogram, a: number, b: number): [number, number] {
    const clamp = (x: number): number => Math.min(plot.box.x + plot.box.w, Math.max(plot.box.x, x));
    const ends = [plot.x.toData(clamp(a)), plot.x.toData(clamp(b))];
    return [Math.min(...ends), Math.max(...ends)];
  }

  private preview(outline: readonly Point[], box: Plot['box'], rows: number): void {
    const lines = [`${count(rows)} rows`, 'Release to select · Esc'];
    this.overlay.outline(outline, this.host.ink, box, lines);
  }

  private pointsIn(outline: readonly Point[]): number[] {
    const points = this.host.drawn?.points;
    return points ? enclosed(outline, points.x, points.y) : [];
  }

  /** The page scrolls, unless the person means the picture: with Ctrl, or while it has the focus. */
  private wheel(event: WheelEvent): void {
    const { drawn } = this.host;
    const meant = event.ctrlKey || event.metaKey || document.activeElement === this.canvas;
    const plot = drawn && plotAt(drawn, event.offsetX, event.offsetY);
    if (!meant || plot?.kind !== 'scatter') return;
    event.preventDefault();
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
    const factor = Math.exp(-event.deltaY * lines * WHEEL * (event.ctrlKey ? 4 : 1));
    const window = zoomed(plot.x, plot.y, { x: event.offsetX, y: event.offsetY }, factor);
    this.host.look(window, true);
    clearTimeout(this.settle);
    // A wheel has no end of its own.
    this.settle = setTimeout(() => this.host.look(window, false), 160);
  }

  private reset(event: MouseEvent): void {
    const plot = this.host.drawn && plotAt(this.host.drawn, event.offsetX, event.offsetY);
    if (plot?.kind === 'scatter' && this.host.tool === 'pan') this.host.look(undefined, false);
  }
}
