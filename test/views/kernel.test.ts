import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createCanvas, loadImage } from '@napi-rs/canvas';
import { DataError } from '../../common/errors.js';
import { DARK, MIME, unpackNumbers } from '../../common/views/index.js';
import { bundle, PNG_SCALE, PNG_WIDTH, renderPng, renderText } from '../../kernel/views/index.js';
import {
  certificateSample,
  denoisedSample,
  embeddingSample,
  reportSample,
  samples,
  trainingSample
} from './samples.js';

/** The picture's size and its pixels. */
async function decode(png: Uint8Array): Promise<{ width: number; height: number; data: Uint8ClampedArray }> {
  const image = await loadImage(Buffer.from(png));
  const ctx = createCanvas(image.width, image.height).getContext('2d');
  ctx.drawImage(image, 0, 0);
  return {
    width: image.width,
    height: image.height,
    data: ctx.getImageData(0, 0, image.width, image.height).data
  };
}

function colours(data: Uint8ClampedArray): number {
  const seen = new Set<number>();
  for (let i = 0; i < data.length; i += 4) seen.add((data[i]! << 16) | (data[i + 1]! << 8) | data[i + 2]!);
  return seen.size;
}

test('every view becomes a PNG of twice 960 pixels that is not blank', async () => {
  for (const payload of samples()) {
    const { width, height, data } = await decode(renderPng(payload));
    assert.equal(width, PNG_WIDTH * PNG_SCALE);
    assert.ok(height > 400 && height < 6000, `${payload.kind} is ${height} high`);
    assert.ok(colours(data) > 30, `${payload.kind} has ${colours(data)} colours`);
  }
});

test('the points of an embedding are where the legend says: their colours are in the picture', async () => {
  const payload = embeddingSample(300);
  payload.colour = 'domain';
  const { data } = await decode(renderPng(payload));
  const has = (r: number, g: number, b: number): boolean => {
    for (let i = 0; i < data.length; i += 4) {
      if (Math.abs(data[i]! - r) + Math.abs(data[i + 1]! - g) + Math.abs(data[i + 2]! - b) < 12) return true;
    }
    return false;
  };
  assert.ok(has(0x00, 0x72, 0xb2), 'source blue');
  assert.ok(has(0xd5, 0x5e, 0x00), 'target vermillion');
});

test('the dark theme has a dark ground', async () => {
  const { data } = await decode(renderPng(trainingSample(), { theme: DARK, width: 600 }));
  const at = 4 * (1200 * 6 + 6);
  assert.ok(data[at]! < 60 && data[at + 3] === 255);
});

test('the letters of our formulas are in the font: none is drawn as the box of a missing letter', async () => {
  const shape = async (letter: string): Promise<string> => {
    const { data } = await decode(
      renderPng(
        { ...trainingSample(), title: letter, subtitle: undefined, facts: [], curves: [], kept: undefined },
        { width: 400 }
      )
    );
    return Buffer.from(data.subarray(0, 4 * 800 * 70)).toString('base64');
  };
  const missing = await shape('\u{10ffff}');
  for (const letter of 'ŵκωΓχ²≤≥√∞Δℓεηβδγσ′½−×→₀') assert.notEqual(await shape(letter), missing, letter);
});

test('a bundle carries our mime type, a PNG in base64, and words', () => {
  for (const payload of samples()) {
    const data = bundle(payload);
    assert.deepEqual(Object.keys(data), [MIME, 'image/png', 'text/plain']);
    assert.equal(data[MIME], payload);
    assert.equal(
      Buffer.from(data['image/png'] as string, 'base64')
        .subarray(1, 4)
        .toString(),
      'PNG'
    );
    assert.equal(data['text/plain'], renderText(payload));
    assert.ok(JSON.stringify(data[MIME]).length < 1_000_000);
  }
});

test('a payload that contradicts itself is refused where it is made', () => {
  const payload = trainingSample();
  payload.curves[0]!.x.pop();
  assert.throws(
    () => bundle(payload),
    (error: unknown) =>
      error instanceof DataError && /"training" cannot be shown: \/curves\/0/.test(error.message)
  );
});

test('the words of a certificate hold headline, terms with their claims, truth and break-even', () => {
  const text = renderText(certificateSample());
  assert.match(text, /Bound +−0\.009 +CONDITIONAL/);
  for (const part of [
    'D ≤ −0.009',
    'Width betting, W = 2.0  +0.034  CERTIFIED, 300 papers',
    'CONDITIONAL(A2′, Γ = 1.10)',
    'Truth: −0.041 ORACLE',
    'Γ* = 1.15',
    'Says nothing  [vacuous]'
  ]) {
    assert.ok(text.includes(part), part);
  }
});

test('the words of a report hold scores, intervals and what is compared', () => {
  const text = renderText(reportSample());
  assert.match(text, /uniform +0\.412 +\[0\.352, 0\.466\] +ESTIMATED +n 12/);
  assert.match(text, /clean +\+0\.009 +\[−0\.025, \+0\.037\]/);
  assert.match(text, /Confusion of hybrid: \d+ of \d+ rows right/);
});

test('every text ends with what the picture does not show, and holds every fact', () => {
  for (const payload of samples()) {
    const text = renderText(payload);
    assert.ok(text.trimEnd().endsWith(payload.note), payload.kind);
    for (const fact of payload.facts) assert.ok(text.includes(fact.name), fact.name);
  }
});

test('the words of a tube say how many rows lie in it, how many where the weight fades, and how many beyond', () => {
  const payload = denoisedSample();
  const { d0, h, y } = payload.tube!;
  const off = [...unpackNumbers(y)];
  const inside = off.filter(v => v <= d0).length;
  const fading = off.filter(v => v > d0 && v <= d0 + h).length;
  const text = renderText(payload);
  assert.ok(text.includes('Rows beside the manifold: 1,512 rows, 1,363 drawn'));
  assert.ok(
    text.includes(
      `in the tube (up to d₀ = 0.43): ${inside.toLocaleString('en')}; up to d₀ + h = 0.55: ${fading}; further out: ${off.length - inside - fading}`
    )
  );
  assert.match(text, /flagged 55, smallest 0\.\d+/);
});

test('the words of a certificate tell what it says at other Γ, a stretch of one verdict a line', () => {
  const text = renderText(certificateSample());
  assert.ok(text.includes('read at Γ = 1.00 to 1.15: holds, bound −0.025 to −0.001'));
  assert.match(text, /read at Γ = 1\.16 to 1\.50: unresolved, bound \+\S+ to \+0\.05\d, Not resolved\n/);
});
