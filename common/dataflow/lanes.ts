/**
 * Straight ways down for the lines that pass layers: one lane a net, beside the nodes and apart from other lanes. Knows
 * where nodes stand, and draws nothing.
 */
import type { Layers, Link } from './layers.js';

/** Between lanes, and between a lane and a node. */
const APART = 11;

interface Span {
  readonly low: number;
  readonly high: number;
}

interface Passing {
  readonly net: string;
  readonly first: number;
  readonly last: number;
  /** Where its ends stand. */
  readonly ends: readonly number[];
}

function passings(
  links: readonly Link[],
  { layerOf }: Layers,
  ends: (link: Link) => readonly [number, number]
): Passing[] {
  const nets = new Map<string, { first: number; last: number; ends: number[] }>();
  for (const link of links) {
    const [from, to] = [layerOf.get(link.from)!, layerOf.get(link.to)!];
    if (to - from < 2) continue;
    const [leave, enter] = ends(link);
    const net = nets.get(link.net) ?? { first: from + 1, last: to - 1, ends: [leave] };
    net.last = Math.max(net.last, to - 1);
    net.ends.push(enter);
    nets.set(link.net, net);
  }
  return [...nets].map(([net, passing]) => ({ net, ...passing }));
}

/**
 * The lane of each net that passes a layer.
 * @param occupied what the nodes take of each layer
 * @param ends where a link leaves and where it enters
 */
export function lanesOf(
  links: readonly Link[],
  layers: Layers,
  occupied: readonly (readonly Span[])[],
  ends: (link: Link) => readonly [number, number]
): ReadonlyMap<string, number> {
  const taken: Span[][] = occupied.map(spans => spans.map(({ low, high }) => ({ low, high })));
  const lanes = new Map<string, number>();
  // The short ones first: they keep close to what they join, and the long ones go around.
  const order = passings(links, layers, ends).sort(
    (a, b) => a.last - a.first - (b.last - b.first) || a.first - b.first
  );
  for (const { net, first, last, ends: places } of order) {
    const blocks = taken.slice(first, last + 1).flat();
    const free = (x: number): boolean =>
      blocks.every(({ low, high }) => x <= low - APART || x >= high + APART);
    const cost = (x: number): number =>
      places.reduce((sum, place) => sum + Math.abs(place - x), 0) / places.length;
    const wished = [...places, ...blocks.flatMap(({ low, high }) => [low - APART, high + APART])];
    const best = wished.filter(free).sort((a, b) => cost(a) - cost(b) || a - b)[0]!;
    lanes.set(net, best);
    for (let layer = first; layer <= last; layer++) taken[layer]!.push({ low: best, high: best });
  }
  return lanes;
}
