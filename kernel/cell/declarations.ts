/**
 * What later cells may name. tslab hands back the declarations of all cells so far as one text; when a cell
 * stops half-way, this works out which of its names hold a value and may be kept.
 */
import { ts, type TypeScript } from './typescript.js';

const parse = (text: string): TypeScript.SourceFile =>
  ts.createSourceFile('declarations.d.ts', text, ts.ScriptTarget.ES2022, false, ts.ScriptKind.TS);

/** Value names that a statement declares; undefined for what has no value, such as an interface. */
function valueNames(statement: TypeScript.Statement): string[] | undefined {
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations.map(d => (ts.isIdentifier(d.name) ? d.name.text : ''));
  if (
    (ts.isFunctionDeclaration(statement) ||
      ts.isClassDeclaration(statement) ||
      ts.isEnumDeclaration(statement)) &&
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
      const keyword = statement.declarationList.flags & ts.NodeFlags.Const ? 'const' : 'let';
      for (const declaration of statement.declarationList.declarations)
        if (ts.isIdentifier(declaration.name) && keep(declaration.name.text))
          out.push(`declare ${keyword} ${declaration.getText(file)};`);
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
