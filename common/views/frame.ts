/** What every picture has around it: title above, facts with their claims, and the line on what it does not show. */
import type { Fact } from './payload.js';
import { brief, plural } from './numbers.js';
import { clean, type Box, type Pen } from './pen.js';

export const MARGIN = 12;
const NOTE = 'What this picture does not show: ';

/** Title bold, subtitle beside it or below; returns the height, at least 36. */
export function drawHeader(
  pen: Pen,
  title: string,
  subtitle: string | undefined,
  x: number,
  y: number,
  w: number
): number {
  const { theme } = pen;
  const head = { size: 14, weight: 600 as const };
  const sub = { size: 12, colour: theme.dim };
  const width = pen.width(clean(title), head);
  const beside = subtitle !== undefined && width + 10 + pen.width(clean(subtitle), sub) <= w;
  let height = 8 + pen.paragraph(title, x, y + 8, w, { ...head, lineHeight: 20, maxLines: 2 });
  if (beside) pen.text(subtitle, x + width + 10, y + 23, sub);
  else if (subtitle)
    height += pen.paragraph(subtitle, x, y + height, w, { ...sub, lineHeight: 17, maxLines: 3 });
  return height + 8;
}

/** The last line of every view; returns its height. */
export function drawNote(pen: Pen, note: string, x: number, y: number, w: number): number {
  const { theme } = pen;
  const lead = { size: 11, weight: 600 as const, colour: theme.dim };
  const words = clean(note).replace(/^what this (picture|table) does not show:?\s*/i, '');
  const indent = pen.width(NOTE, lead) + 3;
  pen.text(NOTE, x, y + 16, lead);
  return (
    12 +
    pen.paragraph(words, x, y + 4, w, { size: 11, colour: theme.dim, lineHeight: 16, maxLines: 5, indent })
  );
}

/** One fact: its name, its number and claim, and what it means. Returns the height. */
export function drawFact(pen: Pen, fact: Fact, x: number, y: number, w: number): number {
  const { theme } = pen;
  const number = fact.number;
  const name = { size: 12, weight: number ? (400 as const) : (600 as const) };
  const value = number ? brief(number.value) : '';
  const bold = { size: 12, weight: 600 as const };
  const lines = pen.lines(fact.name, w, { ...name, maxLines: 3 });
  let height = pen.paragraph(fact.name, x, y, w, { ...name, lineHeight: 18, maxLines: 3 });
  if (number) {
    let at = pen.width(lines[lines.length - 1]!, name) + 5;
    const wide = pen.width(value, bold);
    if (at + wide > w) {
      at = 0;
      height += 18;
    }
    pen.text(value, x + at, y + height - 5, bold);
    at += wide + 8;
    const claim = { ...number, value: number.value ?? NaN };
    const label = number.assumptions?.length
      ? `${number.label}(${number.assumptions.join(', ')})`
      : number.label;
    const need = pen.width(clean(label), { size: 10, weight: 600 }) + 12;
    if (at + Math.min(need, w) > w) height += 19;
    pen.chip(claim, x + w, y + height - 9, w);
  }
  const basis = number
    ? [
        number.n === undefined ? '' : plural(number.n, number.unit ?? 'papers'),
        number.fold ? `fold ${number.fold}` : ''
      ]
        .filter(part => part !== '')
        .join(', ')
    : '';
  const words = [fact.text ?? '', basis].filter(part => part !== '').join(' · ');
  if (words)
    height += pen.paragraph(words, x, y + height, w, {
      size: 11,
      colour: theme.dim,
      lineHeight: 16,
      maxLines: 4
    });
  return height;
}

/** Facts one below another; returns the height. */
export function drawFactList(pen: Pen, facts: readonly Fact[], x: number, y: number, w: number): number {
  let at = y;
  for (const fact of facts) at += drawFact(pen, fact, x, at, w) + 8;
  return at - y;
}

/** Facts in columns below a picture, rows of equal height; returns the height. */
export function drawFactGrid(pen: Pen, facts: readonly Fact[], x: number, y: number, w: number): number {
  if (facts.length === 0) return 0;
  const columns = Math.max(1, Math.min(facts.length === 4 ? 2 : 3, facts.length, Math.floor(w / 240)));
  const step = w / columns;
  let at = y + 8;
  for (let first = 0; first < facts.length; first += columns) {
    const row = facts.slice(first, first + columns);
    const heights = row.map((fact, i) => {
      const [before, after] = [i > 0 ? 12 : 0, i < columns - 1 ? 12 : 0];
      return drawFact(pen, fact, x + i * step + before, at, step - before - after);
    });
    const height = Math.max(...heights);
    row.forEach((_, i) => {
      if (i)
        pen.line(
          Math.round(x + i * step) + 0.5,
          at,
          Math.round(x + i * step) + 0.5,
          at + height,
          pen.theme.faint
        );
    });
    at += height + 10;
  }
  return at - y;
}

/** A rule across the card. */
export function drawRule(pen: Pen, box: Pick<Box, 'x' | 'w'>, y: number): void {
  pen.line(box.x, Math.round(y) + 0.5, box.x + box.w, Math.round(y) + 0.5, pen.theme.faint);
}
