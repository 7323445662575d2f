/** The pictures of stage cells: one a stage, one a state. Shapes only; colours come from the style sheet. */

import type { CellStateName } from '../../common/dataflow/index.js';

const SVG = 'http://www.w3.org/2000/svg';

/** Path data in a box of 16, drawn as lines. */
const STAGES: Readonly<Record<string, string>> = {
  load: 'M2.5 3.5h11v9h-11zM2.5 6.5h11M6.5 3.5v9',
  samples: 'M3 4h10M3 8h10M3 12h6',
  split: 'M8 2.5v4M8 6.5L4 10v3.5M8 6.5l4 3.5v3.5',
  simulate: 'M2 8c2-7 4-7 6 0s4 7 6 0',
  embed: 'M2.5 2.5v11h11M5.5 10h.1M7.5 6h.1M10.5 8.5h.1M11.5 4.5h.1',
  denoise: 'M2 11c3-7 6 3 12-4M6 3h.1M6 5v2',
  review: 'M3 8.5l3 3 7-7',
  weigh: 'M1.5 12.5c2-9 4-9 6 0M6.5 12.5c2-6 5-6 7 0',
  finetune: 'M2.5 3c1 6 3 8.5 11 9M2.5 13.5h11',
  evaluate: 'M3 13.5V9M8 13.5V3M13 13.5V6',
  ablate: 'M3 4h8M5 8h8M3 12h6',
  certify: 'M8 2l5 2v4c0 3-2 5-5 6-3-1-5-3-5-6V4zM5.8 8l1.6 1.6 2.9-3'
};

const OTHER = 'M3 3h10v10H3z';

/** Path data in a box of 12; `fill` is the ground, `line` lies on it, `ring` is drawn as a line alone. */
const STATES: Readonly<Record<CellStateName, Partial<Record<'fill' | 'line' | 'ring' | 'track', string>>>> = {
  fresh: { fill: 'M6 1a5 5 0 1 0 .01 0z', line: 'M3.6 6.1l1.7 1.7 3.2-3.4' },
  cached: { ring: 'M6 1.4a4.6 4.6 0 1 0 .01 0zM6 3.4v5M3.9 6.4L6 8.5l2.1-2.1' },
  stale: { fill: 'M6 .6L11.4 6 6 11.4.6 6z' },
  waiting: { ring: 'M6 1.2L10.8 6 6 10.8 1.2 6z' },
  queued: { ring: 'M6 1.5a4.5 4.5 0 1 0 .01 0zM6 3.5V6l1.7 1' },
  running: { track: 'M6 1.4a4.6 4.6 0 1 0 .01 0z', ring: 'M6 1.4A4.6 4.6 0 1 1 1.8 8' },
  failed: { fill: 'M1.5 1h9v10h-9z', line: 'M4 4l4 4M8 4l-4 4' },
  bypassed: { ring: 'M1 8.5h1.5C4 8.5 3.5 3 6 3s2 5.5 3.5 5.5H11M9 6.5l2 2-2 2' }
};

/** The pictures as path data, for whoever draws them by other means. */
export function stagePath(stage: string): string {
  return (Object.hasOwn(STAGES, stage) ? STAGES[stage] : undefined) ?? OTHER;
}

/** Role and path data of each piece of a state's picture, in a box of 12. */
export function glyphPaths(state: CellStateName): readonly (readonly [role: string, d: string])[] {
  return Object.entries(STATES[state]);
}

function svg(
  box: number,
  size: number,
  paths: readonly (readonly [role: string, d: string])[]
): SVGSVGElement {
  const node = document.createElementNS(SVG, 'svg');
  node.setAttribute('viewBox', `0 0 ${box} ${box}`);
  node.setAttribute('width', String(size));
  node.setAttribute('height', String(size));
  node.setAttribute('aria-hidden', 'true');
  for (const [role, d] of paths) {
    const path = document.createElementNS(SVG, 'path');
    path.setAttribute('d', d);
    path.setAttribute('class', `hs-Glyph-${role}`);
    node.append(path);
  }
  return node;
}

export function stageIcon(stage: string): SVGSVGElement {
  return svg(16, 16, [['line', stagePath(stage)]]);
}

export function stateGlyph(state: CellStateName): SVGSVGElement {
  return svg(12, 12, glyphPaths(state));
}

export function runIcon(): SVGSVGElement {
  return svg(16, 16, [['solid', 'M5 3.5l7 4.5-7 4.5z']]);
}

export function formIcon(): SVGSVGElement {
  return svg(16, 16, [
    ['line', 'M2 4.5h6M12 4.5h2M2 11.5h2M8 11.5h6M10 2.8a1.7 1.7 0 1 0 .01 0zM6 9.8a1.7 1.7 0 1 0 .01 0z']
  ]);
}

export function stopIcon(): SVGSVGElement {
  return svg(16, 16, [['solid', 'M4.5 4.5h7v7h-7z']]);
}
