/** Which points a gesture encloses, and how a window on the plane moves. Pure: no page, no events. */
import type { PlotAxis, Window } from '../../common/views/index.js';

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Whether a point lies in a closed polygon, by the even-odd rule. */
export function inside(polygon: readonly Point[], x: number, y: number): boolean {
  let within = false;
  for (let i = 0, j = polygon.length - 1; i < polygon.length; j = i++) {
    const a = polygon[i]!;
    const b = polygon[j]!;
    if (a.y > y !== b.y > y && x < ((b.x - a.x) * (y - a.y)) / (b.y - a.y) + a.x) within = !within;
  }
  return within;
}

/** Indices of the points in the polygon. Hidden points are NaN and lie in none. */
export function enclosed(polygon: readonly Point[], xs: ArrayLike<number>, ys: ArrayLike<number>): number[] {
  if (polygon.length < 3) return [];
  const [left, right] = [Math.min(...polygon.map(p => p.x)), Math.max(...polygon.map(p => p.x))];
  const [top, bottom] = [Math.min(...polygon.map(p => p.y)), Math.max(...polygon.map(p => p.y))];
  const found: number[] = [];
  for (let i = 0; i < xs.length; i++) {
    const x = xs[i]!;
    const y = ys[i]!;
    if (x >= left && x <= right && y >= top && y <= bottom && inside(polygon, x, y)) found.push(i);
  }
  return found;
}

/** The corners of the box between two points. */
export function boxBetween(a: Point, b: Point): Point[] {
  return [a, { x: b.x, y: a.y }, b, { x: a.x, y: b.y }];
}

/** The window after dragging by so many pixels. */
export function panned(x: PlotAxis, y: PlotAxis, dx: number, dy: number): Window {
  const shift = (axis: PlotAxis, by: number): [number, number] => {
    const [low, high] = axis.domain;
    return [axis.toData(axis.toPixel(low) - by), axis.toData(axis.toPixel(high) - by)];
  };
  return { x: shift(x, dx), y: shift(y, dy) };
}

/** The window when the picture grows by `factor` around a place in pixels. */
export function zoomed(x: PlotAxis, y: PlotAxis, at: Point, factor: number): Window {
  const scale = (axis: PlotAxis, pixel: number): [number, number] => {
    const centre = axis.toData(pixel);
    return axis.domain.map(end => centre + (end - centre) / factor) as [number, number];
  };
  return { x: scale(x, at.x), y: scale(y, at.y) };
}

/** How often larger than `all` the window draws things; at least a hair, at most 10,000 times. */
export function magnification(window: Window, all: Window): number {
  const [low, high] = window.x;
  const [from, to] = all.x;
  return (to - from) / (high - low || 1e-12);
}
