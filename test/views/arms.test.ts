/** Arms: whose mistakes are drawn, what hovering tells, and trainings that grow or hold many arms. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  describeView,
  drawView,
  type Drawn,
  type DrawOptions,
  type ViewPayload
} from '../../common/views/index.js';
import { recorder, type Recorded } from './recorder.js';
import { armReportSample, armsSample, reportSample, trainingSample } from './samples.js';

function draw(
  payload: ViewPayload,
  options: Partial<DrawOptions> = {}
): { drawn: Drawn; texts: string[]; calls: Recorded[] } {
  const { ctx, calls, texts } = recorder();
  const drawn = drawView(ctx, payload, { width: 900, ...options });
  return { drawn, texts: texts(), calls };
}

test('a report shows the mistakes of the arm that is chosen, and at first those that it names', () => {
  const payload = armReportSample();
  assert.ok(draw(payload).texts.some(t => t.startsWith('Where “hybrid” errs')));
  const chosen = draw(payload, { arm: 'clean' });
  assert.ok(chosen.texts.some(t => t.startsWith('Where “clean” errs')));
  const counts = payload.confusions!.find(c => c.arm === 'clean')!.counts;
  assert.ok(chosen.texts.includes(String(counts[0]![0])));
  assert.ok(draw(payload, { arm: 'nobody' }).texts.some(t => t.startsWith('Where “hybrid” errs')));
  assert.equal(draw(payload).drawn.height, chosen.drawn.height);
  const { confusion: _first, ...rest } = payload;
  assert.ok(draw(rest).texts.some(t => t.startsWith('Where “uniform” errs')));
});

test('a cell tells true class, predicted class, count and share of its row', () => {
  const payload = reportSample();
  const { classes, counts } = payload.confusion!;
  const sum = counts[2]!.reduce((a, b) => a + b, 0);
  const { drawn } = draw(payload);
  const cells = drawn.regions.filter(r => r.text[0] === `true class: ${classes[2]}`);
  assert.equal(cells.length, classes.length, 'also cells that hold nothing');
  const share = Math.round((100 * counts[2]![2]!) / sum);
  assert.deepEqual(cells[2]!.text, [
    `true class: ${classes[2]}`,
    `predicted: ${classes[2]}, right`,
    `${counts[2]![2]} of the ${sum} rows of this true class, ${share} %`
  ]);
});

test('an interval tells its numbers, what they claim, and of a difference its verdict', () => {
  const { drawn } = draw(reportSample());
  const [score, difference] = drawn.regions.filter(r => r.text[0] === 'weights').map(r => r.text);
  assert.deepEqual(score, [
    'weights',
    'macro F1 on target fold U: 0.455',
    'interval from 0.390 to 0.514, n = 12',
    'ESTIMATED'
  ]);
  assert.deepEqual(difference, [
    'weights',
    'difference +0.043, paired by paper',
    'interval from +0.013 to +0.071: better'
  ]);
});

test('every arm has its colour, and the legend says once what dots and lines are', () => {
  const { texts } = draw(armsSample());
  for (const name of ['uniform', 'weights', 'clean', 'hybrid', 'target labels', 'paired', 'fold C', 'fold F'])
    assert.equal(texts.filter(t => t === name).length, 1, name);
  const few = draw(trainingSample()).texts;
  assert.ok(few.includes('training, fold F') && few.includes('held out, fold C'));
});

test('an announced end keeps the axis as it is while points come in', () => {
  const ticks = (epochs: number): string[] => {
    const { texts } = draw({ ...armsSample(epochs), yLabel: 'loss' });
    return texts.filter(t => /^\d+$/.test(t));
  };
  assert.deepEqual(ticks(12), ticks(14));
  assert.deepEqual(ticks(1), ticks(14));
  assert.ok(ticks(14).includes('30') && ticks(14).includes('0'));
  assert.ok(!draw({ ...armsSample(14), xMax: undefined }).texts.includes('30'));
});

test('a training without a point, with one, and with arms that have not begun is drawn', () => {
  assert.ok(draw(armsSample(0)).texts.includes('No training step has been recorded.'));
  const one = draw(armsSample(1));
  assert.ok(one.calls.filter(c => c.name === 'arc').length >= 2);
  assert.ok(one.calls.every(c => c.numbers.every(Number.isFinite)));
  assert.equal(draw(armsSample(0)).drawn.height, draw(armsSample(14)).drawn.height);
});

test('hovering tells the step and both losses of every arm that has come so far', () => {
  const payload = armsSample();
  const { drawn } = draw(payload);
  const at = (epoch: string): string[] => drawn.regions.find(r => r.text[0] === `epoch ${epoch}`)!.text;
  const value = (name: string, fold: string, epoch: number): string =>
    payload.curves.find(c => c.name === name && c.fold === fold)!.y[epoch - 1]!.toFixed(3);
  assert.equal(at('3').length, 7);
  assert.equal(at('3')[1], `uniform: fold F ${value('uniform', 'F', 3)}, fold C ${value('uniform', 'C', 3)}`);
  assert.equal(at('14').length, 2, 'only one arm has come to epoch 14');
  assert.ok(!drawn.regions.some(r => r.text[0] === 'epoch 20'));
});

test('a report and a training in words tell every arm, and where a running one ends', () => {
  const words = describeView(armReportSample());
  for (const arm of ['hybrid', 'uniform', 'paired'])
    assert.match(words, new RegExp(`Confusion of ${arm}: \\d+ of`));
  assert.equal(words.match(/Confusion of hybrid/g)!.length, 1);
  assert.match(describeView(armsSample()), /Ends at epoch 30\./);
});
