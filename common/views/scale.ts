/** The colours of a numeric column: viridis, each step with a contrast of at least 3 to the theme's ground. */
import { interpolateViridis } from 'd3-scale-chromatic';
import { contrast, parseColour, type Rgba } from './colour.js';
import type { Theme } from './theme.js';

const STEPS = 96;
/** A little more than 3, so that rounding to whole numbers does not take it back. */
const LEAST = 3.05;

const tables = new Map<string, readonly string[]>();

/** The colour mixed with black, or on a dark ground with white, until it stands out. */
function standingOut(colour: Rgba, ground: Rgba): Rgba {
  const end = contrast(ground, [0, 0, 0, 1]) > contrast(ground, [255, 255, 255, 1]) ? 0 : 255;
  for (let share = 0; share < 1; share += 0.02) {
    const mix = (value: number): number => value + (end - value) * share;
    const mixed: Rgba = [mix(colour[0]), mix(colour[1]), mix(colour[2]), 1];
    if (contrast(mixed, ground) >= LEAST) return mixed;
  }
  return colour;
}

function tableOf({ viridis: [from, to], ground }: Theme): readonly string[] {
  const key = `${from} ${to} ${ground}`;
  let found = tables.get(key);
  if (!found) {
    const base = parseColour(ground) ?? (from > 0 ? [33, 33, 33, 1] : [255, 255, 255, 1]);
    found = Array.from({ length: STEPS }, (_, i) => {
      const colour = parseColour(interpolateViridis(from + ((to - from) * i) / (STEPS - 1)))!;
      const [r, g, b] = standingOut(colour, base).map(Math.round);
      return `rgb(${r}, ${g}, ${b})`;
    });
    if (tables.size > 20) tables.clear();
    tables.set(key, found);
  }
  return found;
}

/** @param share from 0 to 1 along the scale */
export function viridis(share: number, theme: Theme): string {
  return tableOf(theme)[Math.round(Math.min(1, Math.max(0, share)) * (STEPS - 1))]!;
}
