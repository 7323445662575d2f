/** The parameters that a stage call gives, each a literal's value or code. Reads; the writing is in edit.ts. */
import type { SyntaxNode } from '@lezer/common';
import { argumentsOf, type Range, type StageCall } from './find.js';
import { keyOf, readLiteral, unwrap, valueOf } from './literals.js';
import { children, parseCell } from './parse.js';
import { stageNamed } from './stages.js';

/** A parameter as the call gives it: its value where it is a literal, else the code that computes it. */
export type Parameter = Range & ({ readonly value: unknown } | { readonly code: string });

/** A part of an object literal that is a property, a spread, or whatever else may stand there. */
export interface Member extends Range {
  readonly node: SyntaxNode;
  /** Undefined where the code alone knows: a spread, a computed key. */
  readonly name?: string;
  readonly parameter: Parameter;
}

/** The members of an object literal, in the order of the text. */
export function membersOf(source: string, object: SyntaxNode): Member[] {
  return children(object)
    .filter(part => !['{', '}', ','].includes(part.name))
    .map(node => {
      const given = node.name === 'Property' ? valueOf(node) : undefined;
      const read = given && readLiteral(source, given);
      const at = given ? (read ? unwrap(given) : given) : node;
      const parameter = {
        from: at.from,
        to: at.to,
        ...(read ? { value: read.value } : { code: source.slice(at.from, at.to) })
      };
      const name = node.name === 'Property' ? keyOf(source, node) : undefined;
      return { node, from: node.from, to: node.to, parameter, ...(name === undefined ? {} : { name }) };
    });
}

/** The syntax of a call that findStageCalls found in the same source. */
function callNode(source: string, call: StageCall): SyntaxNode | undefined {
  let node: SyntaxNode | null = parseCell(source).resolveInner(call.from, 1);
  while (node && !(node.name === 'CallExpression' && node.from === call.from && node.to === call.to))
    node = node.parent;
  return node ?? undefined;
}

/** The arguments of a call, or undefined when the source is not the one that it was found in. */
export function callArguments(
  source: string,
  call: StageCall
): (ReturnType<typeof argumentsOf> & { list: SyntaxNode }) | undefined {
  const list = callNode(source, call)?.getChild('ArgList');
  const stage = stageNamed(call.stage);
  return list && stage ? { ...argumentsOf(stage, list), list } : undefined;
}

/**
 * Name -> what the call gives it. A name that is given twice counts as its last, as it runs; what a spread brings in
 * is not told.
 */
export function readParameters(source: string, call: StageCall): ReadonlyMap<string, Parameter> {
  const params = callArguments(source, call)?.params;
  const object = params && unwrap(params);
  const found = new Map<string, Parameter>();
  if (object?.name !== 'ObjectExpression') return found;
  for (const { name, parameter } of membersOf(source, object))
    if (name !== undefined) found.set(name, parameter);
  return found;
}
