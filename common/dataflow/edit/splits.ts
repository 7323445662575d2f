/** Which stages of a notebook would take values of different splits or embeddings: they refuse them when they run. */
import { readNotebook, whyApart } from '../../stagecell/index.js';
import type { Dataflow, DataflowEdge } from '../types.js';
import type { Subject } from './proposal.js';

/** Ids so that each cell comes after those that it reads from; a cycle is entered where it is met. */
function ordered({ nodes }: Dataflow, edges: readonly Pick<DataflowEdge, 'from' | 'to'>[]): string[] {
  const before = new Map<string, string[]>();
  for (const { from, to } of edges) before.set(to, [...(before.get(to) ?? []), from]);
  const met = new Set<string>();
  const order: string[] = [];
  for (const { id } of nodes) {
    const open = [id];
    while (open.length > 0) {
      const at = open.at(-1)!;
      met.add(at);
      const next = before.get(at)?.find(other => !met.has(other));
      if (next !== undefined) {
        open.push(next);
        continue;
      }
      open.pop();
      if (!order.includes(at)) order.push(at);
    }
  }
  return order;
}

/** Calls, in words, whose inputs come from different splits: of the notebook with one cell's code changed. */
export function apart({ flow }: Subject, change?: { cell: string; source: string; from: string }): string[] {
  const byId = new Map(flow.nodes.map(node => [node.id, node.source]));
  if (change) byId.set(change.cell, change.source);
  const edges = change ? [...flow.edges, { from: change.from, to: change.cell }] : flow.edges;
  const { made } = readNotebook(ordered(flow, edges).map(id => byId.get(id)!));
  return made.flatMap(({ name, stage, parents }) =>
    parents.flatMap((a, i) =>
      parents.slice(i + 1).flatMap(b => {
        const why = whyApart(a, b);
        return why === undefined ? [] : [`${stage} (\`${name}\`) cannot take both: ${why}`];
      })
    )
  );
}
