/** Where the statements of a cell's top level stand, also in a cell that does not parse. */
import type { Range } from './find.js';
import { parseCell } from './parse.js';

/** In the order of the text, comments left out. What belongs to no statement counts as one. */
export function topLevel(source: string): Range[] {
  const found: Range[] = [];
  for (let node = parseCell(source).topNode.firstChild; node; node = node.nextSibling)
    if (!node.name.endsWith('Comment')) found.push({ from: node.from, to: node.to });
  return found;
}
