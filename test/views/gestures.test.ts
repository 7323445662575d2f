/** What gestures and keys make of a picture: enclosed points, windows, steps, ranges. No page is needed. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Drawn, PlotAxis, ViewPayload, Window } from '../../common/views/index.js';
import { packCategories, packNumbers } from '../../common/views/index.js';
import { front } from './front.js';

interface Point {
  x: number;
  y: number;
}

const geometry = await front<{
  inside(polygon: readonly Point[], x: number, y: number): boolean;
  enclosed(polygon: readonly Point[], xs: ArrayLike<number>, ys: ArrayLike<number>): number[];
  boxBetween(a: Point, b: Point): Point[];
  panned(x: PlotAxis, y: PlotAxis, dx: number, dy: number): Window;
  zoomed(x: PlotAxis, y: PlotAxis, at: Point, factor: number): Window;
}>('views/geometry.js');
const { nextPoint } = await front<{
  nextPoint(drawn: Drawn, plot: unknown, from: number | undefined, by: 1 | -1): number | undefined;
}>('views/keys.js');
const held = await front<{
  rowsWithin(payload: ViewPayload, panel: number, from: number, to: number): number[];
  savedTexts(payload: ViewPayload): Map<number, { text: string }>;
  isSample(payload: ViewPayload): boolean;
}>('views/held.js');

function axis(domain: [number, number], pixels: [number, number]): PlotAxis {
  const [low, high] = domain;
  const [from, to] = pixels;
  return {
    domain,
    toPixel: value => from + ((value - low) / (high - low)) * (to - from),
    toData: pixel => low + ((pixel - from) / (to - from)) * (high - low)
  };
}

const near = (a: number, b: number): void =>
  assert.ok(Math.abs(a - b) < 1e-9 * Math.max(1, Math.abs(b)), `${a} is not ${b}`);

test('a lasso encloses what lies in it, also where it is not convex', () => {
  const hook = [
    { x: 0, y: 0 },
    { x: 10, y: 0 },
    { x: 10, y: 10 },
    { x: 8, y: 10 },
    { x: 8, y: 2 },
    { x: 0, y: 2 }
  ];
  assert.deepEqual(geometry.enclosed(hook, [1, 9, 5, 9, NaN, 12], [1, 9, 5, 1, 1, 1]), [0, 1, 3]);
  assert.deepEqual(geometry.enclosed(hook.slice(0, 2), [1], [0]), [], 'a stroke encloses nothing');
});

test('a box encloses the points between its corners, however it was drawn', () => {
  const number = fc.integer({ min: -50, max: 50 });
  fc.assert(
    fc.property(number, number, number, number, number, number, (ax, ay, bx, by, x, y) => {
      const px = x + 0.5;
      const py = y + 0.5;
      const within =
        px > Math.min(ax, bx) && px < Math.max(ax, bx) && py > Math.min(ay, by) && py < Math.max(ay, by);
      const box = geometry.boxBetween({ x: ax, y: ay }, { x: bx, y: by });
      assert.equal(geometry.enclosed(box, [px], [py]).length === 1, within);
    })
  );
});

test('dragging keeps what was under the pointer under it, and zooming what is at the pointer', () => {
  const x = axis([-2, 6], [100, 500]);
  const y = axis([0, 1], [300, 20]);
  const moved = geometry.panned(x, y, 60, -30);
  near(axis([...moved.x], [100, 500]).toPixel(x.toData(200)), 260);
  near(axis([...moved.y], [300, 20]).toPixel(y.toData(100)), 70);
  const closer = geometry.zoomed(x, y, { x: 180, y: 60 }, 4);
  near(axis([...closer.x], [100, 500]).toPixel(x.toData(180)), 180);
  near(axis([...closer.y], [300, 20]).toPixel(y.toData(60)), 60);
  near(closer.x[1] - closer.x[0], 2);
});

test('keys step through all points in sight from left to right and back', () => {
  const xs = Float32Array.of(50, 10, 30, 30, NaN, 400, -5);
  const ys = Float32Array.of(5, 5, 5, 6, 5, 5, 5);
  const plot = { kind: 'scatter', box: { x: 0, y: 0, w: 100, h: 100 } };
  const drawn = { points: { x: xs, y: ys, lines: () => [] } } as unknown as Drawn;
  const order: number[] = [];
  let at: number | undefined;
  while ((at = nextPoint(drawn, plot, at, 1)) !== undefined) order.push(at);
  assert.deepEqual(order, [1, 2, 3, 0]);
  assert.equal(nextPoint(drawn, plot, 0, -1), 3);
  assert.equal(nextPoint(drawn, plot, 1, -1), undefined);
});

const panel = {
  title: 'ratio',
  xLabel: 'ratio',
  yLabel: 'share',
  scale: 'log' as const,
  edges: [0.1, 1, 10],
  series: [{ name: 'source', role: 'source' as const, heights: [0.5, 0.5] }],
  curves: [],
  marks: [],
  points: {
    values: packNumbers([0.1, 0.7, 3, 10]),
    series: packCategories(['source', 'source', 'source', 'source']),
    rows: { data: 'd', index: packNumbers([7, 3, 12, 40]) }
  }
};
const distribution: ViewPayload = {
  kind: 'distribution',
  version: 1,
  title: 'Weights',
  note: 'nothing',
  facts: [],
  panels: [panel]
};

test('a brush finds the rows of its range, those at its ends too', () => {
  assert.deepEqual(held.rowsWithin(distribution, 0, 0.1, 3), [7, 3, 12]);
  // Float32 puts 0.1 a little higher and 0.7 a little lower: the ends of a range must not lose the rows on them.
  assert.deepEqual(held.rowsWithin(distribution, 0, 0.05, 0.1), [7]);
  assert.deepEqual(held.rowsWithin(distribution, 0, 0.7, 1), [3]);
  assert.deepEqual(held.rowsWithin(distribution, 1, 0, 9), [], 'a panel that is not there has no rows');
});

test('a payload that holds as many rows as fit may be a sample of more', () => {
  assert.equal(held.isSample(distribution), false);
  const many = Array.from({ length: 4000 }, (_, i) => i);
  const full = structuredClone(distribution) as typeof distribution;
  if (full.kind === 'distribution') {
    full.panels[0]!.points = {
      values: packNumbers(many),
      series: packCategories(many.map(() => 'source')),
      rows: { data: 'd', index: packNumbers(many) }
    };
  }
  assert.equal(held.isSample(full), true);
});
