/**
 * What the edits of the graph are told and what they answer. An edit is worked out from the notebook as it stands and
 * changes nothing itself: whoever asked applies it, as one step of undo.
 */
import { findStageCalls, readImports, type Imports, type Refusal } from '../../stagecell/index.js';
import type { ValueKind } from '../../stage.js';
import { makersOf, stageNamed, type StageCall } from '../../stagecell/index.js';
import type { Dataflow, DataflowNode, NotebookEdit } from '../types.js';

/** The notebook that is to be edited. */
export interface Subject {
  readonly flow: Dataflow;
  /** Ids of all its cells from the top, of those too that hold no code. */
  readonly cells: readonly string[];
  /** What kind of value a name of a cell is, where a run has told; the code tells it of what stages make. */
  kindOf?(cell: string, name: string): ValueKind | undefined;
}

/** A name that a cell makes. */
export interface Output {
  readonly cell: string;
  readonly name: string;
}

/** An input of a stage call: its cell, the index of the call in it, the port. */
export interface Input {
  readonly cell: string;
  readonly call: number;
  readonly port: string;
}

/** What a gesture would change, or why it cannot be. */
export type Proposal =
  | {
      readonly edits: readonly NotebookEdit[];
      /** What a person should know: "`model` then lacks `data`". */
      readonly warnings?: readonly string[];
    }
  | Refusal;

/** Longest name of a cell in words. */
const LONGEST_NAME = 40;

export function nodeOf({ flow }: Subject, id: string): DataflowNode | undefined {
  return flow.nodes.find(node => node.id === id);
}

/** What a person knows the cell by: what it makes, else how its code begins. */
export function nameOf(node: DataflowNode): string {
  const made = node.calls.flatMap(({ output }) => output?.name ?? []);
  const names = made.length > 0 ? made : [...node.code.defines];
  if (names.length > 0) return names.slice(0, 3).join(', ') + (names.length > 3 ? ', …' : '');
  const line = node.source.trim().split('\n', 1)[0]!;
  if (line === '') return `cell ${node.index + 1}`;
  return line.length > LONGEST_NAME ? `${line.slice(0, LONGEST_NAME - 1)}…` : line;
}

/** "a → b → a", for a path of cells' ids. */
export function pathInWords(subject: Subject, ids: readonly string[]): string {
  return ids
    .map(id => {
      const node = nodeOf(subject, id);
      return node ? nameOf(node) : id;
    })
    .join(' → ');
}

/** Code of the code cells, from the top. */
export function sourcesOf({ flow }: Subject): string[] {
  return flow.nodes.map(node => node.source);
}

export function importsOf(subject: Subject): Imports {
  return readImports(sourcesOf(subject));
}

/** The calls in a changed cell's code, read as the notebook reads it. */
export function callsIn(subject: Subject, source: string): StageCall[] {
  return findStageCalls(source, importsOf(subject));
}

/** What kind of value the name is, where code or a run tells. */
export function kindOf(subject: Subject, { cell, name }: Output): ValueKind | undefined {
  const calls = nodeOf(subject, cell)?.calls ?? [];
  const maker = calls.filter(call => call.output?.name === name).at(-1);
  return (maker && stageNamed(maker.stage)?.output) ?? subject.kindOf?.(cell, name);
}

/** A kind in words, with the stages that make it: "denoised (from Denoise on the manifold or Review)". */
export function kindInWords(kind: string): string {
  const makers = makersOf(kind).map(stage => stage.title);
  return makers.length > 0 ? `${kind} (from ${makers.join(' or ')})` : kind;
}
