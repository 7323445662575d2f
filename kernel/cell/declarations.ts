/**
 * What later cells may name: the declarations of all cells so far, as one text. A cell adds its own and hides
 * those of the same names; when it stops half-way, only names that hold a value may be kept.
 */
import { localsOf, type Checked } from './program.js';
import { ts, type TypeScript } from './typescript.js';

const parse = (text: string): TypeScript.SourceFile =>
  ts.createSourceFile('declarations.d.ts', text, ts.ScriptTarget.ES2022, false, ts.ScriptKind.TS);

/** What a name means: `class` and `enum` are both. */
interface Meaning {
  value: boolean;
  type: boolean;
}

function meaningOf(symbol: TypeScript.Symbol | undefined, checker: TypeScript.TypeChecker): Meaning {
  if (!symbol) return { value: false, type: false };
  const { flags } = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  return { value: (flags & ts.SymbolFlags.Value) !== 0, type: (flags & ts.SymbolFlags.Type) !== 0 };
}

/**
 * Declarations of the cell's own names, with their inferred types.
 * @param nested - names of `var`s in blocks, which TypeScript leaves out of declarations.
 */
export function ownDeclarations(checked: Checked, nested: ReadonlySet<string>): string {
  let text = '';
  const isExports = (statement: TypeScript.Statement): boolean =>
    ts.isExportDeclaration(statement) && !statement.moduleSpecifier;
  checked.program.emit(
    checked.cell,
    (_name, data) => (text = data),
    undefined,
    true,
    {
      afterDeclarations: [
        context => file =>
          ts.isSourceFile(file)
            ? context.factory.updateSourceFile(
                file,
                file.statements.filter(statement => !isExports(statement)),
                true
              )
            : file
      ]
    },
    // Internal: also where a type cannot be named, which then counts as `any` instead of failing the cell.
    ...([true] as unknown as [])
  );
  const { checker, cell } = checked;
  for (const name of nested) {
    const symbol = localsOf(cell).get(name);
    if (!symbol || text.includes(`declare let ${name}:`)) continue;
    const type = checker.getTypeOfSymbolAtLocation(symbol, cell);
    text += `declare let ${name}: ${checker.typeToString(type, cell, ts.TypeFormatFlags.NoTruncation)};\n`;
  }
  return text;
}

/** Declarations of earlier cells that the cell's own names leave visible. */
export function remainingDeclarations({ checker, cell, earlier }: Checked): string {
  const own = localsOf(cell);
  const before = localsOf(earlier);
  const hidden = (name: string): Meaning => meaningOf(own.get(name), checker);
  // A value whose class was hidden by a type of the same name.
  const untyped = new Set<string>();
  const out: string[] = [];
  for (const statement of earlier.statements) {
    if (ts.isImportDeclaration(statement)) {
      const keep = (name: TypeScript.Identifier): boolean => {
        const { value, type } = hidden(name.text);
        const had = meaningOf(before.get(name.text), checker);
        return !(value && had.value) && !(type && (had.type || !had.value));
      };
      out.push(importText(statement, earlier, keep));
    } else if (ts.isVariableStatement(statement)) {
      out.push(variablesText(statement, earlier, name => !hidden(name).value));
    } else {
      const { name } = statement as Partial<TypeScript.NamedDeclaration>;
      if (!name || !ts.isIdentifier(name)) continue;
      const { value, type } = hidden(name.text);
      const both = ts.isClassDeclaration(statement) || ts.isEnumDeclaration(statement);
      const isType = ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement);
      if (both && type && !value) untyped.add(name.text);
      if (both || ts.isModuleDeclaration(statement) ? !value && !type : isType ? !type : !value)
        out.push(statement.getFullText(earlier));
    }
  }
  for (const name of untyped) out.push(`\ndeclare let ${name}: any;`);
  return out.join('');
}

function importText(
  statement: TypeScript.ImportDeclaration,
  file: TypeScript.SourceFile,
  keep: (name: TypeScript.Identifier) => boolean
): string {
  const clause = statement.importClause;
  if (!clause) return '';
  const { name, namedBindings } = clause;
  const parts: string[] = [];
  if (name && keep(name)) parts.push(name.text);
  if (namedBindings && ts.isNamespaceImport(namedBindings)) {
    if (keep(namedBindings.name)) parts.push(namedBindings.getText(file));
  } else if (namedBindings) {
    const kept = namedBindings.elements.filter(element => keep(element.name));
    if (kept.length > 0) parts.push(`{ ${kept.map(element => element.getText(file)).join(', ')} }`);
  }
  if (parts.length === 0) return '';
  const from = statement.moduleSpecifier.getText(file);
  return `\nimport ${clause.isTypeOnly ? 'type ' : ''}${parts.join(', ')} from ${from};`;
}

function variablesText(
  statement: TypeScript.VariableStatement,
  file: TypeScript.SourceFile,
  keep: (name: string) => boolean
): string {
  const { declarations, flags } = statement.declarationList;
  const named = declarations.filter(({ name }) => ts.isIdentifier(name) && keep(name.text));
  if (named.length === 0) return '';
  if (named.length === declarations.length) return statement.getFullText(file);
  const keyword = flags & ts.NodeFlags.Const ? 'const' : 'let';
  return `\ndeclare ${keyword} ${named.map(declaration => declaration.getText(file)).join(', ')};`;
}

/** Value names that a statement declares; undefined for what has no value, such as an interface. */
function valueNames(statement: TypeScript.Statement): string[] | undefined {
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations.map(d => (ts.isIdentifier(d.name) ? d.name.text : ''));
  if (
    (ts.isFunctionDeclaration(statement) ||
      ts.isClassDeclaration(statement) ||
      ts.isEnumDeclaration(statement) ||
      ts.isModuleDeclaration(statement)) &&
    statement.name
  )
    return [statement.name.text];
  return undefined;
}

/** The statements of `text` cut down to value names that `keep` accepts. */
function cut(text: string, keep: (name: string) => boolean, withTypes: boolean): string {
  const file = parse(text);
  const out: string[] = [];
  for (const statement of file.statements) {
    const names = valueNames(statement);
    if (names === undefined) {
      if (withTypes) out.push(statement.getFullText(file));
    } else if (names.every(keep)) {
      out.push(statement.getFullText(file));
    } else if (ts.isVariableStatement(statement)) {
      out.push(variablesText(statement, file, keep));
    }
  }
  return out.join('\n');
}

/**
 * Declarations after a cell that stopped half-way.
 * @param before - declarations before the cell.
 * @param after - declarations as they would be after the whole cell.
 * @param assigned - whether the cell gave this name a value before it stopped.
 */
export function partialDeclarations(
  before: string,
  after: string,
  own: ReadonlySet<string>,
  assigned: (name: string) => boolean
): string {
  const lost = new Set([...own].filter(name => !assigned(name)));
  if (lost.size === 0) return after;
  return `${cut(after, name => !lost.has(name), true)}\n${cut(before, name => lost.has(name), false)}`;
}
