import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  drawView,
  measureView,
  packCategories,
  packNumbers,
  parsePayload,
  THEMES,
  type ViewPayload
} from '../../common/views/index.js';
import { recorder } from './recorder.js';
import {
  certificateSample,
  distributionSample,
  embeddingSample,
  reportSample,
  samples,
  tableSample,
  trainingSample
} from './samples.js';

const LONG = `${'long '.repeat(300)}${'unbroken'.repeat(80)}`;

/** Draws at several widths and checks what must hold of every picture. */
function draw(payload: ViewPayload, widths = [300, 520, 700, 960, 1400]): string[] {
  const parsed = parsePayload(payload);
  assert.ok('payload' in parsed, 'reason' in parsed ? parsed.reason : '');
  let texts: string[] = [];
  for (const width of widths) {
    const { ctx, calls, texts: written } = recorder();
    const drawn = drawView(ctx, payload, { width });
    assert.equal(drawn.height, measureView(recorder().ctx, payload, { width }));
    assert.ok(drawn.height > 60 && drawn.height < 12_000, `${payload.kind} is ${drawn.height} high`);
    const wild = calls.find(c => c.numbers.some(n => !Number.isFinite(n)));
    assert.equal(wild, undefined, `${payload.kind} at ${width}: ${JSON.stringify(wild)}`);
    for (const call of calls.filter(c => c.name === 'fillText' && c.numbers[0] !== 0)) {
      const [x, y] = call.numbers as [number, number];
      assert.ok(
        x >= -1 && x <= width && y <= drawn.height,
        `"${call.text}" at ${x}, ${y} of ${width} x ${drawn.height}`
      );
    }
    texts = written();
  }
  return texts;
}

test('every sample is drawn at every width, with title, note and facts', () => {
  for (const payload of samples()) {
    const texts = draw(payload);
    assert.ok(texts.includes(payload.title), payload.kind);
    assert.ok(texts.some(t => t.startsWith('What this picture does not show')));
    for (const fact of payload.facts)
      assert.ok(
        texts.some(t => t.includes(fact.name)),
        fact.name
      );
  }
});

test('all themes draw, and a pixel ratio scales the whole canvas', () => {
  for (const theme of Object.values(THEMES)) {
    for (const payload of samples()) drawView(recorder().ctx, payload, { width: 800, theme });
  }
  const { ctx, calls } = recorder();
  drawView(ctx, trainingSample(), { width: 800, pixelRatio: 2 });
  assert.deepEqual(calls.find(c => c.name === 'setTransform')!.numbers, [2, 0, 0, 2, 0, 0]);
});

test('long texts are wrapped or shortened, and nothing leaves the card', () => {
  for (const payload of samples()) {
    const facts = [
      { name: LONG, text: LONG, number: { value: 1, label: 'CONDITIONAL' as const, assumptions: [LONG] } }
    ];
    draw({ ...payload, title: LONG, subtitle: LONG, note: LONG, facts });
  }
  const report = reportSample();
  for (const arm of report.arms) arm.name = LONG;
  report.confusion!.classes = report.confusion!.classes.map((c, i) => `${LONG} ${i}${c}`);
  draw(report);
  const certificate = certificateSample();
  for (const block of certificate.blocks) {
    Object.assign(block, { title: LONG, headline: LONG, words: LONG });
    for (const term of block.terms) Object.assign(term, { name: LONG, symbol: LONG });
  }
  draw(certificate);
  const distribution = distributionSample();
  for (const panel of distribution.panels) {
    panel.title = panel.xLabel = panel.yLabel = LONG;
    for (const part of [...panel.series, ...panel.curves]) part.name = LONG;
    for (const mark of panel.marks) mark.label = LONG;
  }
  draw(distribution);
});

test('empty series say so', () => {
  assert.ok(
    draw({ ...trainingSample(), curves: [], kept: undefined, facts: [] }).includes(
      'No training step has been recorded.'
    )
  );
  assert.ok(
    draw({ ...reportSample(), arms: [], paired: [], confusion: undefined }).includes(
      'No arm has been scored.'
    )
  );
  assert.ok(draw({ ...embeddingSample(0) }).includes('No rows to draw.'));
  assert.ok(draw({ ...tableSample(), rows: [], n: 0 }).includes('No rows.'));
  assert.ok(draw({ ...tableSample(), columns: [], rows: [] }).includes('The table has no columns.'));
  const distribution = distributionSample();
  for (const panel of distribution.panels) Object.assign(panel, { edges: [], series: [], curves: [] });
  assert.ok(draw(distribution).some(t => t.startsWith('Nothing to draw')));
  const certificate = certificateSample();
  certificate.blocks[0]!.gamma = { grid: [], bound: [], now: 1, star: null };
  certificate.blocks[0]!.terms = [];
  assert.ok(draw(certificate).includes('No Γ was tried.'));
});

