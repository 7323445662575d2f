/** The terms of a bound as a waterfall, each with its number and what it claims, down to the bound. */
import type { LabelledNumber } from '../labels.js';
import { extent, linear, padded, type Scale } from './axes.js';
import { brief, factor, fixed, signed } from './numbers.js';
import type { CertificateBlock } from './payload.js';
import { clean, type Pen } from './pen.js';
import { sumsOf, type Reading } from './reading.js';

const ROW = 30;

/** A payload's number as a chip wants it. */
export function claim(number: CertificateBlock['bound']): LabelledNumber {
  return { ...number, value: number.value ?? NaN };
}

/** Draws the terms of a block as it is read in a column `w` wide with the top at `y`; returns the height. */
export function drawWaterfall(pen: Pen, reading: Reading, x: number, y: number, w: number): number {
  const { block } = reading;
  const { theme } = pen;
  const narrow = w < 560;
  const size = { size: 12 } as const;
  const full = Math.max(
    0,
    ...[...block.terms.map(t => `${t.name} ${t.symbol}`), 'Bound sum of the terms'].map(t =>
      pen.width(clean(t), { ...size, weight: 600 })
    )
  );
  const nameWidth = narrow ? w * 0.34 : Math.min(full + 14, w * 0.24);
  const chipWidth = narrow ? 0 : Math.min(w * 0.22, 190);
  const valueWidth = narrow ? 64 : 76;
  const plotX = x + nameWidth;
  const plotWidth = Math.max(60, w - nameWidth - chipWidth - valueWidth);
  const sums = sumsOf(block.terms.map(term => term.number.value));
  // All that can be read is on the axis, so that bars move under a knob and the axis does not.
  const ends = [...reading.reach, ...sums, block.reference, block.bound.value ?? 0, block.truth?.value ?? 0];
  const scale: Scale = linear(padded(extent(ends) ?? [0, 1], 0.05), [plotX, plotX + plotWidth], {
    count: Math.max(2, Math.floor(plotWidth / 90))
  });
  const valueAt = plotX + plotWidth + valueWidth - 4;
  const step = narrow ? ROW + 16 : ROW;
  let top = y;
  const reference = Math.round(scale(block.reference)) + 0.5;
  const bottom = y + block.terms.length * step + 34;
  pen.line(reference, y, reference, bottom, theme.axis);
  block.terms.forEach((term, i) => {
    const middle = top + ROW / 2;
    const value = term.number.value;
    const name = pen.text(term.name, x, middle + 4, { ...size, weight: 600, max: nameWidth - 10 });
    const room = nameWidth - name - 16;
    if (room > 24) pen.text(term.symbol, x + name + 6, middle + 4, { ...size, colour: theme.dim, max: room });
    const from = scale(sums[i]!);
    const to = scale(sums[i + 1]!);
    if (i > 0)
      pen.line(Math.round(from) + 0.5, top - (step - ROW / 2), Math.round(from) + 0.5, middle, theme.axis);
    const bar = { x: Math.min(from, to), y: middle - 8, w: Math.max(2, Math.abs(to - from)), h: 16 };
    if (value === null)
      pen.frame({ ...bar, x: bar.x - 1, w: 10 }, theme.chips.ESTIMATED.line ?? theme.axis, [3, 2]);
    else pen.rect(bar, theme.terms[i % theme.terms.length]!);
    pen.text(value === null ? 'n/a' : signed(value), valueAt, middle + 4, {
      ...size,
      weight: 600,
      align: 'right'
    });
    if (narrow) pen.chip(claim(term.number), x + w, top + ROW + 4, w * 0.6);
    else pen.chip(claim(term.number), x + w, middle, chipWidth - 8);
    const basis =
      term.number.n === undefined ? '' : `from ${brief(term.number.n)} ${term.number.unit ?? 'papers'}`;
    pen.region(
      { x, y: top, w: plotX + plotWidth - x, h: ROW },
      [`${clean(term.name)} ${clean(term.symbol)}`, clean(term.help), basis].filter(t => t !== '')
    );
    top += step;
  });
  pen.line(x, top + 0.5, x + w, top + 0.5, theme.border);
  const middle = top + 18;
  const name = pen.text('Bound', x, middle + 4, { ...size, weight: 600, max: nameWidth - 8 });
  const words = reading.moved ? `at Γ = ${factor(reading.gamma)}` : 'sum of the terms';
  if (pen.width(words) + name + 14 < nameWidth)
    pen.text(words, x + name + 6, middle + 4, { ...size, colour: theme.dim });
  if (block.bound.value !== null) {
    const at = Math.round(scale(block.bound.value)) + 0.5;
    if (block.terms.length > 0) {
      const last = Math.round(scale(sums[sums.length - 1]!)) + 0.5;
      pen.line(last, top - (step - ROW / 2), last, top, theme.axis);
    }
    pen.line(at, top - 6, at, top + 28, theme.text, 3);
  }
  pen.text(block.bound.value === null ? 'n/a' : signed(block.bound.value), valueAt, middle + 5, {
    size: 15,
    weight: 600,
    align: 'right'
  });
  const bare: LabelledNumber = {
    value: NaN,
    label: block.bound.label,
    ...(block.bound.help ? { help: block.bound.help } : {})
  };
  if (!narrow) pen.chip(bare, x + w, middle, chipWidth - 8);
  let axis = top + 40;
  for (const tick of scale.ticks) {
    const at = Math.round(scale(tick.value)) + 0.5;
    pen.line(at, axis - 8, at, axis - 4, theme.axis);
    pen.text(tick.text, at, axis + 8, { size: 11, colour: theme.dim, align: 'center' });
  }
  pen.line(plotX, axis - 8.5, plotX + plotWidth, axis - 8.5, theme.axis);
  if (block.truth && block.truth.value !== null) {
    const at = scale(block.truth.value);
    const ctx = pen.ctx;
    const cy = axis - 8.5;
    ctx.fillStyle = theme.ground;
    ctx.strokeStyle = theme.text;
    ctx.lineWidth = 1.6;
    ctx.beginPath();
    ctx.moveTo(at, cy - 6);
    ctx.lineTo(at + 6, cy);
    ctx.lineTo(at, cy + 6);
    ctx.lineTo(at - 6, cy);
    ctx.closePath();
    ctx.fill();
    ctx.stroke();
    axis += 22;
    const text = `◆ truth ${fixed(block.truth.value)}, known because the data are simulated`;
    const width = pen.width(text, { size: 11 });
    const chip = pen.width(block.truth.label, { size: 10, weight: 600 }) + 20;
    const left = Math.max(x, Math.min(at - 4, x + w - width - chip));
    pen.text(text, left, axis + 6, { size: 11, max: w - chip });
    pen.chip(claim(block.truth), left + Math.min(width, w - chip) + 8, axis + 2, chip, 'left');
  }
  return axis + 18 - y;
}
