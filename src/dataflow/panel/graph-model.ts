/**
 * The nodes and edges as the graph library takes them. An object stays the same as long as what it shows does, so that
 * only what has changed is drawn again.
 */
import type { Edge, Node } from '@xyflow/react';
import {
  edgeKey,
  layoutDataflow,
  type CellState,
  type CellStateName,
  type DataflowEdge,
  type Fault,
  type Layout,
  type Point
} from '../../../common/dataflow/index.js';
import type { JobEvent } from '../../../common/host.js';
import { weightBars, type ViewPayload } from '../../../common/views/index.js';
import type { Drawing, IDataflow } from '../tokens.js';
import { BARS_ROOM, carriesWeights, targetsOf, type DrawnFlow, type DrawnNode } from './drawn.js';
import { forked } from '../../../common/dataflow/index.js';
import { outputId } from './ports.js';
import { stateDetail, stateWord, summaryOf } from './words.js';

export interface NodeData extends Record<string, unknown> {
  readonly drawn: DrawnNode;
  readonly state: CellState | undefined;
  readonly job: JobEvent | undefined;
  readonly payload: ViewPayload | undefined;
  readonly faults: readonly Fault[];
  readonly word: string;
  readonly detail: string;
  readonly summary: string;
}

export interface EdgeData extends Record<string, unknown> {
  readonly edge: DataflowEdge;
  readonly route: readonly Point[];
  /** What the line tells: `waiting` comes from what is out of date, `running` goes into what runs. */
  readonly look: 'plain' | 'waiting' | 'running' | 'cycle';
  /** Only the first of the edges of one name between two cells says the name. */
  readonly label: string;
  /** Pixels by which the name stands higher than usual, where several stand side by side. */
  readonly lift: number;
  readonly bars: readonly number[] | undefined;
}

export type GraphNode = Node<NodeData, 'cell'>;
export type GraphEdge = Edge<EdgeData, 'flow'>;

/** Height of a line of names above a node. */
const ROW = 11;
/** Ports beyond which their names stand in two lines by turns. */
const ONE_LINE = 2;

function crowded({ inputs, entered }: DrawnNode): boolean {
  return inputs.filter(({ id }) => entered.has(id)).length > ONE_LINE;
}

export function layoutOf({ nodes, edges }: DrawnFlow): Layout {
  const byId = new Map(nodes.map(drawn => [drawn.node.id, drawn]));
  return layoutDataflow({ nodes: nodes.map(({ node }) => node), edges }, id => byId.get(id)!, {
    leaves: ({ from, name }) => byId.get(from)!.outputs.find(port => port.name === name)?.x,
    ports: id => byId.get(id)!.inputs.map(port => port.id),
    enters: targetsOf,
    above: id => (crowded(byId.get(id)!) ? ROW : 0),
    below: id => (carriesWeights(byId.get(id)!) ? BARS_ROOM : 0)
  });
}

/** What has to do with structure alone: the same text means the same layout. */
export function structureOf({ nodes, edges }: DrawnFlow): string {
  const heads = nodes.map(({ node, height, inputs, outputs }) =>
    [node.id, height, ...inputs.map(({ id }) => id), '>', ...outputs.map(({ id }) => id)].join(',')
  );
  return [...heads, ...edges.map(edge => `${edgeKey(edge)} ${targetsOf(edge).join(',')}`)].join('\n');
}

function sameData(a: NodeData, b: NodeData): boolean {
  const { drawn: one, ...rest } = a;
  const { drawn: other, ...others } = b;
  return (
    one.node === other.node &&
    one.height === other.height &&
    one.readers === other.readers &&
    JSON.stringify([one.inputs, one.outputs]) === JSON.stringify([other.inputs, other.outputs]) &&
    Object.entries(rest).every(([key, value]) => value === others[key])
  );
}

