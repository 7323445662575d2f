/** The chosen cell in a sentence, for a screen reader: the graph itself is a picture. */
import type { IDataflow } from '../tokens.js';
import { shortTitle } from './drawn.js';
import { because } from './words.js';

export function spokenNode({ flow, selected, states }: IDataflow): string {
  const node = flow.nodes.find(({ id }) => id === selected);
  if (!node) return '';
  const stage = node.calls.at(-1)?.stage;
  const names = node.code.defines.join(', ');
  const head = [stage === undefined ? '' : shortTitle(stage), names].filter(text => text !== '').join(', ');
  const named = (ids: readonly string[]): string => [...new Set(ids)].join(', ');
  const into = flow.edges.filter(({ to, imported }) => to === selected && !imported);
  const reads = named(into.map(({ name }) => name));
  const readers = new Set(flow.edges.filter(({ from }) => from === selected).map(({ to }) => to)).size;
  return [
    head || `Cell ${node.index + 1}`,
    because(states.get(node.id)),
    reads && `reads ${reads}`,
    readers > 0 ? `read by ${readers} ${readers === 1 ? 'cell' : 'cells'}` : ''
  ]
    .filter(text => text !== '')
    .join('. ');
}
