/** The graph itself: nodes and edges of one notebook, and what a person does to them with the pointer. */
import {
  applyNodeChanges,
  Background,
  BackgroundVariant,
  MiniMap,
  ReactFlow,
  useReactFlow,
  useStore,
  type NodeChange
} from '@xyflow/react';
import {
  useCallback,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  type DragEvent,
  type ReactElement
} from 'react';
import type { ValueKind } from '../../../common/stage.js';
import type { Theme } from '../../../common/views/index.js';
import type { IDataflow } from '../tokens.js';
import type { GraphController, GraphView } from './controller.js';
import { Corner } from './corner.js';
import { drawnFlow } from './drawn.js';
import { MemoEdge } from './edge.js';
import {
  graphEdges,
  graphNodes,
  layoutOf,
  structureOf,
  type GraphEdge,
  type GraphNode
} from './graph-model.js';
import { merged } from './merge.js';
import { MemoNode } from './node.js';
import { STAGE_MIME } from './palette.js';
import { usePointer } from './pointer.js';
import { SceneContext } from './scene.js';
import { find } from './search.js';
import { SearchBox } from './searchbox.js';
import { Tip } from './tip.js';
import { step, type Spot } from './walk.js';

const NODE_TYPES = { cell: MemoNode };
const mapClass = ({ data }: GraphNode): string => `hs-mod-${data.state?.name ?? 'none'}`;
const ZOOM_KEYS = ['Control', 'Meta'];
const EDGE_TYPES = { flow: MemoEdge };
/** Edges beyond which lines are not dashed: that is most of the time it takes to draw them, and by then a blur. */
const DENSE = 100;
const ZOOM = { least: 0.2, most: 2 } as const;

export interface GraphProps {
  readonly controller: GraphController;
  readonly flow: IDataflow;
  readonly theme: Theme;
  /** Counts up whenever the flow or the controller has changed. */
  readonly tick: number;
  readonly palette: () => void;
}

/** Motion only for those who want it. */
function gentle(): { duration: number } {
  return { duration: matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 180 };
}

