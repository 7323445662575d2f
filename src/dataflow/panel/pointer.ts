/**
 * What the pointer does in the graph, as handlers that never change: the graph library draws every edge again when one of
 * its handlers is another function.
 */
import type { Connection, ReactFlowProps } from '@xyflow/react';
import { useMemo, useRef } from 'react';
import type { ValueKind } from '../../../common/stage.js';
import type { Input, Output } from '../../../common/dataflow/index.js';
import type { IDataflow } from '../tokens.js';
import type { GraphController } from './controller.js';
import type { GraphEdge, GraphNode } from './graph-model.js';
import { kindOf, parseInputId, parseOutputId } from './ports.js';

/** Milliseconds of pointing before a node speaks, and for which it goes on when it is left. */
const PATIENCE = { in: 450, out: 60 } as const;

interface Ends {
  readonly source: string | null;
  readonly target: string | null;
  readonly sourceHandle?: string | null;
  readonly targetHandle?: string | null;
}

function endsOf({ source, target, sourceHandle, targetHandle }: Ends): { from?: Output; to?: Input } {
  const name = parseOutputId(sourceHandle);
  const into = parseInputId(targetHandle);
  return {
    ...(source !== null && name !== undefined ? { from: { cell: source, name } } : {}),
    ...(target !== null && into ? { to: { cell: target, ...into } } : {})
  };
}

export interface PointerHosts {
  readonly controller: GraphController;
  readonly flow: IDataflow;
  /** The kind of value whose edge is being drawn. */
  connecting(kind: ValueKind | undefined): void;
  /** The node that is pointed at. */
  pointed(id: string | undefined): void;
}

type Handlers = Pick<
  ReactFlowProps<GraphNode, GraphEdge>,
  | 'isValidConnection'
  | 'onConnect'
  | 'onConnectEnd'
  | 'onConnectStart'
  | 'onEdgeClick'
  | 'onMoveStart'
  | 'onNodeClick'
  | 'onNodeDoubleClick'
  | 'onNodeDragStart'
  | 'onNodeDragStop'
  | 'onNodeMouseEnter'
  | 'onNodeMouseLeave'
  | 'onPaneClick'
  | 'onReconnect'
  | 'onReconnectEnd'
>;

function handlersOf(hosts: () => PointerHosts): Handlers & { stop(): void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let refusal = '';
  const point = (id: string | undefined, wait: number): void => {
    clearTimeout(timer);
    timer = setTimeout(() => hosts().pointed(id), wait);
  };
  return {
    stop: () => clearTimeout(timer),
    onNodeClick: (_, { id }) => hosts().controller.select(id),
    onNodeDoubleClick: (_, { id }) => {
      hosts().controller.select(id);
      hosts().controller.goToCell();
    },
    onNodeMouseEnter: (_, { id }) => point(id, PATIENCE.in),
    onNodeMouseLeave: () => point(undefined, PATIENCE.out),
    onNodeDragStart: () => point(undefined, 0),
    onNodeDragStop: (_, { id, position }) =>
      hosts().controller.place(id, [Math.round(position.x), Math.round(position.y)]),
    onMoveStart: () => point(undefined, 0),
    onEdgeClick: (_, { data }) => {
      hosts().controller.edge = data?.edge;
    },
    onPaneClick: () => {
      hosts().controller.edge = undefined;
    },
    onConnectStart: (_, { nodeId, handleId }) => {
      const node = hosts().flow.flow.nodes.find(({ id }) => id === nodeId);
      const name = parseOutputId(handleId);
      refusal = '';
      point(undefined, 0);
      hosts().connecting(node && name !== undefined ? kindOf(node, name) : undefined);
    },
    onConnectEnd: () => hosts().connecting(undefined),
    onConnect: (connection: Connection) => {
      const { from, to } = endsOf(connection);
      if (from && to) void hosts().controller.connect(from, to);
    },
    isValidConnection: wish => {
      const { controller, flow } = hosts();
      const { from, to } = endsOf(wish);
      if (!from || !to) return false;
      const proposal = flow.propose.connect(from, to);
      const reason = 'reason' in proposal ? proposal.reason : '';
      if (reason !== refusal) {
        refusal = reason;
        controller.say(reason, 'refusal');
      }
      return reason === '';
    },
    onReconnect: ({ data }, connection) => {
      const { to } = endsOf(connection);
      if (to && data) void hosts().controller.reconnect(data.edge, to);
    },
    onReconnectEnd: (_, { data }, __, { toHandle }) => {
      // Let go of in the open: the input is taken off.
      if (!toHandle && data) void hosts().controller.disconnect(data.edge);
    }
  };
}

/** The handlers of a graph; they always see the newest hosts. */
export function usePointer(hosts: PointerHosts): ReturnType<typeof handlersOf> {
  const latest = useRef(hosts);
  latest.current = hosts;
  return useMemo(() => handlersOf(() => latest.current), []);
}
