/** Where in a cell's code a name of its own level stands, and the edits that give it another. Knows no other cell. */
import { analyze } from '@typescript-eslint/scope-manager';
import type { Edit } from '../stagecell/index.js';
import { nodesOf, parseProgram, type SyntaxNode } from './parse.js';

type Variable = NonNullable<ReturnType<typeof analyze>['scopes'][number]['variables'][number]>;

/** Of identifiers: `range` alone is used. */
interface Identifier {
  readonly range: readonly [number, number];
}

/** A class or enumeration is known inside itself by a variable of its own. */
function withInner(variable: Variable, scopes: ReturnType<typeof analyze>['scopes']): Variable[] {
  const inner = variable.defs.flatMap(({ node }) =>
    scopes
      .filter(scope => scope.block === node)
      .flatMap(scope => scope.variables.filter(other => other.name === variable.name && other !== variable))
      .filter(other => other.defs.some(definition => definition.node === node))
  );
  return [variable, ...inner];
}

/** Starts of the identifiers that mean each name at the cell's own level, bound there or free. */
function startsOf(program: SyntaxNode): Map<string, Set<number>> {
  const tree = program as unknown as Parameters<typeof analyze>[0];
  const { globalScope, scopes } = analyze(tree, { sourceType: 'module', lib: [] });
  const found = new Map<string, Set<number>>();
  const add = (name: string, { range }: Identifier): void => {
    const starts = found.get(name) ?? new Set();
    found.set(name, starts.add(range[0]));
  };
  for (const own of globalScope?.childScopes[0]?.variables ?? []) {
    for (const variable of withInner(own, scopes)) {
      for (const identifier of variable.identifiers) add(own.name, identifier);
      for (const { identifier } of variable.references) add(own.name, identifier);
    }
  }
  for (const { identifier } of globalScope?.through ?? []) add(String(identifier.name), identifier);
  return found;
}

/** How the name is written where it is also another's: a property's, or one that goes in or out of the module. */
function renamer(nodes: readonly SyntaxNode[]): (start: number, name: string, next: string) => string {
  const keyed = new Set<number>();
  const imported = new Set<number>();
  const exported = new Set<number>();
  for (const node of nodes) {
    const part = (field: string): SyntaxNode => node[field] as SyntaxNode;
    if (node.type === 'Property' && node.shorthand === true) keyed.add(node.start);
    // `{ x }` is one identifier for both names; `{ x as y }` is two.
    if (node.type === 'ImportSpecifier' && part('imported').start === part('local').start)
      imported.add(part('local').start);
    if (node.type === 'ExportSpecifier' && part('local').start === part('exported').start)
      exported.add(part('local').start);
  }
  return (start, name, next) => {
    if (keyed.has(start)) return `${name}: ${next}`;
    if (imported.has(start)) return `${name} as ${next}`;
    return exported.has(start) ? `${next} as ${name}` : next;
  };
}

/**
 * The edits that call names of the cell's own level otherwise, in order and apart from each other; undefined where the
 * code does not parse and so cannot be told.
 */
export function renameIn(source: string, names: ReadonlyMap<string, string>): Edit[] | undefined {
  const { program, problem } = parseProgram(source);
  if (problem) return undefined;
  const write = renamer(nodesOf(program));
  const starts = startsOf(program);
  return [...names]
    .flatMap(([name, next]) =>
      [...(starts.get(name) ?? [])].map(from => ({
        from,
        to: from + name.length,
        insert: write(from, name, next)
      }))
    )
    .sort((a, b) => a.from - b.from);
}

/** Where the import declarations of a cell stand, each with the line break behind it. */
export function importsIn(source: string): { readonly from: number; readonly to: number }[] {
  const { program } = parseProgram(source);
  const statements = Array.isArray(program.body) ? (program.body as SyntaxNode[]) : [];
  return statements
    .filter(({ type }) => type === 'ImportDeclaration' || type === 'TSImportEqualsDeclaration')
    .map(({ start, end }) => ({
      from: start,
      to: end + /^[ \t]*(?:\r?\n)*/.exec(source.slice(end))![0].length
    }));
}
