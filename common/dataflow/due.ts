/** Which cells a run would send to the kernel, in which order, and how long that may take. Sends none. */
import type { CellState, Dataflow } from './types.js';

/** What is due; one cell alone; or one cell and what it needs. */
export type RunWhat = 'stale' | { readonly only: string } | { readonly to: string };

/** How much a run would take. */
export interface RunCost {
  readonly cells: number;
  /** From earlier runs; undefined where one of the cells has never run. */
  readonly seconds?: number;
}

export interface Judged {
  readonly flow: Dataflow;
  readonly states: ReadonlyMap<string, CellState>;
}

/** The cells that the wanted ones read from, through however many others; they themselves too. */
export function upstream(flow: Dataflow, wanted: Iterable<string>): Set<string> {
  return reach(flow, wanted, ({ from, to }) => [to, from]);
}

/** The cells that read from these, through however many others; they themselves too. */
export function downstream(flow: Dataflow, cells: Iterable<string>): Set<string> {
  return reach(flow, cells, ({ from, to }) => [from, to]);
}

function reach(
  { edges }: Dataflow,
  start: Iterable<string>,
  step: (edge: Dataflow['edges'][number]) => readonly [string, string]
): Set<string> {
  const next = new Map<string, string[]>();
  for (const edge of edges) {
    const [at, on] = step(edge);
    const list = next.get(at);
    if (list) list.push(on);
    else next.set(at, [on]);
  }
  const reached = new Set(start);
  // Grows while it is walked.
  for (const cell of reached) for (const on of next.get(cell) ?? []) reached.add(on);
  return reached;
}

/** The cells that a run would send, in order, as far as can be told before it. */
export function dueCells({ flow, states }: Judged, what: RunWhat): string[] {
  const due = (id: string): boolean => states.get(id)?.due === true;
  if (what === 'stale') return flow.order.filter(due);
  if ('only' in what) return flow.order.filter(id => id === what.only);
  const needed = upstream(flow, [what.to]);
  return flow.order.filter(id => needed.has(id) && (due(id) || id === what.to));
}

/** @param secondsOf what running a cell took last, or would have; undefined when nobody knows */
export function costOf(
  judged: Judged,
  what: RunWhat,
  secondsOf: (cell: string) => number | undefined
): RunCost {
  const cells = dueCells(judged, what);
  let seconds = 0;
  for (const id of cells) {
    // What the cache has is read, not computed.
    const took = judged.states.get(id)?.name === 'cached' ? 0 : secondsOf(id);
    if (took === undefined) return { cells: cells.length };
    seconds += took;
  }
  return { cells: cells.length, seconds };
}
