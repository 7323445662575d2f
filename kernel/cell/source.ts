/**
 * Mends a cell's source before tslab's converter sees it. The converter renames identifiers of earlier cells
 * and gets three things wrong: the shorthand `{ id }`, the binding `const { id: x } = record` when the record
 * is an earlier cell's, and `export` in front of a declaration. Insertions are remembered, so that the
 * checker's messages still point into the cell as it was written.
 */
import { ts, type TypeScript } from './typescript.js';

export interface MendedSource {
  text: string;
  /** From an offset in `text` to the offset in the cell's source. */
  toOriginal(offset: number): number;
}

interface Edit {
  at: number;
  remove: number;
  insert: string;
}

function collect(file: TypeScript.SourceFile): Edit[] {
  const edits: Edit[] = [];
  const visit = (node: TypeScript.Node): void => {
    if (ts.isShorthandPropertyAssignment(node) && node.name.text !== '__proto__')
      edits.push({ at: node.name.end, remove: 0, insert: `: ${node.name.text}` });
    if (ts.isBindingElement(node) && node.propertyName && ts.isIdentifier(node.propertyName)) {
      edits.push({ at: node.propertyName.getStart(file), remove: 0, insert: '"' });
      edits.push({ at: node.propertyName.end, remove: 0, insert: '"' });
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  for (const statement of file.statements) {
    const modifiers = ts.canHaveModifiers(statement) ? ts.getModifiers(statement) : undefined;
    const first = modifiers?.[0];
    if (first?.kind !== ts.SyntaxKind.ExportKeyword) continue;
    if (modifiers?.[1]?.kind === ts.SyntaxKind.DefaultKeyword) continue;
    const at = first.getStart(file);
    edits.push({ at, remove: first.end - at, insert: ' '.repeat(first.end - at) });
  }
  return edits.sort((a, b) => a.at - b.at);
}

export function mendSource(source: string): MendedSource {
  const file = ts.createSourceFile('cell.ts', source, ts.ScriptTarget.ES2022, false, ts.ScriptKind.TS);
  const edits = collect(file);
  let text = '';
  let from = 0;
  for (const edit of edits) {
    text += source.slice(from, edit.at) + edit.insert;
    from = edit.at + edit.remove;
  }
  text += source.slice(from);
  const toOriginal = (offset: number): number => {
    let shift = 0;
    for (const edit of edits) {
      const start = edit.at + shift;
      if (offset <= start) break;
      if (offset < start + edit.insert.length) return edit.at + Math.min(offset - start, edit.remove);
      shift += edit.insert.length - edit.remove;
    }
    return Math.min(offset - shift, source.length);
  };
  return { text, toOriginal };
}
