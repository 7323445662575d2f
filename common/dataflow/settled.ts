/**
 * Whether a cell only declares: functions, classes, types, plain constants and imports. What such a cell makes is settled
 * by its code and by what it reads, however often it runs. A value that can change in place, as an object or a static
 * field can, is none: another cell may have changed it since.
 */
import { isNode, type SyntaxNode } from './parse.js';

const FUNCTIONS = new Set(['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression']);

const ERASED = new Set([
  'ImportDeclaration',
  'TSInterfaceDeclaration',
  'TSTypeAliasDeclaration',
  'TSDeclareFunction',
  'EmptyStatement'
]);

/** A class runs code when it is made where it has static fields or blocks, decorators, or computed names. */
function isPlainClass({ superClass, decorators, body }: SyntaxNode): boolean {
  if (superClass && !(isNode(superClass) && superClass.type === 'Identifier')) return false;
  if (Array.isArray(decorators) && decorators.length > 0) return false;
  const members = (isNode(body) ? body.body : []) as SyntaxNode[];
  return members.every(member => {
    const decorated = Array.isArray(member.decorators) && member.decorators.length > 0;
    if (decorated || member.computed === true || member.type === 'StaticBlock') return false;
    return !(member.static === true && member.type !== 'MethodDefinition');
  });
}

function isPlainConstant(value: unknown): boolean {
  if (!isNode(value)) return false;
  if (FUNCTIONS.has(value.type)) return true;
  if (value.type === 'ClassExpression') return isPlainClass(value);
  // A regular expression remembers where it last matched.
  if (value.type === 'Literal') return value.regex === undefined;
  if (value.type === 'TemplateLiteral') return (value.expressions as unknown[]).length === 0;
  return value.type === 'UnaryExpression' && value.operator === '-' && isPlainConstant(value.argument);
}

function isDeclaration(statement: SyntaxNode): boolean {
  if (ERASED.has(statement.type) || FUNCTIONS.has(statement.type) || statement.declare === true) return true;
  switch (statement.type) {
    case 'ExportNamedDeclaration':
    case 'ExportDefaultDeclaration':
      return isNode(statement.declaration) && isDeclaration(statement.declaration);
    case 'ClassDeclaration':
      return isPlainClass(statement);
    case 'VariableDeclaration':
      return (
        statement.kind === 'const' &&
        (statement.declarations as SyntaxNode[]).every(
          ({ id, init }) => isNode(id) && id.type === 'Identifier' && isPlainConstant(init)
        )
      );
    default:
      return false;
  }
}

/** @param program that parses */
export function isSettled(program: SyntaxNode): boolean {
  const statements = program.body as SyntaxNode[];
  return statements.length > 0 && statements.every(isDeclaration);
}
