/**
 * Where edges enter and leave a node, and the ids by which the graph library names these places. A stage's call has a
 * port for each of its inputs; what code reads besides has a place of its own, which nothing can be connected to.
 */
import type { DataflowEdge, DataflowNode } from '../../../common/dataflow/index.js';
import { stageNamed } from '../../../common/stagecell/index.js';
import type { ValueKind } from '../../../common/stage.js';

export interface InPort {
  readonly id: string;
  /** Pixels from the node's left side. */
  readonly x: number;
  readonly label: string;
  /** Where an edge can be drawn to; none for what code reads in other ways. */
  readonly input?: { readonly call: number; readonly port: string };
  readonly kind?: ValueKind;
  readonly optional?: boolean;
}

export interface OutPort {
  readonly id: string;
  readonly x: number;
  readonly name: string;
  readonly kind?: ValueKind;
}

export const inputId = (call: number, port: string): string => `in ${call} ${port}`;
export const readId = (name: string): string => `reads ${name}`;
export const outputId = (name: string): string => `out ${name}`;

/** The call and port of a handle that an edge can be drawn to. */
export function parseInputId(id: string | null | undefined): { call: number; port: string } | undefined {
  const found = /^in (\d+) (.+)$/s.exec(id ?? '');
  return found ? { call: Number(found[1]), port: found[2]! } : undefined;
}

export function parseOutputId(id: string | null | undefined): string | undefined {
  return /^out (.+)$/s.exec(id ?? '')?.[1];
}

/** The kind of value that a cell's stage calls make of a name. */
export function kindOf(node: DataflowNode, name: string): ValueKind | undefined {
  const call = [...node.calls].reverse().find(({ output }) => output?.name === name);
  return call && stageNamed(call.stage)?.output;
}

function spread<T extends object>(width: number, ports: readonly T[]): (T & { x: number })[] {
  return ports.map((port, i) => ({ ...port, x: Math.round(((i + 1) * width) / (ports.length + 1)) }));
}

/** @param incoming edges into the node that are drawn */
export function inPorts(
  { calls }: DataflowNode,
  incoming: readonly DataflowEdge[],
  width: number
): readonly InPort[] {
  const ports: Omit<InPort, 'x'>[] = calls.flatMap((call, i) =>
    Object.entries(stageNamed(call.stage)?.inputs ?? {}).map(([port, { kind, optional }]) => ({
      id: inputId(i, port),
      label: port,
      input: { call: i, port },
      kind,
      optional
    }))
  );
  for (const { name, ports: into } of incoming) {
    if (into.length === 0) ports.push({ id: readId(name), label: name });
  }
  return spread(width, ports);
}

/** @param read names of the node that other cells read over edges that are drawn */
export function outPorts(node: DataflowNode, read: ReadonlySet<string>, width: number): readonly OutPort[] {
  const made = node.calls.flatMap(({ output }) => (output ? [output.name] : []));
  const names = [...new Set([...node.code.defines.filter(name => read.has(name)), ...made])];
  for (const name of read) if (!names.includes(name)) names.push(name);
  return spread(
    width,
    names.map(name => ({ id: outputId(name), name, kind: kindOf(node, name) }))
  );
}
