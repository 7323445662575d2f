/** Edges as SVG paths: corners of a wiring, rounded. Knows no node. */
import type { Point } from './layout.js';

const ROUND = 6;

/** @param points each piece horizontal or vertical */
export function roundedPath(points: readonly Point[], radius = ROUND): string {
  const [first, ...rest] = points;
  if (!first) return '';
  let path = `M${first.x} ${first.y}`;
  rest.forEach((corner, i) => {
    const before = points[i]!;
    const after = rest[i + 1];
    if (!after) {
      path += `L${corner.x} ${corner.y}`;
      return;
    }
    const reach = (to: Point): number => Math.abs(to.x - corner.x) + Math.abs(to.y - corner.y);
    const r = Math.min(radius, reach(before) / 2, reach(after) / 2);
    const towards = (to: Point): string =>
      `${corner.x + Math.sign(to.x - corner.x) * r} ${corner.y + Math.sign(to.y - corner.y) * r}`;
    path += `L${towards(before)}Q${corner.x} ${corner.y} ${towards(after)}`;
  });
  return path;
}

/** A head for the end of an edge that comes from above. */
export function arrowHead({ x, y }: Point): string {
  return `M${x - 4} ${y - 7}L${x + 4} ${y - 7}L${x} ${y}Z`;
}

/** The same route, into another port of the same node: it forks off just above. */
export function forked(route: readonly Point[], x: number): readonly Point[] {
  const end = route.at(-1);
  const before = route.at(-2);
  if (!end || !before) return route;
  const y = end.y - 13;
  if (before.y > y) return route;
  return [...route.slice(0, -1), { x: end.x, y }, { x, y }, { x, y: end.y }];
}
