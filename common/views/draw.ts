/**
 * One entry for all pictures: `drawView` paints a checked payload on a canvas, `measureView` tells how high it
 * will be. Layout is done twice, once on a canvas that only measures: the card must know its height before
 * the ground is painted, and text decides it.
 */
import { measuringCanvas, type Canvas2D } from './canvas.js';
import { type Choices, type Plot } from './choices.js';
import { drawCertificate } from './certificate.js';
import { drawDistribution } from './distribution.js';
import { drawEmbedding } from './embedding.js';
import { drawHeader, drawNote, MARGIN } from './frame.js';
import type { ViewPayload } from './payload.js';
import { Pen, type PointCloud, type Region } from './pen.js';
import { drawReport } from './report.js';
import { drawTable } from './table.js';
import { THEMES, type Theme } from './theme.js';
import { drawTraining } from './training.js';

/** Narrower than this, text would be unreadable: the picture is drawn at this width. */
export const MIN_WIDTH = 300;

export interface DrawOptions extends Choices {
  /** CSS pixels; at least MIN_WIDTH. */
  width: number;
  theme?: Theme | Theme['name'];
  /** As `measureView` told for these options, by whoever has asked it already. */
  height?: number;
  /** Device pixels a CSS pixel. */
  pixelRatio?: number;
}

/** What was drawn, for hover and for whoever sizes the canvas. */
export interface Drawn {
  width: number;
  height: number;
  regions: readonly Region[];
  plots: readonly Plot[];
  points: PointCloud | undefined;
}

function body(pen: Pen, payload: ViewPayload, x: number, y: number, w: number, options: Choices): number {
  switch (payload.kind) {
    case 'table':
      return drawTable(pen, payload, x, y, w);
    case 'embedding':
      return drawEmbedding(pen, payload, x, y, w, options);
    case 'distribution':
      return drawDistribution(pen, payload, x, y, w, options);
    case 'training':
      return drawTraining(pen, payload, x, y, w);
    case 'report':
      return drawReport(pen, payload, x, y, w, options);
    case 'certificate':
      return drawCertificate(pen, payload, x, y, w, options);
    default:
      return payload satisfies never;
  }
}

function layout(pen: Pen, payload: ViewPayload, width: number, options: Choices): number {
  const w = width - 2 * MARGIN;
  const head = drawHeader(pen, payload.title, payload.subtitle, MARGIN, 0, w);
  pen.line(0, head + 0.5, width, head + 0.5, pen.theme.faint);
  const foot = Math.round(head + 4 + body(pen, payload, MARGIN, head + 4, w, options) + 6);
  pen.line(0, foot + 0.5, width, foot + 0.5, pen.theme.faint);
  return foot + Math.ceil(drawNote(pen, payload.note, MARGIN, foot + 2, w)) + 2;
}

function themeOf(theme: DrawOptions['theme']): Theme {
  return typeof theme === 'object' ? theme : THEMES[theme ?? 'light'];
}

/** Height in CSS pixels of the payload's picture. `ctx` only measures text; nothing is drawn on it. */
export function measureView(ctx: Canvas2D, payload: ViewPayload, options: DrawOptions): number {
  const pen = new Pen(measuringCanvas(ctx), themeOf(options.theme), true);
  return layout(pen, payload, Math.max(MIN_WIDTH, options.width), options);
}

/**
 * Draws the picture at the canvas's origin; the canvas must be `width` x `measureView` CSS pixels in size.
 * @param payload As `parsePayload` returned it: drawing relies on its checks.
 */
export function drawView(ctx: Canvas2D, payload: ViewPayload, options: DrawOptions): Drawn {
  const theme = themeOf(options.theme);
  const width = Math.max(MIN_WIDTH, options.width);
  const height = options.height ?? measureView(ctx, payload, options);
  const ratio = options.pixelRatio ?? 1;
  const pen = new Pen(ctx, theme, false, ratio);
  ctx.save();
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.rect({ x: 0, y: 0, w: width, h: height }, theme.ground);
  layout(pen, payload, width, options);
  pen.frame({ x: 0, y: 0, w: width, h: height }, theme.border);
  ctx.restore();
  return { width, height, regions: pen.regions, plots: pen.plots, points: pen.points };
}
