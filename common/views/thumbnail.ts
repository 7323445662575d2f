/**
 * A view in the size of a stamp: its shape without a word, by which a person tells one result from another at a glance.
 * For marks of a few pixels only; what can be read or pointed at is the view itself (draw.ts).
 */
import { scaleLinear, scaleLog, scalePoint } from 'd3-scale';
import type { Canvas2D } from './canvas.js';
import { numbersOf, codesOf } from './pack.js';
import type {
  CertificatePayload,
  DistributionPayload,
  EmbeddingPayload,
  ReportPayload,
  TablePayload,
  TrainingPayload,
  ViewPayload
} from './payload.js';
import type { Theme } from './theme.js';

export interface ThumbnailOptions {
  /** CSS pixels. */
  width: number;
  height: number;
  theme: Theme;
  /** Device pixels a CSS pixel. */
  pixelRatio?: number;
}

interface Stamp {
  readonly ctx: Canvas2D;
  readonly theme: Theme;
  readonly width: number;
  readonly height: number;
}

type XY = readonly [x: number, y: number];

/** Points that a stamp holds before they become a blot. */
const MOST_POINTS = 260;
const EDGE = 1.5;

function extentOf(values: Iterable<number>): [number, number] {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (low > high) return [0, 1];
  return low === high ? [low - 0.5, high + 0.5] : [low, high];
}

function polyline({ ctx }: Stamp, points: readonly XY[], colour: string, dash: number[] = []): void {
  ctx.strokeStyle = colour;
  ctx.lineWidth = 1.2;
  ctx.lineJoin = 'round';
  ctx.setLineDash(dash);
  ctx.beginPath();
  points.forEach(([x, y], i) => (i === 0 ? ctx.moveTo(x, y) : ctx.lineTo(x, y)));
  ctx.stroke();
  ctx.setLineDash([]);
}

function cross({ ctx, theme }: Stamp, x: number, y: number): void {
  ctx.strokeStyle = theme.flag;
  ctx.lineWidth = 1;
  ctx.beginPath();
  ctx.moveTo(x - 1.6, y - 1.6);
  ctx.lineTo(x + 1.6, y + 1.6);
  ctx.moveTo(x - 1.6, y + 1.6);
  ctx.lineTo(x + 1.6, y - 1.6);
  ctx.stroke();
}

/** As many as a stamp holds, spread evenly. */
function* few(length: number): Generator<number> {
  const step = Math.max(1, length / MOST_POINTS);
  for (let i = 0; i < length; i += step) yield Math.floor(i);
}

interface Cloud {
  readonly x: Float32Array;
  readonly y: Float32Array;
  readonly domain: { codes: Uint8Array; names: readonly string[] };
  readonly flagged: { codes: Uint8Array; names: readonly string[] } | undefined;
}

function drawCloud(stamp: Stamp, { x, y, domain, flagged }: Cloud, floor?: number): void {
  const { ctx, theme, width, height } = stamp;
  const [low, high] = extentOf(y);
  const across = scaleLinear(extentOf(x), [EDGE + 1, width - EDGE - 1]);
  const down = scaleLinear([floor ?? low, high], [height - EDGE - 1, EDGE + 1]);
  const crosses: XY[] = [];
  for (const i of few(x.length)) {
    const [px, py] = [across(x[i]!), down(y[i]!)];
    if (!Number.isFinite(px) || !Number.isFinite(py)) continue;
    const flag = flagged?.names[flagged.codes[i]!];
    if (flag === '1' || flag === 'flagged') {
      crosses.push([px, py]);
      continue;
    }
    ctx.fillStyle = domain.names[domain.codes[i]!] === 'target' ? theme.target : theme.source;
    ctx.fillRect(px - 0.7, py - 0.7, 1.4, 1.4);
  }
  for (const [px, py] of crosses.slice(0, 24)) cross(stamp, px, py);
}

