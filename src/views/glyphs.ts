/** The pictures on a view's tools. Shapes only; colours come from the style sheet. */

export type ToolName = 'pan' | 'lasso' | 'box' | 'in' | 'out' | 'all' | 'undo' | 'save';

const SVG = 'http://www.w3.org/2000/svg';

/** Path data in a box of 16, drawn as lines. */
const PATHS: Readonly<Record<ToolName, string>> = {
  pan: 'M8 2v12M2 8h12M8 2L6.3 3.8M8 2l1.7 1.8M8 14l-1.7-1.8M8 14l1.7-1.8M2 8l1.8-1.7M2 8l1.8 1.7M14 8l-1.8-1.7M14 8l-1.8 1.7',
  lasso:
    'M8 2.5c3.4 0 6 1.6 6 3.9s-2.6 3.9-6 3.9-6-1.6-6-3.9 2.6-3.9 6-3.9zM4.5 9.5c-1.2.9-1 2.5.3 2.7 1.2.1 1.6 1 1 2',
  box: 'M2.5 3.5h2M6.5 3.5h3M11.5 3.5h2v2M13.5 7.5v2M13.5 11.5v1h-2M9.5 12.5h-3M4.5 12.5h-2v-1M2.5 9.5v-2M2.5 5.5v-2',
  in: 'M8 3.5v9M3.5 8h9',
  out: 'M3.5 8h9',
  all: 'M2.5 6V2.5H6M10 2.5h3.5V6M13.5 10v3.5H10M6 13.5H2.5V10',
  undo: 'M5.5 3L2.5 6l3 3M2.5 6h7a4 4 0 0 1 0 7H6',
  save: 'M8 2.5v7M5 7l3 3 3-3M3 13.5h10'
};

export function toolGlyph(name: ToolName): SVGSVGElement {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 16 16');
  svg.setAttribute('width', '16');
  svg.setAttribute('height', '16');
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', PATHS[name]);
  path.setAttribute('fill', 'none');
  path.setAttribute('stroke', 'currentColor');
  path.setAttribute('stroke-width', '1.5');
  path.setAttribute('stroke-linecap', 'round');
  path.setAttribute('stroke-linejoin', 'round');
  svg.append(path);
  return svg;
}
