/** Names changed from the graph: of what a cell makes, with all that reads it, and those of a copied cell. */
import { applyEdits, readNotebook, type Edit } from '../../stagecell/index.js';
import { importsIn, renameIn } from '../occurrences.js';
import type { DataflowNode, NotebookEdit } from '../types.js';
import { nameOf, nodeOf, sourcesOf, type Output, type Proposal, type Subject } from './proposal.js';

/** Words that cannot be names, and those that the kernel reads otherwise at a cell's own level. */
const RESERVED = new Set(
  (
    'await break case catch class const continue debugger default delete do else enum export extends false finally ' +
    'for function if implements import in instanceof interface let new null package private protected public return ' +
    'static super switch this throw true try typeof undefined var void while with yield arguments eval'
  ).split(' ')
);

function isName(text: string): boolean {
  return /^[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*$/u.test(text) && !RESERVED.has(text);
}

const words = (source: string): string[] => source.split(/[^\p{ID_Continue}$]+/u);

function unread(node: DataflowNode): string {
  return `${nameOf(node)} does not parse: mend line ${node.code.problem?.line ?? 1} of it first`;
}

/** Every name that occurs anywhere: what is called otherwise must meet none of them, in whatever scope. */
function taken(subject: Subject): ReadonlySet<string> {
  const { names } = readNotebook(sourcesOf(subject));
  const more = subject.flow.nodes.flatMap(({ code }) => [...code.defines, ...code.uses, ...code.assigns]);
  return new Set([...names, ...more]);
}

/** The cells that take the name from this one; through a cell that only assigns it anew, those that take it from there. */
function readersOf({ flow }: Subject, { cell, name }: Output): DataflowNode[] {
  const reached = new Set([cell]);
  for (const id of reached)
    for (const edge of flow.edges) if (edge.from === id && edge.name === name) reached.add(edge.to);
  return flow.nodes.filter(node => reached.has(node.id));
}

/** Calls what a cell makes otherwise, there and wherever it is read: where two cells make one name, its readers alone. */
export function rename(subject: Subject, output: Output, next: string): Proposal {
  const { cell, name } = output;
  const node = nodeOf(subject, cell);
  if (!node) return { reason: 'the cell is no longer in the notebook' };
  if (!node.code.defines.includes(name)) return { reason: `${nameOf(node)} does not make \`${name}\`` };
  if (next === name) return { edits: [] };
  if (!isName(next)) return { reason: `\`${next}\` is not a name` };
  if (taken(subject).has(next)) return { reason: `\`${next}\` is a name already: choose another` };
  // Who reads what in a cell that does not parse is not known for sure: nobody's name is changed past it.
  const broken = subject.flow.nodes.find(({ code, source }) => code.problem && words(source).includes(name));
  if (broken) return { reason: unread(broken) };
  const edits = readersOf(subject, output).flatMap((reader): NotebookEdit[] => {
    const found = renameIn(reader.source, new Map([[name, next]])) ?? [];
    return found.length > 0 ? [{ do: 'edit', cell: reader.id, edits: found }] : [];
  });
  return { edits };
}

/** "clean3" for "clean2", where that is free. */
function fresh(name: string, names: ReadonlySet<string>): string {
  const base = name.replace(/\d+$/, '') || name;
  let i = 2;
  while (names.has(`${base}${i}`)) i++;
  return `${base}${i}`;
}

/** A name like this one that nothing in the notebook has. */
export function freeName(subject: Subject, name: string): string {
  return fresh(name, taken(subject));
}

/** A copy of a cell right below it, with new names for what it makes; it reads what the cell reads. */
export function duplicate(subject: Subject, cell: string): Proposal {
  const node = nodeOf(subject, cell);
  if (!node) return { reason: 'the cell is no longer in the notebook' };
  const { source, code } = node;
  if (code.foreign) return { edits: [{ do: 'insert', after: cell, source }] };
  const names = new Set(taken(subject));
  const own = code.defines.filter(name => !(name in code.imports));
  const next = new Map<string, string>();
  for (const name of own) {
    next.set(name, fresh(name, names));
    names.add(next.get(name)!);
  }
  const renamed = renameIn(source, next);
  if (!renamed) return { reason: unread(node) };
  // An import holds for the whole notebook.
  const gone: Edit[] = importsIn(source).map(range => ({ ...range, insert: '' }));
  const copy = applyEdits(
    source,
    [...renamed, ...gone].sort((a, b) => a.from - b.from)
  ).trimStart();
  if (copy.trim() === '')
    return {
      reason: source.trim() === '' ? 'the cell is empty' : 'the cell only imports, which holds for all cells'
    };
  return { edits: [{ do: 'insert', after: cell, source: copy }] };
}
