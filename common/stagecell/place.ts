/** Which call in a notebook made what a cell shows. Reads code; what really ran is the kernel's to say. */
import type { SyntaxNode } from '@lezer/common';
import { findStageCalls, type StageCall } from './find.js';
import { readImports } from './imports.js';
import { children, isComment, parseCell } from './parse.js';

export interface Place {
  /** Index of the cell among the sources. */
  readonly cell: number;
  readonly call: StageCall;
}

/** The variable that an expression shows: itself, a part of it, or what it hands to a function. */
function variableIn(source: string, node: SyntaxNode): string | undefined {
  if (node.name === 'VariableName') return source.slice(node.from, node.to);
  const parts = children(node).filter(part => !['(', 'await'].includes(part.name));
  if (
    ['ParenthesizedExpression', 'AwaitExpression', 'MemberExpression', 'PostfixExpression'].includes(
      node.name
    )
  )
    return parts[0] && variableIn(source, parts[0]);
  if (node.name !== 'CallExpression') return undefined;
  const list = node.getChild('ArgList');
  const [given, more] = list ? children(list).filter(part => !['(', ')', ','].includes(part.name)) : [];
  if (given) return more ? undefined : variableIn(source, given);
  return parts[0]?.name === 'MemberExpression' ? variableIn(source, parts[0]) : undefined;
}

/** The variable that a cell shows, when its last line says so. */
export function shownVariable(source: string): string | undefined {
  let last = parseCell(source).topNode.lastChild;
  while (last && (isComment(last) || last.name === ';')) last = last.prevSibling;
  const expression = last?.name === 'ExpressionStatement' ? last.firstChild : undefined;
  return expression ? variableIn(source, expression) : undefined;
}

/**
 * The call of `stage` that made what a cell shows: the one whose result the cell's last line names, in the cell or
 * nearest above it; else the last of the cell; else the nearest above.
 * @param sources code of the notebook's code cells, from the top
 */
export function callThatMade(sources: readonly string[], at: number, stage: string): Place | undefined {
  const imports = readImports(sources);
  const shown = shownVariable(sources[at] ?? '');
  let last: Place | undefined;
  for (let cell = at; cell >= 0; cell--) {
    const calls = findStageCalls(sources[cell] ?? '', imports).filter(call => call.stage === stage);
    for (const call of calls.reverse()) {
      if (shown === undefined || call.output?.name === shown) return { cell, call };
      last ??= { cell, call };
    }
  }
  return last;
}