export function graphNodes(
  flow: Pick<IDataflow, 'states' | 'jobs' | 'payloadOf'>,
  { nodes }: DrawnFlow,
  layout: Layout,
  { positions }: Drawing,
  before: ReadonlyMap<string, GraphNode>
): GraphNode[] {
  return nodes.map(unplaced => {
    const { id, faults } = unplaced.node;
    const places = layout.ports.get(id);
    const inputs = unplaced.inputs.map(port => ({ ...port, x: places?.get(port.id) ?? port.x }));
    const drawn = { ...unplaced, inputs };
    const state = flow.states.get(id);
    const job = flow.jobs.get(id);
    const data: NodeData = {
      drawn,
      state,
      job,
      payload: flow.payloadOf(id),
      faults,
      word: stateWord(state),
      detail: stateDetail(state, job),
      summary: summaryOf(state, job)
    };
    const own = Object.hasOwn(positions, id) ? positions[id] : undefined;
    const position = own ? { x: own[0], y: own[1] } : layout.nodes.get(id)!;
    const known = before.get(id);
    const { width, height } = drawn;
    const kept = known && sameData(known.data, data) ? known.data : data;
    if (known && kept === known.data && known.position.x === position.x && known.position.y === position.y)
      return known;
    return { id, type: 'cell', position: { ...position }, width, height, data: kept };
  });
}

/** Of the ports of a node that are entered, which this one is from the left. */
function lineOf({ node, entered }: DrawnNode, layout: Layout, port: string): number {
  const places = [...(layout.ports.get(node.id) ?? [])].filter(([id]) => entered.has(id));
  return places.sort(([, a], [, b]) => a - b).findIndex(([id]) => id === port);
}

/** The edges that lie on a cycle. */
function cycleEdges(cycles: readonly (readonly string[])[]): ReadonlySet<string> {
  const steps = cycles.flatMap(path => path.map((from, i) => `${from} ${path[(i + 1) % path.length]}`));
  return new Set(steps);
}

const OUTDATED: readonly (CellStateName | undefined)[] = ['stale', 'waiting', 'queued', 'failed'];

export function graphEdges(
  flow: Pick<IDataflow, 'flow' | 'states' | 'payloadOf'>,
  { nodes, edges }: DrawnFlow,
  layout: Layout,
  before: ReadonlyMap<string, GraphEdge>
): GraphEdge[] {
  const byId = new Map(nodes.map(drawn => [drawn.node.id, drawn]));
  const cyclic = cycleEdges(flow.flow.cycles);
  const barred = new Set<string>();
  const lookOf = ({ from, to }: DataflowEdge): EdgeData['look'] => {
    if (cyclic.has(`${from} ${to}`)) return 'cycle';
    if (flow.states.get(to)?.name === 'running') return 'running';
    return OUTDATED.includes(flow.states.get(from)?.name) ? 'waiting' : 'plain';
  };
  return edges.flatMap(edge => {
    const { from, to, name } = edge;
    const route = layout.edges.get(edgeKey(edge)) ?? [];
    const origin = layout.nodes.get(to)!;
    const output = byId.get(from)!.outputs.find(port => port.name === name);
    const net = `${from} ${name}`;
    const weights = output?.kind === 'weights' && !barred.has(net);
    barred.add(net);
    return targetsOf(edge).map((target, i): GraphEdge => {
      const id = `${edgeKey(edge)} ${target}`;
      const enters = layout.ports.get(to)?.get(target);
      const reader = byId.get(to)!;
      const data: EdgeData = {
        edge,
        lift: crowded(reader) && lineOf(reader, layout, target) % 2 === 1 ? ROW : 0,
        route: i === 0 || enters === undefined ? route : forked(route, origin.x + enters),
        look: lookOf(edge),
        label: i === 0 ? name : '',
        bars: weights && i === 0 ? weightBars(flow.payloadOf(from)) : undefined
      };
      const known = before.get(id);
      const same =
        known?.data !== undefined &&
        JSON.stringify([
          known.data.route,
          known.data.look,
          known.data.label,
          known.data.lift,
          known.data.bars
        ]) === JSON.stringify([data.route, data.look, data.label, data.lift, data.bars]);
      if (same) return known;
      return {
        id,
        type: 'flow',
        source: from,
        target: to,
        sourceHandle: outputId(name),
        targetHandle: target,
        reconnectable: edge.ports.length > 0 ? 'target' : false,
        focusable: false,
        // Over the lines of the other edges that leave from there.
        zIndex: data.bars ? 1 : 0,
        data
      };
    });
  });
}
