/** The Gaussian kernel and its random features against Math.exp, Math.cos and Math.sin. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { instantiate, type GaussianKernels } from '../../kernel/wasm/index.js';

const values = (length: number, scale: number): Float64Array =>
  Float64Array.from({ length }, (_, i) => scale * Math.sin(12.9898 * (i + 1)));

test('a row of the Gaussian kernel is exp of the squared distances, also where it underflows', () => {
  const { exports, arena } = instantiate<GaussianKernels>('gaussian');
  for (const [cols, spread] of [
    [1, 1],
    [3, 4],
    [16, 30]
  ] as const) {
    const rows = 8;
    const mark = arena.mark;
    const [z, y, out] = [cols, cols * rows, rows].map(length => arena.reserve(8 * length)) as [
      number,
      number,
      number
    ];
    const [point, points] = [values(cols, 1), values(cols * rows, spread)];
    arena.f64(z, cols).set(point);
    arena.f64(y, cols * rows).set(points);
    exports.gaussianRow(z, y, rows, cols, 0, -0.5, out);
    for (let j = 0; j < rows; j++) {
      let square = 0;
      for (let c = 0; c < cols; c++) square += (point[c]! - points[c * rows + j]!) ** 2;
      const wanted = Math.exp(-0.5 * square);
      const found = arena.f64(out, rows)[j]!;
      assert.ok(Math.abs(found - wanted) <= 1e-13 * wanted + 1e-300, `${found} is not ${wanted}`);
    }
    arena.release(mark);
  }
});

test('sums of features are those of cos and sin, in every quadrant and far out', () => {
  const { exports, arena } = instantiate<GaussianKernels>('gaussian');
  const [rows, cols, half, columns] = [40, 2, 6, 2];
  const [x, f, a, out] = [rows * cols, cols * half, columns * rows, 2 * columns * half].map(length =>
    arena.reserve(8 * length)
  ) as [number, number, number, number];
  const [points, frequencies, weights] = [values(rows * cols, 9), values(cols * half, 40), values(80, 1)];
  arena.f64(x, rows * cols).set(points);
  arena.f64(f, cols * half).set(frequencies);
  arena.f64(a, columns * rows).set(weights);
  arena.f64(out, 2 * columns * half).fill(1);
  exports.addFourier(x, rows, cols, f, half, a, columns, out);
  const found = arena.f64(out, 2 * columns * half);
  for (let k = 0; k < columns; k++)
    for (let j = 0; j < half; j++) {
      let [cosine, sine] = [1, 1];
      for (let i = 0; i < rows; i++) {
        let angle = 0;
        for (let c = 0; c < cols; c++) angle += frequencies[c * half + j]! * points[i * cols + c]!;
        cosine += weights[k * rows + i]! * Math.cos(angle);
        sine += weights[k * rows + i]! * Math.sin(angle);
      }
      assert.ok(Math.abs(found[k * 2 * half + j]! - cosine) < 1e-11, `cos, column ${k}, frequency ${j}`);
      assert.ok(Math.abs(found[k * 2 * half + half + j]! - sine) < 1e-11, `sin, column ${k}, frequency ${j}`);
    }
});
