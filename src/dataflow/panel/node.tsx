/** A cell in the graph: what it is, what it makes, how it stands, and its view in small. */
import { Handle, Position, type NodeProps } from '@xyflow/react';
import { memo, useContext, type CSSProperties, type ReactElement } from 'react';
import type { GraphNode, NodeData } from './graph-model.js';
import { StageIcon, StateGlyph } from './icons.js';
import type { InPort, OutPort } from './ports.js';
import { SceneContext } from './scene.js';
import { Thumbnail } from './thumbnail.js';
import { because } from './words.js';

/** Faults that are notes, and do not keep the notebook from running. */
const NOTES: readonly string[] = ['order', 'mutation', 'unread'];

const OUTDATED: readonly string[] = ['stale', 'waiting', 'queued', 'running', 'failed'];

/** All of a node in words, for whoever does not see it. */
export function spoken({ drawn, state, detail, summary, faults }: NodeData): string {
  const names = drawn.names.length > 0 ? `, makes ${drawn.names.join(', ')}` : '';
  const told = [because(state), detail, summary, ...faults.map(({ message }) => message)];
  return [`${drawn.title}${names}`, ...told].filter(text => text !== '').join('. ');
}

function Inputs({ ports }: { readonly ports: readonly InPort[] }): ReactElement {
  const { connecting } = useContext(SceneContext);
  return (
    <>
      {ports.map(({ id, x, label, input, kind, optional }) => (
        <Handle
          key={id}
          id={id}
          type="target"
          position={Position.Top}
          isConnectable={input !== undefined}
          isConnectableStart={false}
          className={[
            'hs-Port hs-mod-in',
            input ? '' : 'hs-mod-fixed',
            optional ? 'hs-mod-optional' : '',
            connecting !== undefined && connecting === kind ? 'hs-mod-takes' : ''
          ].join(' ')}
          style={{ left: x }}
          title={kind === undefined ? label : `${label}: ${kind}${optional ? ', may be left out' : ''}`}
        >
          {connecting !== undefined && connecting === kind && <span className="hs-Port-name">{label}</span>}
        </Handle>
      ))}
    </>
  );
}

function Outputs({ ports }: { readonly ports: readonly OutPort[] }): ReactElement {
  return (
    <>
      {ports.map(({ id, x, name, kind }) => (
        <Handle
          key={id}
          id={id}
          type="source"
          position={Position.Bottom}
          isConnectable={kind !== undefined}
          isConnectableEnd={false}
          className={kind === undefined ? 'hs-Port hs-mod-out hs-mod-fixed' : 'hs-Port hs-mod-out'}
          style={{ left: x }}
          title={kind === undefined ? name : `${name}: ${kind}. Drag it to an input`}
        />
      ))}
    </>
  );
}

function Head({ data }: { readonly data: NodeData }): ReactElement {
  const { drawn, faults, state } = data;
  const serious = faults.filter(({ kind }) => !NOTES.includes(kind));
  return (
    <div className="hs-Node-head">
      <StageIcon stage={drawn.stage} />
      <span className={drawn.stage === undefined ? 'hs-Node-title hs-mod-code' : 'hs-Node-title'}>
        {drawn.title}
      </span>
      {drawn.names.length > 0 && <span className="hs-Node-names">{drawn.names.join(', ')}</span>}
      {drawn.slight && drawn.readers > 0 && (
        <span className="hs-Node-names hs-mod-whole">
          {drawn.readers} {drawn.readers === 1 ? 'cell' : 'cells'}
        </span>
      )}
      {drawn.slight && state && <StateGlyph name={state.name} />}
      {faults.length > 0 && (
        <span
          className={serious.length > 0 ? 'hs-Node-faults hs-mod-serious' : 'hs-Node-faults'}
          title={faults.map(({ message }) => message).join('\n')}
        >
          {serious.length > 0 ? '!' : 'i'}
        </span>
      )}
    </div>
  );
}

function CellNode({ id, data }: NodeProps<GraphNode>): ReactElement {
  const { theme, found, selected } = useContext(SceneContext);
  const { drawn, state, job, payload, word, detail, summary } = data;
  const fraction = state?.name === 'running' ? job?.fraction : undefined;
  const pictured = !drawn.slight && drawn.stage !== undefined;
  const classes = [
    'hs-Node',
    pictured ? 'hs-mod-pictured' : '',
    selected === id ? 'hs-mod-selected' : '',
    found && !found.has(id) ? 'hs-mod-apart' : '',
    drawn.node.code.problem ? 'hs-mod-broken' : ''
  ];
  return (
    <div
      id={`hs-node-${id}`}
      className={classes.join(' ')}
      data-hs-cell={id}
      data-hs-state={state?.name ?? 'none'}
      role="img"
      aria-label={spoken(data)}
      style={{ width: drawn.width, height: drawn.height }}
    >
      <Inputs ports={drawn.inputs} />
      <div className="hs-Node-text">
        <Head data={data} />
        {!drawn.slight && (
          <div className="hs-Node-state">
            {state && <StateGlyph name={state.name} />}
            <span>{word || (drawn.node.code.foreign ? 'another language' : '')}</span>
            <span className="hs-Node-detail">{detail}</span>
            {drawn.stage === undefined && <span className="hs-Node-detail hs-mod-fit">{summary}</span>}
          </div>
        )}
        {!drawn.slight && drawn.stage !== undefined && <div className="hs-Node-summary">{summary}</div>}
      </div>
      {pictured &&
        (payload ? (
          <Thumbnail payload={payload} theme={theme} outdated={OUTDATED.includes(state?.name ?? '')} />
        ) : (
          <span className="hs-Node-thumbnail hs-mod-none">
            <StageIcon stage={drawn.stage} />
          </span>
        ))}
      {state?.name === 'running' && (
        <div
          className={fraction === undefined ? 'hs-Node-bar hs-mod-unknown' : 'hs-Node-bar'}
          style={{ '--hs-share': fraction ?? 1 } as CSSProperties}
        >
          <span />
        </div>
      )}
      <Outputs ports={drawn.outputs} />
    </div>
  );
}

export const MemoNode = memo(CellNode);
