/** Where one arm errs: true class down, predicted class across, each cell as deep as its share of the true class. */
import { blended, contrast, parseColour } from './colour.js';
import { count } from './numbers.js';
import type { ReportPayload } from './payload.js';
import { clean, type Pen } from './pen.js';
import type { Theme } from './theme.js';

export type Confusion = NonNullable<ReportPayload['confusion']>;

const SIZE = { size: 11 };
/** Means over several trainings are no whole numbers, and a third of a row is not none. */
function rowsIn(n: number): string {
  const whole = Math.round(n);
  return Math.abs(n - whole) < 1e-6 ? count(whole) : n.toFixed(n < 10 ? 1 : 0);
}

/** With more classes, only cells that hold something speak. */
const MANY = 30;

/** The confusion of the arm that a person chose, or the one drawn at first. */
export function confusionOf(payload: ReportPayload, arm: string | undefined): Confusion | undefined {
  const chosen = arm === undefined ? undefined : payload.confusions?.find(c => c.arm === arm);
  return chosen ?? payload.confusion ?? payload.confusions?.[0];
}

/** Black or white, whichever is read better on the colour at this opacity over the ground: always at least 4.5. */
export function inkOn({ text, ground }: Theme, colour: string, alpha: number): string {
  const [paint, base] = [parseColour(colour), parseColour(ground)];
  if (!paint || !base) return text;
  const seen = blended([paint[0], paint[1], paint[2], alpha], base);
  return contrast(seen, [0, 0, 0, 1]) >= contrast(seen, [255, 255, 255, 1]) ? '#000000' : '#ffffff';
}

function drawNames(
  pen: Pen,
  names: readonly string[],
  left: number,
  top: number,
  cell: number,
  tall: number
): void {
  const { ctx, theme } = pen;
  names.forEach((name, j) => {
    ctx.save();
    ctx.translate(left + (j + 0.5) * cell + 4, top + tall - 2);
    ctx.rotate(-Math.PI / 2);
    ctx.font = `400 11px ${theme.font}`;
    ctx.textAlign = 'left';
    ctx.fillStyle = theme.dim;
    ctx.fillText(pen.fit(name, tall, SIZE), 0, 0);
    ctx.restore();
  });
}

/** Draws the matrix in a column `w` wide with the top at `y`; returns the height. */
export function drawConfusion(pen: Pen, confusion: Confusion, x: number, y: number, w: number): number {
  const { theme, ctx } = pen;
  const { classes, counts } = confusion;
  const k = classes.length;
  const heading = `Where “${clean(confusion.arm)}” errs: true class down, predicted class across`;
  let top = y + 8 + pen.paragraph(heading, x, y + 8, w, { weight: 600, lineHeight: 17, maxLines: 3 }) + 8;
  if (k === 0) {
    pen.text('No class to compare.', x, top + 14, { colour: theme.dim });
    return top + 24 - y;
  }
  const widest = Math.max(...classes.map(c => pen.width(clean(c), SIZE)));
  const nameWidth = Math.min(widest, w * 0.36, 130);
  const cell = Math.max(3, Math.min(34, Math.floor((w - nameWidth - 10) / k)));
  const left = x + nameWidth + 8;
  const named = cell >= 11;
  if (named) {
    const tall = Math.min(widest, 110);
    drawNames(pen, classes, left, top, cell, tall);
    top += tall + 4;
  }
  counts.forEach((row, i) => {
    const sum = row.reduce((a, b) => a + b, 0);
    const middle = top + (i + 0.5) * cell;
    if (named) pen.text(classes[i]!, left - 8, middle + 4, { ...SIZE, align: 'right', max: nameWidth });
    row.forEach((n, j) => {
      const box = { x: left + j * cell, y: top + i * cell, w: cell, h: cell };
      const share = sum > 0 ? n / sum : 0;
      const colour = i === j ? theme.source : theme.target;
      const depth = 0.12 + 0.88 * share;
      if (n > 0) {
        ctx.globalAlpha = depth;
        pen.rect(box, colour);
        ctx.globalAlpha = 1;
      }
      ctx.strokeStyle = theme.grid;
      ctx.lineWidth = 1;
      ctx.strokeRect(box.x + 0.5, box.y + 0.5, cell, cell);
      const words = rowsIn(n);
      if (cell >= 18 && n > 0 && pen.width(words, SIZE) < cell - 2)
        pen.text(words, box.x + cell / 2, middle + 4, {
          ...SIZE,
          colour: inkOn(theme, colour, depth),
          align: 'center'
        });
      if (n > 0 || k <= MANY)
        pen.region(box, [
          `true class: ${clean(classes[i]!)}`,
          `predicted: ${clean(classes[j]!)}${i === j ? ', right' : ''}`,
          `${rowsIn(n)} of the ${rowsIn(sum)} rows of this true class, ${Math.round(share * 100)} %`
        ]);
    });
  });
  top += k * cell + 6;
  const words = 'On the diagonal: right. Off it: wrong. Depth: share of the true class.';
  top += pen.paragraph(words, x, top, w, { size: 11, colour: theme.dim, lineHeight: 15 });
  return top + 8 - y;
}
