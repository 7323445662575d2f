/** Calls of stages that this version does not have, as a notebook of a newer one may hold. */
import type { SyntaxNode } from '@lezer/common';
import { DEFAULT_NAME, importsLibrary, type Imports } from './imports.js';
import { EXPORTS } from './exports.generated.js';
import { children, parseCell } from './parse.js';

const known = new Set<string>(EXPORTS);
const OWN = /^(constructor|hasOwnProperty|toString|valueOf)$/;

function memberOf(source: string, node: SyntaxNode, namespaces: readonly string[]): string | undefined {
  const [object, ...rest] = children(node);
  const property = rest.at(-1);
  if (object?.name !== 'VariableName' || property?.name !== 'PropertyName') return undefined;
  if (!namespaces.includes(source.slice(object.from, object.to))) return undefined;
  return source.slice(property.from, property.to);
}

/** What the cell calls of the library that it does not export, each as it is written: `hysim.project`. */
export function unknownStages(source: string, imports: Imports): string[] {
  const namespaces = importsLibrary(imports) ? imports.namespaces : [DEFAULT_NAME];
  // Parsing is dear, and almost every cell's members are known.
  const suspects = namespaces.flatMap(name =>
    [...source.matchAll(new RegExp(`${name.replaceAll('$', '\\$')}\\s*\\.\\s*([\\w$]+)`, 'g'))].map(
      match => match[1]!
    )
  );
  if (suspects.every(name => known.has(name) || OWN.test(name))) return [];
  const found = new Set<string>();
  parseCell(source).iterate({
    enter(at) {
      if (at.name !== 'CallExpression') return;
      let callee = at.node.firstChild;
      if (callee?.name === 'InstantiationExpression') callee = callee.firstChild;
      if (callee?.name !== 'MemberExpression') return;
      const name = memberOf(source, callee, namespaces);
      if (name !== undefined && !known.has(name) && !OWN.test(name)) {
        const object = callee.firstChild!;
        found.add(`${source.slice(object.from, object.to)}.${name}`);
      }
    }
  });
  return [...found];
}