function drawEmbedding(stamp: Stamp, { x, y, domain, flagged }: EmbeddingPayload): void {
  drawCloud(stamp, {
    x: numbersOf(x),
    y: numbersOf(y),
    domain: { codes: codesOf(domain), names: domain.categories },
    flagged: flagged && { codes: codesOf(flagged), names: flagged.categories }
  });
}

/** Bars of a word's length under a ruled head. */
function drawTable(stamp: Stamp, { columns, rows }: TablePayload): void {
  const { ctx, theme, width, height } = stamp;
  const shownColumns = Math.max(1, Math.min(columns.length, 3));
  const shownRows = Math.max(1, Math.min(rows.length, 6));
  const [w, h] = [width / shownColumns, (height - 8) / shownRows];
  ctx.fillStyle = theme.axis;
  for (let c = 0; c < shownColumns; c++) ctx.fillRect(c * w + 1, 2, w * 0.6, 2);
  ctx.fillRect(0, 6.5, width, 1);
  ctx.fillStyle = theme.track;
  rows.slice(0, shownRows).forEach((row, r) => {
    for (let c = 0; c < shownColumns; c++) {
      const share = Math.min(1, String(row[c] ?? '').length / 16);
      const long = Math.max(2, share * (w - 4));
      ctx.fillRect(columns[c]?.numeric === true ? (c + 1) * w - 2 - long : c * w + 1, 9 + r * h, long, 2);
    }
  });
}

function drawDistribution(stamp: Stamp, { panels, tube }: DistributionPayload): void {
  const { ctx, theme, width, height } = stamp;
  if (tube) {
    const y = numbersOf(tube.y);
    const [, high] = extentOf(y);
    const line = scaleLinear([0, high], [height - EDGE - 1, EDGE + 1])(tube.d0);
    ctx.fillStyle = theme.faint;
    ctx.fillRect(0, line, width, height - line);
    drawCloud(
      stamp,
      {
        x: numbersOf(tube.x),
        y,
        domain: { codes: codesOf(tube.domain), names: tube.domain.categories },
        flagged: { codes: codesOf(tube.flagged), names: tube.flagged.categories }
      },
      0
    );
    return;
  }
  const panel = panels[0]!;
  const { edges } = panel;
  const log = panel.scale === 'log' && edges[0]! > 0;
  const across = (log ? scaleLog() : scaleLinear()).domain(extentOf(edges)).range([EDGE, width - EDGE]);
  const most = Math.max(1e-12, ...panel.series.flatMap(({ heights }) => heights));
  const down = scaleLinear([0, most], [height - EDGE, EDGE + 2]);
  panel.series.slice(0, 3).forEach((series, i) => {
    const target = series.role === 'target';
    const colour = target ? theme.target : series.role === 'source' ? theme.source : theme.series[i]!;
    const tops = series.heights.map((count, bin): XY => {
      const middle = log ? Math.sqrt(edges[bin]! * edges[bin + 1]!) : (edges[bin]! + edges[bin + 1]!) / 2;
      return [across(middle), down(count)];
    });
    if (tops.length === 0) return;
    ctx.fillStyle = target ? theme.targetArea : theme.sourceArea;
    ctx.beginPath();
    ctx.moveTo(tops[0]![0], height - EDGE);
    for (const [x, y] of tops) ctx.lineTo(x, y);
    ctx.lineTo(tops.at(-1)![0], height - EDGE);
    ctx.fill();
    polyline(stamp, tops, colour, target ? [3, 1.5] : []);
  });
  const curve = panel.curves[0];
  if (!curve) return;
  const up = curve.scale === 'log' ? scaleLog() : scaleLinear();
  const bounds = extentOf(curve.scale === 'log' ? curve.y.filter(y => y > 0) : curve.y);
  up.domain(bounds).range([height - EDGE, EDGE]);
  const points = curve.x.map((x, i): XY => [across(x), up(curve.y[i]!)]);
  const within = points.filter(([x, y]) => Number.isFinite(y) && x >= 0 && x <= width);
  polyline(stamp, within, theme.ratio);
}

