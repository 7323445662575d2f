/** A cell's syntax tree. The parser is the one that JupyterLab's editor colours TypeScript with; it never throws. */
import type { SyntaxNode, Tree } from '@lezer/common';
import { parser } from '@lezer/javascript';

const typescript = parser.configure({ dialect: 'ts' });

/** The package that notebooks import the stages from. */
export const LIBRARY = 'hysim-lab';

/**
 * Characters beyond which a cell is read as if it were empty. Parsing takes 1.5 ms a kilobyte, again after each edit:
 * a longer cell was not typed by a person, and would keep them from typing.
 */
export const LONGEST_CELL = 100_000;

export function parseCell(source: string): Tree {
  return typescript.parse(source.length > LONGEST_CELL ? '' : source);
}

export function isComment(node: SyntaxNode): boolean {
  return node.name === 'LineComment' || node.name === 'BlockComment';
}

/** The node's parts without comments, which may stand between any two. */
export function children(node: SyntaxNode): SyntaxNode[] {
  const all: SyntaxNode[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) if (!isComment(child)) all.push(child);
  return all;
}

/** The part before this one that is no comment. */
export function before(node: SyntaxNode): SyntaxNode | null {
  let other = node.prevSibling;
  while (other && isComment(other)) other = other.prevSibling;
  return other;
}

/** The content of a plain string literal. */
export function literal(source: string, node: SyntaxNode): string {
  return source.slice(node.from + 1, node.to - 1);
}
