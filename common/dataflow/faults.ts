/** What a person should know about a cell, in sentences. Finds nothing itself that the graph has not found. */
import { LONGEST } from './analyse.js';
import { sourceOf, type Maker, type Makers } from './makers.js';
import type { CellCode, DataflowEdge, Fault } from './types.js';

/** Cells are counted among the code cells, from 1. */
const called = (cell: number): string => `cell ${cell + 1}`;

function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join() : `${words.slice(0, -1).join(', ')} and ${words.at(-1)!}`;
}

function duplicate(name: string, own: Maker, makers: readonly Maker[], ids: readonly string[]): Fault {
  const others = makers.filter(({ cell }) => cell !== own.cell);
  const declare = others.filter(({ declares }) => declares);
  const cells = others.map(({ cell }) => ids[cell]!);
  if (!own.declares) {
    const whom = declare.length > 0 ? declare : others;
    const message = `changes ${name}, which ${listed(whom.map(({ cell }) => called(cell)))} ${whom.length > 1 ? 'make' : 'makes'}`;
    return { kind: 'duplicate', name, cells, message };
  }
  const changed = declare.length === 0;
  const whom = changed ? others : declare;
  const message = changed
    ? `${name} is changed by ${listed(whom.map(({ cell }) => called(cell)))} as well`
    : `${name} is made by ${listed(whom.map(({ cell }) => called(cell)))} as well: only one cell should make a name`;
  return { kind: 'duplicate', name, cells, message };
}

/** Whether the makers of a name all import it from the same module: then it is the same, whoever made it last. */
function isSameImport(name: string, makers: readonly Maker[], codes: readonly CellCode[]): boolean {
  const modules = makers.map(({ cell }) => codes[cell]!.imports[name]);
  return modules[0] !== undefined && modules.every(module => module === modules[0]);
}

export interface Place {
  readonly index: number;
  /** Ids and codes of all cells, from the top. */
  readonly ids: readonly string[];
  readonly codes: readonly CellCode[];
  readonly makers: Makers;
  readonly incoming: readonly DataflowEdge[];
  readonly indexOf: ReadonlyMap<string, number>;
  /** Stages that it calls and this version does not have. */
  readonly unknown: readonly string[];
}

/** Faults of the cell at `index`, cycles apart. */
export function faultsOf({ index, ids, codes, makers, incoming, indexOf, unknown }: Place): Fault[] {
  const faults: Fault[] = [];
  const code = codes[index]!;
  if (code.unread) {
    const message = `it has more than ${LONGEST.toLocaleString('en')} characters: what it makes and reads is not looked for`;
    faults.push({ kind: 'unread', message });
  }
  if (code.problem)
    faults.push({ kind: 'syntax', message: `line ${code.problem.line}: ${code.problem.message}` });
  for (const name of [...code.defines, ...code.assigns]) {
    const all = makers.get(name)!;
    const own = all.find(({ cell }) => cell === index)!;
    if (all.length > 1 && !isSameImport(name, all, codes)) faults.push(duplicate(name, own, all, ids));
  }
  for (const name of code.mutates) {
    const from = sourceOf(makers.get(name) ?? [], index);
    if (from === undefined) continue;
    const message = `may change ${name} in place, which ${called(from)} makes: other cells that read it are not told`;
    faults.push({ kind: 'mutation', name, cells: [ids[from]!], message });
  }
  for (const { from, name } of incoming) {
    if (indexOf.get(from)! < index) continue;
    faults.push({
      kind: 'order',
      name,
      cells: [from],
      message: `reads ${name}, which a cell below makes (${called(indexOf.get(from)!)})`
    });
  }
  for (const name of unknown) {
    const message = `${name} is no stage of this version: the cell is shown as it is and kept untouched`;
    faults.push({ kind: 'unknown-stage', name, message });
  }
  return faults;
}

/** @param names what goes from each cell of the cycle to the next */
export function cycleFault(names: readonly string[], cells: readonly string[]): Fault {
  const path = [...names, names[0]].join(' → ');
  return { kind: 'cycle', cells, message: `goes round in a circle: ${path}` };
}
