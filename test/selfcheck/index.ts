/** All cells of the self-check, and the report of what they measured. */
import type { Cell } from './cell.js';
import { CERTIFICATE_CELLS } from './certificates.js';
import { CLOSED_FORM_CELLS } from './closed-forms.js';
import { HYBRID_CELLS } from './hybrid.js';
import { MANIFOLD_CELLS } from './manifolds.js';
import { RATIO_CELLS } from './ratios.js';

export type { Cell, Check, Measured } from './cell.js';
export { judged, report, type CellResult, type Measurement } from './report.js';
export { plot } from './plot.js';

export const CELLS: Cell[] = [
  ...CERTIFICATE_CELLS,
  ...CLOSED_FORM_CELLS,
  ...RATIO_CELLS,
  ...MANIFOLD_CELLS,
  ...HYBRID_CELLS
];
