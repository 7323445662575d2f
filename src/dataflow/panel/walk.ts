/** Where the arrow keys lead: down to who reads, up to what is read, sideways to the neighbours in sight. */
import type { DataflowEdge } from '../../../common/dataflow/index.js';

export type Direction = 'up' | 'down' | 'left' | 'right';

export interface Spot {
  readonly id: string;
  /** Middle of the node. */
  readonly x: number;
  readonly y: number;
}

function nearest(from: Spot, spots: readonly Spot[], far: (spot: Spot) => number): string | undefined {
  let best: { id: string; far: number } | undefined;
  for (const spot of spots) {
    const distance = far(spot);
    if (spot.id !== from.id && (!best || distance < best.far)) best = { id: spot.id, far: distance };
  }
  return best?.id;
}

/** The node that an arrow leads to; undefined at an end. Without a node to start from, the topmost. */
export function step(
  at: string | undefined,
  direction: Direction,
  spots: readonly Spot[],
  edges: readonly Pick<DataflowEdge, 'from' | 'to'>[]
): string | undefined {
  const from = spots.find(({ id }) => id === at);
  if (!from) return [...spots].sort((a, b) => a.y - b.y || a.x - b.x)[0]?.id;
  const flat = ({ x, y }: Spot): number => Math.abs(x - from.x) + 0.2 * Math.abs(y - from.y);
  if (direction === 'up' || direction === 'down') {
    const down = direction === 'down';
    const linked = new Set(
      edges.flatMap(edge => {
        const [here, there] = down ? [edge.from, edge.to] : [edge.to, edge.from];
        return here === from.id ? [there] : [];
      })
    );
    const near = spots.filter(({ id }) => linked.has(id));
    // The next one on the way: of several the one nearest in height, then straight ahead.
    const ahead = nearest(from, near, spot => Math.abs(spot.y - from.y) + 0.2 * Math.abs(spot.x - from.x));
    if (ahead !== undefined) return ahead;
    return nearest(
      from,
      spots.filter(({ y }) => (down ? y > from.y : y < from.y)),
      spot => Math.abs(spot.y - from.y) + Math.abs(spot.x - from.x)
    );
  }
  const right = direction === 'right';
  const beside = spots.filter(({ x }) => (right ? x > from.x + 1 : x < from.x - 1));
  const level = beside.filter(({ y }) => Math.abs(y - from.y) < 40);
  return (
    nearest(from, level, flat) ??
    nearest(from, beside, ({ x, y }) => Math.abs(y - from.y) + 0.3 * Math.abs(x - from.x))
  );
}
