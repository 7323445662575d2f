/**
 * The wiring of a layered graph: how high each layer stands, and the corners of each edge. Edges of one net (one name of
 * one cell) share their track, so that they read as one line that forks. Knows layers and lanes, and no dataflow.
 */
import type { Point } from './layout.js';

export interface WireEnd {
  readonly layer: number;
  readonly x: number;
}

export interface Wire {
  readonly key: string;
  /** Wires of one net may lie on each other. */
  readonly net: string;
  readonly from: WireEnd;
  readonly to: WireEnd;
  /** Where it passes the layers between its ends. */
  readonly lanes: readonly number[];
}

export interface Layers {
  readonly heights: readonly number[];
  /** Room kept free right below each layer. */
  readonly below: readonly number[];
  /** Room kept free right above each layer, besides that for one line of names. */
  readonly above: readonly number[];
  /** Right side of the rightmost node: what runs upwards runs to the right of it. */
  readonly right: number;
}

export interface Routed {
  /** Upper side of each layer. */
  readonly tops: readonly number[];
  readonly edges: ReadonlyMap<string, readonly Point[]>;
}

/** From a layer to the first track, and from the last track to the next layer: there the name of what enters stands. */
const LEAVE = 10;
const ENTER = 26;
const TRACK = 8;
const UPWARD_LANE = 14;

/** A piece of a wire across the gap below a layer. */
interface Crossing {
  readonly wire: Wire;
  readonly gap: number;
  readonly from: number;
  readonly to: number;
}

/** The pieces across, from the wire's beginning to its end. A wire that runs upwards goes around on the right. */
function crossings(wire: Wire, around: number): Crossing[] {
  const { from, to, lanes } = wire;
  if (from.layer >= to.layer) {
    return [
      { wire, gap: from.layer, from: from.x, to: around },
      { wire, gap: to.layer - 1, from: around, to: to.x }
    ];
  }
  const stops = [from.x, ...lanes, to.x];
  return stops.slice(1).map((x, i) => ({ wire, gap: from.layer + i, from: stops[i]!, to: x }));
}

const straight = ({ from, to }: Crossing): boolean => Math.abs(from - to) < 1;

/** Gives each net a track in a gap so that pieces of different nets on one track do not touch. */
function tracksOf(pieces: readonly Crossing[]): Map<string, number> {
  const nets = new Map<string, { low: number; high: number }>();
  for (const piece of pieces) {
    if (straight(piece)) continue;
    const [low, high] = [Math.min(piece.from, piece.to), Math.max(piece.from, piece.to)];
    const net = nets.get(piece.wire.net);
    if (!net) nets.set(piece.wire.net, { low, high });
    else [net.low, net.high] = [Math.min(net.low, low), Math.max(net.high, high)];
  }
  // The widest first: it runs above the others and is crossed by fewer of them.
  const order = [...nets].sort(([, a], [, b]) => b.high - b.low - (a.high - a.low));
  const taken: { low: number; high: number }[][] = [];
  const tracks = new Map<string, number>();
  for (const [net, span] of order) {
    const free = (others: readonly { low: number; high: number }[]): boolean =>
      others.every(({ low, high }) => span.high + 4 < low || span.low - 4 > high);
    let track = taken.findIndex(free);
    if (track < 0) track = taken.push([]) - 1;
    taken[track]!.push(span);
    tracks.set(net, track);
  }
  return tracks;
}

/** Drops points that lie on a line with their neighbours. */
function corners(points: readonly Point[]): Point[] {
  return points.filter((point, i) => {
    const [before, after] = [points[i - 1], points[i + 1]];
    if (!before || !after) return true;
    const vertical = before.x === point.x && point.x === after.x;
    return !vertical && !(before.y === point.y && point.y === after.y);
  });
}

export function routeEdges(wires: readonly Wire[], { heights, below, above, right }: Layers): Routed {
  const upward = new Map<string, number>();
  for (const { net, from, to } of wires) {
    if (from.layer >= to.layer && !upward.has(net)) upward.set(net, upward.size + 1);
  }
  const all = wires.map(wire => crossings(wire, right + UPWARD_LANE * (upward.get(wire.net) ?? 0)));
  const first = all.some(pieces => pieces.some(({ gap }) => gap < 0)) ? -1 : 0;
  const tracks = new Map<number, Map<string, number>>();
  const tops: number[] = [];
  const lines = new Map<number, number>();
  let y = 0;
  for (let gap = first; gap < heights.length; gap++) {
    if (gap >= 0) {
      tops.push(y);
      y += heights[gap]!;
    }
    const pieces = all.flat().filter(piece => piece.gap === gap);
    const found = tracksOf(pieces);
    tracks.set(gap, found);
    const count = Math.max(0, ...[...found.values()].map(track => track + 1));
    const start = y + (below[gap] ?? 0) + LEAVE;
    lines.set(gap, start);
    y = start + Math.max(0, count - 1) * TRACK + ENTER + (above[gap + 1] ?? 0);
  }
  const edges = new Map<string, readonly Point[]>();
  wires.forEach((wire, i) => {
    const points: Point[] = [{ x: wire.from.x, y: tops[wire.from.layer]! + heights[wire.from.layer]! }];
    for (const piece of all[i]!) {
      if (straight(piece)) continue;
      const line = lines.get(piece.gap)! + TRACK * tracks.get(piece.gap)!.get(wire.net)!;
      points.push({ x: piece.from, y: line }, { x: piece.to, y: line });
    }
    points.push({ x: wire.to.x, y: tops[wire.to.layer]! });
    edges.set(wire.key, corners(points));
  });
  return { tops, edges };
}