export function Graph({ controller, flow, theme, tick, palette }: GraphProps): ReactElement {
  const { setViewport, getViewport, fitView, zoomIn, zoomOut, zoomTo, screenToFlowPosition } = useReactFlow<
    GraphNode,
    GraphEdge
  >();
  const pane = useRef<HTMLDivElement>(null);
  const searchInput = useRef<HTMLInputElement>(null);
  const [nodes, setNodes] = useState<GraphNode[]>([]);
  const [searching, setSearching] = useState(false);
  const [found, setFound] = useState<ReadonlySet<string>>();
  const [connecting, setConnecting] = useState<ValueKind>();
  const [pointed, setPointed] = useState<string>();

  const { drawing, selected } = flow;
  const drawn = useMemo(() => drawnFlow(flow.flow, drawing.folded), [flow.flow, drawing.folded.join(' ')]);
  const structure = useMemo(() => structureOf(drawn), [drawn]);
  const layout = useMemo(() => layoutOf(drawn), [structure]);

  const beforeNodes = useRef<ReadonlyMap<string, GraphNode>>(new Map());
  const derived = useMemo(() => {
    const made = graphNodes(flow, drawn, layout, drawing, beforeNodes.current);
    beforeNodes.current = new Map(made.map(node => [node.id, node]));
    return made;
  }, [tick, drawn, layout]);
  const beforeEdges = useRef<ReadonlyMap<string, GraphEdge>>(new Map());
  const edges = useMemo(() => {
    const made = graphEdges(flow, drawn, layout, beforeEdges.current);
    beforeEdges.current = new Map(made.map(edge => [edge.id, edge]));
    return made.map(edge => (edge.data?.edge === controller.edge ? { ...edge, selected: true } : edge));
  }, [tick, drawn, layout]);
  useLayoutEffect(() => setNodes(now => merged(now, derived)), [derived]);

  const onNodesChange = useCallback((changes: NodeChange<GraphNode>[]) => {
    // What is chosen is the notebook's active cell, and no matter of the graph alone.
    const own = changes.filter(({ type }) => type === 'position' || type === 'dimensions');
    if (own.length > 0) setNodes(now => applyNodeChanges(own, now));
  }, []);

  // Where the graph is looked at from.
  const width = useStore(state => state.width);
  const height = useStore(state => state.height);
  const begun = useRef(false);
  const begin = useCallback(() => {
    const zoom = Math.min(1, Math.max(0.85, (width - 48) / layout.width));
    // What does not fit is the side of the graph that hangs less on its longest chain.
    const chain = layout.nodes.get(derived.at(-1)?.id ?? '')?.x ?? 0;
    const all = (width - layout.width * zoom) / 2;
    const x =
      all >= 24 ? all : Math.min(24, Math.max(width - 24 - layout.width * zoom, width / 2 - chain * zoom));
    void setViewport({ x, y: 16, zoom });
  }, [width, layout, derived]);
  useEffect(() => {
    if (begun.current || width === 0 || derived.length === 0) return;
    begun.current = true;
    begin();
  }, [width, derived, begin]);
  const reveal = useCallback(
    (id: string | undefined) => {
      const node = derived.find(other => other.id === id);
      if (!node || width === 0) return;
      const { x, y, zoom } = getViewport();
      const left = node.position.x * zoom + x;
      const top = node.position.y * zoom + y;
      const [w, h] = [node.width! * zoom, node.height! * zoom];
      const dx = left < 8 ? 24 - left : left + w > width - 8 ? width - 24 - left - w : 0;
      const dy = top < 8 ? 24 - top : top + h > height - 48 ? height - 72 - top - h : 0;
      if (dx !== 0 || dy !== 0) void setViewport({ x: x + dx, y: y + dy, zoom }, gentle());
    },
    [derived, width, height]
  );
  useEffect(() => reveal(selected), [selected, derived.length]);

  const closeSearch = (): void => {
    setSearching(false);
    pane.current?.focus();
  };
  useEffect(() => {
    if (searching) searchInput.current?.focus();
  }, [searching]);

  // What keys ask of the graph.
  useEffect(() => {
    const spots = (): Spot[] =>
      nodes.map(({ id, position, width: w = 0, height: h = 0 }) => ({
        id,
        x: position.x + w / 2,
        y: position.y + h / 2
      }));
    const view: GraphView = {
      step: direction => step(flow.selected, direction, spots(), drawn.edges),
      fit: () => {
        // What has just been laid out anew is on screen a frame later.
        const look = { padding: 0.06, maxZoom: 1, minZoom: ZOOM.least, ...gentle() };
        requestAnimationFrame(() => requestAnimationFrame(() => void fitView(look)));
      },
      zoom: by => void (by === 'in' ? zoomIn() : by === 'out' ? zoomOut() : zoomTo(1)),
      search: () => setSearching(true),
      palette,
      focus: () => pane.current?.focus()
    };
    controller.view = view;
    return () => {
      if (controller.view === view) controller.view = undefined;
    };
  }, [controller, flow, nodes, drawn]);

  const { stop, ...handlers } = usePointer({
    controller,
    flow,
    connecting: setConnecting,
    pointed: setPointed
  });
  useEffect(() => stop, [stop]);

  const onDrop = (event: DragEvent): void => {
    const stage = event.dataTransfer.getData(STAGE_MIME);
    if (stage === '') return;
    event.preventDefault();
    const at = screenToFlowPosition({ x: event.clientX, y: event.clientY });
    // Onto a node: it takes what the node makes. Between nodes: below the nearest above.
    const over = nodes.find(
      ({ position: { x, y }, width: w = 0, height: h = 0 }) =>
        at.x >= x - 8 && at.x <= x + w + 8 && at.y >= y - 8 && at.y <= y + h + 24
    );
    const above = nodes
      .filter(({ position, height: h = 0 }) => position.y + h <= at.y)
      .sort(
        (a, b) => b.position.y - a.position.y || Math.abs(a.position.x - at.x) - Math.abs(b.position.x - at.x)
      )[0];
    const name = over && [...over.data.drawn.node.calls].reverse().find(({ output }) => output)?.output?.name;
    const from = over && name !== undefined ? { cell: over.id, name } : undefined;
    void controller.insert(stage, { after: (over ?? above)?.id, from });
  };

  const moving = nodes.find(({ dragging }) => dragging === true)?.id;
  const scene = useMemo(
    () => ({ theme, found, connecting, selected, moving }),
    [theme, found, connecting, selected, moving]
  );
  const told = pointed === undefined ? undefined : derived.find(({ id }) => id === pointed)?.data;
  const far = useStore(state => state.transform[2] < 0.5);
  return (
    <SceneContext.Provider value={scene}>
      <div
        ref={pane}
        className="hs-Graph-pane"
        tabIndex={0}
        role="application"
        aria-label="Graph of the notebook’s cells. Arrows move along edges, Enter goes to the cell."
        aria-activedescendant={selected === undefined ? undefined : `hs-node-${selected}`}
        data-hs-far={far}
        data-hs-dense={drawn.edges.length > DENSE}
        onDragOver={event => {
          if (!event.dataTransfer.types.includes(STAGE_MIME)) return;
          event.preventDefault();
          event.dataTransfer.dropEffect = 'copy';
        }}
        onDrop={onDrop}
        onPointerDownCapture={() => pane.current?.focus({ preventScroll: true })}
      >
        <ReactFlow<GraphNode, GraphEdge>
          nodes={nodes}
          edges={edges}
          nodeTypes={NODE_TYPES}
          edgeTypes={EDGE_TYPES}
          onNodesChange={onNodesChange}
          {...handlers}
          minZoom={ZOOM.least}
          maxZoom={ZOOM.most}
          nodeDragThreshold={4}
          connectionRadius={18}
          panOnScroll
          zoomOnDoubleClick={false}
          onlyRenderVisibleElements
          disableKeyboardA11y
          nodesFocusable={false}
          edgesFocusable={false}
          deleteKeyCode={null}
          selectionKeyCode={null}
          multiSelectionKeyCode={null}
          panActivationKeyCode={null}
          zoomActivationKeyCode={ZOOM_KEYS}
          attributionPosition="top-right"
        >
          <Background variant={BackgroundVariant.Dots} gap={16} size={1.2} />
          <MiniMap<GraphNode>
            className="hs-Graph-map"
            position="bottom-left"
            pannable
            zoomable
            ariaLabel="Overview of the graph"
            nodeBorderRadius={6}
            nodeClassName={mapClass}
          />
          {told && (
            <Tip
              data={told}
              waiting={
                [...flow.states].filter(
                  ([id, { name }]) =>
                    name === 'waiting' && drawn.edges.some(edge => edge.from === pointed && edge.to === id)
                ).length
              }
            />
          )}
        </ReactFlow>
        <Corner
          onSearch={() => setSearching(true)}
          onFit={() => controller.view?.fit()}
          onTidy={() => void controller.tidy()}
        />
      </div>
      {searching && (
        <SearchBox
          input={searchInput}
          find={query =>
            find(
              query,
              drawn.nodes.map(({ node, title, names }) => ({
                id: node.id,
                title,
                names: [...names, ...node.code.defines],
                source: node.source
              }))
            )
          }
          onFound={setFound}
          onGo={id => controller.select(id)}
          onClose={closeSearch}
        />
      )}
    </SceneContext.Provider>
  );
}
