/**
 * Theorems as pictures: the headline, what it means in words, the terms of the bound as a waterfall, each with what it
 * claims, and the bound against Γ (how wrong the weights may be; errata.md E1, E8). It draws what it is given, at the Γ
 * that a person reads, and decides no verdict.
 */
import { weakest, type Label, type LabelledNumber } from '../labels.js';
import type { Choices } from './choices.js';
import { drawFactGrid, drawRule } from './frame.js';
import { drawGamma } from './gamma.js';
import type { CertificateBlock, CertificatePayload } from './payload.js';
import { clean, type ParagraphStyle, type Pen } from './pen.js';
import { readAt } from './reading.js';
import { claim, drawWaterfall } from './waterfall.js';

const reserved = new WeakMap<CertificateBlock, Map<string, number>>();

/** The lines that the longest of all readings takes: nothing below may jump while a knob is moved. */
function longest(
  pen: Pen,
  block: CertificateBlock,
  field: 'words' | 'headline',
  w: number,
  style: ParagraphStyle
): number {
  let known = reserved.get(block);
  if (!known) reserved.set(block, (known = new Map()));
  const key = `${field} ${Math.round(w)} ${style.size} ${pen.theme.font} ${pen.dry}`;
  let found = known.get(key);
  if (found === undefined) {
    const texts = new Set([block[field], ...(block.gamma?.at ?? []).map(at => at[field])]);
    found = Math.max(...[...texts].map(text => pen.lines(text, w, style).length));
    known.set(key, found);
  }
  return found;
}

function drawBlock(
  pen: Pen,
  own: CertificateBlock,
  index: number,
  x: number,
  y: number,
  w: number,
  options: Choices
): number {
  const { theme } = pen;
  const reading = readAt(own, options.gamma?.get(index));
  const { block } = reading;
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
  const headlines = [own.headline, ...(own.gamma?.at ?? []).map(at => at.headline)];
  const wide = Math.max(...headlines.map(text => pen.width(clean(text), big)));
  const beside = wide + 24 <= w * 0.36 && w >= 560;
  const wordsAt = beside ? x + Math.max(wide + 28, Math.min(w * 0.24, 200)) : x;
  const room = beside ? w * 0.36 : w;
  const head = { ...big, lineHeight: 36, maxLines: 2 };
  pen.paragraph(block.headline, x, top, room, { ...head, colour: silent ? theme.dim : theme.text });
  const headline = 36 * longest(pen, own, 'headline', room, head);
  if (!beside) top += headline + 2;
  const body = { size: 13, lineHeight: 19, maxLines: 8 };
  pen.paragraph(block.words, wordsAt, top + (beside ? 1 : 0), x + w - wordsAt, body);
  const words = 19 * longest(pen, own, 'words', x + w - wordsAt, body);
  top += Math.max(beside ? headline : 0, words) + 10;
  top += drawWaterfall(pen, reading, x, top, w);
  if (own.gamma) {
    drawRule(pen, { x, w }, top);
    top += drawGamma(pen, own, index, reading, x, top + 2, w);
  }
  if (block.facts.length > 0) {
    drawRule(pen, { x, w }, top);
    top += drawFactGrid(pen, block.facts, x, top, w);
  }
  return top - y;
}

/** The weakest claim on the card: what the picture as a whole may be quoted as (errata.md E1). */
export function weakestClaim(blocks: readonly CertificateBlock[]): Label {
  return weakest(blocks.map(b => (b.verdict === 'vacuous' ? 'VACUOUS' : b.bound.label)));
}

/** Draws the theorems one below another in a column `w` wide; returns the height. */
export function drawCertificate(
  pen: Pen,
  payload: CertificatePayload,
  x: number,
  y: number,
  w: number,
  options: Choices = {}
): number {
  let top = y;
  payload.blocks.forEach((block, i) => {
    if (i > 0) pen.rect({ x: x - 12, y: top, w: w + 24, h: 6 }, pen.theme.faint);
    top += (i > 0 ? 6 : 0) + drawBlock(pen, block, i, x, top + (i > 0 ? 6 : 0), w, options);
  });
  if (payload.facts.length > 0) {
    drawRule(pen, { x, w }, top);
    top += drawFactGrid(pen, payload.facts, x, top, w);
  }
  return top - y;
}
