/** Colours as numbers: to blend points by hand, and to tell whether a mark stands out from its ground. */

/** Red, green and blue from 0 to 255, opacity from 0 to 1. */
export type Rgba = readonly [number, number, number, number];

const NAMED: Record<string, Rgba> = { white: [255, 255, 255, 1], black: [0, 0, 0, 1] };
const FUNCTION = /^rgba?\(\s*([\d.]+)[\s,]+([\d.]+)[\s,]+([\d.]+)(?:\s*[,/]\s*([\d.]+)(%?))?\s*\)$/;

/** A colour as `#rgb`, `#rrggbb`, `#rrggbbaa`, `rgb()` or `rgba()`; undefined where it is written otherwise. */
export function parseColour(text: string): Rgba | undefined {
  const words = text.trim().toLowerCase();
  if (/^#[\da-f]{3}$/.test(words)) return parseColour(words.replace(/[\da-f]/g, '$&$&'));
  if (/^#([\da-f]{6}|[\da-f]{8})$/.test(words)) {
    const at = (i: number): number => parseInt(words.slice(1 + 2 * i, 3 + 2 * i), 16);
    return [at(0), at(1), at(2), words.length === 9 ? at(3) / 255 : 1];
  }
  const parts = FUNCTION.exec(words);
  if (!parts) return NAMED[words];
  const alpha = parts[4] === undefined ? 1 : Number(parts[4]) / (parts[5] ? 100 : 1);
  return [Number(parts[1]), Number(parts[2]), Number(parts[3]), alpha];
}

/** What is seen where `over` is painted on an opaque ground. */
export function blended([r, g, b, alpha]: Rgba, ground: Rgba): Rgba {
  const mix = (top: number, below: number): number => below + (top - below) * alpha;
  return [mix(r, ground[0]), mix(g, ground[1]), mix(b, ground[2]), 1];
}

/** Relative luminance of WCAG 2. */
function luminance([r, g, b]: Rgba): number {
  const part = (value: number): number => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
}

/** Contrast of WCAG 2, from 1 to 21. */
export function contrast(one: Rgba, other: Rgba): number {
  const [a, b] = [luminance(one), luminance(other)];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}
