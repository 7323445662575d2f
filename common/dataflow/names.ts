/**
 * The names of a cell's own level: which it binds, which it takes from elsewhere, and which it assigns. What a scope
 * is, the scope analysis knows; this only reads its answer as the kernel runs cells: every name of the top level is
 * shared, and what is only declared leaves nothing at run time.
 */
import { analyze } from '@typescript-eslint/scope-manager';
import { isNode, type SyntaxNode } from './parse.js';

export interface Names {
  readonly defines: readonly string[];
  readonly types: readonly string[];
  readonly imports: Readonly<Record<string, string>>;
  readonly uses: readonly string[];
  readonly typeUses: readonly string[];
  readonly assigns: readonly string[];
  /** Start of each identifier that is free in the cell. */
  readonly free: ReadonlyMap<number, string>;
}

type Analysis = ReturnType<typeof analyze>;
type Variable = NonNullable<Analysis['scopes'][number]['variables'][number]>;
type Reference = Analysis['scopes'][number]['references'][number];

/** Declarations that leave no value: `declare …`, overloads, `const enum`, and a namespace of types. */
function isErased(node: SyntaxNode, parent: SyntaxNode | undefined): boolean {
  if (node.declare === true || parent?.declare === true) return true;
  switch (node.type) {
    case 'TSDeclareFunction':
    case 'TSInterfaceDeclaration':
    case 'TSTypeAliasDeclaration':
      return true;
    case 'TSEnumDeclaration':
      return node.const === true;
    case 'TSModuleDeclaration':
      return !holdsValue(node.body);
    case 'TSImportEqualsDeclaration':
      return node.importKind === 'type';
    case 'ImportSpecifier':
    case 'ImportDefaultSpecifier':
    case 'ImportNamespaceSpecifier':
      return node.importKind === 'type' || parent?.importKind === 'type';
    default:
      return false;
  }
}

/** Whether a namespace's body has a statement that runs. */
function holdsValue(body: unknown): boolean {
  if (!isNode(body)) return false;
  if (body.type === 'TSModuleDeclaration') return holdsValue(body.body);
  const statements = Array.isArray(body.body) ? (body.body as unknown[]) : [];
  return statements.some(statement => {
    if (!isNode(statement)) return false;
    const inner = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement;
    return isNode(inner) ? !isErased(inner, undefined) : false;
  });
}

/** A name that a declaration binds: not the string of `declare module "x"`, and not `declare global`. */
function binds(variable: Variable): boolean {
  return variable.defs.some(({ node }) => {
    const declaration = node as unknown as SyntaxNode;
    if (declaration.type !== 'TSModuleDeclaration') return true;
    return declaration.kind !== 'global' && isNode(declaration.id) && declaration.id.type === 'Identifier';
  });
}

function isType(variable: Variable): boolean {
  return variable.defs.every(({ node, parent }) =>
    isErased(node as unknown as SyntaxNode, (parent ?? undefined) as unknown as SyntaxNode | undefined)
  );
}

/** The module that an import binds the name from; undefined for a name that is declared otherwise. */
function moduleOf(variable: Variable): string | undefined {
  for (const { type, parent } of variable.defs) {
    const source = (parent as { source?: { value?: unknown } } | null | undefined)?.source?.value;
    if (String(type) !== 'ImportBinding' || typeof source !== 'string') return undefined;
    return source;
  }
  return undefined;
}

/** @param nodes all nodes of the program */
export function readNames(program: SyntaxNode, nodes: readonly SyntaxNode[]): Names {
  const tree = program as unknown as Parameters<typeof analyze>[0];
  const { globalScope } = analyze(tree, { sourceType: 'module', lib: [] });
  const own = (globalScope?.childScopes[0]?.variables ?? []).filter(binds);
  const through: readonly Reference[] = globalScope?.through ?? [];
  const defines = own.map(({ name }) => name);
  const types = own.filter(isType).map(({ name }) => name);
  const imports = Object.fromEntries(
    own.flatMap(variable => {
      const source = moduleOf(variable);
      return source === undefined ? [] : [[variable.name, source] as const];
    })
  );
  const read = new Set<string>();
  const valued = new Set<string>();
  const assigned = new Set<string>();
  const free = new Map<number, string>();
  // `typeof x` in a type reads the type of a value, and no value.
  const queries = nodes.filter(node => node.type === 'TSTypeQuery');
  for (const reference of through) {
    const { name, range } = reference.identifier;
    const start = range[0];
    free.set(start, name);
    if (reference.isWrite()) assigned.add(name);
    if (!reference.isRead()) continue;
    read.add(name);
    const inType = queries.some(query => query.start <= start && start < query.end);
    if (reference.isValueReference && !inType) valued.add(name);
  }
  const uses = [...read];
  return {
    defines,
    types,
    imports,
    uses,
    typeUses: uses.filter(name => !valued.has(name) && !assigned.has(name)),
    assigns: [...assigned],
    free
  };
}
