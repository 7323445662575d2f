/**
 * What a person has chosen in one picture, and what gestures and keys make of it. Rows go into the notebook's selection;
 * the rest is the picture's own and lives as long as the page. Draws nothing: it asks for a new drawing.
 */
import type { Choices, Drawn, ViewPayload, Window } from '../../common/views/index.js';
import type { GestureHost, Range } from './gestures.js';
import { rowsOf, rowsWithin } from './held.js';
import { zoomBy, type KeyHost } from './keys.js';
import { Selection, type Combine } from './selection.js';
import type { Tool } from './toolbar.js';

/** The drawing's choices, but for the rows, which are the notebook's, and what depends on the moment. */
export type Own = { -readonly [K in keyof Omit<Choices, 'selected' | 'most' | 'hidden'>]: Choices[K] } & {
  hidden: Set<string>;
};

export interface InteractionHost {
  /** What is drawn now. */
  readonly payload: ViewPayload | undefined;
  readonly drawn: Drawn | undefined;
  /** The selection's colour. */
  readonly ink: string;
  /** Draws again before the next paint. */
  redraw(): void;
  /** The tools have to tell something else. */
  sync(): void;
  /** Shows or hides what the point pointed at says. */
  tip(point: number | undefined): void;
  /** Forgets the gesture under way; returns whether there was one. */
  cancelGesture(): boolean;
}

/** How far in and out a scatter may be zoomed. */
const [NEAREST, FURTHEST] = [2000, 0.2];

function nearestIndex(grid: readonly number[], value: number): number {
  return grid.reduce((best, g, k) => (Math.abs(g - value) < Math.abs(grid[best]! - value) ? k : best), 0);
}

export class Interaction implements GestureHost, KeyHost {
  own: Own = { hidden: new Set() };
  tool: Tool = 'pan';
  /** Something moves under the pointer. */
  moving = false;
  selection = new Selection();
  /** Length of the x axis when all is shown. */
  private whole: number | undefined;

  constructor(
    private readonly host: InteractionHost,
    /** Names the data of a payload that does not tell. */
    private readonly name: string
  ) {}

  get drawn(): Drawn | undefined {
    return this.host.drawn;
  }

  get ink(): string {
    return this.host.ink;
  }

  get pointed(): number | undefined {
    return this.own.pointed;
  }

  get brushed(): Own['brush'] {
    return this.own.brush;
  }

  /** The data whose rows this picture selects. */
  get dataId(): string {
    const { payload } = this.host;
    return (payload && rowsOf(payload)?.data) ?? this.name;
  }

  /** Keeps what still means something when another payload comes. */
  renew(before: ViewPayload | undefined, next: ViewPayload): void {
    if (before?.kind !== next.kind) {
      this.own = { hidden: new Set() };
      this.whole = undefined;
    }
    const { own } = this;
    if (next.kind === 'embedding' && !next.columns.some(column => column.name === own.colour))
      delete own.colour;
    delete own.window;
    this.forgetMarks();
    delete own.gamma;
  }

  /** The brush and the row pointed at belong to one drawing. */
  forgetMarks(): void {
    delete this.own.brush;
    delete this.own.pointed;
  }

  set(change: Partial<Own>): void {
    Object.assign(this.own, change);
    this.host.redraw();
  }

  toggle(part: string): void {
    if (!this.own.hidden.delete(part)) this.own.hidden.add(part);
    this.host.redraw();
  }

  setTool(tool: Tool): void {
    this.tool = this.tool === tool ? 'pan' : tool;
    this.host.sync();
  }

  // ---- a scatter's window

  look(window: Window | undefined, moving: boolean): void {
    this.moving = moving;
    const plot = this.drawn?.plots.find(one => one.kind === 'scatter');
    if (window && plot?.kind === 'scatter') {
      const length = ([low, high]: readonly [number, number]): number => high - low;
      this.whole ??= length(plot.x.domain);
      const times = this.whole / length(window.x);
      // Too near or too far: what moved so far is drawn as it stands.
      if (!(times <= NEAREST && times >= FURTHEST)) return this.host.redraw();
    }
    this.host.tip(undefined);
    this.set({ window });
  }

