/** Panels of histograms, and the tube beside them where the payload has one. */
import type { Choices } from './choices.js';
import { drawFactGrid, drawFactList, drawRule } from './frame.js';
import { drawPanel } from './histogram.js';
import type { DistributionPayload } from './payload.js';
import { clean, type Pen } from './pen.js';
import { drawTube } from './tube.js';

/** Histograms in rows of one or two; returns the height. */
function drawPanels(
  pen: Pen,
  payload: DistributionPayload,
  x: number,
  y: number,
  w: number,
  columns: number,
  options: Choices
): number {
  const single = payload.panels.length === 1;
  const step = (w + 24) / columns;
  let height = 0;
  for (let i = 0; i < payload.panels.length; i += columns) {
    const row = payload.panels.slice(i, i + columns);
    const heights = row.map((panel, k) => {
      const titled = !single || payload.tube !== undefined || clean(panel.title) !== clean(payload.title);
      const tall = single ? 230 : 190;
      return drawPanel(pen, panel, i + k, x + k * step, y + height, step - 24, titled, tall, options);
    });
    height += Math.max(...heights) + 4;
  }
  return height;
}

/** Draws tube and panels in a column `w` wide with the top at `y`; returns the height. */
export function drawDistribution(
  pen: Pen,
  payload: DistributionPayload,
  x: number,
  y: number,
  w: number,
  options: Choices = {}
): number {
  const { tube } = payload;
  const single = payload.panels.length === 1;
  const side = !tube && single && payload.facts.length > 0 && w >= 640 ? 236 : 0;
  let height: number;
  if (tube && w >= 676) {
    // As the theorem reads: the rows around the manifold left, what their distance does to their weight right.
    const half = Math.floor((w - 24) / 2);
    const right = x + half + 24;
    height = Math.max(
      drawTube(pen, tube, x, y, half, options),
      drawPanels(pen, payload, right, y, w - half - 24, 1, options)
    );
    pen.line(right - 12.5, y, right - 12.5, y + height, pen.theme.faint);
  } else {
    const above = tube ? drawTube(pen, tube, x, y, w, options) + 8 : 0;
    if (tube) drawRule(pen, { x, w }, y + above - 4);
    const inner = side ? w - side - 24 : w;
    height = above + drawPanels(pen, payload, x, y + above, inner, single || inner < 640 ? 1 : 2, options);
  }
  if (side) {
    pen.line(x + w - side - 12.5, y, x + w - side - 12.5, y + height, pen.theme.faint);
    return Math.max(height, 8 + drawFactList(pen, payload.facts, x + w - side, y + 10, side));
  }
  if (payload.facts.length === 0) return height;
  drawRule(pen, { x, w }, y + height);
  return height + drawFactGrid(pen, payload.facts, x, y + height, w);
}
