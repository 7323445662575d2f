/** What the graph shows of each cell whatever its state: title, names, ports, size. Knows no screen and no kernel. */
import type { Dataflow, DataflowEdge, DataflowNode } from '../../../common/dataflow/index.js';
import { headline, titleOfStage } from '../../../common/stagecell/index.js';
import { inPorts, inputId, outPorts, readId, type InPort, type OutPort } from './ports.js';
import { tidy } from './words.js';

export const WIDTH = 204;
/** Room below a cell that makes weights, for their distribution. */
export const BARS_ROOM = 30;
const HEIGHTS = { stage: 62, code: 46, slight: 28 } as const;

export interface DrawnNode {
  readonly node: DataflowNode;
  /** The stage whose picture stands before the title. */
  readonly stage: string | undefined;
  readonly title: string;
  /** Names that the cell makes, as they stand in the node's head. */
  readonly names: readonly string[];
  /** Cells that read what this one imports. */
  readonly readers: number;
  /** A line high: it only imports, or a person folded it. */
  readonly slight: boolean;
  readonly folded: boolean;
  readonly inputs: readonly InPort[];
  readonly outputs: readonly OutPort[];
  /** Ids of the ports that edges enter. */
  readonly entered: ReadonlySet<string>;
  readonly width: number;
  readonly height: number;
}

export interface DrawnFlow {
  readonly nodes: readonly DrawnNode[];
  /** Without those of imported libraries. */
  readonly edges: readonly DataflowEdge[];
}

/** A stage's title without what follows its first preposition: a node is narrow. */
export function shortTitle(stage: string): string {
  return titleOfStage(stage).replace(/ (?:on|by|of|with) .*$/, '');
}

function firstLine(source: string): string {
  const lines = source.split('\n').map(line => line.trim());
  return lines.find(line => line !== '' && !line.startsWith('//')) ?? lines.find(line => line !== '') ?? '';
}

function titleOf({ calls, code, source }: DataflowNode, imports: boolean): string {
  if (calls.length > 0) return headline(calls, shortTitle);
  if (imports) return `import ${code.defines.join(', ')}`;
  if (code.defines.length > 0) return code.defines.join(', ');
  return tidy(firstLine(source)) || 'empty cell';
}

function heightOf(node: DataflowNode, slight: boolean): number {
  if (slight) return HEIGHTS.slight;
  return node.calls.length > 0 ? HEIGHTS.stage : HEIGHTS.code;
}

/** @param folded ids of the cells that a person wants a line high */
export function drawnFlow(flow: Dataflow, folded: readonly string[] = []): DrawnFlow {
  const edges = flow.edges.filter(({ imported, from, to }) => !imported && from !== to);
  const nodes = flow.nodes.map((node): DrawnNode => {
    const { id, calls, code } = node;
    const imports =
      calls.length === 0 &&
      code.defines.length > 0 &&
      code.defines.every(name => Object.hasOwn(code.imports, name));
    const slight = imports || folded.includes(id);
    const made = calls.flatMap(({ output }) => (output ? [output.name] : []));
    const read = new Set(edges.filter(({ from }) => from === id).map(({ name }) => name));
    const readers = new Set(flow.edges.filter(edge => edge.from === id && edge.imported).map(({ to }) => to));
    return {
      node,
      stage: calls.at(-1)?.stage,
      title: titleOf(node, imports),
      names: [...new Set(calls.length > 0 ? made : [])],
      readers: readers.size,
      slight,
      folded: folded.includes(id),
      inputs: inPorts(
        node,
        edges.filter(({ to }) => to === id),
        WIDTH
      ),
      outputs: outPorts(node, read, WIDTH),
      entered: new Set(edges.filter(({ to }) => to === id).flatMap(targetsOf)),
      width: WIDTH,
      height: heightOf(node, slight)
    };
  });
  return { nodes, edges };
}

/** Ports of the reading cell that an edge goes into. */
export function targetsOf({ name, ports }: DataflowEdge): readonly string[] {
  return ports.length === 0 ? [readId(name)] : ports.map(({ call, port }) => inputId(call, port));
}

/** Whether weights go out of the node: their distribution stands below it. */
export function carriesWeights({ outputs }: Pick<DrawnNode, 'outputs'>): boolean {
  return outputs.some(({ kind }) => kind === 'weights');
}
