/** A dot plot as SVG: one row a check, its value with two standard errors, what is expected and what is allowed. */
import { scaleLinear } from 'd3-scale';
import type { Check } from './cell.js';

const WIDTH = 820;
const LABELS = 330;
const ROW = 15;
const TOP = 46;
const MARGIN = 18;
const INK = '#333333';
const DIM = '#767676';
const FINE = '#1f5fa8';
const WRONG = '#b3261e';

/** Checks without a dot are left out; undefined when none has one. */
export function plot(title: string, axis: string, checks: readonly Check[]): string | undefined {
  const rows = checks.flatMap(check => (check.dot ? [{ ...check, dot: check.dot }] : []));
  if (rows.length === 0) return undefined;
  const ends = rows.flatMap(({ dot: { value, se = 0, mark = value, limit = value } }) => [
    value - 2 * se,
    value + 2 * se,
    mark,
    limit
  ]);
  const x = scaleLinear([Math.min(0, ...ends), Math.max(...ends)], [LABELS, WIDTH - MARGIN]).nice();
  const bottom = TOP + ROW * rows.length;
  const height = bottom + 44;
  const parts: string[] = [];
  for (const tick of x.ticks(6)) {
    parts.push(
      `<line x1="${at(x(tick))}" x2="${at(x(tick))}" y1="${TOP - 6}" y2="${bottom}" stroke="#e0e0e0"/>`,
      text(x(tick), bottom + 14, x.tickFormat(6)(tick), DIM, 'middle')
    );
  }
  rows.forEach(({ what, fine, dot: { value, se = 0, mark, limit } }, i) => {
    const y = TOP + ROW * (i + 0.5);
    const colour = fine ? FINE : WRONG;
    parts.push(text(LABELS - 10, y + 3.5, what, fine ? INK : WRONG, 'end'));
    if (limit !== undefined)
      parts.push(
        `<line x1="${at(x(limit))}" x2="${at(x(limit))}" y1="${at(y - 6)}" y2="${at(y + 6)}" stroke="${WRONG}" stroke-width="1.5"/>`
      );
    if (mark !== undefined)
      parts.push(
        `<path d="M${at(x(mark))} ${at(y - 5)}l5 5l-5 5l-5 -5z" fill="#ffffff" stroke="${DIM}" stroke-width="1.2"/>`
      );
    if (se > 0)
      parts.push(
        `<line x1="${at(x(value - 2 * se))}" x2="${at(x(value + 2 * se))}" y1="${at(y)}" y2="${at(y)}" stroke="${colour}" stroke-width="1.5"/>`
      );
    parts.push(`<circle cx="${at(x(value))}" cy="${at(y)}" r="3" fill="${colour}"/>`);
  });
  const key = [
    'dot: measured, with two standard errors',
    ...(rows.some(row => row.dot.mark !== undefined) ? ['diamond: expected'] : []),
    ...(rows.some(row => row.dot.limit !== undefined) ? ['red tick: most that is allowed'] : [])
  ];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" font-family="Inter, Helvetica, Arial, sans-serif" font-size="11" role="img" aria-label="${escape(title)}">`,
    `<rect width="${WIDTH}" height="${height}" fill="#ffffff"/>`,
    `<text x="${MARGIN}" y="20" font-size="14" font-weight="600" fill="${INK}">${escape(title)}</text>`,
    text(LABELS, TOP - 12, key.join('; '), DIM),
    ...parts,
    text((LABELS + WIDTH - MARGIN) / 2, bottom + 32, axis, INK, 'middle'),
    '</svg>',
    ''
  ].join('\n');
}

function text(x: number, y: number, words: string, colour: string, anchor: string = 'start'): string {
  return `<text x="${at(x)}" y="${at(y)}" fill="${colour}" text-anchor="${anchor}">${escape(words)}</text>`;
}

/** Pixels to a tenth: files stay small. */
function at(value: number): string {
  return String(Number(value.toFixed(1)));
}

function escape(words: string): string {
  return words.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}
