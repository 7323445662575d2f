/** New nodes over those on screen: what the graph library has measured is kept, and a node under the pointer stays there. */
import type { GraphNode } from './graph-model.js';

export function merged(now: readonly GraphNode[], derived: readonly GraphNode[]): GraphNode[] {
  const known = new Map(now.map(node => [node.id, node]));
  return derived.map(node => {
    const old = known.get(node.id);
    if (!old) return node;
    const position = old.dragging === true ? old.position : node.position;
    const same =
      old.data === node.data &&
      old.width === node.width &&
      old.height === node.height &&
      old.position.x === position.x &&
      old.position.y === position.y;
    return same ? old : { ...old, ...node, position };
  });
}
