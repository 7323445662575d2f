/** Which cells must stand above which, and the moves that bring a notebook into such an order. Changes no code. */
import type { Dataflow, DataflowEdge } from '../types.js';
import { leastMoves, type Before } from './moves.js';
import type { Proposal, Subject } from './proposal.js';

/**
 * What an edge asks of the order. Where several cells make a name, those above the reader have made it; the ones
 * below are no reason to move.
 */
function binding(flow: Dataflow): DataflowEdge[] {
  const index = new Map(flow.nodes.map(node => [node.id, node.index]));
  const down = ({ from, to }: DataflowEdge): boolean => index.get(from)! < index.get(to)!;
  const above = new Set(flow.edges.filter(down).map(({ to, name }) => `${to} ${name}`));
  return flow.edges.filter(edge => down(edge) || !above.has(`${edge.to} ${edge.name}`));
}

/** Cells that make or change the same name, and those that read it between them, keep their order: it decides what is read. */
function sharers(flow: Dataflow): Before[] {
  const writers = new Map<string, string>();
  const readers = new Map<string, string[]>();
  const pairs: Before[] = [];
  for (const { id, code } of flow.nodes) {
    for (const name of new Set([...code.defines, ...code.assigns, ...code.mutates])) {
      const earlier = writers.get(name);
      // What changes a name that no cell above makes is an edge's matter.
      if (earlier === undefined && !code.defines.includes(name)) continue;
      for (const other of [earlier, ...(readers.get(name) ?? [])])
        if (other !== undefined) pairs.push([other, id]);
      writers.set(name, id);
      readers.delete(name);
    }
    for (const name of code.uses) {
      const writer = writers.get(name);
      if (writer === undefined || writer === id) continue;
      pairs.push([writer, id]);
      readers.set(name, [...(readers.get(name) ?? []), id]);
    }
  }
  return pairs;
}

export function movesFor(subject: Subject, pairs: readonly Before[]): ReturnType<typeof leastMoves> {
  return leastMoves(
    subject.cells,
    subject.flow.nodes.map(node => node.id),
    pairs
  );
}

/** The moves after which a new edge goes down, and every edge that went down still does. */
export function movesForEdge(
  subject: Subject,
  edge: Before,
  without?: DataflowEdge
): ReturnType<typeof leastMoves> {
  const { flow } = subject;
  const index = new Map(flow.nodes.map(node => [node.id, node.index]));
  if (index.get(edge[0])! <= index.get(edge[1])!) return [];
  const held = flow.edges
    .filter(other => other !== without && index.get(other.from)! < index.get(other.to)!)
    .map(({ from, to }): Before => [from, to]);
  return movesFor(subject, [...held, ...sharers(flow), edge]);
}

/** The fewest moves after which the notebook runs from top to bottom; the cells of a cycle stay as they are. */
export function tidyOrder(subject: Subject): Proposal {
  const { flow } = subject;
  const pairs = binding(flow).map(({ from, to }): Before => [from, to]);
  return { edits: movesFor(subject, [...pairs, ...sharers(flow)]) };
}
