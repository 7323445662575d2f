/** The panel: toolbar, palette and graph of the notebook in front. Loaded when it is first opened, and not before. */
import '@xyflow/react/dist/base.css';
import { ReactFlowProvider } from '@xyflow/react';
import { useEffect, useReducer, useRef, useState, type ReactElement } from 'react';
import { Guard } from './guard.js';
import { createRoot } from 'react-dom/client';
import type { Theme } from '../../../common/views/index.js';
import type { IDataflow } from '../tokens.js';
import type { GraphController } from './controller.js';
import { Graph } from './graph.js';
import { spokenNode } from './announce.js';
import { Palette } from './palette.js';
import { Toolbar } from './toolbar.js';

/** Milliseconds for which a note stays; a refusal stays until the next act. */
const NOTE = 8000;

export interface RootProps {
  readonly controller: GraphController;
  readonly theme: () => Theme;
  /** Calls when JupyterLab's theme has changed; returns what stops it. */
  readonly onTheme: (changed: () => void) => () => void;
}

function Notice({ children }: { readonly children: string }): ReactElement {
  return (
    <div className="hs-Graph-notice" role="note">
      {children}
    </div>
  );
}

/** What is wrong with the notebook as a whole, in words. */
function notices(flow: IDataflow): readonly string[] {
  const { nodes, cycles } = flow.flow;
  const said: string[] = [];
  if (!flow.ours)
    said.push('This notebook’s kernel is not HySim: its cells and edges are shown, and no states.');
  for (const cycle of cycles) {
    const names = [...cycle, cycle[0]!].map(id => {
      const node = nodes.find(other => other.id === id);
      return node?.code.defines[0] ?? 'a cell';
    });
    said.push(`Cells read from each other in a circle: ${names.join(' → ')}. Take one of the edges off.`);
  }
  return said;
}

function Body({
  controller,
  flow,
  theme,
  tick
}: Omit<RootProps, 'theme' | 'onTheme'> & {
  readonly flow: IDataflow;
  readonly theme: Theme;
  readonly tick: number;
}): ReactElement {
  const input = useRef<HTMLInputElement>(null);
  const { message } = controller;
  useEffect(() => {
    if (message?.kind !== 'note') return;
    const timer = setTimeout(() => controller.say(''), NOTE);
    return () => clearTimeout(timer);
  }, [message]);
  const empty = flow.flow.nodes.length === 0;
  return (
    <>
      <Toolbar controller={controller} flow={flow} />
      <div className="hs-Graph-body">
        <Palette controller={controller} flow={flow} input={input} />
        <div className="hs-Graph-main">
          {notices(flow).map(text => (
            <Notice key={text}>{text}</Notice>
          ))}
          {empty && (
            <div className="hs-Graph-empty">
              No cell has code yet. Choose a stage on the left, or type code in the notebook.
            </div>
          )}
          <ReactFlowProvider key={flow.panel.id}>
            <Graph
              controller={controller}
              flow={flow}
              theme={theme}
              tick={tick}
              palette={() => input.current?.focus()}
            />
          </ReactFlowProvider>
          {message && (
            <div
              className={`hs-Graph-message hs-mod-${message.kind}`}
              role={message.kind === 'note' ? 'status' : 'alert'}
            >
              <span>{message.text}</span>
              <button type="button" aria-label="Close" onClick={() => controller.say('')}>
                ×
              </button>
            </div>
          )}
          <div className="hs-Graph-spoken" role="status">
            {spokenNode(flow)}
          </div>
        </div>
      </div>
    </>
  );
}

function Root({ controller, theme: read, onTheme }: RootProps): ReactElement {
  const [tick, again] = useReducer((count: number) => count + 1, 0);
  const [theme, setTheme] = useState(read);
  const { flows } = controller;
  const { flow } = controller;
  useEffect(() => {
    flows.currentChanged.connect(again);
    controller.changed.connect(again);
    const stop = onTheme(() => setTheme(read()));
    return () => {
      flows.currentChanged.disconnect(again);
      controller.changed.disconnect(again);
      stop();
    };
  }, [flows, controller]);
  useEffect(() => {
    flow?.changed.connect(again);
    return () => void flow?.changed.disconnect(again);
  }, [flow]);
  if (!flow) {
    return (
      <div className="hs-Graph-empty">No notebook is open. The graph shows the one that you work in.</div>
    );
  }
  return <Body controller={controller} flow={flow} theme={theme} tick={tick} />;
}

/** Draws the panel into `node`; returns what takes it away. */
export function mount(node: HTMLElement, props: RootProps): () => void {
  const root = createRoot(node);
  root.render(
    <Guard>
      <Root {...props} />
    </Guard>
  );
  return () => root.unmount();
}
