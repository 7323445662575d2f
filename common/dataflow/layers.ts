/**
 * The layers of a graph, and the order of the nodes within each. A cell stands below all that it reads, as high as it can;
 * a layer holds a few cells at most and passes the others on, as in Coffman and Graham (1972), so that a notebook of many
 * branches grows downwards, as notebooks do. Neighbours are brought together by the barycentre method. General layouts
 * break long edges into a node a layer, which takes seconds for two hundred cells; here edges stay whole.
 */

export interface Link {
  readonly from: string;
  readonly to: string;
  /** Links of one net (one name of one cell) leave from the same place. */
  readonly net: string;
}

export interface Layers {
  /** Ids from the top; each layer from left to right. */
  readonly nodes: readonly (readonly string[])[];
  readonly layerOf: ReadonlyMap<string, number>;
}

/** Nodes side by side. */
export const WIDEST = 6;

const SWEEPS = 4;

type Neighbours = ReadonlyMap<string, readonly string[]>;

function neighbours(ids: readonly string[], pairs: Iterable<readonly [string, string]>): Neighbours {
  const found = new Map<string, Set<string>>(ids.map(id => [id, new Set()]));
  for (const [at, other] of pairs) found.get(at)!.add(other);
  return new Map([...found].map(([id, others]) => [id, [...others]]));
}

/** Every id after those that it reads; of a circle, the first in the notebook comes first. */
function sorted(ids: readonly string[], reads: Neighbours): string[] {
  const order: string[] = [];
  const state = new Map<string, 'open' | 'done'>();
  for (const start of ids) {
    // By hand: a chain of a thousand cells is too deep for recursion.
    const stack = [{ id: start, next: 0 }];
    if (state.has(start)) continue;
    state.set(start, 'open');
    while (stack.length > 0) {
      const top = stack[stack.length - 1]!;
      const other = reads.get(top.id)![top.next++];
      if (other === undefined) {
        state.set(top.id, 'done');
        order.push(top.id);
        stack.pop();
      } else if (!state.has(other)) {
        state.set(other, 'open');
        stack.push({ id: other, next: 0 });
      }
    }
  }
  return order;
}

function assign(ids: readonly string[], reads: Neighbours, readers: Neighbours): Map<string, number> {
  const order = sorted(ids, reads);
  const at = new Map(order.map((id, i) => [id, i]));
  const layerOf = new Map<string, number>();
  const counts: number[] = [];
  const put = (id: string, least: number): void => {
    let layer = least;
    while ((counts[layer] ?? 0) >= WIDEST) layer++;
    counts[layer] = (counts[layer] ?? 0) + 1;
    layerOf.set(id, layer);
  };
  for (const id of order) {
    const above = reads.get(id)!.filter(other => at.get(other)! < at.get(id)!);
    put(id, Math.max(-1, ...above.map(other => layerOf.get(other)!)) + 1);
  }
  // What reads nothing stands just above its first reader.
  for (const id of order) {
    const below = readers.get(id)!.map(other => layerOf.get(other)!);
    const layer = Math.min(...below) - 1;
    if (reads.get(id)!.length > 0 || below.length === 0 || layer <= layerOf.get(id)!) continue;
    if ((counts[layer] ?? 0) >= WIDEST) continue;
    counts[layerOf.get(id)!]!--;
    counts[layer] = (counts[layer] ?? 0) + 1;
    layerOf.set(id, layer);
  }
  // A layer may have been left empty.
  const used = [...new Set(layerOf.values())].sort((a, b) => a - b);
  return new Map([...layerOf].map(([id, layer]) => [id, used.indexOf(layer)]));
}

/** Sorts each layer by the middle of what its nodes are tied to. */
function arrange(layers: string[][], ties: Neighbours, place: Map<string, number>): void {
  for (const layer of layers) {
    const middle = new Map(
      layer.map(id => {
        const places = ties.get(id)!.map(other => place.get(other)!);
        const own = place.get(id)!;
        return [id, places.length === 0 ? own : places.reduce((sum, x) => sum + x, 0) / places.length];
      })
    );
    layer.sort((a, b) => middle.get(a)! - middle.get(b)! || place.get(a)! - place.get(b)!);
    layer.forEach((id, i) => place.set(id, i - (layer.length - 1) / 2));
  }
}

/** @param ids in the order of the notebook; links in a circle are allowed, and one of them then leads upwards */
export function layersOf(ids: readonly string[], links: readonly Link[]): Layers {
  const reads = neighbours(
    ids,
    links.map(({ from, to }) => [to, from] as const)
  );
  const readers = neighbours(
    ids,
    links.map(({ from, to }) => [from, to] as const)
  );
  const layerOf = assign(ids, reads, readers);
  const layers: string[][] = [];
  for (const id of ids) (layers[layerOf.get(id)!] ??= []).push(id);
  const place = new Map<string, number>();
  for (const layer of layers) layer.forEach((id, i) => place.set(id, i - (layer.length - 1) / 2));
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    arrange(layers, reads, place);
    arrange([...layers].reverse(), readers, place);
  }
  arrange(layers, reads, place);
  return { nodes: layers, layerOf };
}
