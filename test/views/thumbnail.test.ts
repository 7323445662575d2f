/** Views in the size of a stamp: every kind has a shape, inside its frame and without a word. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { DARK, drawThumbnail, LIGHT, weightBars, type ViewPayload } from '../../common/views/index.js';
import { recorder } from './recorder.js';
import { samples } from './samples.js';

const [width, height] = [48, 36];

function drawn(payload: ViewPayload, theme = LIGHT): { marks: string; words: number; places: number[][] } {
  const { ctx, calls, texts } = recorder();
  drawThumbnail(ctx, payload, { width, height, theme, pixelRatio: 2 });
  const placed = calls.filter(({ name }) => ['moveTo', 'lineTo', 'arc', 'fillRect'].includes(name));
  return {
    marks: JSON.stringify(placed),
    words: texts().length,
    places: placed.map(({ numbers }) => numbers.slice(0, 2))
  };
}

for (const payload of samples()) {
  test(`${payload.kind} “${payload.title}” has a shape within its frame and no words`, () => {
    const { places, words } = drawn(payload);
    assert.equal(words, 0);
    assert.ok(places.length >= 4, `${places.length} marks`);
    for (const [x, y] of places) {
      assert.ok(x! >= -2 && x! <= width + 2, `x ${x}`);
      assert.ok(y! >= -2 && y! <= height + 2, `y ${y}`);
    }
  });
}

test('no two kinds look alike', () => {
  const kinds = new Map(samples().map(payload => [payload.kind, payload]));
  assert.equal(kinds.size, 6);
  assert.equal(new Set([...kinds.values()].map(payload => drawn(payload).marks)).size, 6);
});

test('colours are the theme’s', () => {
  const colours = (theme: typeof LIGHT): Set<unknown> => {
    const used = new Set<unknown>();
    const { ctx } = recorder();
    const watched = new Proxy(ctx as unknown as Record<string, unknown>, {
      set(target, name: string, value) {
        if (name === 'fillStyle' || name === 'strokeStyle') used.add(value);
        target[name] = value;
        return true;
      }
    });
    for (const payload of samples())
      drawThumbnail(watched as unknown as typeof ctx, payload, { width, height, theme });
    return used;
  };
  assert.ok(colours(LIGHT).has(LIGHT.source) && colours(DARK).has(DARK.source));
  assert.ok(!colours(DARK).has(LIGHT.source));
});

test('an empty table, a training without a step and a report without arms are drawn', () => {
  for (const payload of samples()) {
    if (payload.kind === 'table') drawn({ ...payload, columns: [], rows: [] });
    if (payload.kind === 'training') drawn({ ...payload, curves: [], kept: undefined });
    if (payload.kind === 'report') drawn({ ...payload, arms: [] });
  }
});

test('weights are told in ten bars, the highest 1; other views have none', () => {
  const [payload] = samples().filter(({ kind }) => kind === 'distribution');
  const bars = weightBars(payload)!;
  assert.equal(bars.length, 10);
  assert.equal(Math.max(...bars), 1);
  assert.ok(bars.every(bar => bar >= 0));
  assert.equal(weightBars(samples().find(({ kind }) => kind === 'table')), undefined);
  assert.equal(weightBars(undefined), undefined);
});

test('bars are of the weights where a view shows their ratio first', () => {
  const payload = samples().find(({ kind }) => kind === 'distribution') as ViewPayload & {
    kind: 'distribution';
  };
  const panel = payload.panels[0]!;
  const weights = {
    ...panel,
    title: 'Training weight of fold F',
    series: [{ name: 'source', role: 'source' as const, heights: [0, 0, 4, 0, 0, 0, 0, 0, 0, 2] }]
  };
  const told = weightBars({ ...payload, panels: [panel, weights] });
  assert.deepEqual(told, [0, 0, 1, 0, 0, 0, 0, 0, 0, 0.5]);
});
