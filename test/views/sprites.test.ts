/** Points blended by hand must look like points that a canvas draws. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createCanvas } from '@napi-rs/canvas';
import { blended, contrast, parseColour } from '../../common/views/colour.js';
import { drawMarks, strokeOf, type Mark } from '../../common/views/marks.js';
import { Pen } from '../../common/views/pen.js';
import { splat, spriteOf, wordOf } from '../../common/views/sprites.js';
import { drawView, LIGHT, type Canvas2D } from '../../common/views/index.js';
import { embeddingSample } from './samples.js';

const SIZE = 40;

/** Darkness of every pixel of one black mark on white, drawn by the canvas and by hand. */
function both(mark: Mark, x: number, y: number, radius: number): { path: number[]; hand: number[] } {
  const canvas = createCanvas(SIZE, SIZE);
  const ctx = canvas.getContext('2d');
  ctx.fillStyle = '#ffffff';
  ctx.fillRect(0, 0, SIZE, SIZE);
  const at = (v: number): Float32Array => Float32Array.of(v);
  drawMarks(new Pen(ctx as unknown as Canvas2D, LIGHT, false), mark, [0], at(x), at(y), radius, '#000000', 1);
  const { data } = ctx.getImageData(0, 0, SIZE, SIZE);
  const words = new Int32Array(SIZE * SIZE).fill(wordOf([255, 255, 255, 1]));
  const sprite = spriteOf(mark, radius, strokeOf(mark, radius));
  const batch = { rows: Uint32Array.of(0), from: 0, to: 1, mask: undefined, want: 0, x: at(x), y: at(y) };
  splat({ words, width: SIZE, height: SIZE, left: 0, top: 0, ratio: 1 }, sprite, batch, [0, 0, 0, 1], 1);
  const pixels = Array.from({ length: SIZE * SIZE }, (_, i) => i);
  return { path: pixels.map(i => 255 - data[4 * i]!), hand: pixels.map(i => 255 - (words[i]! & 0xff)) };
}

test('a mark blended by hand has the ink and the place of a mark that the canvas draws', () => {
  for (const mark of ['dot', 'triangle', 'cross'] as const) {
    for (const [x, y, radius] of [
      [20, 20, 2],
      [19.6, 20.3, 3.4],
      [20.1, 19.9, 6]
    ] as const) {
      const { path, hand } = both(mark, x, y, radius);
      const ink = (values: number[]): number => values.reduce((a, b) => a + b, 0);
      const middle = (values: number[]): [number, number] => {
        const total = ink(values);
        const sum = (of: (i: number) => number): number =>
          values.reduce((s, v, i) => s + v * (of(i) + 0.5), 0) / total;
        return [sum(i => i % SIZE), sum(i => Math.floor(i / SIZE))];
      };
      // Corners of a path are mitred, those of a mask round: a tenth of the ink of a small mark.
      assert.ok(
        Math.abs(ink(hand) / ink(path) - 1) < 0.15,
        `${mark} ${radius}: ${ink(hand)} for ${ink(path)}`
      );
      const [a, b] = [middle(path), middle(hand)];
      assert.ok(Math.hypot(a[0] - b[0], a[1] - b[1]) < 0.35, `${mark} ${radius}: ${a} and ${b}`);
    }
  }
});

test('a mark at the edge is cut off there and does not come in on the other side', () => {
  const words = new Int32Array(SIZE * SIZE).fill(wordOf([255, 255, 255, 1]));
  const rows = Uint32Array.of(0, 1, 2);
  for (const [x, y, near] of [
    [0.5, 20, (u: number, v: number) => u <= 5 && Math.abs(v - 20) <= 5],
    [SIZE - 0.5, 20, (u: number, v: number) => u >= SIZE - 6 && Math.abs(v - 20) <= 5],
    [20, -1, (_u: number, v: number) => v <= 4],
    [20, SIZE, (_u: number, v: number) => v >= SIZE - 5]
  ] as const) {
    words.fill(wordOf([255, 255, 255, 1]));
    const [xs, ys] = [Float32Array.of(x, NaN, 20), Float32Array.of(y, 3, NaN)];
    const batch = { rows, from: 0, to: 3, mask: undefined, want: 0, x: xs, y: ys };
    const raster = { words, width: SIZE, height: SIZE, left: 0, top: 0, ratio: 1 };
    splat(raster, spriteOf('dot', 4, 1), batch, [0, 0, 0, 1], 1);
    const inked = [...words.keys()].filter(i => (words[i]! & 0xff) < 250);
    assert.ok(inked.length > 10);
    for (const i of inked)
      assert.ok(near(i % SIZE, Math.floor(i / SIZE)), `${x}, ${y}: ${i % SIZE}, ${i / SIZE}`);
  }
});

test('many rows are put on the canvas as pixels, few as paths, with the grid behind them', () => {
  const used = (n: number): boolean => {
    const canvas = createCanvas(900, 700);
    const ctx = canvas.getContext('2d');
    let put = false;
    const own = ctx.putImageData.bind(ctx);
    ctx.putImageData = ((...args: Parameters<typeof own>) => {
      put = true;
      own(...args);
    }) as typeof own;
    drawView(ctx as unknown as Canvas2D, embeddingSample(n), { width: 900 });
    return put;
  };
  assert.equal(used(200), false);
  assert.equal(used(5000), true);
});

test('colours are read in the ways a theme writes them', () => {
  assert.deepEqual(parseColour('#0072B2'), [0, 114, 178, 1]);
  assert.deepEqual(parseColour(' #fff '), [255, 255, 255, 1]);
  assert.deepEqual(parseColour('rgba(0, 114, 178, 0.16)'), [0, 114, 178, 0.16]);
  assert.deepEqual(parseColour('rgb(1 2 3 / 50%)'), [1, 2, 3, 0.5]);
  assert.equal(parseColour('var(--x)'), undefined);
  assert.equal(parseColour('oklch(1 0 0)'), undefined);
  assert.equal(Math.round(contrast([0, 0, 0, 1], [255, 255, 255, 1])), 21);
  assert.deepEqual(blended([0, 0, 0, 0.5], [200, 100, 0, 1]), [100, 50, 0, 1]);
});
