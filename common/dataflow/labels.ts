/** The dataflow in words, for pictures of it that stand alone. Draws nothing. */
import { titleOf } from './state.js';
import type { CellState, CellStateName, Dataflow, DataflowEdge, DataflowNode } from './types.js';

/** Shape and word, never colour alone. */
export const GLYPHS: Readonly<Record<CellStateName, string>> = {
  fresh: '✓',
  cached: '↓',
  stale: '◆',
  waiting: '◇',
  queued: '…',
  running: '◐',
  failed: '✕',
  bypassed: '↷'
};

/** Characters of a line. */
const LONGEST = 36;

/** On one line, and no longer than fits. What breaks a line or hides is made a blank. */
export function line(text: string): string {
  // eslint-disable-next-line no-control-regex
  const plain = text.replace(/[\u0000-\u0020\u007f-\u00a0\u2028\u2029]+/g, ' ').trim();
  const characters = [...plain];
  return characters.length > LONGEST ? `${characters.slice(0, LONGEST - 1).join('')}…` : plain;
}

export interface NodeLabel {
  readonly title: string;
  /** Names that the cell makes, where the title is that of its stages. */
  readonly names: string;
  /** "◆ stale", where a state is known. */
  readonly state: string;
  /** What kind of fault the cell has, in a few words. */
  readonly fault: string;
}

const FAULTS = {
  cycle: 'in a circle',
  syntax: 'does not parse',
  duplicate: 'a name is made twice',
  'unknown-stage': 'unknown stage',
  order: '',
  mutation: '',
  unread: 'too long to be read'
} as const;

export function labelOf(node: DataflowNode, state: CellState | undefined): NodeLabel {
  const title = line(titleOf(node));
  const names = line(node.code.defines.join(', '));
  const word = state && node.source.trim() !== '' && !node.code.foreign ? state.name : undefined;
  const faults = node.faults.map(({ kind }) => FAULTS[kind]).filter(Boolean);
  return {
    title,
    names: node.calls.length > 0 ? names : '',
    state: word ? `${GLYPHS[word]} ${word}` : '',
    fault: [...new Set(faults)].join(', ')
  };
}

/** Names that go from one cell to another, as one arrow. */
export interface Arrow {
  readonly from: string;
  readonly to: string;
  readonly names: readonly string[];
  readonly type: boolean;
  readonly cycle: boolean;
}

/** What every second cell reads, such as an imported package, would hide the rest. */
export const isShown = ({ imported }: DataflowEdge): boolean => imported !== true;

export function arrowsOf(flow: Dataflow): Arrow[] {
  const steps = new Set(
    flow.cycles.flatMap(cycle => cycle.map((from, i) => `${from} ${cycle[(i + 1) % cycle.length]!}`))
  );
  const arrows = new Map<string, DataflowEdge[]>();
  for (const edge of flow.edges) {
    const key = `${edge.from} ${edge.to}`;
    if (!isShown(edge) && !steps.has(key)) continue;
    const known = arrows.get(key);
    if (known) known.push(edge);
    else arrows.set(key, [edge]);
  }
  return [...arrows].map(([key, edges]) => ({
    from: edges[0]!.from,
    to: edges[0]!.to,
    names: edges.map(({ name }) => name),
    type: edges.every(({ type }) => type === true),
    cycle: steps.has(key)
  }));
}
