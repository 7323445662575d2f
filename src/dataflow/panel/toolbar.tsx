/** Above the graph: running what is stale or up to a cell, reactive mode, and how many cells are in which state. */
import type { ReactElement } from 'react';
import type { CellStateName } from '../../../common/dataflow/index.js';
import type { IDataflow } from '../tokens.js';
import type { GraphController } from './controller.js';
import { ButtonIcon, RunIcon, StateGlyph, StopIcon } from './icons.js';
import { costInWords, countStates } from './words.js';

export interface ToolbarProps {
  readonly controller: GraphController;
  readonly flow: IDataflow;
}

/** The next cell in a state, after the chosen one and around. */
function nextIn({ flow, states, selected }: IDataflow, name: CellStateName): string | undefined {
  const ids = flow.nodes.map(({ id }) => id).filter(id => states.get(id)?.name === name);
  const at = flow.nodes.findIndex(({ id }) => id === selected);
  return ids.find(id => flow.nodes.findIndex(node => node.id === id) > at) ?? ids[0];
}

export function Toolbar({ controller, flow }: ToolbarProps): ReactElement {
  const { selected } = flow;
  const counts = countStates(flow.states.values());
  const busy = counts.some(([name]) => name === 'running' || name === 'queued');
  const due = flow.costOf('stale');
  const to = selected === undefined ? undefined : flow.costOf({ to: selected });
  return (
    <div className="hs-Graph-toolbar" role="toolbar" aria-label="Dataflow">
      <button
        type="button"
        className="hs-Graph-button hs-mod-primary"
        disabled={due.cells === 0}
        title={due.cells === 0 ? 'Nothing is stale' : 'Run what is stale, in order (Shift S)'}
        onClick={() => controller.run('stale')}
      >
        <RunIcon />
        Run stale
        {due.cells > 0 && <span className="hs-Graph-cost">{costInWords(due)}</span>}
      </button>
      <button
        type="button"
        className="hs-Graph-button"
        disabled={!to || to.cells === 0}
        title={
          !to || to.cells === 0
            ? 'The chosen cell and all that it reads are fresh'
            : `Run the chosen cell and what it needs: ${costInWords(to)}`
        }
        onClick={() => controller.run('to')}
      >
        <ButtonIcon name="to" />
        To here
      </button>
      {busy && (
        <button
          type="button"
          className="hs-Graph-button hs-mod-stop"
          title="Stop; variables are kept"
          onClick={() => controller.stop()}
        >
          <StopIcon />
          Stop
        </button>
      )}
      <button
        type="button"
        role="switch"
        aria-checked={flow.reactive}
        className="hs-Graph-switch"
        title="Run what an edit makes stale by itself. What takes long waits for the key"
        onClick={() => controller.toggleReactive()}
      >
        <span className="hs-Graph-track" aria-hidden />
        Reactive
      </button>
      <span className="hs-Graph-space" />
      <span className="hs-Graph-counts">
        {counts.map(([name, count]) => (
          <button
            key={name}
            type="button"
            className="hs-Graph-count"
            data-hs-state={name}
            title={`${count} ${name}: go to the next`}
            onClick={() => {
              const next = nextIn(flow, name);
              if (next !== undefined) controller.select(next);
            }}
          >
            <StateGlyph name={name} />
            <b>{count}</b> <span className="hs-Graph-countword">{name}</span>
          </button>
        ))}
      </span>
    </div>
  );
}
