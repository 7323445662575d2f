/**
 * The dataflow as Mermaid, for a README, an issue or a terminal. What a person has named is text here, never syntax.
 */
import { arrowsOf, labelOf, line } from './labels.js';
import type { CellState, CellStateName, Dataflow } from './types.js';

/** Legible on white paper and on a dark page. */
const CLASSES: Readonly<Record<CellStateName, string>> = {
  fresh: 'fill:#e6f4ee,stroke:#007a55,color:#12332a',
  cached: 'fill:#eef1f5,stroke:#566b85,color:#1f2a37,stroke-dasharray:4 3',
  stale: 'fill:#fff1de,stroke:#a15c00,color:#3d2600',
  waiting: 'fill:#fffaf2,stroke:#a15c00,color:#3d2600,stroke-dasharray:4 3',
  queued: 'fill:#fffaf2,stroke:#0b62c4,color:#12283f,stroke-dasharray:4 3',
  running: 'fill:#e8f1fc,stroke:#0b62c4,color:#12283f',
  failed: 'fill:#fdeceb,stroke:#b3261e,color:#410e0b',
  bypassed: 'fill:#f3f0f7,stroke:#6b5b7b,color:#2b2333'
};

const CYCLE = 'stroke:#b3261e,stroke-width:2px,color:#b3261e';

/** Mermaid's own way of writing what it would take for syntax. */
function escaped(text: string): string {
  return text.replace(/["#<>&`\\|;]/g, character => `#${character.codePointAt(0)!};`);
}

export function toMermaid(flow: Dataflow, states?: ReadonlyMap<string, CellState>): string {
  // Ids are the file's and may be anything.
  const ids = new Map(flow.nodes.map(({ id, index }) => [id, `cell${index + 1}`]));
  const lines = ['flowchart TD'];
  const used = new Map<CellStateName, string[]>();
  for (const node of flow.nodes) {
    const state = states?.get(node.id);
    const { title, names, state: word, fault } = labelOf(node, state);
    const label = [title, names, word, fault && `! ${fault}`].filter(Boolean).map(escaped).join('<br/>');
    lines.push(`  ${ids.get(node.id)!}["${label}"]`);
    if (word && state) used.set(state.name, [...(used.get(state.name) ?? []), ids.get(node.id)!]);
  }
  const cycles: number[] = [];
  arrowsOf(flow).forEach(({ from, to, names, type, cycle }, i) => {
    lines.push(
      `  ${ids.get(from)!} ${type ? '-.->' : '-->'}|"${escaped(line(names.join(', ')))}"| ${ids.get(to)!}`
    );
    if (cycle) cycles.push(i);
  });
  for (const [name, cells] of used)
    lines.push(`  classDef ${name} ${CLASSES[name]}`, `  class ${cells.join(',')} ${name}`);
  if (cycles.length > 0) lines.push(`  linkStyle ${cycles.join(',')} ${CYCLE}`);
  return `${lines.join('\n')}\n`;
}
