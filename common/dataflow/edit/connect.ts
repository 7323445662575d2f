/**
 * An edge drawn in the graph: the variable that a cell makes goes into a port of a stage call. Refused with the reason
 * where the kinds do not fit, where it would close a cycle, or where the code says otherwise. And an edge taken away.
 */
import {
  applyEdits,
  editInput,
  stageNamed,
  type Edit,
  type Refusal,
  type StageCall
} from '../../stagecell/index.js';
import type { Dataflow, DataflowEdge, DataflowNode } from '../types.js';
import { movesForEdge } from './order.js';
import { apart } from './splits.js';
import {
  callsIn,
  kindInWords,
  kindOf,
  nameOf,
  nodeOf,
  pathInWords,
  type Input,
  type Output,
  type Proposal,
  type Subject
} from './proposal.js';

interface Ends {
  readonly source: DataflowNode;
  readonly target: DataflowNode;
  readonly call: StageCall;
}

function ends(subject: Subject, from: Output, to: Input): Ends | Refusal {
  const source = nodeOf(subject, from.cell);
  const target = nodeOf(subject, to.cell);
  if (!source || !target) return { reason: 'the cell is no longer in the notebook' };
  if (target.code.problem)
    return {
      reason: `${nameOf(target)} does not parse: line ${target.code.problem.line}, ${target.code.problem.message}`
    };
  const call = target.calls[to.call];
  if (!call) return { reason: `${nameOf(target)} calls no stage that takes inputs` };
  return { source, target, call };
}

/** Why the name is not what the reading cell would get. */
function whyHidden({ flow }: Subject, { source, target, call }: Ends, name: string): string | undefined {
  if (![...source.code.defines, ...source.code.assigns].includes(name))
    return `${nameOf(source)} does not make \`${name}\``;
  if (source.code.types.includes(name)) return `\`${name}\` is a type, not a value`;
  if (source === target) {
    const maker = target.calls.find(({ output }) => output?.name === name);
    if (maker === call) return `${call.stage} cannot take what it makes`;
    return maker && maker.from < call.from
      ? undefined
      : `\`${name}\` is made after ${call.stage} in the same cell`;
  }
  if (target.code.defines.includes(name))
    return `${nameOf(target)} makes a \`${name}\` of its own: rename one of the two first`;
  const others = flow.nodes.filter(node => node !== source && node.code.defines.includes(name));
  return others.length > 0
    ? `\`${name}\` is made by ${others.length + 1} cells: rename all but one first`
    : undefined;
}

/** Why a value of this kind does not go into the port. */
function whyUnfit(subject: Subject, from: Output, { call }: Ends, port: string): string | undefined {
  const stage = stageNamed(call.stage);
  const input = stage?.inputs[port];
  if (!stage || !input) {
    const ports = Object.keys(stage?.inputs ?? {});
    return `${call.stage} has no input \`${port}\`${ports.length > 0 ? `: it takes ${ports.join(', ')}` : ''}`;
  }
  const kind = kindOf(subject, from);
  if (kind === undefined || kind === input.kind) return undefined;
  return `${call.stage} takes ${port}: ${kindInWords(input.kind)}; \`${from.name}\` is ${kind}`;
}

/** Cells from `from` to `to` along the edges, both included. */
function pathBetween(edges: Dataflow['edges'], from: string, to: string): readonly string[] | undefined {
  const came = new Map<string, string | undefined>([[from, undefined]]);
  const queue = [from];
  for (let i = 0; i < queue.length && !came.has(to); i++) {
    for (const edge of edges) {
      if (edge.from !== queue[i] || came.has(edge.to)) continue;
      came.set(edge.to, edge.from);
      queue.push(edge.to);
    }
  }
  if (!came.has(to)) return undefined;
  const path: string[] = [];
  for (let at: string | undefined = to; at !== undefined; at = came.get(at)) path.unshift(at);
  return path;
}

/** The edge that goes with the port's variable and with nothing else that the cell reads. */
function replaced({ flow }: Subject, { target, call }: Ends, port: string): DataflowEdge | undefined {
  const variable = call.inputs.find(input => input.port === port)?.variable;
  return flow.edges.find(
    ({ to, name, ports }) => to === target.id && name === variable && ports.length === 1
  );
}

/** Makes `to` take the variable `from`. */
export function connect(subject: Subject, from: Output, to: Input): Proposal {
  const found = ends(subject, from, to);
  if ('reason' in found) return found;
  const { source, target, call } = found;
  const reason = whyUnfit(subject, from, found, to.port) ?? whyHidden(subject, found, from.name);
  if (reason !== undefined) return { reason };
  const gone = replaced(subject, found, to.port);
  if (source !== target) {
    const edges = subject.flow.edges.filter(edge => edge !== gone);
    const path = pathBetween(edges, target.id, source.id);
    if (path) return { reason: `that would close a cycle: ${pathInWords(subject, [...path, target.id])}` };
  }
  const edits = editInput(target.source, call, to.port, from.name);
  if ('reason' in edits) return edits;
  if (edits.length === 0) return { edits: [] };
  const changed = applyEdits(target.source, edits);
  if (callsIn(subject, changed)[to.call]?.inputs.find(({ port }) => port === to.port)?.variable !== from.name)
    return { reason: `${to.port} of ${call.stage} is written in a way that can only be changed in code` };
  const before = apart(subject);
  const clashes = apart(subject, { cell: target.id, source: changed, from: source.id }).filter(
    words => !before.includes(words)
  );
  const own = clashes.find(words => words.startsWith(`${call.stage} (\`${call.output?.name}\`)`));
  if (own !== undefined) return { reason: own };
  return {
    edits: [{ do: 'edit', cell: target.id, edits }, ...movesForEdge(subject, [source.id, target.id], gone)],
    ...(clashes.length > 0 ? { warnings: clashes } : {})
  };
}

/** Takes the variable out of every port that the edge goes into; refused where a stage cannot do without. */
export function disconnect(
  subject: Subject,
  edge: Pick<DataflowEdge, 'from' | 'to' | 'name' | 'ports'>
): Proposal {
  const target = nodeOf(subject, edge.to);
  if (!target) return { reason: 'the cell is no longer in the notebook' };
  if (edge.ports.length === 0)
    return { reason: `${nameOf(target)} reads \`${edge.name}\` in its code: it can only be taken out there` };
  const all: Edit[] = [];
  for (const { call: index, port } of edge.ports) {
    const call = target.calls[index];
    if (!call) return { reason: 'the code has changed' };
    const input = stageNamed(call.stage)?.inputs[port];
    if (input && !input.optional)
      return {
        reason: `${call.stage} needs ${port}: connect another ${input.kind} to it, or delete the cell`
      };
    const edits = editInput(target.source, call, port, undefined);
    if ('reason' in edits) return edits;
    all.push(...edits);
  }
  all.sort((a, b) => a.from - b.from);
  return { edits: [{ do: 'edit', cell: target.id, edits: all }] };
}
