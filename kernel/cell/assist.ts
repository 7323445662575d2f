/** Completion and hover: what the checker knows at a place in a cell, and what stages say of themselves. */
import { printQuickInfo } from 'tslab/dist/inspect.js';
import { document } from './libdocs.js';
import { PREFIX, type Checked } from './program.js';
import { propertyDoc, stageDoc, stageOf, type Lookup } from './stagedoc.js';
import { ts, type TypeScript } from './typescript.js';

export interface Match {
  text: string;
  /** TypeScript's word for what it is. */
  type: string;
  /** Its type, on one line; for the first matches only. */
  signature?: string;
  documentation?: string;
}

export interface Completions {
  matches: Match[];
  /** UTF-16 offsets of what a match replaces. */
  start: number;
  end: number;
}

/** So many matches are described: a list is read from its top, and each description costs the checker time. */
const DESCRIBED = 40;
/** Milliseconds that describing may take. */
const BUDGET = 60;
const LONGEST = 200;

interface Entry extends TypeScript.CompletionEntry {
  symbol?: TypeScript.Symbol;
}

/** What TypeScript keeps to itself. */
const internal = ts as unknown as {
  Completions: {
    getCompletionsAtPosition(
      host: object,
      program: TypeScript.Program,
      log: () => void,
      file: TypeScript.SourceFile,
      position: number,
      preferences: object,
      trigger: undefined,
      kind: number,
      cancellation: object,
      format: undefined,
      includeSymbol: boolean
    ): { entries: Entry[]; optionalReplacementSpan?: TypeScript.TextSpan } | undefined;
  };
  findPrecedingToken(position: number, file: TypeScript.SourceFile): TypeScript.Node | undefined;
  getTouchingPropertyName(file: TypeScript.SourceFile, position: number): TypeScript.Node;
};

const cancellation = {
  isCancellationRequested: () => false,
  throwIfCancellationRequested: () => undefined
};

/** What is typed so far: the text that a match replaces, and the part of it before the cursor. */
function typed(cell: TypeScript.SourceFile, at: number): { start: number; end: number; text: string } {
  let start = at;
  let end = at;
  const part = (i: number): boolean =>
    i >= 0 && ts.isIdentifierPart(cell.text.charCodeAt(i), ts.ScriptTarget.ES2022);
  while (part(start - 1)) start--;
  while (part(end)) end++;
  return { start, end, text: cell.text.slice(start, at) };
}

/** 0 the best; undefined for no match. */
function rank(name: string, text: string): number | undefined {
  if (name.startsWith(text)) return 0;
  const lower = name.toLowerCase();
  if (lower.startsWith(text.toLowerCase())) return 1;
  return lower.includes(text.toLowerCase()) ? 2 : undefined;
}

/** A text in quotes is completed as a whole, whatever is in it. */
function literalAt(cell: TypeScript.SourceFile, at: number): TypeScript.StringLiteralLike | undefined {
  const token = internal.findPrecedingToken(at, cell);
  return token && ts.isStringLiteralLike(token) && token.getStart(cell) < at && at <= token.end
    ? token
    : undefined;
}

