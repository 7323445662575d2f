/**
 * Text, chips, lines and boxes on a Canvas2D, in the type and colours of a theme. Knows no view and no payload
 * kind. All text goes through `clean`, so data cannot smuggle in control or direction characters.
 */
import {
  assumptionHelp,
  chip as chipText,
  LABEL_HELP,
  LABELS,
  type Label,
  type LabelledNumber
} from '../labels.js';
import type { Canvas2D } from './canvas.js';
import type { Plot } from './choices.js';
import type { Theme } from './theme.js';

/** CSS pixels. */
export interface Box {
  x: number;
  y: number;
  w: number;
  h: number;
}

/** A place on the picture that has more to say, or that switches part of it on and off. */
export interface Region extends Box {
  text: string[];
  /** Name of the part that a click hides or shows. */
  toggle?: string;
}

/** Where the points of a scatter stand, for hover. Coordinates in CSS pixels; hidden points are NaN. */
export interface PointCloud {
  x: Float32Array;
  y: Float32Array;
  /** Number in Data of each point, where the payload tells. */
  rows?: Float32Array;
  lines(row: number): string[];
}

export interface TextStyle {
  size?: number;
  weight?: 400 | 600;
  colour?: string;
  align?: 'left' | 'right' | 'center';
  /** Longest width; what is longer ends in an ellipsis. */
  max?: number;
}

export interface ParagraphStyle extends TextStyle {
  lineHeight?: number;
  maxLines?: number;
  /** Space left free at the start of the first line. */
  indent?: number;
}

/** One line of plain text: control, format and direction characters become spaces. */
export function clean(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
}

export function isLabel(text: string): text is Label {
  return (LABELS as readonly string[]).includes(text);
}

const measured = new WeakMap<Canvas2D, Map<string, number>>();

/** Widths of texts that this canvas has measured: most of what layout costs, and a picture is laid out every frame. */
function widthsOf(ctx: Canvas2D): Map<string, number> {
  let found = measured.get(ctx);
  // Bounded; and a font that came late is soon measured anew.
  if (!found || found.size > 3000) measured.set(ctx, (found = new Map()));
  return found;
}

/** What a chip tells when it is pointed at: all its text, what the label means, what it assumes, and its own words. */
export function chipHelp(claim: LabelledNumber | Label): string[] {
  if (typeof claim === 'string') return [claim, LABEL_HELP[claim]];
  const { label, assumptions = [], help } = claim;
  const lines = [chipText(claim), LABEL_HELP[label], ...assumptions.map(assumptionHelp), help ?? ''];
  return lines.map(clean).filter(line => line !== '');
}

export class Pen {
  readonly regions: Region[] = [];
  /** What answers to gestures. */
  readonly plots: Plot[] = [];
  points: PointCloud | undefined;
  private readonly widths: Map<string, number>;

  /**
   * @param dry Only the layout matters: heavy drawing may be left out.
   * @param ratio Device pixels a CSS pixel.
   */
  constructor(
    readonly ctx: Canvas2D,
    readonly theme: Theme,
    readonly dry: boolean,
    readonly ratio = 1
  ) {
    this.widths = widthsOf(ctx);
  }

  private font({ size = 12, weight = 400 }: TextStyle): string {
    return `${weight} ${size}px ${this.theme.font}`;
  }

  /** Width of a cleaned text in CSS pixels. */
  width(text: string, style: TextStyle = {}): number {
    const font = this.font(style);
    const key = font + '\n' + text;
    let width = this.widths.get(key);
    if (width === undefined) {
      if (this.ctx.font !== font) this.ctx.font = font;
      width = this.ctx.measureText(text).width;
      this.widths.set(key, width);
    }
    return width;
  }

