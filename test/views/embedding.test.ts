/** What a person chooses in an embedding, and what the picture then shows and answers. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  drawView,
  measureView,
  packNumbers,
  unpackCodes,
  unpackNumbers,
  type Drawn,
  type DrawOptions,
  type Plot
} from '../../common/views/index.js';
import { recorder, type Recorded } from './recorder.js';
import { embeddingSample } from './samples.js';

type Scatter = Plot & { kind: 'scatter' };

function draw(
  options: Partial<DrawOptions> = {},
  payload = embeddingSample(400)
): { drawn: Drawn; texts: string[]; plot: Scatter; calls: Recorded[] } {
  const { ctx, calls, texts } = recorder();
  const drawn = drawView(ctx, payload, { width: 900, ...options });
  return { drawn, texts: texts(), plot: drawn.plots[0] as Scatter, calls };
}

const standing = (drawn: Drawn): number => drawn.points!.x.filter(Number.isFinite).length;

test('a scatter answers to gestures: pixels and data are each other’s inverse, and its points stand where data says', () => {
  const payload = embeddingSample(400);
  const { drawn, plot } = draw({}, payload);
  const x = unpackNumbers(payload.x);
  const y = unpackNumbers(payload.y);
  for (const i of [0, 7, 399]) {
    assert.ok(Math.abs(plot.x.toPixel(x[i]!) - drawn.points!.x[i]!) < 0.01);
    assert.ok(Math.abs(plot.y.toPixel(y[i]!) - drawn.points!.y[i]!) < 0.01);
    assert.ok(Math.abs(plot.x.toData(plot.x.toPixel(x[i]!)) - x[i]!) < 1e-9);
  }
  assert.equal(plot.x.toPixel(plot.x.domain[0]), plot.box.x);
  assert.equal(plot.y.toPixel(plot.y.domain[0]), plot.box.y + plot.box.h);
});

test('a window of all that the axes show changes nothing', () => {
  const { drawn, plot } = draw();
  const again = draw({ window: { x: plot.x.domain, y: plot.y.domain } }).drawn;
  assert.ok(drawn.points!.x.every((v, i) => Math.abs(v - again.points!.x[i]!) < 0.01));
});

test('a window shows its part of the plane and no point outside, and says how many rows that is', () => {
  const payload = embeddingSample(400);
  const [x, y] = [unpackNumbers(payload.x), unpackNumbers(payload.y)];
  const inside = x.filter((v, i) => v >= -1 && v <= 2 && y[i]! >= -1 && y[i]! <= 1).length;
  const { drawn, texts, plot } = draw({ window: { x: [-1, 2], y: [-1, 1] } }, payload);
  assert.ok(inside > 20 && inside < 380);
  assert.equal(standing(drawn), inside);
  assert.deepEqual(plot.x.domain, [-1, 2]);
  assert.ok(texts.includes(`${inside} of 400 in view`));
});

test('a window that is no window is not followed', () => {
  for (const x of [
    [1, 1],
    [2, 1],
    [NaN, 1]
  ] as [number, number][])
    assert.equal(standing(draw({ window: { x, y: [0, 1] } }).drawn), 400);
});

test('a selection is counted part by part and category by category, by row number in Data', () => {
  const payload = embeddingSample(400);
  payload.rows = { data: 'd', index: packNumbers(Array.from({ length: 400 }, (_, i) => 1000 + i)) };
  const chosen = [3, 10, 11, 200];
  const selected = new Set([...chosen.map(i => 1000 + i), 5]);
  const flags = unpackCodes(payload.flagged!).map(c => Number(payload.flagged!.categories[c] === '1'));
  const domain = unpackCodes(payload.domain).map(c => Number(payload.domain.categories[c] === 'source'));
  const sources = (rows: number[]): number => rows.filter(i => domain[i] && !flags[i]).length;
  const all = sources(Array.from({ length: 400 }, (_, i) => i));
  const { texts, drawn } = draw({ selected, colour: 'class' }, payload);
  assert.ok(texts.includes(`${sources(chosen)} / ${all}`), texts.join('|'));
  const categories = texts.filter(t => /^\d+ \/ \d+$/.test(t)).slice(3);
  assert.equal(
    categories.reduce((sum, t) => sum + Number(t.split(' / ')[0]), 0),
    4
  );
  assert.equal(drawn.points!.rows![3], 1003);
});

test('without row numbers a selection goes by position', () => {
  const { texts } = draw({ selected: new Set([0, 1, 2]), colour: 'domain' });
  const counts = texts.filter(t => / \/ /.test(t) && /^\d/.test(t)).map(t => Number(t.split(' / ')[0]));
  assert.equal(
    counts.reduce((a, b) => a + b, 0),
    3
  );
});

test('selecting, hiding and zooming do not change the height: nothing jumps', () => {
  const payload = embeddingSample(400);
  const height = (options: Partial<DrawOptions>): number =>
    measureView(recorder().ctx, payload, { width: 900, colour: 'class', ...options });
  const usual = height({});
  assert.equal(height({ selected: new Set([1]) }), usual);
  assert.equal(height({ hidden: new Set(['source', 'class:AUC']) }), usual);
  assert.equal(height({ window: { x: [0, 1], y: [0, 1] } }), usual);
});

test('what is not selected is fainter, and what is selected is drawn last', () => {
  const { ctx, calls } = recorder();
  const alphas: number[] = [];
  const watched = new Proxy(ctx, {
    set(target, name, value) {
      if (name === 'globalAlpha' && value !== 1) alphas.push(value as number);
      return Reflect.set(target, name, value);
    }
  });
  drawView(watched, embeddingSample(400), { width: 900, selected: new Set([1, 2, 3]) });
  assert.ok(alphas.length >= 2 && Math.max(...alphas) > 0.6 && Math.min(...alphas) < 0.2);
  assert.ok(alphas.indexOf(Math.max(...alphas)) > alphas.indexOf(Math.min(...alphas)));
  assert.ok(calls.length > 0);
});

test('a category is hidden by its name, the rest of the legend by a star, and only while its column colours', () => {
  const payload = embeddingSample(400);
  const column = payload.columns.find(c => c.name === 'class')!;
  const values = column.values as { type: 'codes' } & Parameters<typeof unpackCodes>[0];
  const auc = values.categories.indexOf('AUC');
  const n = unpackCodes(values).filter(code => code === auc).length;
  const hidden = new Set(['class:AUC']);
  assert.ok(n > 0);
  assert.equal(standing(draw({ colour: 'class', hidden }, payload).drawn), 400 - n);
  assert.equal(standing(draw({ hidden }, payload).drawn), 400);
  const { drawn } = draw({ colour: 'class' }, payload);
  const toggles = drawn.regions.flatMap(r => r.toggle ?? []);
  assert.ok(toggles.includes('class:AUC') && toggles.includes('class:*'));
  assert.ok(standing(draw({ colour: 'class', hidden: new Set(['class:*']) }, payload).drawn) < 400);
});

test('while something moves at most so many points are drawn, taken evenly', () => {
  const { drawn } = draw({ most: 50 });
  assert.equal(standing(drawn), 50);
  const rows = [...drawn.points!.x.keys()].filter(i => Number.isFinite(drawn.points!.x[i]!));
  assert.ok(rows.every((row, k) => k === 0 || row - rows[k - 1]! === 8));
});

test('the row that is pointed at is ringed, unless it is hidden', () => {
  const rings = (calls: Recorded[], drawn: Drawn, row: number): number =>
    calls.filter(
      c =>
        c.name === 'arc' &&
        Math.abs(c.numbers[0]! - drawn.points!.x[row]!) < 1e-3 &&
        Math.abs(c.numbers[1]! - drawn.points!.y[row]!) < 1e-3 &&
        c.numbers[2]! > 6
    ).length;
  const shown = draw({ pointed: 5 });
  assert.equal(rings(shown.calls, shown.drawn, 5), 2);
  const none = draw();
  assert.equal(rings(none.calls, none.drawn, 5), 0);
  const hidden = draw({ pointed: 5, hidden: new Set(['source', 'target', 'flagged']) });
  assert.equal(hidden.calls.filter(c => c.name === 'arc' && c.numbers[2]! > 6).length, 0);
});
