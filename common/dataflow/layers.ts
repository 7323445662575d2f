/** The layers of a graph, and the order of the nodes within each: dagre's work. Where they stand is worked out elsewhere. */
import { graphlib, layout } from '@dagrejs/dagre';

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

interface Spot {
  readonly x: number;
  readonly y: number;
}

/** @param ids in the order of the notebook; links in a circle are allowed, and one of them then leads upwards */
export function layersOf(
  ids: readonly string[],
  links: readonly Link[],
  width: (id: string) => number
): Layers {
  const graph = new graphlib.Graph({ multigraph: true });
  graph.setGraph({ rankdir: 'TB', nodesep: 24, edgesep: 12, ranksep: 40 });
  for (const id of ids) graph.setNode(id, { width: width(id), height: 40 });
  // However many names go from one cell to another, they are one tie.
  for (const { from, to } of links) graph.setEdge(from, to, { weight: 1 });
  layout(graph);
  const spots = new Map(ids.map(id => [id, graph.node(id) as unknown as Spot]));
  const heights = [...new Set([...spots.values()].map(({ y }) => y))].sort((a, b) => a - b);
  const layerOf = new Map(ids.map(id => [id, heights.indexOf(spots.get(id)!.y)]));
  const nodes = heights.map((_, layer) => ids.filter(id => layerOf.get(id) === layer));
  return { nodes: nodes.map(layer => layer.sort((a, b) => spots.get(a)!.x - spots.get(b)!.x)), layerOf };
}
