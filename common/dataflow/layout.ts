/**
 * Where the nodes of a dataflow stand and how its edges run: layered, from top to bottom, the same for the same graph.
 * Dagre gives the layers, the order within them and what runs beside what; the edges are then laid as a wiring is,
 * down lanes beside the nodes and across in tracks between the layers, so that none runs through a node. Draws nothing.
 */
import { graphlib, layout } from '@dagrejs/dagre';
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
  /** Where an edge leaves and enters, from the left side of the node; the middle where it is not told. */
  leaves?(edge: DataflowEdge): number | undefined;
  enters?(edge: DataflowEdge): number | undefined;
  /** Room for something below a node, e.g. the distribution of its weights. */
  below?(id: string): number;
}

export interface Layout extends Size {
  /** Upper left corner of each node. */
  readonly nodes: ReadonlyMap<string, Point>;
  /** Corners of each edge that is not hidden, by `edgeKey`: every piece is horizontal or vertical. */
  readonly edges: ReadonlyMap<string, readonly Point[]>;
}

/** Names an edge of a dataflow. */
export function edgeKey({ from, to, name }: Pick<DataflowEdge, 'from' | 'to' | 'name'>): string {
  return `${from} ${name} ${to}`;
}

const NODE_SEP = 32;
const LANE_SEP = 16;
/** Dagre's own distance of layers; heights are worked out anew. */
const LAYER_SEP = 40;

interface Layered {
  /** Layer and middle of each node. */
  readonly nodes: ReadonlyMap<string, { readonly layer: number; readonly x: number }>;
  /** Where each edge passes the layers between its ends, from its upper end. */
  readonly lanes: ReadonlyMap<string, readonly number[]>;
  readonly layers: number;
}

function layered(
  ids: readonly string[],
  edges: readonly DataflowEdge[],
  size: (id: string) => Size
): Layered {
  const graph = new graphlib.Graph({ multigraph: true });
  graph.setGraph({ rankdir: 'TB', nodesep: NODE_SEP, edgesep: LANE_SEP, ranksep: LAYER_SEP });
  for (const id of ids) graph.setNode(id, { ...size(id) });
  // What a cell reads from the cell just before it keeps the notebook's line of thought straight.
  const at = new Map(ids.map((id, i) => [id, i]));
  for (const { from, to, name } of edges) {
    const near = Math.abs(at.get(to)! - at.get(from)!) <= 2;
    graph.setEdge(from, to, { weight: near ? 4 : 1 }, name);
  }
  layout(graph);
  const place = (id: string): Point => graph.node(id) as unknown as Point;
  const heights = [...new Set(ids.map(id => Math.round(place(id).y)))].sort((a, b) => a - b);
  const layerAt = new Map(heights.map((y, layer) => [y, layer]));
  const nodes = new Map(
    ids.map(id => [id, { layer: layerAt.get(Math.round(place(id).y))!, x: place(id).x }])
  );
  const lanes = new Map<string, number[]>();
  for (const edge of edges) {
    const { points } = graph.edge({ v: edge.from, w: edge.to, name: edge.name }) as { points: Point[] };
    const down = nodes.get(edge.from)!.layer < nodes.get(edge.to)!.layer;
    const inner = points.slice(1, -1).filter(({ y }) => layerAt.has(Math.round(y)));
    lanes.set(
      edgeKey(edge),
      (down ? inner : inner.reverse()).map(({ x }) => x)
    );
  }
  return { nodes, lanes, layers: heights.length };
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
  const { nodes, lanes, layers } = layered(ids, edges, size);
  const left = (id: string): number => nodes.get(id)!.x - size(id).width / 2;
  const wires = edges.map((edge): Wire => {
    const from = nodes.get(edge.from)!;
    const to = nodes.get(edge.to)!;
    const leaves = options.leaves?.(edge) ?? size(edge.from).width / 2;
    const enters = options.enters?.(edge) ?? size(edge.to).width / 2;
    return {
      key: edgeKey(edge),
      net: `${edge.from} ${edge.name}`,
      from: { layer: from.layer, x: left(edge.from) + leaves },
      to: { layer: to.layer, x: left(edge.to) + enters },
      lanes: lanes.get(edgeKey(edge))!
    };
  });
  const heights = new Array<number>(layers).fill(0);
  const below = new Array<number>(layers).fill(0);
  for (const id of ids) {
    const { layer } = nodes.get(id)!;
    heights[layer] = Math.max(heights[layer]!, size(id).height);
    below[layer] = Math.max(below[layer]!, options.below?.(id) ?? 0);
  }
  const right = Math.max(0, ...ids.map(id => left(id) + size(id).width));
  const routed = routeEdges(wires, { heights, below, right });
  const places = new Map(
    ids.map(id => [id, { x: Math.round(left(id)), y: routed.tops[nodes.get(id)!.layer]! }])
  );
  // A node that is lower than its layer's highest hangs from the layer's top: its edges begin where it ends.
  const bottoms = new Map(
    edges.map(edge => [edgeKey(edge), places.get(edge.from)!.y + size(edge.from).height])
  );
  return shifted(places, routed.edges, bottoms, size);
}

/** Everything moved so that nothing lies left of 0. */
function shifted(
  places: ReadonlyMap<string, Point>,
  edges: ReadonlyMap<string, readonly Point[]>,
  bottoms: ReadonlyMap<string, number>,
  size: (id: string) => Size
): Layout {
  let least = Infinity;
  for (const { x } of places.values()) least = Math.min(least, x);
  for (const points of edges.values()) for (const { x } of points) least = Math.min(least, x);
  if (!Number.isFinite(least)) least = 0;
  const move = ({ x, y }: Point): Point => ({ x: Math.round(x - least), y });
  const nodes = new Map([...places].map(([id, point]) => [id, move(point)]));
  const moved = new Map(
    [...edges].map(([key, points]) => {
      const [first, ...rest] = points.map(move);
      return [key, [{ x: first!.x, y: bottoms.get(key)! }, ...rest]];
    })
  );
  let width = 0;
  let height = 0;
  for (const [id, { x, y }] of nodes) {
    width = Math.max(width, x + size(id).width);
    height = Math.max(height, y + size(id).height);
  }
  for (const points of moved.values()) {
    for (const { x, y } of points) {
      width = Math.max(width, x);
      height = Math.max(height, y);
    }
  }
  return { nodes, edges: moved, width, height };
}