export function complete(checked: Checked, offset: number, lookup: Lookup): Completions {
  const { program, cell, checker } = checked;
  const at = offset + PREFIX.length;
  const found = internal.Completions.getCompletionsAtPosition(
    {},
    program,
    () => undefined,
    cell,
    at,
    {},
    undefined,
    ts.CompletionTriggerKind.Invoked,
    cancellation,
    undefined,
    true
  );
  const literal = literalAt(cell, at);
  const begun = literal ? literal.getStart(cell) + 1 : undefined;
  const word =
    literal && begun !== undefined
      ? { start: begun, end: Math.max(at, literal.end - 1), text: cell.text.slice(begun, at) }
      : typed(cell, at);
  const ranked = (found?.entries ?? [])
    .filter(entry => entry.name !== undefined)
    .map((entry, index) => ({ entry, index, rank: rank(entry.name, word.text) }))
    .filter(candidate => candidate.rank !== undefined)
    .sort(
      (a, b) =>
        a.rank! - b.rank! ||
        compare(a.entry.sortText, b.entry.sortText) ||
        (word.text === '' ? compare(a.entry.name, b.entry.name) : 0) ||
        a.index - b.index
    );
  const node = internal.findPrecedingToken(at, cell) ?? cell;
  const until = performance.now() + BUDGET;
  const mayRead = { read: true };
  const matches = ranked.map(({ entry }, index): Match => {
    const match: Match = { text: entry.name, type: entry.kind };
    if (index >= DESCRIBED || performance.now() > until) return match;
    return { ...match, ...describe(entry, node, checker, lookup, mayRead) };
  });
  return { matches, start: word.start - PREFIX.length, end: word.end - PREFIX.length };
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function resolved(
  symbol: TypeScript.Symbol | undefined,
  checker: TypeScript.TypeChecker
): TypeScript.Symbol | undefined {
  return symbol && symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
}

/** What an imported name stands for, and a constant that can be called. */
function kindOf(entry: Entry, target: TypeScript.Symbol, type: TypeScript.Type): string {
  if (target.flags & ts.SymbolFlags.Class) return 'class';
  if (type.getCallSignatures().length > 0 && entry.kind !== 'method') return 'function';
  if (entry.kind !== 'alias') return entry.kind;
  return target.flags & ts.SymbolFlags.Value ? 'const' : 'interface';
}

function describe(
  entry: Entry,
  node: TypeScript.Node,
  checker: TypeScript.TypeChecker,
  lookup: Lookup,
  /** At most one library file is read for one list: hover reads the others. */
  mayRead: { read: boolean }
): Partial<Match> {
  const { symbol } = entry;
  if (!symbol) return {};
  const target = resolved(symbol, checker)!;
  const type =
    target.flags & ts.SymbolFlags.Value
      ? checker.getTypeOfSymbolAtLocation(target, node)
      : checker.getDeclaredTypeOfSymbol(target);
  if (mayRead.read && document(target)) mayRead.read = false;
  const signature = checker.typeToString(type, node).replace(/\s+/g, ' ');
  const ownDoc = ts.displayPartsToString(target.getDocumentationComment(checker));
  const documentation =
    propertyDoc(node, entry.name, lookup) ?? memberDoc(node, entry.name, lookup) ?? ownDoc;
  return {
    type: kindOf(entry, target, type),
    signature: signature.length > LONGEST ? `${signature.slice(0, LONGEST)}…` : signature,
    ...(documentation && { documentation })
  };
}

/** A stage that is about to be named after a dot. */
function memberDoc(node: TypeScript.Node, name: string, lookup: Lookup): string | undefined {
  const access = ts.isPropertyAccessExpression(node) ? node : node.parent;
  if (!access || !ts.isPropertyAccessExpression(access) || !ts.isIdentifier(access.expression))
    return undefined;
  const named = ts.factory.createPropertyAccessExpression(
    ts.factory.createIdentifier(access.expression.text),
    name
  );
  const spec = stageOf(named, lookup);
  return spec && `${spec.title}. ${spec.description}`;
}

export interface Inspection {
  /** Type, as TypeScript writes it. */
  signature: string;
  /** Markdown; may be empty. */
  prose: string;
}

/** What the name at `offset`, or just before it, is; undefined when nothing is known. */
export function inspect(checked: Checked, offset: number, lookup: Lookup): Inspection | undefined {
  const { cell, checker } = checked;
  const source = cell.text;
  // Just after a word, and just after the parenthesis that follows it, the word is meant.
  for (const back of [0, 1, 2]) {
    const at = offset - back + PREFIX.length;
    if (offset - back < 0 || (back === 2 && source[at + 1] !== '(')) break;
    const touched = internal.getTouchingPropertyName(cell, at);
    document(resolved(checker.getSymbolAtLocation(touched), checker));
    const info = ts.getQuickInfoAtPosition(cell, checker, cancellation, at);
    if (!info) continue;
    const signature = (info.displayParts ?? []).map(part => part.text).join('');
    const own = printQuickInfo(info).slice(signature.length).trim();
    const { parent } = touched;
    const named = ts.isPropertyAccessExpression(parent) && parent.name === touched ? parent : touched;
    const spec = stageOf(named, lookup);
    const property =
      ts.isIdentifier(touched) && isKey(touched) ? propertyDoc(touched, touched.text, lookup) : undefined;
    return { signature, prose: [property, spec && stageDoc(spec), own].filter(Boolean).join('\n\n') };
  }
  return undefined;
}

function isKey(node: TypeScript.Identifier): boolean {
  const { parent } = node;
  return (
    (ts.isPropertyAssignment(parent) || ts.isShorthandPropertyAssignment(parent)) && parent.name === node
  );
}
