/** The views: what their payloads hold, how they are drawn, and how they are told in words. */
export {
  MIME,
  SAVED_ROWS,
  type CertificateBlock,
  type CertificatePayload,
  type Codes,
  type ColourColumn,
  type DistributionPayload,
  type EmbeddingPayload,
  type Fact,
  type Live,
  type Packed,
  type ReportPayload,
  type Rows,
  type TablePayload,
  type TrainingPayload,
  type Tune,
  type ViewPayload
} from './payload.js';
export { heldCodes, heldNumbers, packCategories, packNumbers, unpackCodes, unpackNumbers } from './pack.js';
export { putTogether, takeApart } from './whole.js';
export { weakestClaim } from './certificate.js';
export { parsePayload } from './parse.js';
export { inconsistency } from './consistency.js';
export { describeView } from './describe.js';
export { drawView, measureView, MIN_WIDTH, type DrawOptions, type Drawn } from './draw.js';
export type { Canvas2D, Pixels } from './canvas.js';
export type { PointCloud, Region } from './pen.js';
export { clean } from './pen.js';
export { DARK, HIGH_CONTRAST, HIGH_CONTRAST_DARK, LIGHT, themeFor, THEMES, type Theme } from './theme.js';
export type { Choices, Plot, PlotAxis, Window } from './choices.js';
export { drawThumbnail, type ThumbnailOptions } from './thumbnail.js';
export { weightBars } from './weight-bars.js';
export { viridis } from './scale.js';
