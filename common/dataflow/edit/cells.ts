/** Whole cells from the graph: one that goes, and a stage that is bypassed. */
import {
  editParameters,
  readParameters,
  stageNamed,
  type Edit,
  type StageCall
} from '../../stagecell/index.js';
import type { DataflowNode } from '../types.js';
import { nameOf, nodeOf, type Proposal, type Subject } from './proposal.js';

const list = (names: readonly string[]): string => names.map(name => `\`${name}\``).join(', ');

/** Takes a cell away, and tells which cells then lack what. */
export function remove(subject: Subject, cell: string): Proposal {
  const node = nodeOf(subject, cell);
  if (!node) return { reason: 'the cell is no longer in the notebook' };
  const { nodes, edges } = subject.flow;
  const warnings = nodes.flatMap(reader => {
    const lost = edges.filter(({ from, to }) => from === cell && to === reader.id).map(edge => edge.name);
    const lacks = [...new Set(lost)].filter(
      name => !nodes.some(other => other !== node && other.code.defines.includes(name))
    );
    return lacks.length > 0 ? [`${nameOf(reader)} then lacks ${list(lacks)}`] : [];
  });
  return { edits: [{ do: 'delete', cell }], ...(warnings.length > 0 ? { warnings } : {}) };
}

/** Whether the stage has a switch that makes it pass on what it takes. */
export function canBypass(stage: string): boolean {
  return 'bypass' in (stageNamed(stage)?.params.properties ?? {});
}

function bypassed(source: string, call: StageCall): boolean {
  const given = readParameters(source, call).get('bypass');
  return given !== undefined && 'value' in given && given.value === true;
}

/** Whether every stage of the cell that can be bypassed is. */
export function isBypassed({ source, calls }: Pick<DataflowNode, 'source' | 'calls'>): boolean {
  const able = calls.filter(call => canBypass(call.stage));
  return able.length > 0 && able.every(call => bypassed(source, call));
}

/** Writes `bypass: true` into the cell's stages that know it; takes it out where all have it. */
export function toggleBypass(subject: Subject, cell: string): Proposal {
  const node = nodeOf(subject, cell);
  if (!node) return { reason: 'the cell is no longer in the notebook' };
  if (node.code.problem) return { reason: `${nameOf(node)} does not parse: line ${node.code.problem.line}` };
  const able = node.calls.filter(call => canBypass(call.stage));
  if (able.length === 0) {
    const titles = [...new Set(node.calls.map(call => stageNamed(call.stage)?.title ?? call.stage))];
    const who = titles.length > 0 ? titles.join(' and ') : nameOf(node);
    return { reason: `${who} cannot be bypassed: nothing that goes in can stand for what comes out` };
  }
  const on = !isBypassed(node);
  const all: Edit[] = [];
  for (const call of able) {
    const edits = editParameters(node.source, call, { bypass: on ? true : undefined });
    if ('reason' in edits) return edits;
    all.push(...edits);
  }
  all.sort((a, b) => a.from - b.from);
  return { edits: all.length > 0 ? [{ do: 'edit', cell, edits: all }] : [] };
}
