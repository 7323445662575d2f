/** Where the rows of a cloud stand in a plot, in CSS pixels, and the plot as something that answers to gestures. */
import type { PlotAxis, Window } from './choices.js';
import type { Box } from './pen.js';

/** An axis on which equal steps are equal lengths, from `low` at the pixel `start` to `high` at `end`. */
export function linearAxis(domain: readonly [number, number], start: number, end: number): PlotAxis {
  const [low, high] = domain;
  const step = (end - start) / (high - low || 1);
  return {
    domain,
    toPixel: value => start + (value - low) * step,
    toData: pixel => low + (pixel - start) / step
  };
}

/** The window, or all of the plane where it is none: ends that are not finite numbers in order are no window. */
export function windowOr(window: Window | undefined, whole: Window): Window {
  const usable = (range: readonly [number, number] | undefined): boolean =>
    range !== undefined && Number.isFinite(range[0]) && Number.isFinite(range[1]) && range[0] < range[1];
  return window && usable(window.x) && usable(window.y) ? window : whole;
}

/** All data with some pixels around it: what the edges of the box stand for. */
export function around(
  [low, high]: readonly [number, number],
  length: number,
  margin: number
): [number, number] {
  const pad = ((high - low) * margin) / Math.max(1, length - 2 * margin);
  return [low - pad, high + pad];
}

export interface Placed {
  x: Float32Array;
  y: Float32Array;
  /** How many rows are shown and inside the box, whether or not they are drawn this time. */
  inside: number;
}

/**
 * Pixels of each row; NaN for one that is hidden, outside the box, or left out because at most `most` are wanted.
 * @param shown whether a row is not hidden
 */
export function place(
  xs: Float32Array,
  ys: Float32Array,
  axes: { x: PlotAxis; y: PlotAxis },
  box: Box,
  shown: (row: number) => boolean,
  most: number | undefined
): Placed {
  const n = xs.length;
  const x = new Float32Array(n);
  const y = new Float32Array(n);
  const every = most !== undefined && most > 0 && most < n ? Math.ceil(n / most) : 1;
  const [x0, y0] = [axes.x.toPixel(0), axes.y.toPixel(0)];
  const [dx, dy] = [axes.x.toPixel(1) - x0, axes.y.toPixel(1) - y0];
  const [left, top, right, bottom] = [box.x, box.y, box.x + box.w, box.y + box.h];
  let inside = 0;
  let turn = 0;
  for (let i = 0; i < n; i++) {
    const px = x0 + xs[i]! * dx;
    const py = y0 + ys[i]! * dy;
    const seen = px >= left && px <= right && py >= top && py <= bottom && shown(i);
    if (seen) inside++;
    const drawn = seen && turn === 0;
    if (++turn === every) turn = 0;
    x[i] = drawn ? px : NaN;
    y[i] = drawn ? py : NaN;
  }
  return { x, y, inside };
}
