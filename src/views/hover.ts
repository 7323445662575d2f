/** What lies under the pointer in a drawn picture. Pure: no page, no events. */
import type { Drawn, Region } from '../../common/views/index.js';

/** Row of the point nearest to (x, y) within `reach` CSS pixels, or -1. */
export function nearestPoint(
  xs: Float32Array,
  ys: Float32Array,
  x: number,
  y: number,
  reach: number
): number {
  let best = reach * reach;
  let found = -1;
  for (let i = 0; i < xs.length; i++) {
    const dx = xs[i]! - x;
    const dy = ys[i]! - y;
    const distance = dx * dx + dy * dy;
    // A hidden point is NaN, and NaN is never less. On a tie the later row lies on top.
    if (distance <= best) {
      best = distance;
      found = i;
    }
  }
  return found;
}

/** The smallest region around (x, y): a chip before the row that it stands in. */
export function regionAt(drawn: Drawn, x: number, y: number): Region | undefined {
  let found: Region | undefined;
  for (const region of drawn.regions) {
    const inside = x >= region.x && x <= region.x + region.w && y >= region.y && y <= region.y + region.h;
    if (inside && (!found || region.w * region.h <= found.w * found.h)) found = region;
  }
  return found;
}

/** Index of the point under (x, y), or -1. */
export function pointAt(drawn: Drawn, x: number, y: number): number {
  const { points } = drawn;
  return points ? nearestPoint(points.x, points.y, x, y, 8) : -1;
}

/** Lines for a tooltip at (x, y); none where there is nothing to say. */
export function linesAt(drawn: Drawn, x: number, y: number): readonly string[] {
  const region = regionAt(drawn, x, y);
  if (region) return region.text;
  const point = pointAt(drawn, x, y);
  return point < 0 ? [] : drawn.points!.lines(point);
}
