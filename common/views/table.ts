/** The first rows of a table as printed. A look at data, not an editor. */
import { drawFactGrid, drawRule } from './frame.js';
import { count } from './numbers.js';
import type { TablePayload } from './payload.js';
import { clean, type Pen } from './pen.js';

const ROW = 24;
const ROWS = 20;

function cell(value: string | number | null): string {
  return value === null
    ? ''
    : typeof value === 'number'
      ? String(Number(value.toPrecision(7))).replace('-', '−')
      : clean(value);
}

/** Widths that give every column what it needs, or shares the room where that is too much. */
function columnWidths(
  pen: Pen,
  payload: TablePayload,
  rows: readonly (string | number | null)[][],
  w: number
): number[] {
  const need = payload.columns.map((column, j) => {
    const texts = rows.map(row => cell(row[j] ?? null));
    return (
      18 +
      Math.max(
        pen.width(clean(column.name).slice(0, 80), { weight: 600 }),
        ...texts.map(t => pen.width(t.slice(0, 120)))
      )
    );
  });
  const total = need.reduce((a, b) => a + b, 0);
  if (total <= w) {
    // What is left over goes to the widest column of text, so that the rules end with the numbers.
    const texts = need.map((width, j) => (payload.columns[j]!.numeric ? -1 : width));
    const widest = texts.indexOf(Math.max(...texts));
    if (texts[widest]! > 0) need[widest]! += w - total;
    return need;
  }
  // Narrow columns keep their width; the wide ones share what is left.
  const widths = [...need];
  let room = w;
  let open = need.map((_, j) => j);
  for (;;) {
    const share = room / Math.max(1, open.length);
    const fits = open.filter(j => need[j]! <= share);
    if (fits.length === 0) {
      for (const j of open) widths[j] = share;
      return widths;
    }
    for (const j of fits) room -= need[j]!;
    open = open.filter(j => !fits.includes(j));
  }
}

/** Draws the table in a column `w` wide with the top at `y`; returns the height. */
export function drawTable(pen: Pen, payload: TablePayload, x: number, y: number, w: number): number {
  const { theme } = pen;
  const rows = payload.rows.slice(0, ROWS);
  let top = y + 4;
  // A column needs some 40 px to say anything; what does not fit is counted below.
  const fitting = Math.min(payload.columns.length, Math.max(1, Math.floor(w / 44)));
  const shown = { ...payload, columns: payload.columns.slice(0, fitting) };
  if (shown.columns.length === 0) {
    pen.text('The table has no columns.', x, top + 16, { colour: theme.dim });
    return 32;
  }
  const widths = columnWidths(pen, shown, rows, w);
  let left = x;
  const edges = widths.map(width => (left += width) - width);
  const draw = (texts: string[], baseline: number, weight: 400 | 600): void => {
    shown.columns.forEach((column, j) => {
      const max = widths[j]! - 14;
      const at = column.numeric ? edges[j]! + widths[j]! - 8 : edges[j]! + 4;
      pen.text(texts[j]!, at, baseline, { max, weight, align: column.numeric ? 'right' : 'left' });
    });
  };
  pen.rect({ x, y: top, w, h: ROW }, theme.panel);
  draw(
    shown.columns.map(c => c.name),
    top + 16,
    600
  );
  top += ROW;
  pen.line(x, top + 0.5, x + w, top + 0.5, theme.border);
  for (const row of rows) {
    draw(
      shown.columns.map((_, j) => cell(row[j] ?? null)),
      top + 16,
      400
    );
    top += ROW;
    pen.line(x, top + 0.5, x + w, top + 0.5, theme.faint);
  }
  const parts = [
    rows.length === 0
      ? 'No rows.'
      : rows.length < payload.n
        ? `${count(rows.length)} of ${count(payload.n)} rows are shown.`
        : ''
  ];
  if (fitting < payload.columns.length) parts.push(`${fitting} of ${payload.columns.length} columns fit.`);
  const words = parts.filter(p => p !== '').join(' ');
  if (words) {
    pen.text(words, x + 4, top + 17, { size: 11, colour: theme.dim });
    top += 24;
  } else top += 6;
  if (payload.facts.length > 0) {
    drawRule(pen, { x, w }, top);
    top += drawFactGrid(pen, payload.facts, x, top, w);
  }
  return top - y;
}
