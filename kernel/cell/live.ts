/**
 * Makes a cell's own `let` and `var` live across cells. tslab copies a variable into the shared scope
 * (`exports`) at each assignment in its cell, but functions of that cell go on reading the copy they closed
 * over. Here the variable lives in the scope alone, so that they see what a later cell assigns.
 */
import { ts, type TypeScript } from './typescript.js';

/** Replace `[start, end)` of a text. */
export interface Edit {
  start: number;
  end: number;
  text: string;
}

const SCOPE = 'exports';

/** Resolves names inside one file and nothing else: no library, no imports. */
function checkerFor(file: TypeScript.SourceFile): TypeScript.TypeChecker {
  const host: TypeScript.CompilerHost = {
    getSourceFile: name => (name === file.fileName ? file : undefined),
    getDefaultLibFileName: () => 'lib.d.ts',
    writeFile: () => undefined,
    getCurrentDirectory: () => '/',
    getCanonicalFileName: name => name,
    useCaseSensitiveFileNames: () => true,
    getNewLine: () => '\n',
    fileExists: name => name === file.fileName,
    readFile: () => undefined
  };
  const options = { noLib: true, noResolve: true, types: [], target: ts.ScriptTarget.ES2022 };
  return ts.createProgram([file.fileName], options, host).getTypeChecker();
}

function isReassignable(statement: TypeScript.Statement): statement is TypeScript.VariableStatement {
  return ts.isVariableStatement(statement) && !(statement.declarationList.flags & ts.NodeFlags.Const);
}

function namesIn(name: TypeScript.BindingName, into: TypeScript.Identifier[]): void {
  if (ts.isIdentifier(name)) into.push(name);
  else for (const element of name.elements) if (ts.isBindingElement(element)) namesIn(element.name, into);
}

/** Edits that turn one declaration statement into assignments to the scope. */
function assignments(statement: TypeScript.VariableStatement, file: TypeScript.SourceFile): Edit[] {
  const list = statement.declarationList;
  const first = list.declarations[0]!;
  const edits: Edit[] = [{ start: list.getStart(file), end: first.getStart(file), text: '' }];
  for (const declaration of list.declarations) {
    if (!ts.isIdentifier(declaration.name)) {
      // `{ a } = b` is a block without its parentheses.
      edits.push({ start: declaration.getStart(file), end: declaration.getStart(file), text: '(' });
      edits.push({ start: declaration.end, end: declaration.end, text: ')' });
    } else if (!declaration.initializer) {
      edits.push({ start: declaration.end, end: declaration.end, text: ' = undefined' });
    }
  }
  return edits;
}

/** The text that stands for a live variable where `node` names it. */
function reference(node: TypeScript.Identifier): string {
  const live = `${SCOPE}.${node.text}`;
  const parent = node.parent;
  if (ts.isShorthandPropertyAssignment(parent)) return `${node.text}: ${live}`;
  if (ts.isBindingElement(parent) && parent.name === node) {
    const pattern = ts.isObjectBindingPattern(parent.parent);
    return pattern && !parent.propertyName && !parent.dotDotDotToken ? `${node.text}: ${live}` : live;
  }
  // A plain call must not hand the scope over as `this`.
  const called = ts.isCallExpression(parent) && parent.expression === node;
  const tagged = ts.isTaggedTemplateExpression(parent) && parent.tag === node;
  return called || tagged ? `(0, ${live})` : live;
}

/**
 * @param file - the emitted JavaScript, parsed with parent pointers.
 * @returns edits to that text; none when the cell has no function that could close over a variable.
 */
export function liveVariables(file: TypeScript.SourceFile): Edit[] {
  const statements = file.statements.filter(isReassignable);
  if (statements.length === 0) return [];
  let closes = false;
  // The compiler's helpers are variables too, but only a cell's own are exported.
  const exported = new Set<string>();
  const look = (node: TypeScript.Node): void => {
    closes ||= ts.isFunctionLike(node) || ts.isClassLike(node);
    if (ts.isPropertyAccessExpression(node) && node.expression.getText(file) === SCOPE)
      exported.add(node.name.text);
    ts.forEachChild(node, look);
  };
  look(file);
  if (!closes) return [];

  const checker = checkerFor(file);
  const live = new Set<TypeScript.Symbol>();
  for (const statement of statements) {
    const names: TypeScript.Identifier[] = [];
    for (const declaration of statement.declarationList.declarations) namesIn(declaration.name, names);
    const symbols = names.map(name => checker.getSymbolAtLocation(name));
    // A `var` that is declared twice, or also inside a block, stays as it is.
    const once = symbols.every(symbol => symbol?.declarations?.length === 1);
    if (once && names.every(name => exported.has(name.text))) symbols.forEach(symbol => live.add(symbol!));
  }
  const isLive = (statement: TypeScript.VariableStatement): boolean => {
    const names: TypeScript.Identifier[] = [];
    for (const declaration of statement.declarationList.declarations) namesIn(declaration.name, names);
    return names.every(name => live.has(checker.getSymbolAtLocation(name)!));
  };
  const edits = statements.filter(isLive).flatMap(statement => assignments(statement, file));
  const visit = (node: TypeScript.Node): void => {
    if (ts.isIdentifier(node)) {
      const parent = node.parent;
      const symbol = ts.isShorthandPropertyAssignment(parent)
        ? checker.getShorthandAssignmentValueSymbol(parent)
        : checker.getSymbolAtLocation(node);
      const property = ts.isPropertyAccessExpression(parent) && parent.name === node;
      if (!property && symbol && live.has(symbol))
        edits.push({ start: node.getStart(file), end: node.end, text: reference(node) });
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return edits;
}
