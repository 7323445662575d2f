/** A certificate read at another Γ, and what its chips say to whoever points at them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LABEL_HELP, LABELS } from '../../common/labels.js';
import { drawView, measureView, type Drawn, type DrawOptions, type Plot } from '../../common/views/index.js';
import { readAt } from '../../common/views/reading.js';
import { recorder } from './recorder.js';
import { certificateSample } from './samples.js';

const at = (entry: number): Partial<DrawOptions> => ({ gamma: new Map([[0, entry]]) });

function draw(
  options: Partial<DrawOptions> = {},
  payload = certificateSample()
): { drawn: Drawn; texts: string[] } {
  const { ctx, texts } = recorder();
  const drawn = drawView(ctx, payload, { width: 900, ...options });
  return { drawn, texts: texts() };
}

test('read at another Γ, terms, bound, headline, words and verdict are those of that Γ', () => {
  const payload = certificateSample();
  const block = payload.blocks[0]!;
  const there = block.gamma!.at![35]!;
  const { texts } = draw(at(35), payload);
  assert.ok(texts.includes(there.headline));
  assert.ok(texts.join(' ').includes('a factor 1.35, a gain cannot'));
  assert.ok(texts.includes('+0.042') && texts.includes('−0.019'));
  assert.ok(texts.includes('+0.030') && !texts.includes('−0.009'));
  assert.ok(texts.includes('at Γ = 1.35'));
});

test('a reading keeps the claims and names its own Γ in chips and help', () => {
  const block = certificateSample().blocks[0]!;
  const { block: read, moved, whole } = readAt(block, 20);
  assert.ok(moved && whole);
  assert.deepEqual(
    read.terms.map(t => t.number.label),
    block.terms.map(t => t.number.label)
  );
  assert.deepEqual(read.bound.assumptions, ['A2′', 'Γ = 1.20']);
  assert.equal(block.bound.assumptions![1], 'Γ = 1.10', 'the payload stays as it is');
  const texts = draw(at(20)).texts;
  assert.ok(texts.includes('CONDITIONAL(A2′, Γ = 1.20)') && !texts.some(t => t.includes('Γ = 1.10)')));
});

test('it says plainly which Γ is read and which was computed with', () => {
  assert.ok(draw(at(20)).texts.includes('Read at Γ = 1.20; computed with Γ = 1.10.'));
  assert.ok(draw().texts.includes('Read at Γ = 1.10, with which it was computed.'));
  assert.ok(draw(at(10)).texts.includes('Read at Γ = 1.10, with which it was computed.'));
});

test('without terms for other Γ only the bound moves, and it says so', () => {
  const payload = certificateSample();
  delete payload.blocks[0]!.gamma!.at;
  const { texts } = draw(at(35), payload);
  assert.ok(texts.join(' ').includes('Only the bound is known there'));
  assert.ok(texts.includes('D ≤ −0.009') && texts.includes('−0.009') && texts.includes('bound +0.030'));
});

test('the knob is taken hold of on the Γ axis of its block', () => {
  const { drawn } = draw(at(35));
  const plot = drawn.plots[0] as Plot & { kind: 'gamma' };
  assert.equal(plot.kind, 'gamma');
  assert.equal(plot.block, 0);
  assert.deepEqual(plot.x.domain, [1, 1.5]);
  assert.ok(Math.abs(plot.x.toData(plot.x.toPixel(1.2)) - 1.2) < 1e-9);
  const knob = drawn.regions.find(r => r.text[0] === 'Γ = 1.35')!;
  assert.ok(Math.abs(knob.x + knob.w / 2 - plot.x.toPixel(1.35)) < 1);
  assert.ok(knob.y > plot.box.y && knob.y + knob.h <= plot.box.y + plot.box.h);
});

test('nothing jumps while the knob is moved, at any width', () => {
  for (const width of [320, 560, 900]) {
    for (const bare of [false, true]) {
      const payload = certificateSample();
      if (bare) delete payload.blocks[0]!.gamma!.at;
      const heights = [0, 5, 10, 30, 50].map(entry =>
        measureView(recorder().ctx, payload, { width, ...at(entry) })
      );
      assert.equal(new Set(heights).size, 1, `${width}: ${heights.join()}`);
    }
  }
});

test('there is room for the longest words of any Γ: terms stand below them', () => {
  const payload = certificateSample();
  const block = payload.blocks[0]!;
  block.gamma!.at![35]!.words = `${block.words} It takes two lines more to say what else would have to hold, finally.`;
  for (const width of [320, 900]) {
    const { ctx, calls } = recorder();
    drawView(ctx, payload, { width, ...at(35) });
    const y = (starts: string): number[] =>
      calls.filter(c => c.name === 'fillText' && c.text!.includes(starts)).map(c => c.numbers[1]!);
    assert.ok(y('finally')[0]! + 8 < y('Estimate')[0]!, `${width}`);
  }
});

test('an entry that the grid does not have is read at its nearest end, and none at all as computed', () => {
  const block = certificateSample().blocks[0]!;
  assert.equal(readAt(block, 999).gamma, 1.5);
  assert.equal(readAt(block, -3).gamma, 1);
  assert.equal(readAt(block, 0.5).moved, false);
  assert.equal(readAt(certificateSample().blocks[1]!, 4).moved, false);
});

test('every chip says its whole text, what the label means, what it assumes, and its own help', () => {
  const payload = certificateSample();
  payload.blocks[0]!.bound.help = 'Upper bound on the target risk.';
  payload.blocks[0]!.bound.assumptions!.push('overlap', 'something new');
  const { drawn } = draw({ width: 320 }, payload);
  const chip = drawn.regions.find(r => r.text[0]!.startsWith('CONDITIONAL(A2′, Γ = 1.10, overlap'))!;
  assert.deepEqual(chip.text, [
    'CONDITIONAL(A2′, Γ = 1.10, overlap, something new)',
    LABEL_HELP.CONDITIONAL,
    'Assumes A2′: given its embedding, a row has the same loss to expect in source and target.',
    'Assumes Γ = 1.10: no similarity weight is wrong by more than this factor, up or down.',
    'Assumes overlap: the source reaches wherever the target lies.',
    'Assumes: something new.',
    'Upper bound on the target risk.'
  ]);
  const seen = drawn.regions.filter(r => LABELS.some(label => r.text[1] === LABEL_HELP[label]));
  assert.ok(seen.length >= 12);
});

test('every label is explained in one or two sentences', () => {
  for (const label of LABELS) assert.match(LABEL_HELP[label], /^[A-Z][^.]+\.( [A-Z][^.]+\.)?$/, label);
});
