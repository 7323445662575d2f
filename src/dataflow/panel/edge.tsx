/** An edge: the way of a variable from the cell that makes it to one that reads it, with its name at the end. */
import { getSmoothStepPath, type EdgeProps } from '@xyflow/react';
import { memo, useContext, type ReactElement } from 'react';
import type { Point } from '../../../common/dataflow/index.js';
import { viridis } from '../../../common/views/index.js';
import type { GraphEdge } from './graph-model.js';
import { arrowHead, roundedPath } from '../../../common/dataflow/index.js';
import { SceneContext } from './scene.js';

const BARS = { width: 64, height: 22, gap: 4 } as const;

/** How far an end may stand from where the layout saw it: a node that is dragged leaves its lanes. */
const NEAR = 6;
/** The line ends within its head. */
const HEAD = 5;
/** A port's middle lies on the node's border. */
const PORT = 4;

function stands(point: Point | undefined, x: number, y: number): boolean {
  return point !== undefined && Math.abs(point.x - x) < NEAR && Math.abs(point.y - y) < NEAR;
}

/** The distribution of the weights, right below the node that makes them. */
function Bars({ bars, at }: { readonly bars: readonly number[]; readonly at: Point }): ReactElement {
  const { theme } = useContext(SceneContext);
  const { width, height, gap } = BARS;
  const step = (width - 8) / bars.length;
  const left = at.x - width / 2;
  const top = at.y + gap;
  return (
    <g className="hs-Edge-bars">
      <title>The training weights, from the least to the largest</title>
      <rect className="hs-Edge-card" x={left} y={top} width={width} height={height} rx="3" />
      {bars.map((bar, i) => {
        const high = Math.max(1, bar * (height - 6));
        return (
          <rect
            key={i}
            x={left + 4 + i * step}
            y={top + height - 3 - high}
            width={step - 1}
            height={high}
            fill={viridis(i / Math.max(1, bars.length - 1), theme)}
          />
        );
      })}
    </g>
  );
}

function FlowEdge(props: EdgeProps<GraphEdge>): ReactElement | null {
  const { data, source, target, sourceX, sourceY, targetX, targetY, selected } = props;
  const { selected: cell, moving } = useContext(SceneContext);
  if (!data) return null;
  const { route, look, label, lift, bars, edge } = data;
  const wired = stands(route[0], sourceX, sourceY) && stands(route.at(-1), targetX, targetY);
  const [loose] = wired
    ? ['']
    : getSmoothStepPath({
        ...props,
        sourceY: sourceY - PORT,
        targetY: targetY + PORT - HEAD,
        borderRadius: 6,
        offset: 14
      });
  const end = wired ? route.at(-1)! : { x: targetX, y: targetY + PORT };
  const path = wired ? roundedPath([...route.slice(0, -1), { x: end.x, y: end.y - HEAD }]) : loose;
  const classes = [
    'hs-Edge',
    `hs-mod-${look}`,
    edge.type === true ? 'hs-mod-type' : '',
    selected ? 'hs-mod-selected' : '',
    cell === source || cell === target ? 'hs-mod-near' : '',
    moving !== undefined && (moving === source || moving === target) ? 'hs-mod-moving' : ''
  ];
  return (
    <g className={classes.join(' ')} data-hs-name={edge.name}>
      <path
        className="react-flow__edge-interaction"
        d={path}
        fill="none"
        strokeOpacity={0}
        strokeWidth={14}
      />
      <path className="hs-Edge-line" d={path} />
      <path className="hs-Edge-head" d={arrowHead(end)} />
      {label !== '' && (
        <text className="hs-Edge-name" x={end.x + 6} y={end.y - 9 - lift}>
          {label.length > 18 ? label.slice(0, 17) + '…' : label}
        </text>
      )}
      {bars && <Bars bars={bars} at={{ x: sourceX, y: sourceY - PORT }} />}
    </g>
  );
}

export const MemoEdge = memo(FlowEdge);
