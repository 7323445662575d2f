/**
 * Where the nodes of a dataflow stand and how its edges run: layered, from top to bottom, the same for the same graph.
 * Edges are laid as a wiring is, down lanes beside the nodes and across in tracks between the layers, so that none runs
 * through a node. Draws nothing.
 */
import { columnsOf } from './columns.js';
import { lanesOf } from './lanes.js';
import { layersOf } from './layers.js';
import { routeEdges, type Wire } from './route.js';
import type { Dataflow, DataflowEdge } from './types.js';

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface LayoutOptions {
  /** Edges that take no room, e.g. those of an imported library that every cell reads. */
  hidden?(edge: DataflowEdge): boolean;
  /** The ports of a node, and those that an edge enters by; without them all edges enter in the middle. */
  ports?(id: string): readonly string[];
  enters?(edge: DataflowEdge): readonly string[];
  /** Where an edge leaves, from the left side of its node; the middle where it is not told. */
  leaves?(edge: DataflowEdge): number | undefined;
  /** Room for something below a node, e.g. the distribution of its weights. */
  below?(id: string): number;
  /** More room above a node than one line of names takes. */
  above?(id: string): number;
}

export interface Layout extends Size {
  /** Upper left corner of each node. */
  readonly nodes: ReadonlyMap<string, Point>;
  /** Corners of each edge that is not hidden, by `edgeKey`: every piece is horizontal or vertical. */
  readonly edges: ReadonlyMap<string, readonly Point[]>;
  /** Node -> port -> pixels from the node's left side: in the order in which edges arrive, so that they do not cross. */
  readonly ports: ReadonlyMap<string, ReadonlyMap<string, number>>;
}

/** Names an edge of a dataflow. */
export function edgeKey({ from, to, name }: Pick<DataflowEdge, 'from' | 'to' | 'name'>): string {
  return `${from} ${name} ${to}`;
}

/** What arrives this near to a node's middle enters there, in a straight line. */
const STRAIGHT = 14;

const netOf = ({ from, name }: DataflowEdge): string => `${from} ${name}`;

/** Places for ports in the order of what arrives; what nothing arrives at comes last. */
function placePorts(
  ports: readonly string[],
  arrivals: ReadonlyMap<string, number>,
  width: number
): ReadonlyMap<string, number> {
  const taken = ports.filter(port => arrivals.has(port)).sort((a, b) => arrivals.get(a)! - arrivals.get(b)!);
  const order = [...taken, ...ports.filter(port => !arrivals.has(port))];
  const off = (port: string): number => Math.abs((arrivals.get(port) ?? Infinity) - width / 2);
  const middle = order.reduce((best, port, i) => (off(port) < off(order[best]!) ? i : best), 0);
  const spread = (i: number, count: number, from: number, to: number): number =>
    Math.round(from + ((i + 1) * (to - from)) / (count + 1));
  if (order.length === 0 || off(order[middle]!) > STRAIGHT)
    return new Map(order.map((port, i) => [port, spread(i, order.length, 0, width)]));
  const right = order.length - middle - 1;
  return new Map(
    order.map((port, i) => {
      if (i === middle) return [port, width / 2];
      if (i < middle) return [port, spread(i, middle, 0, width / 2)];
      return [port, spread(i - middle - 1, right, width / 2, width)];
    })
  );
}

