/**
 * How far to the right each node stands: the longest chain of cells straight below one another, and the rest as near to
 * what it hangs on as there is room. The priority method of Sugiyama, Tagawa and Toda (1981); the order within a layer
 * stays as it is given.
 */
import type { Layers, Link } from './layers.js';

const SWEEPS = 6;

/** Between two nodes: room for a few lanes. */
const GAP = 44;

/** How much each tie pulls: a chain's more than all others together. */
const PULL = { chain: 1000, tie: 2 } as const;

interface Tie {
  readonly other: string;
  readonly pull: number;
}

type Ties = Readonly<Record<'up' | 'down', ReadonlyMap<string, readonly Tie[]>>>;

/** The steps of the longest chain of links downwards; of several the one that comes first in the notebook. */
function longestChain(
  ids: readonly string[],
  links: readonly Link[],
  layerOf: Layers['layerOf']
): ReadonlySet<string> {
  const down = new Map<string, string[]>();
  for (const { from, to } of links) {
    if (layerOf.get(from)! < layerOf.get(to)!) down.set(from, [...(down.get(from) ?? []), to]);
  }
  const best = new Map<string, { length: number; next?: string }>();
  for (const id of [...ids].sort((a, b) => layerOf.get(b)! - layerOf.get(a)!)) {
    let found: { length: number; next?: string } = { length: 1 };
    for (const to of down.get(id) ?? []) {
      const length = best.get(to)!.length + 1;
      if (length > found.length) found = { length, next: to };
    }
    best.set(id, found);
  }
  let at: string | undefined = ids[0];
  for (const id of ids) if (best.get(id)!.length > best.get(at!)!.length) at = id;
  const steps = new Set<string>();
  while (at !== undefined) {
    const next: string | undefined = best.get(at)!.next;
    if (next !== undefined) steps.add(`${at} ${next}`);
    at = next;
  }
  return steps;
}

/** What each node is tied to above, and below. */
function tiesOf(ids: readonly string[], links: readonly Link[], { layerOf }: Layers): Ties {
  const chain = longestChain(ids, links, layerOf);
  const ties = { up: new Map<string, Tie[]>(), down: new Map<string, Tie[]>() };
  const add = (map: Map<string, Tie[]>, key: string, tie: Tie): void => {
    const list = map.get(key);
    if (list) list.push(tie);
    else map.set(key, [tie]);
  };
  for (const { from, to } of links) {
    if (layerOf.get(from)! >= layerOf.get(to)!) continue;
    const pull = chain.has(`${from} ${to}`) ? PULL.chain : PULL.tie;
    add(ties.up, to, { other: from, pull });
    add(ties.down, from, { other: to, pull });
  }
  return ties;
}

/** Where the ties would have it: the place of the strongest, or the middle of equals. */
function wish(ties: readonly Tie[], x: ReadonlyMap<string, number>): { x: number; pull: number } | undefined {
  if (ties.length === 0) return undefined;
  const pull = Math.max(...ties.map(tie => tie.pull));
  const places = ties.filter(tie => tie.pull === pull).map(({ other }) => x.get(other)!);
  return { x: places.reduce((sum, place) => sum + place, 0) / places.length, pull };
}

/** Moves each node of a layer towards its wish, the strongest first; who was moved before is not pushed away. */
function settle(
  layer: readonly string[],
  ties: ReadonlyMap<string, readonly Tie[]>,
  distance: (a: string, b: string) => number,
  x: Map<string, number>
): void {
  const wishes = layer.map(id => wish(ties.get(id) ?? [], x));
  const fixed = layer.map(() => false);
  const order = layer
    .map((_, i) => i)
    .sort((a, b) => (wishes[b]?.pull ?? 0) - (wishes[a]?.pull ?? 0) || a - b);
  /** How far `i` may go before it would push a fixed one, looking one way. */
  const bound = (i: number, by: -1 | 1): number => {
    let room = 0;
    for (let j = i + by; j >= 0 && j < layer.length; j += by) {
      room += distance(layer[j]!, layer[j - by]!);
      if (fixed[j] === true) return x.get(layer[j]!)! - by * room;
    }
    return by * Infinity;
  };
  for (const i of order) {
    const target = wishes[i]?.x ?? x.get(layer[i]!)!;
    x.set(layer[i]!, Math.min(bound(i, 1), Math.max(bound(i, -1), target)));
    fixed[i] = true;
    // Whoever stands in the way and is not settled yet gives way.
    for (let j = i - 1; j >= 0 && fixed[j] !== true; j--) {
      const most = x.get(layer[j + 1]!)! - distance(layer[j]!, layer[j + 1]!);
      if (x.get(layer[j]!)! > most) x.set(layer[j]!, most);
    }
    for (let j = i + 1; j < layer.length && fixed[j] !== true; j++) {
      const least = x.get(layer[j - 1]!)! + distance(layer[j - 1]!, layer[j]!);
      if (x.get(layer[j]!)! < least) x.set(layer[j]!, least);
    }
  }
}

/** The middle of each node. */
export function columnsOf(
  ids: readonly string[],
  links: readonly Link[],
  layers: Layers,
  width: (id: string) => number
): ReadonlyMap<string, number> {
  const distance = (a: string, b: string): number => (width(a) + width(b)) / 2 + GAP;
  const x = new Map<string, number>();
  for (const layer of layers.nodes) {
    let at = 0;
    layer.forEach((id, i) => {
      if (i > 0) at += distance(layer[i - 1]!, id);
      x.set(id, at);
    });
  }
  const ties = tiesOf(ids, links, layers);
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    for (const layer of layers.nodes) settle(layer, ties.up, distance, x);
    for (const layer of [...layers.nodes].reverse()) settle(layer, ties.down, distance, x);
  }
  for (const layer of layers.nodes) settle(layer, ties.up, distance, x);
  return x;
}
