/**
 * A cell's source as the checker gets it: what a module may not have is blanked out, so that offsets stay the
 * cell's own, and every name of its top level is listed. Nothing here knows a type.
 */
import { PREFIX } from './program.js';
import { ts, type TypeScript } from './typescript.js';

export interface Source {
  /** As long as the cell's source. */
  text: string;
  /** The cell's own syntax errors; offsets count from the source's start. */
  faults: readonly TypeScript.DiagnosticWithLocation[];
  /** Names of values and of types, each once. */
  names: ReadonlySet<string>;
  /** Those of them that hold a value which this cell makes; imports are not among them. */
  values: ReadonlySet<string>;
  /** Those of `values` that a `var` inside a block declares. */
  nested: ReadonlySet<string>;
}

export function bindingNames(name: TypeScript.BindingName, found: (name: string) => void): void {
  if (ts.isIdentifier(name)) found(name.text);
  else
    for (const element of name.elements) if (ts.isBindingElement(element)) bindingNames(element.name, found);
}

/** `export` in front of a declaration says nothing in a cell: every declaration is seen by later cells. */
function blankExports(text: string, file: TypeScript.SourceFile): string {
  let out = '';
  let from = 0;
  for (const statement of file.statements) {
    const modifiers = ts.canHaveModifiers(statement) ? ts.getModifiers(statement) : undefined;
    const first = modifiers?.[0];
    if (first?.kind !== ts.SyntaxKind.ExportKeyword) continue;
    if (modifiers?.[1]?.kind === ts.SyntaxKind.DefaultKeyword) continue;
    const start = first.getStart(file) - PREFIX.length;
    const end = first.end - PREFIX.length;
    out += text.slice(from, start) + ' '.repeat(end - start);
    from = end;
  }
  return out + text.slice(from);
}

function importNames(statement: TypeScript.ImportDeclaration, found: (name: string) => void): void {
  const { name, namedBindings } = statement.importClause ?? {};
  if (name) found(name.text);
  if (!namedBindings) return;
  if (ts.isNamespaceImport(namedBindings)) found(namedBindings.name.text);
  else namedBindings.elements.forEach(element => found(element.name.text));
}

/** `var` belongs to the whole cell, however deep it stands in blocks. */
function nestedVars(node: TypeScript.Node, found: (name: string) => void): void {
  if (ts.isFunctionLike(node) || ts.isClassLike(node) || ts.isModuleDeclaration(node)) return;
  if (ts.isVariableDeclarationList(node) && !(node.flags & ts.NodeFlags.BlockScoped))
    node.declarations.forEach(declaration => bindingNames(declaration.name, found));
  ts.forEachChild(node, child => nestedVars(child, found));
}

export function readSource(source: string): Source {
  const file = ts.createSourceFile('cell.ts', PREFIX + source, ts.ScriptTarget.ES2022);
  const { parseDiagnostics } = file as unknown as { parseDiagnostics: TypeScript.DiagnosticWithLocation[] };
  const faults = parseDiagnostics.map(d => ({ ...d, start: Math.max(0, d.start - PREFIX.length) }));
  const names = new Set<string>();
  const values = new Set<string>();
  const nested = new Set<string>();
  const value = (name: string): void => void (names.add(name), values.add(name));
  for (const statement of file.statements) {
    if (ts.isVariableStatement(statement))
      statement.declarationList.declarations.forEach(declaration => bindingNames(declaration.name, value));
    else if (ts.isImportDeclaration(statement)) importNames(statement, name => names.add(name));
    else if (ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement))
      names.add(statement.name.text);
    else if (ts.isImportEqualsDeclaration(statement)) value(statement.name.text);
    else if (
      ts.isFunctionDeclaration(statement) ||
      ts.isClassDeclaration(statement) ||
      ts.isEnumDeclaration(statement) ||
      ts.isModuleDeclaration(statement)
    ) {
      // Not `declare module "x"`, and not `declare global`.
      if (statement.name && ts.isIdentifier(statement.name) && statement.name.text !== 'global')
        value(statement.name.text);
    } else nestedVars(statement, name => (value(name), nested.add(name)));
  }
  return { text: blankExports(source, file), faults, names, values, nested };
}