  zoom(step: 'in' | 'out' | 'all'): void {
    if (step === 'all') this.look(undefined, false);
    else zoomBy(this, step);
  }

  // ---- rows

  choose(points: readonly number[], words: string, combine: Combine): void {
    const index = this.drawn?.points?.rows;
    const rows = points.map(i => index?.[i] ?? i);
    this.commit(rows, words, combine);
  }

  point(index: number | undefined): void {
    if (index === this.own.pointed) return;
    this.set({ pointed: index });
    this.host.tip(index);
  }

  togglePoint(index: number): void {
    const row = this.drawn?.points?.rows?.[index] ?? index;
    const has = this.selection.of(this.dataId)?.rows.has(row) === true;
    this.commit([row], 'single rows', has ? 'remove' : 'add');
  }

  private commit(rows: readonly number[], words: string, combine: Combine): void {
    this.selection.commit({ data: this.dataId, rows: new Set(rows), words, source: this }, combine);
  }

  clear(): void {
    delete this.own.brush;
    this.selection.clear();
    this.host.redraw();
  }

  undo(): void {
    this.selection.undo();
  }

  escape(): void {
    if (this.host.cancelGesture()) return;
    if (this.selection.of(this.dataId)) this.clear();
    else if (this.tool !== 'pan') this.setTool('pan');
  }

  // ---- a histogram's brush

  brush(panel: number, range: Range | undefined, moving: boolean, combine: Combine): void {
    this.own.brush = range && { panel, ...range };
    if (moving) return this.host.redraw();
    const { payload } = this.host;
    if (!range || payload?.kind !== 'distribution') return this.clear();
    const { from, to } = range;
    const words = `${payload.panels[panel]!.xLabel} ${from.toPrecision(3)} to ${to.toPrecision(3)}`;
    this.commit(rowsWithin(payload, panel, from, to), words, combine);
  }

  within(panel: number, from: number, to: number): number {
    const { payload } = this.host;
    return payload ? rowsWithin(payload, panel, from, to).length : 0;
  }

  edges(panel: number): readonly number[] {
    const { payload } = this.host;
    return payload?.kind === 'distribution' ? (payload.panels[panel]?.edges ?? []) : [];
  }

  // ---- Γ

  /** One Γ for all theorems of the card: it is one statement about the weights. */
  gamma(value: number): void {
    const { payload } = this.host;
    if (payload?.kind !== 'certificate') return;
    const read = payload.blocks.flatMap(({ gamma }, i) =>
      gamma && gamma.grid.length > 0 ? [[i, nearestIndex(gamma.grid, value)] as const] : []
    );
    this.set({ gamma: new Map(read) });
  }

  gammaStep(by: number): void {
    const found = this.firstGamma();
    if (!found) return;
    const { grid, now } = found.gamma;
    const at = this.own.gamma?.get(found.block) ?? nearestIndex(grid, now);
    this.gamma(grid[Math.min(grid.length - 1, Math.max(0, at + by))]!);
  }

  gammaTo(where: 'first' | 'star'): void {
    const gamma = this.firstGamma()?.gamma;
    if (gamma) this.gamma(where === 'star' && gamma.star !== null ? gamma.star : gamma.grid[0]!);
  }

  private firstGamma():
    { block: number; gamma: { grid: number[]; now: number; star: number | null } } | undefined {
    const { payload } = this.host;
    if (payload?.kind !== 'certificate') return undefined;
    const block = payload.blocks.findIndex(one => (one.gamma?.grid.length ?? 0) > 0);
    return block < 0 ? undefined : { block, gamma: payload.blocks[block]!.gamma! };
  }
}
