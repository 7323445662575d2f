/**
 * Documentation of the libraries, read when someone asks. Parsing the comments of Node's and JavaScript's own
 * declarations takes a fifth of a second at each start, and only hover and completion want them. So these files
 * are parsed with their comments made plain, at unchanged offsets; when a symbol of one is asked about, the file
 * is parsed once more and its documentation is hung onto the tree that is in use.
 */
import { ts, type TypeScript } from './typescript.js';

/** Files whose comments may be left for later: a fixed set, in which no string looks like a comment. */
const LIBRARY = /\/(?:@types\/node\/.*|lib\.[\w.]+)\.d\.ts$/;

interface Documented extends TypeScript.Node {
  jsDoc?: (TypeScript.Node & { parent: TypeScript.Node })[];
}

/** Files that were parsed without documentation, and their full text. */
const waiting = new WeakMap<TypeScript.SourceFile, string>();

export function parseFile(path: string, text: string): TypeScript.SourceFile {
  if (!LIBRARY.test(path)) return ts.createSourceFile(path, text, ts.ScriptTarget.ES2022);
  const file = ts.createSourceFile(path, text.replaceAll('/**', '/* '), ts.ScriptTarget.ES2022);
  waiting.set(file, text);
  return file;
}

function children(node: TypeScript.Node): TypeScript.Node[] {
  const found: TypeScript.Node[] = [];
  ts.forEachChild(node, child => void found.push(child));
  return found;
}

function graft(from: Documented, onto: Documented): void {
  if (from.kind !== onto.kind || from.end !== onto.end) return;
  if (from.jsDoc) {
    onto.jsDoc = from.jsDoc;
    for (const doc of from.jsDoc) doc.parent = onto;
  }
  const source = children(from);
  const target = children(onto);
  for (let i = 0; i < source.length && i < target.length; i++) graft(source[i]!, target[i]!);
}

/**
 * Gives the declarations of a symbol their documentation, where it was left for later.
 * @returns whether a file had to be read for it.
 */
export function document(symbol: TypeScript.Symbol | undefined): boolean {
  let read = false;
  for (const declaration of symbol?.declarations ?? []) {
    const file = declaration.getSourceFile();
    const text = waiting.get(file);
    if (text === undefined) continue;
    waiting.delete(file);
    read = true;
    // What the compiler reads of a node is the text of its file: the comments have to be in it.
    (file as { text: string }).text = text;
    graft(ts.createSourceFile(file.fileName, text, ts.ScriptTarget.ES2022, true), file);
  }
  return read;
}
