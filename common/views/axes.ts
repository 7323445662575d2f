/** Scales, ticks and axes for the plots. Marks themselves are drawn by the views. */
import { scaleLinear, scaleLog } from 'd3-scale';
import { brief } from './numbers.js';
import type { PlotAxis } from './choices.js';
import type { Box, Pen } from './pen.js';

export interface Scale {
  (value: number): number;
  domain: [number, number];
  ticks: { value: number; text: string }[];
  /** The value at a pixel. */
  invert(pixel: number): number;
}

/** The scale as something that answers to gestures. */
export function plotAxis(scale: Scale): PlotAxis {
  return { domain: scale.domain, toPixel: scale, toData: pixel => scale.invert(pixel) };
}

export interface ScaleOptions {
  /** About how many ticks. */
  count?: number;
  /** Round the domain outwards to ticks. */
  nice?: boolean;
}

/** Smallest and largest finite number; undefined when there is none. */
export function extent(values: Iterable<number>): [number, number] | undefined {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? [low, high] : undefined;
}

/** The domain widened on both sides by a share of its length; a single value gets room around it. */
export function padded([low, high]: [number, number], share: number): [number, number] {
  const length = high - low || Math.abs(high) * 0.2 || 1;
  const pad = high === low ? length / 2 : length * share;
  return [low - pad, high + pad];
}

export function linear(domain: [number, number], range: [number, number], options: ScaleOptions = {}): Scale {
  const { count = 5, nice = false } = options;
  const [low, high] = domain[0] === domain[1] ? padded(domain, 0) : domain;
  const scale = scaleLinear([low, high], range);
  if (nice) scale.nice(count);
  const text = scale.tickFormat(count);
  const own = ((value: number) => scale(value)) as Scale;
  own.domain = scale.domain() as [number, number];
  own.invert = pixel => scale.invert(pixel);
  own.ticks = scale.ticks(count).map(value => ({ value, text: text(value) }));
  return own;
}

/** Ticks at 1, 2, 5 (few decades), 1, 3 (some) or whole decades. @throws RangeError at or below zero. */
export function logarithmic(domain: [number, number], range: [number, number], count = 6): Scale {
  if (!(domain[0] > 0)) throw new RangeError('a logarithmic axis needs positive numbers');
  const [low, high] = domain[0] === domain[1] ? [domain[0] / 2, domain[1] * 2] : domain;
  const scale = scaleLog([low, high], range);
  const first = Math.floor(Math.log10(low));
  const last = Math.ceil(Math.log10(high));
  const choices = [[1, 2, 5], [1, 3], [1]].map(steps => {
    const values: number[] = [];
    for (let k = first; k <= last; k++) {
      for (const step of steps) {
        const value = step * 10 ** k;
        if (value >= low * 0.999 && value <= high * 1.001) values.push(value);
      }
    }
    return values;
  });
  let values = choices.find(c => c.length <= count) ?? choices[2]!;
  const every = Math.ceil(values.length / count);
  values = values.filter((_, i) => i % every === 0);
  if (values.length < 2) values = [low, high];
  const own = ((value: number) => scale(Math.max(value, Number.MIN_VALUE))) as Scale;
  own.domain = [low, high];
  own.invert = pixel => scale.invert(pixel);
  own.ticks = values.map(value => ({ value, text: brief(Number(value.toPrecision(3))) }));
  return own;
}

export function scaleOf(
  kind: 'linear' | 'log',
  domain: [number, number],
  range: [number, number],
  options?: ScaleOptions
): Scale {
  return kind === 'log' ? logarithmic(domain, range, options?.count) : linear(domain, range, options);
}

export interface AxisLabels {
  x?: string;
  y?: string;
  /** A second, right-hand axis and its colour. */
  right?: { scale: Scale; label: string; colour: string };
  /** Room above the plot that the axis names leave free. */
  lift?: number;
}

const TICK = { size: 11 } as const;

/** Room that an axis needs beside a plot: its widest tick and a gap. */
export function gutter(pen: Pen, scale: Scale): number {
  return Math.max(20, ...scale.ticks.map(tick => pen.width(tick.text, TICK) + 10));
}

/** Grid, base line, tick labels; the y label stands above the plot, the x label below its right end. */
export function drawAxes(pen: Pen, plot: Box, x: Scale, y: Scale | undefined, labels: AxisLabels): void {
  const { theme } = pen;
  const bottom = plot.y + plot.h;
  const right = plot.x + plot.w;
  if (y) {
    for (const { value, text } of y.ticks) {
      const at = Math.round(y(value)) + 0.5;
      pen.line(plot.x, at, right, at, theme.grid);
      pen.text(text, plot.x - 6, at + 4, { ...TICK, colour: theme.dim, align: 'right' });
    }
  }
  let free = -Infinity;
  for (const { value, text } of x.ticks) {
    const at = Math.round(x(value)) + 0.5;
    pen.line(at, bottom, at, bottom + 4, theme.axis);
    const half = pen.width(text, TICK) / 2;
    if (at - half < free) continue;
    pen.text(text, at, bottom + 16, { ...TICK, colour: theme.dim, align: 'center' });
    free = at + half + 6;
  }
  pen.line(plot.x, bottom + 0.5, right, bottom + 0.5, theme.axis);
  if (labels.y) {
    const max = labels.right ? plot.w / 2 - 8 : plot.w;
    pen.text(labels.y, plot.x - 4, plot.y - 7 - (labels.lift ?? 0), { ...TICK, colour: theme.dim, max });
  }
  if (labels.x)
    pen.text(labels.x, right, bottom + 31, { ...TICK, colour: theme.dim, align: 'right', max: plot.w });
  if (labels.right) {
    const { scale, label, colour } = labels.right;
    for (const { value, text } of scale.ticks) {
      const at = Math.round(scale(value)) + 0.5;
      pen.text(text, right + 7, at + 4, { ...TICK, colour });
    }
    pen.text(label, right + 4, plot.y - 7 - (labels.lift ?? 0), {
      ...TICK,
      colour,
      align: 'right',
      max: plot.w / 2 - 8
    });
  }
}
