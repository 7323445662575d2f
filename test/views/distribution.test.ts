/** What a person chooses in histograms and in the tube, and what the pictures then show and answer. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { binned, selectedHeights } from '../../common/views/binned.js';
import {
  drawView,
  measureView,
  packNumbers,
  unpackNumbers,
  type Drawn,
  type DrawOptions,
  type Plot,
  type ViewPayload
} from '../../common/views/index.js';
import { maskOf } from '../../common/views/rows.js';
import { recorder, type Recorded } from './recorder.js';
import { denoisedSample, distributionSample } from './samples.js';

type Kind<K extends Plot['kind']> = Plot & { kind: K };

function draw(
  options: Partial<DrawOptions> = {},
  payload: ViewPayload = denoisedSample()
): { drawn: Drawn; texts: string[]; calls: Recorded[] } {
  const { ctx, calls, texts } = recorder();
  const drawn = drawView(ctx, payload, { width: 900, ...options });
  return { drawn, texts: texts(), calls };
}

function plotOf<K extends Plot['kind']>(drawn: Drawn, kind: K): Kind<K> {
  return drawn.plots.find(p => p.kind === kind) as Kind<K>;
}

test('every panel answers to gestures on its own axis, linear or logarithmic', () => {
  const payload = distributionSample();
  payload.panels[1]!.scale = 'log';
  payload.panels[1]!.edges = payload.panels[1]!.edges.map(e => e + 0.01);
  payload.panels[1]!.curves = [];
  const { drawn } = draw({}, payload);
  const plots = drawn.plots as Kind<'histogram'>[];
  assert.deepEqual(
    plots.map(p => p.panel),
    [0, 1]
  );
  for (const { x, box } of plots) {
    for (const share of [0, 0.3, 1]) {
      const pixel = box.x + share * box.w;
      assert.ok(Math.abs(x.toPixel(x.toData(pixel)) - pixel) < 1e-6);
    }
    assert.ok(Math.abs(x.toPixel(x.domain[0]) - box.x) < 1e-6);
  }
  const [middle] = plots.slice(1).map(p => p.x.toData(p.box.x + p.box.w / 2));
  const [low, high] = plots[1]!.x.domain;
  assert.ok(Math.abs(middle! - Math.sqrt(low * high)) < 1e-9, 'half way on a log axis is the geometric mean');
});

test('a brush is a band between its ends, with two grips, and says them', () => {
  const { drawn, texts, calls } = draw({ brush: { panel: 0, from: 0.6, to: 0.35 } });
  assert.ok(texts.includes('0.35 to 0.6'));
  const { x, box } = plotOf(drawn, 'histogram');
  const [left, right] = [Math.round(x.toPixel(0.35)), Math.round(x.toPixel(0.6))];
  const rects = calls.filter(c => c.name === 'fillRect').map(c => c.numbers);
  assert.ok(rects.some(r => r[0] === left && r[1] === box.y && r[2] === right - left && r[3] === box.h));
  for (const at of [left, right]) assert.ok(rects.some(r => r[0] === at - 4 && r[2] === 8));
  assert.ok(!draw({ brush: { panel: 3, from: 0, to: 1 } }).texts.some(t => /^[\d.]+ to [\d.]+$/.test(t)));
});

test('a brush that leaves the axis ends at its edge', () => {
  const { drawn, calls } = draw({ brush: { panel: 0, from: -50, to: 50 } });
  const { box } = plotOf(drawn, 'histogram');
  const band = calls.find(c => c.name === 'fillRect' && c.numbers[3] === box.h && c.numbers[2]! > box.w - 2);
  assert.ok(band && band.numbers[0]! >= Math.round(box.x) && band.numbers[2]! <= box.w + 1);
});

test('the selected part of a bar has its share of the bar’s height, whatever bars measure', () => {
  const panel = denoisedSample().panels[0]!;
  const bins = binned(panel);
  const index = unpackNumbers(panel.points!.rows.index);
  const heights = (selected: Set<number>): number[][] =>
    selectedHeights(panel, bins, maskOf(index, selected)!).heights;
  const all = heights(new Set(index));
  panel.series.forEach((s, k) =>
    s.heights.forEach((h, b) => assert.ok(Math.abs(h - all[k]![b]!) < 1e-9, `series ${k}, bin ${b}`))
  );
  const values = unpackNumbers(panel.points!.values);
  const [low, high] = [panel.edges[10]!, panel.edges[11]!];
  const inBin = [...index].filter((_, i) => values[i]! >= low && values[i]! < high);
  const half = heights(new Set(inBin.filter((_, i) => i % 2 === 0)));
  const other = heights(new Set(inBin.filter((_, i) => i % 2 === 1)));
  panel.series.forEach((s, k) => assert.ok(Math.abs(half[k]![10]! + other[k]![10]! - s.heights[10]!) < 1e-9));
  assert.equal(half[0]![12], 0);
});

test('rows outside the bins count in the outermost, and rows without a number in none', () => {
  const panel = denoisedSample(40).panels[0]!;
  const values = unpackNumbers(panel.points!.values);
  values[0] = -9;
  values[1] = 99;
  values[2] = NaN;
  panel.points = { ...panel.points!, values: packNumbers(values) };
  const { cell } = binned(panel);
  const bins = panel.edges.length - 1;
  assert.equal(cell[0]! % bins, 0);
  assert.equal(cell[1]! % bins, bins - 1);
  assert.equal(cell[2], -1);
});

test('a selection is counted per series, and moves neither the scale nor the height', () => {
  const selected = new Set(Array.from({ length: 300 }, (_, i) => 100 + i));
  const payload = denoisedSample();
  const [before, after] = [draw({}, payload), draw({ selected }, payload)];
  const counts = (texts: string[]): string[] => texts.filter(t => /^[\d,]+ \/ [\d,]+$/.test(t));
  assert.equal(counts(before.texts).length, 0);
  // Three in the tube, three in the histogram: the same rows.
  const six = counts(after.texts);
  assert.equal(six.length, 6);
  assert.deepEqual(six.slice(0, 3), six.slice(3));
  assert.equal(
    six.slice(0, 3).reduce((sum, t) => sum + Number(t.split(' / ')[0]), 0),
    300
  );
  assert.equal(before.drawn.height, after.drawn.height);
  const ticks = (texts: string[]): string[] => texts.filter(t => /^\d(\.\d)?$/.test(t));
  assert.deepEqual(ticks(before.texts), ticks(after.texts));
  assert.equal(
    measureView(recorder().ctx, payload, { width: 320, selected }),
    draw({ width: 320 }).drawn.height
  );
});

test('the tube stands beside its histogram where there is room, else above it', () => {
  for (const [width, beside] of [
    [900, true],
    [700, true],
    [690, false],
    [320, false]
  ] as const) {
    const { drawn } = draw({ width });
    const tube = plotOf(drawn, 'tube').box;
    const panel = plotOf(drawn, 'histogram').box;
    assert.equal(tube.x + tube.w < panel.x, beside, `${width}`);
    assert.equal(tube.y + tube.h < panel.y, !beside, `${width}`);
  }
});

test('a row stands in the tube as far up as it lies from the manifold, which is the ground', () => {
  const payload = denoisedSample();
  const { drawn, texts } = draw({}, payload);
  const { x, y, box } = plotOf(drawn, 'tube');
  assert.equal(y.domain[0], 0);
  assert.equal(Math.round(y.toPixel(0)), Math.round(box.y + box.h));
  const [along, off] = [unpackNumbers(payload.tube!.x), unpackNumbers(payload.tube!.y)];
  for (const i of [0, 1, 2, 3, 4, 5].filter(row => off[row]! < y.domain[1])) {
    assert.ok(Math.abs(drawn.points!.x[i]! - x.toPixel(along[i]!)) < 0.01);
    assert.ok(Math.abs(drawn.points!.y[i]! - y.toPixel(off[i]!)) < 0.01);
    assert.equal(drawn.points!.rows![i], 100 + i);
  }
  for (const words of ['d₀ 0.43', 'd₀ + h 0.55', 'manifold']) assert.ok(texts.includes(words), words);
});

test('rows too far out for the picture stand at its edge, and it says how many they are', () => {
  const payload = denoisedSample();
  const off = unpackNumbers(payload.tube!.y);
  const { drawn, texts } = draw({}, payload);
  const { y, box } = plotOf(drawn, 'tube');
  const further = off.filter(v => v > y.domain[1]).length;
  assert.ok(further > 3 && further < 60);
  assert.ok(
    texts
      .join(' ')
      .includes(`${further} rows lie further out, up to ${Number(Math.max(...off).toPrecision(3))}`)
  );
  assert.ok(drawn.points!.y.every(v => v >= box.y && v <= box.y + box.h));
});

test('a tube that would be flat is drawn on square roots, and says so', () => {
  const payload = denoisedSample();
  const off = unpackNumbers(payload.tube!.y).map((v, i) => (i % 4 === 0 ? v * 14 : v));
  payload.tube!.y = packNumbers(off);
  const { drawn, texts } = draw({}, payload);
  assert.ok(texts.includes('distance off it (square-root scale)'));
  const { y, box } = plotOf(drawn, 'tube');
  const quarter = y.toPixel(y.domain[1] / 4);
  assert.ok(Math.abs(quarter - (box.y + box.h / 2)) < 1e-6);
  assert.ok(Math.abs(y.toData(quarter) - y.domain[1] / 4) < 1e-9);
  const row = off.findIndex(v => v < 0.3);
  assert.ok(Math.abs(drawn.points!.y[row]! - y.toPixel(off[row]!)) < 0.01);
});

test('hover in the tube tells the row, its place, how far off it lies and what weight that leaves', () => {
  const payload = denoisedSample();
  const off = unpackNumbers(payload.tube!.y);
  const { drawn } = draw({}, payload);
  const inside = off.findIndex(v => v < 0.4);
  const lines = drawn.points!.lines(inside);
  assert.equal(lines[0], payload.tube!.text[inside]);
  assert.equal(lines[1], payload.tube!.place[inside]);
  assert.match(lines[2]!, /distance 0\.\d+, in the tube, weight κ 1$/);
  off[0] = 0.55;
  payload.tube!.y = packNumbers(off);
  assert.match(draw({}, payload).drawn.points!.lines(0)[2]!, /weight κ 0\.607$/);
});

test('parts are hidden in the tube and in its histogram alike', () => {
  const payload = denoisedSample();
  const { drawn, texts } = draw({ hidden: new Set(['flagged', 'target']) }, payload);
  const standing = drawn.points!.x.filter(Number.isFinite).length;
  assert.ok(standing > 800 && standing < 1000);
  assert.ok(texts.includes('flagged'));
  assert.equal(draw({}, payload).drawn.height, drawn.height);
});

test('a tube of no rows, of one, of no width and without fading is drawn', () => {
  const empty = denoisedSample(0);
  assert.ok(draw({}, empty).texts.includes('No rows to draw.'));
  draw({}, denoisedSample(1));
  const flat = denoisedSample(30);
  Object.assign(flat.tube!, { d0: 0, h: 0, y: packNumbers(Array(30).fill(0)) });
  const { calls } = draw({}, flat);
  assert.ok(calls.every(c => c.numbers.every(Number.isFinite)));
});
