/** Under which names a notebook's cells know the stages. Reads import statements; resolves nothing. */
import type { SyntaxNode } from '@lezer/common';
import { LIBRARY, children, literal, parseCell } from './parse.js';

/** The name that our own code gives the library. */
export const DEFAULT_NAME = 'hysim';

export interface Imports {
  /** Names of the whole library: `hysim` of `import * as hysim from "hysim-lab"`. */
  readonly namespaces: readonly string[];
  /** Name in the notebook -> stage: `w` -> `weigh` of `import { weigh as w } from "hysim-lab"`. */
  readonly stages: ReadonlyMap<string, string>;
}

function readGroup(source: string, group: SyntaxNode, stages: Map<string, string>): void {
  let original: string | undefined;
  for (const node of children(group)) {
    const text = source.slice(node.from, node.to);
    if (node.name === 'VariableName') original = text;
    else if (node.name === 'VariableDefinition') {
      stages.set(text, original ?? text);
      original = undefined;
    } else if (node.name === ',') original = undefined;
  }
}

/** What the cells that import the library say, by their text: each is read once, not at each edit of another cell. */
const known = new Map<string, Imports>();

/** Texts beyond which all are forgotten. */
const MOST = 500;

/** Collects the imports of all cells of a notebook: a cell uses what another imported. */
export function readImports(sources: readonly string[]): Imports {
  const namespaces = new Set<string>();
  const stages = new Map<string, string>();
  for (const source of sources) {
    if (!source.includes(LIBRARY)) continue;
    let own = known.get(source);
    if (!own) {
      if (known.size >= MOST) known.clear();
      known.set(source, (own = importsOf(source)));
    }
    own.namespaces.forEach(name => namespaces.add(name));
    own.stages.forEach((stage, name) => stages.set(name, stage));
  }
  return { namespaces: [...namespaces], stages };
}

function importsOf(source: string): Imports {
  const namespaces: string[] = [];
  const stages = new Map<string, string>();
  parseCell(source).iterate({
    enter(at) {
      if (at.name !== 'ImportDeclaration' && at.name !== 'DynamicImport') return;
      const { node } = at;
      const parts = children(node);
      const from = parts.find(part => part.name === 'String');
      if (!from || literal(source, from) !== LIBRARY) return;
      if (node.name === 'ImportDeclaration') {
        const group = parts.find(part => part.name === 'ImportGroup');
        if (group) readGroup(source, group, stages);
        const name = parts.find(part => part.name === 'VariableDefinition');
        if (name) namespaces.push(source.slice(name.from, name.to));
      } else {
        const declared = node.parent?.name === 'AwaitExpression' ? node.parent : undefined;
        const name = declared?.prevSibling?.prevSibling;
        if (declared?.parent?.name === 'VariableDeclaration' && name?.name === 'VariableDefinition')
          namespaces.push(source.slice(name.from, name.to));
      }
    }
  });
  return { namespaces, stages };
}

/** Whether any cell imports the library. */
export function importsLibrary(imports: Imports): boolean {
  return imports.namespaces.length > 0 || imports.stages.size > 0;
}
