/** What a node has to say when it is pointed at: why it is in its state, how it ran, what is wrong, and the keys. */
import { useReactFlow, useStore } from '@xyflow/react';
import type { ReactElement } from 'react';
import type { NodeData } from './graph-model.js';
import { because, lastRun } from './words.js';

const WIDTH = 232;
const GAP = 12;

interface Box {
  readonly left: number;
  readonly top: number;
  readonly side: 'left' | 'right' | 'below';
}

/** @param node in pixels of the pane */
function placeBeside(
  node: { x: number; y: number; width: number; height: number },
  pane: { width: number; height: number }
): Box {
  const top = Math.max(4, Math.min(node.y - 6, pane.height - 150));
  if (node.x - WIDTH - GAP > 0) return { left: node.x - WIDTH - GAP, top, side: 'left' };
  const right = node.x + node.width + GAP;
  if (right + WIDTH < pane.width) return { left: right, top, side: 'right' };
  const left = Math.max(4, Math.min(node.x, pane.width - WIDTH - 4));
  return { left, top: node.y + node.height + GAP, side: 'below' };
}

function waits(count: number): string {
  return count === 1 ? '1 cell waits for it.' : `${count} cells wait for it.`;
}

export interface TipProps {
  readonly data: NodeData;
  /** Cells that wait for this one. */
  readonly waiting: number;
}

export function Tip({ data, waiting }: TipProps): ReactElement | null {
  const { getInternalNode } = useReactFlow();
  const [panX, panY, zoom] = useStore(state => state.transform);
  const pane = useStore(
    state => state,
    (a, b) => a.width === b.width && a.height === b.height
  );
  const { drawn, state, summary, faults } = data;
  const node = getInternalNode(drawn.node.id);
  if (!node) return null;
  const { x, y } = node.internals.positionAbsolute;
  const box = placeBeside(
    { x: x * zoom + panX, y: y * zoom + panY, width: drawn.width * zoom, height: drawn.height * zoom },
    pane
  );
  const { problem } = drawn.node.code;
  const keys = [
    ['Enter', 'go to cell'],
    ...(state?.due ? [['⇧ S', 'run stale']] : []),
    ...(drawn.stage === undefined
      ? []
      : [
          ['F', 'form'],
          ['B', 'bypass']
        ])
  ];
  return (
    <div
      className={`hs-Graph-tip hs-mod-${box.side}`}
      style={{ left: box.left, top: box.top, width: WIDTH }}
      role="tooltip"
    >
      <div className="hs-Graph-tiphead">{because(state) || drawn.title}</div>
      {problem && (
        <div>
          Line {problem.line}: {problem.message} Its edges are the last that were known.
        </div>
      )}
      {faults.map(({ message }, i) => (
        <div key={i}>{message}</div>
      ))}
      <div>
        {[lastRun(state?.run), waiting > 0 ? waits(waiting) : ''].filter(text => text !== '').join(' ')}
      </div>
      {summary !== '' && <div>{summary}</div>}
      <div className="hs-Graph-tipkeys">
        {keys.map(([key, act]) => (
          <span key={key}>
            <kbd>{key}</kbd> {act}
          </span>
        ))}
      </div>
    </div>
  );
}
