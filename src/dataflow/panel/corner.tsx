/** The lower corner of the graph: search, zoom and fit. */
import { useReactFlow, useStore } from '@xyflow/react';
import type { ReactElement } from 'react';
import { ButtonIcon } from './icons.js';

export interface CornerProps {
  onSearch(): void;
  onFit(): void;
  onTidy(): void;
}

export function Corner({ onSearch, onFit, onTidy }: CornerProps): ReactElement {
  const { zoomIn, zoomOut, zoomTo } = useReactFlow();
  const zoom = useStore(state => Math.round(100 * state.transform[2]));
  const button = (label: string, act: () => void, child: ReactElement | string): ReactElement => (
    <button type="button" title={label} aria-label={label} onClick={act}>
      {child}
    </button>
  );
  return (
    <div className="hs-Graph-corner" role="group" aria-label="View">
      {button('Find (/)', onSearch, <ButtonIcon name="search" />)}
      {button('Smaller (-)', () => void zoomOut(), <ButtonIcon name="minus" />)}
      {button('Whole size (1)', () => void zoomTo(1), `${zoom} %`)}
      {button('Larger (+)', () => void zoomIn(), <ButtonIcon name="plus" />)}
      {button('All of it (0)', onFit, <ButtonIcon name="fit" />)}
      {button('Tidy: lay out anew, and the cells from top to bottom', onTidy, <ButtonIcon name="tidy" />)}
    </div>
  );
}