  /** The text, or as much of it as fits with an ellipsis. */
  fit(text: string, max: number, style: TextStyle = {}): string {
    text = clean(text);
    if (this.width(text, style) <= max) return text;
    const letters = Array.from(text.slice(0, 400));
    let low = 0;
    let high = letters.length;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.width(letters.slice(0, middle).join('').trimEnd() + '…', style) <= max) low = middle;
      else high = middle - 1;
    }
    return low === 0 ? '' : letters.slice(0, low).join('').trimEnd() + '…';
  }

  /** Draws one line; `y` is the baseline. Returns the width drawn; a shortened text tells all on hover. */
  text(text: string, x: number, y: number, style: TextStyle = {}): number {
    const { align = 'left', colour = this.theme.text, size = 12, max } = style;
    const whole = clean(text);
    const shown = max === undefined ? whole : this.fit(whole, max, style);
    const width = this.width(shown, style);
    const left = align === 'left' ? x : align === 'right' ? x - width : x - width / 2;
    this.ctx.font = this.font(style);
    this.ctx.textAlign = 'left';
    this.ctx.textBaseline = 'alphabetic';
    this.ctx.fillStyle = colour;
    this.ctx.fillText(shown, left, y);
    if (shown !== whole) this.region({ x: left, y: y - size, w: width, h: size + 4 }, [whole]);
    return width;
  }

  /** The text cut into lines no wider than `max`; a word wider than a line is cut where it must be. */
  lines(text: string, max: number, style: ParagraphStyle = {}): string[] {
    const { maxLines = 3, indent = 0 } = style;
    const lines: string[] = [];
    let line = '';
    const room = (): number => Math.max(8, max - (lines.length === 0 ? indent : 0));
    let words = clean(text).split(' ');
    while (words.length > 0) {
      const word = words[0]!;
      const longer = line === '' ? word : `${line} ${word}`;
      if (this.width(longer, style) <= room()) {
        line = longer;
        words = words.slice(1);
      } else if (line === '' && (lines.length > 0 || indent === 0)) {
        const letters = Array.from(word.slice(0, 400));
        let cut = letters.length - 1;
        while (cut > 1 && this.width(letters.slice(0, cut).join(''), style) > room()) cut--;
        cut = Math.max(1, cut);
        line = letters.slice(0, cut).join('');
        words = [word.slice(line.length), ...words.slice(1)].filter(part => part !== '');
        lines.push(line);
        line = '';
      } else {
        lines.push(line);
        line = '';
      }
      if (lines.length === maxLines && (words.length > 0 || line !== '')) {
        const last = lines[maxLines - 1]!;
        lines[maxLines - 1] = this.fit(
          `${last} ${line} ${words.slice(0, 20).join(' ')}`,
          maxLines === 1 ? room() : max,
          style
        );
        return lines;
      }
    }
    if (line !== '' || lines.length === 0) lines.push(line);
    return lines;
  }

  /** Draws a wrapped text whose top is at `y`; returns its height. */
  paragraph(text: string, x: number, y: number, max: number, style: ParagraphStyle = {}): number {
    const { size = 12, lineHeight = Math.round(size * 1.4), indent = 0, align = 'left' } = style;
    const lines = this.lines(text, max, style);
    const at = align === 'right' ? x + max : align === 'center' ? x + max / 2 : x;
    lines.forEach((line, i) => {
      const baseline = y + i * lineHeight + lineHeight / 2 + size * 0.36;
      this.text(line, at + (i === 0 ? indent : 0), baseline, { ...style, max: undefined });
    });
    if (lines[lines.length - 1]!.endsWith('…')) {
      this.region({ x, y, w: max, h: lines.length * lineHeight }, [clean(text)]);
    }
    return lines.length * lineHeight;
  }

  rect(box: Box, fill: string): void {
    this.ctx.fillStyle = fill;
    this.ctx.fillRect(box.x, box.y, box.w, box.h);
  }

  /** A one-pixel frame that stands inside the box. */
  frame(box: Box, colour: string, dash: number[] = [], lineWidth = 1): void {
    this.ctx.strokeStyle = colour;
    this.ctx.lineWidth = lineWidth;
    this.ctx.setLineDash(dash);
    this.ctx.strokeRect(box.x + 0.5, box.y + 0.5, box.w - 1, box.h - 1);
    this.ctx.setLineDash([]);
  }

  line(x0: number, y0: number, x1: number, y1: number, colour: string, width = 1, dash: number[] = []): void {
    const ctx = this.ctx;
    ctx.strokeStyle = colour;
    ctx.lineWidth = width;
    ctx.setLineDash(dash);
    ctx.beginPath();
    ctx.moveTo(x0, y0);
    ctx.lineTo(x1, y1);
    ctx.stroke();
    ctx.setLineDash([]);
  }

  /** A filled circle with a ring around it. */
  disc(x: number, y: number, radius: number, fill: string, ring: string, width: number): void {
    const { ctx } = this;
    ctx.beginPath();
    ctx.arc(x, y, radius, 0, 2 * Math.PI);
    ctx.fillStyle = fill;
    ctx.fill();
    ctx.strokeStyle = ring;
    ctx.lineWidth = width;
    ctx.stroke();
  }

  /** A chip with what a number claims, its right edge at `right`. Returns its width. */
  chip(
    claim: LabelledNumber | Label,
    right: number,
    middle: number,
    max = 240,
    align: 'left' | 'right' = 'right'
  ): number {
    const label = typeof claim === 'string' ? claim : claim.label;
    const style = this.theme.chips[label];
    const font: TextStyle = { size: 10, weight: 600 };
    const whole = clean(typeof claim === 'string' ? claim : chipText(claim));
    const text = this.fit(whole, max - 11, font);
    const width = Math.ceil(this.width(text, font)) + 11;
    const box = {
      x: Math.round(align === 'right' ? right - width : right),
      y: Math.round(middle - 8),
      w: width,
      h: 16
    };
    if (style.fill) this.rect(box, style.fill);
    if (style.line) this.frame(box, style.line, style.dash);
    this.text(text, box.x + 5.5, box.y + 11.6, { ...font, colour: style.ink });
    this.region(box, chipHelp(claim));
    return width;
  }

  region(box: Box, text: string[], toggle?: string): void {
    this.regions.push(toggle === undefined ? { ...box, text } : { ...box, text, toggle });
  }
}
