/** The pictures of stages and states, and those of the graph's buttons, as React elements. */
import type { ReactElement } from 'react';
import type { CellStateName } from '../../../common/dataflow/index.js';
import { glyphPaths, stagePath } from '../../stagecell/index.js';

export function StateGlyph({ name }: { readonly name: CellStateName }): ReactElement {
  return (
    <svg
      className="hs-Graph-glyph"
      data-hs-state={name}
      viewBox="0 0 12 12"
      width="12"
      height="12"
      aria-hidden
    >
      {glyphPaths(name).map(([role, d]) => (
        <path key={role} className={`hs-Glyph-${role}`} d={d} />
      ))}
    </svg>
  );
}

function Lines({ d, size = 16 }: { readonly d: string; readonly size?: number }): ReactElement {
  return (
    <svg viewBox="0 0 16 16" width={size} height={size} aria-hidden>
      <path className="hs-Glyph-line" d={d} />
    </svg>
  );
}

export function StageIcon({ stage }: { readonly stage: string | undefined }): ReactElement {
  return <Lines d={stage === undefined ? CODE : stagePath(stage)} />;
}

/** Before the code of a cell that calls no stage. */
const CODE = 'M5.5 4L2 8l3.5 4M10.5 4L14 8l-3.5 4';

const BUTTONS = {
  search: 'M7 3a4 4 0 1 0 .01 0zM10 10l3.5 3.5',
  fit: 'M3 6V3h3M10 3h3v3M13 10v3h-3M6 13H3v-3',
  minus: 'M4 8h8',
  plus: 'M8 4v8M4 8h8',
  tidy: 'M6 2.5h4v3H6zM2 10.5h4v3H2zM10 10.5h4v3h-4zM8 5.5V8M4 10.5V8h8v2.5',
  close: 'M4 4l8 8M12 4l-8 8',
  to: 'M8 2.5v7M5 7l3 3 3-3M3 13h10'
} as const;

export function ButtonIcon({ name }: { readonly name: keyof typeof BUTTONS }): ReactElement {
  return <Lines d={BUTTONS[name]} />;
}

export function RunIcon(): ReactElement {
  return (
    <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden>
      <path className="hs-Glyph-solid" d="M5 3.5l7 4.5-7 4.5z" />
    </svg>
  );
}

export function StopIcon(): ReactElement {
  return (
    <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden>
      <path className="hs-Glyph-solid" d="M4.5 4.5h7v7h-7z" />
    </svg>
  );
}