test('one point, one bin, one step, one arm and equal values are drawn', () => {
  draw(embeddingSample(1));
  const training = trainingSample();
  draw({
    ...training,
    curves: [{ name: 'a', fold: 'C', x: [5], y: [0.4] }],
    kept: { x: 5, y: 0.4, label: 'kept' }
  });
  draw({ ...training, curves: [{ name: 'a', fold: 'F', x: [1, 2], y: [0, 0] }], kept: undefined });
  const report = reportSample();
  draw({
    ...report,
    arms: report.arms.slice(0, 1).map(a => ({ ...a, score: { value: 0, low: 0, high: 0 } })),
    paired: []
  });
  const distribution = distributionSample();
  Object.assign(distribution.panels[0]!, {
    edges: [2, 3],
    series: [{ name: 's', role: 'source', heights: [0] }],
    curves: [{ name: 'k', axis: 'k', scale: 'log', x: [2], y: [0] }]
  });
  draw(distribution);
  const certificate = certificateSample();
  const block = certificate.blocks[0]!;
  for (const term of block.terms) term.number.value = null;
  Object.assign(block, {
    bound: { value: null, label: 'VACUOUS' },
    gamma: { grid: [1], bound: [0.2], now: 1, star: null }
  });
  assert.ok(draw(certificate).includes('n/a'));
});

test('a hidden part is not drawn and cannot be hovered; others can', () => {
  const payload = embeddingSample(200);
  const whole = drawView(recorder().ctx, payload, { width: 900 });
  const part = drawView(recorder().ctx, payload, { width: 900, hidden: new Set(['target']) });
  const standing = (d: typeof whole): number => d.points!.x.filter(Number.isFinite).length;
  assert.equal(standing(whole), 200);
  assert.ok(standing(part) < 200 && standing(part) > 50);
  assert.deepEqual(
    part.regions.flatMap(r => r.toggle ?? []),
    ['source', 'target', 'flagged']
  );
  const lines = whole.points!.lines(0);
  assert.equal(lines[0], payload.text[0]);
  assert.equal(lines[1], payload.place[0]);
});

test('the legend counts rows and follows the colour column', () => {
  const payload = embeddingSample(500);
  const texts = draw(payload, [900]);
  assert.ok(texts.includes('Source') && texts.includes('Target') && texts.includes('Flagged'));
  assert.ok(texts.includes('density ratio ŵ'));
  const { ctx, texts: written } = recorder();
  drawView(ctx, payload, { width: 900, colour: 'class' });
  assert.ok(written().includes('PK parameter class') && written().includes('AUC'));
});

test('control and direction characters in data do not reach the canvas', () => {
  const texts = draw({ ...trainingSample(), title: 'a\u202eb\u0000c\nd\u2066e' });
  assert.ok(texts.includes('a b c d e'));
});

test('100,000 points are laid out and drawn in well under two seconds', () => {
  const payload = embeddingSample(100_000);
  payload.text = [];
  payload.place = [];
  const began = performance.now();
  const { ctx } = recorder();
  drawView(ctx, payload, { width: 960 });
  assert.ok(performance.now() - began < 2000);
});

test('a column without values, or with one value, still colours', () => {
  const payload = embeddingSample(20);
  const columns = [
    { name: 'none', label: 'ESTIMATED', values: packNumbers(Array(20).fill(NaN)), scale: 'log' as const },
    { name: 'zero', label: 'zero', values: packNumbers(Array(20).fill(0)), scale: 'log' as const },
    { name: 'one', label: 'one', values: packNumbers(Array(20).fill(0.5)), scale: 'linear' as const },
    { name: 'many', label: 'many', values: packCategories(Array.from({ length: 20 }, (_, i) => `c${i}`)) }
  ];
  for (const column of columns) draw({ ...payload, columns, colour: column.name });
});

test('bins without rows lie on the base line', () => {
  const payload = distributionSample();
  for (const panel of payload.panels) for (const s of panel.series) s.heights.fill(0);
  const { ctx, calls } = recorder();
  drawView(ctx, payload, { width: 900 });
  const clip = calls.findIndex(c => c.name === 'clip');
  const [, top, , height] = calls[clip - 1]!.numbers as [number, number, number, number];
  const steps = calls.slice(clip, clip + 60).filter(c => c.name === 'lineTo');
  assert.ok(
    steps.length > 10 && steps.every(c => c.numbers[1]! > top + height - 8),
    'all steps at the bottom'
  );
});

test('a report of two papers claims no difference, however narrow its intervals', () => {
  const { arms, paired, ...rest } = reportSample();
  const few = { ...rest, arms: arms.map(arm => ({ ...arm, n: 2 })), paired };
  const certain = paired.map(p => ({ ...p, difference: { value: 0.1, low: 0.09, high: 0.11 } }));
  assert.ok(draw({ ...rest, arms, paired: certain }).includes('better'));
  const texts = draw({ ...few, paired: certain });
  assert.ok(texts.includes('too few papers'));
  assert.ok(!texts.includes('better'));
});
