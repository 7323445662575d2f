/**
 * Mends the JavaScript that tslab's converter emits for a cell, so that the shared scope can be a plain object
 * (fast) and a cell that stops half-way leaves earlier variables as they were.
 */
import { guardAwaits } from './guard.js';
import { liveVariables, type Edit } from './live.js';
import { ts, type TypeScript } from './typescript.js';

/** `exports.a = exports.b = void 0`: would empty the variables that a cell is about to declare again. */
function isReset(expression: TypeScript.Expression): boolean {
  let inner = expression;
  while (ts.isBinaryExpression(inner)) inner = inner.right;
  return inner !== expression && ts.isVoidExpression(inner);
}

/**
 * `Object.defineProperty(exports, "join", { ..., get: function () { return path_1.join; } })` defines an
 * imported name as a getter that cannot be replaced by a later cell: make it a plain property.
 */
function definedProperty(expression: TypeScript.Expression, file: TypeScript.SourceFile): string | undefined {
  if (!ts.isCallExpression(expression) || expression.arguments.length !== 3) return undefined;
  if (expression.expression.getText(file) !== 'Object.defineProperty') return undefined;
  const [target, name, descriptor] = expression.arguments;
  if (!target || !name || !descriptor || target.getText(file) !== 'exports') return undefined;
  if (!ts.isStringLiteral(name) || !ts.isObjectLiteralExpression(descriptor)) return undefined;
  if (name.text === '__esModule') return '';
  for (const property of descriptor.properties) {
    if (!ts.isPropertyAssignment(property) || property.name.getText(file) !== 'get') continue;
    if (!ts.isFunctionExpression(property.initializer)) continue;
    const result = property.initializer.body.statements[0];
    if (result && ts.isReturnStatement(result) && result.expression)
      return `exports.${name.text} = ${result.expression.getText(file)};`;
  }
  return undefined;
}

function apply(text: string, edits: Edit[]): string {
  // Stable: of two edits at one place, the one that was pushed first comes first.
  edits.sort((a, b) => a.start - b.start || a.end - b.end);
  let out = '';
  let from = 0;
  for (const edit of edits) {
    out += text.slice(from, edit.start) + edit.text;
    from = edit.end;
  }
  return out + text.slice(from);
}

/** @returns a body over `exports`, `require` and the guard of its awaits (guard.ts). */
export function mendOutput(output: string): string {
  const file = ts.createSourceFile('/cell.ts', output, ts.ScriptTarget.ES2022, true, ts.ScriptKind.TS);
  const edits: Edit[] = [];
  for (const statement of file.statements) {
    if (!ts.isExpressionStatement(statement)) continue;
    const { expression } = statement;
    const text = isReset(expression) ? '' : definedProperty(expression, file);
    if (text !== undefined) edits.push({ start: statement.getStart(file), end: statement.end, text });
  }
  return apply(output, [...edits, ...guardAwaits(file), ...liveVariables(file)]);
}
