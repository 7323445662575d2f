/**
 * Theorems as pictures: the terms of a bound as a waterfall, each with what it claims, the headline, what it
 * means in words, and the bound against Γ (how wrong the weights may be; errata.md E1, E8). It draws what it
 * is given and decides no verdict.
 */
import { weakest, type Label, type LabelledNumber } from '../labels.js';
import { drawAxes, extent, gutter, linear, padded, type Scale } from './axes.js';
import { drawPolyline } from './lines.js';
import { drawFactGrid, drawRule } from './frame.js';
import { brief, fixed, signed } from './numbers.js';
import type { CertificateBlock, CertificatePayload } from './payload.js';
import { clean, type Pen } from './pen.js';
import type { Theme } from './theme.js';

const ROW = 30;

function claim(number: CertificateBlock['bound']): LabelledNumber {
  return { ...number, value: number.value ?? NaN };
}

function termColour(index: number, theme: Theme): string {
  const colours = [
    theme.source,
    theme.name === 'dark' ? '#2f6f96' : '#7fb8d8',
    theme.third,
    '#e69f00',
    theme.ratio,
    theme.series[7]!
  ];
  return colours[index % colours.length]!;
}

function drawWaterfall(pen: Pen, block: CertificateBlock, x: number, y: number, w: number): number {
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
  const sums: number[] = [0];
  for (const term of block.terms) sums.push(sums[sums.length - 1]! + (term.number.value ?? 0));
  const ends = [...sums, block.reference, block.bound.value ?? 0, block.truth?.value ?? 0];
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
    else pen.rect(bar, termColour(i, theme));
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
  const words = 'sum of the terms';
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

/** The bound as the weights may be wrong by up to Γ, the break-even Γ*, and where Γ stands now. */
function drawGamma(pen: Pen, block: CertificateBlock, x: number, y: number, w: number): number {
  const { theme } = pen;
  const { grid, bound, now, star } = block.gamma!;
  let top = y + 8;
  const question = 'How wrong may the weights be?';
  const lead = pen.width(question, { weight: 600 }) + 8;
  pen.text(question, x, top + 13, { weight: 600 });
  const help =
    'ŵ/Γ ≤ ω ≤ Γŵ off the no-overlap set. Reading another Γ is free: it spends no δ and opens nothing.';
  top +=
    pen.paragraph(help, x, top, w, { colour: theme.dim, lineHeight: 18, indent: lead, maxLines: 3 }) + 12;
  const tall = 120;
  const ys = extent([...bound, block.reference]);
  const xs = extent([...grid, now]);
  if (!ys || !xs || grid.length === 0) {
    pen.text('No Γ was tried.', x, top + 14, { colour: theme.dim });
    return top + 30 - y;
  }
  const yScale = linear(padded(ys, 0.08), [top + tall, top], { count: 4 });
  const left = gutter(pen, yScale);
  const plot = { x: x + left, y: top, w: w - left - 16, h: tall };
  const xScale = linear(xs, [plot.x, plot.x + plot.w], { count: Math.max(2, Math.floor(plot.w / 110)) });
  if (star !== null) {
    const end = Math.min(xScale(star), plot.x + plot.w);
    const from = yScale(block.reference);
    pen.ctx.globalAlpha = 0.1;
    pen.rect({ x: plot.x, y: from, w: Math.max(0, end - plot.x), h: plot.y + plot.h - from }, theme.good);
    pen.ctx.globalAlpha = 1;
  }
  drawAxes(pen, plot, xScale, yScale, { x: 'Γ' });
  const at = Math.round(yScale(block.reference)) + 0.5;
  pen.line(plot.x, at, plot.x + plot.w, at, theme.axis);
  drawPolyline(pen, grid, bound, xScale, yScale, theme.source, 2.2, []);
  const label = (words: string, px: number, py: number, bold: boolean): void => {
    const style = { size: 11, weight: bold ? (600 as const) : (400 as const) };
    const wide = pen.width(words, style);
    const beside = px + 8 + wide > plot.x + plot.w ? px - 8 - wide : px + 8;
    const lx = Math.max(plot.x + 4, Math.min(beside, plot.x + plot.w - wide - 4));
    pen.ctx.globalAlpha = 0.85;
    pen.rect({ x: lx - 2, y: py - 11, w: wide + 4, h: 15 }, theme.ground);
    pen.ctx.globalAlpha = 1;
    pen.text(words, lx, py, style);
  };
  if (star !== null) {
    const sx = Math.round(xScale(star)) + 0.5;
    if (sx <= plot.x + plot.w + 1) pen.line(sx, plot.y, sx, plot.y + plot.h, theme.text, 1, [4, 3]);
    const meaning = plot.w >= 560 ? ', last before the first failure' : '';
    label(`break-even Γ* = ${brief(star)}${meaning}`, sx, plot.y + 11, true);
  } else label('no Γ*: the bound fails already at the first Γ', plot.x, plot.y + 11, true);
  const i = grid.reduce((best, g, k) => (Math.abs(g - now) < Math.abs(grid[best]! - now) ? k : best), 0);
  const [nx, ny] = [xScale(now), yScale(bound[i]!)];
  pen.ctx.beginPath();
  pen.ctx.arc(nx, ny, 4.5, 0, 2 * Math.PI);
  pen.ctx.fillStyle = theme.source;
  pen.ctx.fill();
  pen.ctx.strokeStyle = theme.ground;
  pen.ctx.lineWidth = 1.5;
  pen.ctx.stroke();
  const below = ny + 22 < plot.y + plot.h;
  label(`now Γ = ${brief(now)}: ${signed(bound[i]!)}`, nx, below ? ny + 20 : ny - 10, false);
  return top + tall + 40 - y;
}

function drawBlock(pen: Pen, block: CertificateBlock, x: number, y: number, w: number): number {
  const { theme } = pen;
  let top = y + 12;
  const silent = block.verdict === 'vacuous' || block.verdict === 'unresolved';
  const shown: LabelledNumber | Label = block.verdict === 'vacuous' ? 'VACUOUS' : claim(block.bound);
  const chipRoom = Math.min(w * 0.5, 320);
  const chip = pen.chip(shown, x + w, top + 10, chipRoom);
  top +=
    pen.paragraph(block.title, x, top, w - chip - 12, {
      size: 13,
      weight: 600,
      lineHeight: 20,
      maxLines: 2
    }) + 8;
  const big = { size: 26, weight: 600 as const };
  const wide = pen.width(clean(block.headline), big);
  const beside = wide + 24 <= w * 0.36 && w >= 560;
  const wordsAt = beside ? x + Math.max(wide + 28, Math.min(w * 0.24, 200)) : x;
  const headline = pen.paragraph(block.headline, x, top, beside ? w * 0.36 : w, {
    ...big,
    lineHeight: 36,
    maxLines: 2,
    colour: silent ? theme.dim : theme.text
  });
  if (!beside) top += headline + 2;
  const words = pen.paragraph(block.words, wordsAt, top + (beside ? 1 : 0), x + w - wordsAt, {
    size: 13,
    lineHeight: 19,
    maxLines: 8
  });
  top += Math.max(beside ? headline : 0, words) + 10;
  top += drawWaterfall(pen, block, x, top, w);
  if (block.gamma) {
    drawRule(pen, { x, w }, top);
    top += drawGamma(pen, block, x, top + 2, w);
  }
  if (block.facts.length > 0) {
    drawRule(pen, { x, w }, top);
    top += drawFactGrid(pen, block.facts, x, top, w);
  }
  return top - y;
}

/** The weakest claim on the card: what the picture as a whole may be quoted as. */
export function weakestClaim(payload: CertificatePayload): Label {
  return weakest(payload.blocks.map(b => (b.verdict === 'vacuous' ? 'VACUOUS' : b.bound.label)));
}

/** Draws the theorems one below another in a column `w` wide; returns the height. */
export function drawCertificate(
  pen: Pen,
  payload: CertificatePayload,
  x: number,
  y: number,
  w: number
): number {
  let top = y;
  payload.blocks.forEach((block, i) => {
    if (i > 0) pen.rect({ x: x - 12, y: top, w: w + 24, h: 6 }, pen.theme.faint);
    top += (i > 0 ? 6 : 0) + drawBlock(pen, block, x, top + (i > 0 ? 6 : 0), w);
  });
  if (payload.facts.length > 0) {
    drawRule(pen, { x, w }, top);
    top += drawFactGrid(pen, payload.facts, x, top, w);
  }
  return top - y;
}