function drawTraining(stamp: Stamp, { curves, kept, xMax }: TrainingPayload): void {
  const { ctx, theme, width, height } = stamp;
  const [from, to] = extentOf(curves.flatMap(({ x }) => x));
  const across = scaleLinear([from, Math.max(to, xMax ?? to)], [EDGE, width - EDGE]);
  const down = scaleLinear(extentOf(curves.flatMap(({ y }) => y)), [height - EDGE - 2, EDGE + 1]);
  ctx.fillStyle = theme.track;
  ctx.fillRect(0, height - 1, width, 1);
  for (const { fold, x, y } of curves) {
    const points = x.map((value, i): XY => [across(value), down(y[i]!)]);
    polyline(
      stamp,
      points.filter(point => point.every(Number.isFinite)),
      fold === 'C' ? theme.target : theme.source,
      fold === 'C' ? [3, 2] : []
    );
  }
  if (!kept) return;
  ctx.fillStyle = theme.ratio;
  ctx.beginPath();
  ctx.arc(across(kept.x), down(kept.y), 2, 0, 2 * Math.PI);
  ctx.fill();
}

function drawReport(stamp: Stamp, { arms }: ReportPayload): void {
  const { ctx, theme, width, height } = stamp;
  const across = scaleLinear(extentOf(arms.flatMap(({ score }) => [score.low, score.high])), [
    EDGE + 2,
    width - EDGE - 2
  ]);
  const down = scalePoint<number>(
    arms.map((_, i) => i),
    [0, height]
  ).padding(0.5);
  arms.forEach(({ score }, i) => {
    const y = Math.round(down(i)!) + 0.5;
    polyline(
      stamp,
      [
        [across(score.low), y],
        [across(score.high), y]
      ],
      theme.axis
    );
    ctx.fillStyle = theme.text;
    ctx.beginPath();
    ctx.arc(across(score.value), y, 2, 0, 2 * Math.PI);
    ctx.fill();
  });
}

/** The terms of each bound, beside one another, and where they are read against. */
function drawCertificate(stamp: Stamp, { blocks }: CertificatePayload): void {
  const { ctx, theme, width, height } = stamp;
  const shown = blocks.slice(0, 4);
  const h = Math.min(12, height / shown.length - 2);
  shown.forEach(({ terms, verdict }, b) => {
    const sizes = terms.map(({ number }) => Math.abs(number.value ?? 0));
    const sum = sizes.reduce((total, size) => total + size, 0) || 1;
    const y = (b + 0.5) * (height / shown.length) - h / 2;
    let x = 1;
    ctx.globalAlpha = verdict === 'vacuous' ? 0.45 : 1;
    sizes.forEach((size, t) => {
      const w = (size / sum) * (width - 2);
      ctx.fillStyle = theme.terms[t % theme.terms.length]!;
      ctx.fillRect(x, y, Math.max(0, w - 0.5), h);
      x += w;
    });
    ctx.globalAlpha = 1;
  });
}

/**
 * Draws the stamp at the canvas's origin on whatever ground there is; the canvas must be `width` x `height` CSS pixels.
 * @param payload As `parsePayload` returned it: drawing relies on its checks.
 */
export function drawThumbnail(ctx: Canvas2D, payload: ViewPayload, options: ThumbnailOptions): void {
  const { width, height, theme, pixelRatio = 1 } = options;
  const stamp: Stamp = { ctx, theme, width, height };
  ctx.save();
  ctx.setTransform(pixelRatio, 0, 0, pixelRatio, 0, 0);
  switch (payload.kind) {
    case 'table':
      drawTable(stamp, payload);
      break;
    case 'embedding':
      drawEmbedding(stamp, payload);
      break;
    case 'distribution':
      drawDistribution(stamp, payload);
      break;
    case 'training':
      drawTraining(stamp, payload);
      break;
    case 'report':
      drawReport(stamp, payload);
      break;
    case 'certificate':
      drawCertificate(stamp, payload);
      break;
    default:
      payload satisfies never;
  }
  ctx.restore();
}
