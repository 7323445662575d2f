/**
 * A cell's syntax tree and tokens, for reading its names. The parser knows TypeScript and goes on after errors that
 * leave the tree whole; where one does not, what still parses is read without the statement that is broken. Never
 * throws. Not the tree that forms edit: that is common/stagecell's, which takes any text but knows no scopes.
 */
import { parse, type ParserOptions } from '@babel/parser';
import { topLevel } from '../stagecell/index.js';

/** A node of the tree, as far as it is walked without knowing its type. */
export interface SyntaxNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [field: string]: unknown;
}

/** A piece of the text. Comments are tokens too, of type `CommentLine` or `CommentBlock`. */
export interface Token {
  readonly type: { readonly label: string } | string;
  readonly start: number;
  readonly end: number;
}

export interface Parsed {
  readonly program: SyntaxNode;
  readonly tokens: readonly Token[];
  readonly problem?: { readonly message: string; readonly line: number };
  /** The tree lacks something: its names are not all of the cell's. */
  readonly partial: boolean;
}

const OPTIONS: ParserOptions = {
  sourceType: 'module',
  errorRecovery: true,
  allowAwaitOutsideFunction: true,
  allowReturnOutsideFunction: true,
  // `export { x }` of a name that an earlier cell binds.
  allowUndeclaredExports: true,
  attachComment: false,
  tokens: true,
  // The scope analysis compares positions.
  ranges: true,
  // The kernel compiles cells with `experimentalDecorators`. JSX it does not know.
  plugins: ['typescript', 'decorators-legacy', 'decoratorAutoAccessors', 'estree']
};

/** Errors that the parser gets over by guessing where a statement ends. */
const GUESSED = new Set(['MissingSemicolon', 'UnexpectedToken']);

/** How many broken statements are taken out of a cell before it is given up. */
const TRIES = 8;

interface SyntaxFault {
  readonly message: string;
  readonly reasonCode?: string;
  readonly pos?: number;
  readonly loc?: { readonly line: number };
}

function describe({ message, loc }: SyntaxFault): { message: string; line: number } {
  // The parser's messages end with the position, which is said apart.
  return { message: message.replace(/\s*\(\d+:\d+\)$/, ''), line: loc?.line ?? 1 };
}

function attempt(source: string): Parsed | SyntaxFault {
  try {
    const file = parse(source, OPTIONS);
    const [first, ...rest] = (file.errors ?? []) as unknown as SyntaxFault[];
    return {
      program: file.program as unknown as SyntaxNode,
      tokens: (file.tokens ?? []) as unknown as Token[],
      problem: first && describe(first),
      partial: [first, ...rest].some(error => error !== undefined && GUESSED.has(error.reasonCode ?? ''))
    };
  } catch (error) {
    // Nesting that is too deep for the stack ends here too.
    if (error instanceof RangeError) return { message: 'It is nested too deeply to be read' };
    return error as SyntaxFault;
  }
}

const blank = (text: string): string => text.replace(/[^\n\r\u2028\u2029]/g, ' ');

/** What the cell says without the statements that do not parse; offsets stay the cell's own. */
function salvage(source: string, fault: SyntaxFault): Parsed {
  const pieces = topLevel(source);
  let rest = source;
  let broken: SyntaxFault = fault;
  for (let i = 0; i < TRIES && broken.pos !== undefined; i++) {
    const at = broken.pos;
    const piece = pieces.find(({ from, to }) => from <= at && at <= to && rest.slice(from, to).trim() !== '');
    if (!piece) break;
    rest = rest.slice(0, piece.from) + blank(rest.slice(piece.from, piece.to)) + rest.slice(piece.to);
    const result = attempt(rest);
    if ('program' in result) return { ...result, problem: describe(fault), partial: true };
    broken = result;
  }
  const nothing = attempt('') as Parsed;
  return { ...nothing, problem: describe(fault), partial: true };
}

export function parseProgram(source: string): Parsed {
  const result = attempt(source);
  return 'program' in result ? result : salvage(source, result);
}

/** All nodes of a tree, parents before what they hold. One list serves all that look at every node. */
export function nodesOf(root: SyntaxNode): SyntaxNode[] {
  const nodes: SyntaxNode[] = [];
  const add = (node: SyntaxNode): void => {
    nodes.push(node);
    for (const field in node) {
      const value = node[field];
      if (typeof value !== 'object' || value === null || field === 'loc' || field === 'range') continue;
      if (Array.isArray(value)) {
        for (const item of value as unknown[]) if (isNode(item)) add(item);
      } else if (isNode(value)) add(value);
    }
  };
  add(root);
  return nodes;
}

export function isNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && typeof (value as SyntaxNode).type === 'string';
}