/** @param size of a node, in CSS pixels */
export function layoutDataflow(
  flow: Pick<Dataflow, 'nodes' | 'edges'>,
  size: (id: string) => Size,
  options: LayoutOptions = {}
): Layout {
  const ids = flow.nodes.map(({ id }) => id);
  const known = new Set(ids);
  const edges = flow.edges.filter(
    edge => known.has(edge.from) && known.has(edge.to) && edge.from !== edge.to && !options.hidden?.(edge)
  );
  const links = edges.map(edge => ({ from: edge.from, to: edge.to, net: netOf(edge) }));
  const width = (id: string): number => size(id).width;
  const layers = layersOf(ids, links);
  const columns = columnsOf(ids, links, layers, width);
  const { layerOf } = layers;
  const left = (id: string): number => columns.get(id)! - width(id) / 2;
  const leave = (edge: DataflowEdge): number =>
    left(edge.from) + (options.leaves?.(edge) ?? width(edge.from) / 2);
  const occupied = layers.nodes.map(layer =>
    layer.map(id => ({ low: left(id), high: left(id) + width(id) }))
  );
  const lanes = lanesOf(links, layers, occupied, ({ from, to }) => [columns.get(from)!, columns.get(to)!]);
  const passes = (edge: DataflowEdge): number[] => {
    const count = Math.max(0, layerOf.get(edge.to)! - layerOf.get(edge.from)! - 1);
    return new Array<number>(count).fill(lanes.get(netOf(edge)) ?? 0);
  };
  const arrivals = new Map<string, Map<string, number>>(ids.map(id => [id, new Map()]));
  for (const edge of edges) {
    const x = (passes(edge).at(-1) ?? leave(edge)) - left(edge.to);
    for (const port of options.enters?.(edge) ?? []) arrivals.get(edge.to)!.set(port, x);
  }
  const ports = new Map(
    ids.map(id => [id, placePorts(options.ports?.(id) ?? [], arrivals.get(id)!, size(id).width)])
  );
  const enter = (edge: DataflowEdge): number => {
    const [port] = options.enters?.(edge) ?? [];
    const at = port === undefined ? undefined : ports.get(edge.to)!.get(port);
    return left(edge.to) + (at ?? size(edge.to).width / 2);
  };
  const wires = edges.map((edge): Wire => ({
    key: edgeKey(edge),
    net: netOf(edge),
    from: { layer: layerOf.get(edge.from)!, x: leave(edge) },
    to: { layer: layerOf.get(edge.to)!, x: enter(edge) },
    lanes: passes(edge)
  }));
  const heights = layers.nodes.map(() => 0);
  const below = layers.nodes.map(() => 0);
  const above = layers.nodes.map(() => 0);
  for (const id of ids) {
    const layer = layerOf.get(id)!;
    heights[layer] = Math.max(heights[layer]!, size(id).height);
    below[layer] = Math.max(below[layer]!, options.below?.(id) ?? 0);
    above[layer] = Math.max(above[layer]!, options.above?.(id) ?? 0);
  }
  const right = Math.max(0, ...lanes.values(), ...ids.map(id => left(id) + width(id)));
  const routed = routeEdges(wires, { heights, below, above, right });
  const nodes = new Map(ids.map(id => [id, { x: left(id), y: routed.tops[layerOf.get(id)!]! }]));
  // A node lower than its layer's highest hangs from the layer's top: its edges begin where it ends.
  const begin = (edge: DataflowEdge): number => nodes.get(edge.from)!.y + size(edge.from).height;
  const begun = new Map(
    edges.map(edge => {
      const [first, ...rest] = routed.edges.get(edgeKey(edge))!;
      return [edgeKey(edge), [{ x: first!.x, y: begin(edge) }, ...rest]];
    })
  );
  return { ...shifted(nodes, begun, size), ports };
}

/** Everything moved so that nothing lies left of 0. */
function shifted(
  places: ReadonlyMap<string, Point>,
  routes: ReadonlyMap<string, readonly Point[]>,
  size: (id: string) => Size
): Omit<Layout, 'ports'> {
  const all = [...places.values(), ...[...routes.values()].flat()];
  const least = all.length === 0 ? 0 : Math.min(...all.map(({ x }) => x));
  const move = ({ x, y }: Point): Point => ({ x: Math.round(x - least), y });
  const nodes = new Map([...places].map(([id, point]) => [id, move(point)]));
  const edges = new Map([...routes].map(([key, points]) => [key, points.map(move)]));
  const corners = [...nodes].map(([id, { x, y }]) => ({ x: x + size(id).width, y: y + size(id).height }));
  const ends = [...corners, ...[...edges.values()].flat()];
  return {
    nodes,
    edges,
    width: Math.max(0, ...ends.map(({ x }) => x)),
    height: Math.max(0, ...ends.map(({ y }) => y))
  };
}
