/**
 * A cell's code without what means nothing: comments, blanks, commas behind a last item, and semicolons where a line
 * break ends the statement as well. Two cells with the same fingerprint run the same. It is the text itself, not a
 * hash: there are no collisions to think about.
 *
 * A line break can end a statement, so the ends of statements are kept, as the parser found them; all other blanks
 * lie between tokens and say nothing.
 */
import type { SyntaxNode, Token } from './parse.js';

/** What a semicolon or a line break may end. */
const ENDED = new Set([
  'ExpressionStatement',
  'VariableDeclaration',
  'ReturnStatement',
  'ThrowStatement',
  'BreakStatement',
  'ContinueStatement',
  'DebuggerStatement',
  'DoWhileStatement',
  'ImportDeclaration',
  'ExportNamedDeclaration',
  'ExportDefaultDeclaration',
  'ExportAllDeclaration',
  'PropertyDefinition',
  'AccessorProperty',
  'TSAbstractPropertyDefinition',
  'TSAbstractAccessorProperty',
  'TSAbstractMethodDefinition',
  'TSTypeAliasDeclaration',
  'TSImportEqualsDeclaration',
  'TSExportAssignment',
  'TSNamespaceExportDeclaration',
  'TSDeclareFunction',
  'TSPropertySignature',
  'TSMethodSignature',
  'TSIndexSignature',
  'TSCallSignatureDeclaration',
  'TSConstructSignatureDeclaration'
]);

/** Comments that the type checker obeys: they speak of lines, so every line counts. */
const OBEYED = /@ts-(ignore|expect-error|nocheck|check)|^\/\s*<(reference|amd)/;

const END = '\u0001';
const BETWEEN = '\u0000';

/** Semicolons that stand alone between statements, as some write before a line that begins with a bracket. */
function strayIn({ type, body, consequent }: SyntaxNode): SyntaxNode[] {
  const statements = type === 'SwitchCase' ? consequent : body;
  if (!Array.isArray(statements) || type === 'ClassBody') return [];
  return (statements as SyntaxNode[]).filter(statement => statement.type === 'EmptyStatement');
}

/** @param nodes all nodes of the program */
export function fingerprintOf(
  source: string,
  nodes: readonly SyntaxNode[],
  tokens: readonly Token[]
): string {
  const ends = new Set<number>();
  const stray = new Set<number>();
  for (const node of nodes) {
    if (ENDED.has(node.type)) ends.add(node.end);
    for (const statement of strayIn(node)) stray.add(statement.start);
  }
  const parts: string[] = [];
  let previous = '';
  /** A comma that is held back until it is seen what follows. */
  let comma = false;
  for (const { type, start, end } of tokens) {
    if (typeof type === 'string') {
      const marks = type === 'CommentLine' ? source.slice(start + 2, end) : source.slice(start + 2, end - 2);
      if (OBEYED.test(marks)) return source;
      continue;
    }
    if (type.label === 'eof') break;
    if (stray.has(start)) continue;
    const text = source.slice(start, end);
    if (comma) {
      // `[a,,]` has a hole that `[a,]` has not.
      const last = text === ')' || text === '}' || (text === ']' && previous !== ',' && previous !== '[');
      if (!last) parts.push(',');
      comma = false;
      if (!last) previous = ',';
    }
    if (text === ',' && !ends.has(end)) {
      comma = true;
      continue;
    }
    const closes = ends.has(end);
    if (!(closes && (text === ';' || text === ','))) parts.push(text);
    if (closes) parts.push(END);
    previous = text;
  }
  return parts.join(BETWEEN);
}
