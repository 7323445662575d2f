/**
 * Finds the place in a cell's source that a stack frame means. Frames speak of the emitted JavaScript, which
 * has lost types and gained exports, and the converter keeps no source map; so both texts are aligned token by
 * token (longest common subsequence), and only when a frame has to be shown.
 */
import { ts, type TypeScript } from './typescript.js';

interface Token {
  text: string;
  start: number;
}

/** Above this many pairs of tokens an alignment would take too long to be worth it. */
const MAX_PAIRS = 9_000_000;

interface Cell {
  source: string;
  script: string;
  /** Token starts in the script, ascending, with where each lies in the source. */
  places?: { script: number; source: number }[];
}

const cells = new Map<string, Cell>();

/** @param script - the text given to V8 under the file name `label`. */
export function rememberCell(label: string, source: string, script: string): void {
  cells.set(label, { source, script });
}

function tokens(text: string): Token[] {
  const file = ts.createSourceFile('cell.ts', text, ts.ScriptTarget.ES2022, false, ts.ScriptKind.TS);
  const found: Token[] = [];
  // Through the tree rather than a bare scanner: only the parser knows a regular expression from a division.
  const visit = (node: TypeScript.Node): void => {
    if (node.kind > ts.SyntaxKind.LastToken || ts.isJSDoc(node)) {
      for (const child of node.getChildren(file)) visit(child);
      return;
    }
    const start = node.getStart(file);
    if (node.end > start) found.push({ text: text.slice(start, node.end), start });
  };
  visit(file);
  return found;
}

function align(script: string, source: string): { script: number; source: number }[] {
  const a = tokens(script);
  const b = tokens(source);
  if (a.length * b.length > MAX_PAIRS) return [];
  const width = b.length + 1;
  // length[i, j]: longest common subsequence of a[i..] and b[j..].
  const length = new Uint16Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      length[i * width + j] =
        a[i]!.text === b[j]!.text
          ? length[(i + 1) * width + j + 1]! + 1
          : Math.max(length[(i + 1) * width + j]!, length[i * width + j + 1]!);
  const places: { script: number; source: number }[] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    if (a[i]!.text === b[j]!.text) places.push({ script: a[i++]!.start, source: b[j++]!.start });
    else if (length[(i + 1) * width + j]! >= length[i * width + j + 1]!) i++;
    else j++;
  }
  return places;
}

function offsetOf(text: string, line: number, column: number): number {
  let start = 0;
  for (let i = 1; i < line; i++) start = text.indexOf('\n', start) + 1;
  return start + column - 1;
}

/**
 * `cell[3]:7:5` as a stack has it, to the line and column of the cell's source; without them when they cannot
 * be told. Undefined for the call that runs the cell, which is no part of it.
 */
export function mapFrame(label: string, line: number, column: number): string | undefined {
  const cell = cells.get(label);
  if (!cell) return `${label}:${line}:${column}`;
  if (offsetOf(cell.script, line, column) > cell.script.lastIndexOf('\n')) return undefined;
  cell.places ??= align(cell.script, cell.source);
  const at = offsetOf(cell.script, line, column);
  const place = cell.places.filter(candidate => candidate.script <= at).at(-1);
  if (!place) return label;
  const before = cell.source.slice(0, place.source).split('\n');
  return `${label}:${before.length}:${before[before.length - 1]!.length + 1}`;
}
