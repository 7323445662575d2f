/** Every text and mark stands out from its ground, in every theme: measured by the formula of WCAG 2. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LABELS } from '../../common/labels.js';
import { blended, contrast, parseColour } from '../../common/views/colour.js';
import { viridis } from '../../common/views/scale.js';
import { inkOn } from '../../common/views/confusion.js';
import { THEMES, themeFor, type Theme } from '../../common/views/index.js';

function against(colour: string, ground: string): number {
  const base = parseColour(ground);
  const top = parseColour(colour);
  assert.ok(base && top, `${colour} on ${ground} is written in a way that we read`);
  return contrast(blended(top, base), base);
}

function atLeast(least: number, theme: Theme, colours: Record<string, string>, ground = theme.ground): void {
  for (const [name, colour] of Object.entries(colours)) {
    const found = against(colour, ground);
    assert.ok(found >= least, `${theme.name}: ${name} ${colour} on ${ground} has ${found.toFixed(2)}`);
  }
}

const numbered = (name: string, colours: readonly string[]): Record<string, string> =>
  Object.fromEntries(colours.map((colour, i) => [`${name} ${i}`, colour]));

for (const theme of Object.values(THEMES)) {
  test(`${theme.name}: words have a contrast of at least 4.5`, () => {
    const { text, dim, sourceInk, targetInk, ratioInk, good, bad, inks } = theme;
    for (const ground of [theme.ground, theme.panel])
      atLeast(
        4.5,
        theme,
        { text, dim, sourceInk, targetInk, ratioInk, good, bad, ...numbered('ink', inks) },
        ground
      );
  });

  test(`${theme.name}: marks have a contrast of at least 3`, () => {
    const { source, target, flag, ratio, third, axis, accent, series, categories, terms } = theme;
    const steps = Array.from({ length: 17 }, (_, i) => viridis(i / 16, theme));
    atLeast(3, theme, { source, target, flag, ratio, third, axis, accent });
    atLeast(3, theme, numbered('series', series));
    atLeast(3, theme, numbered('category', categories));
    atLeast(3, theme, numbered('term', terms));
    atLeast(3, theme, numbered('viridis', steps));
  });

  test(`${theme.name}: chips are read, and seen as chips`, () => {
    for (const label of LABELS) {
      const { fill, line, ink } = theme.chips[label];
      atLeast(4.5, theme, { [`${label} ink`]: ink }, fill ?? theme.ground);
      atLeast(3, theme, { [`${label} edge`]: line ?? fill! });
    }
  });

  test(`${theme.name}: counts are read in cells of every depth`, () => {
    const base = parseColour(theme.ground)!;
    for (const colour of [theme.source, theme.target]) {
      for (let share = 0; share <= 1; share += 0.02) {
        const [r, g, b] = parseColour(colour)!;
        const seen = blended([r, g, b, share], base);
        const found = contrast(parseColour(inkOn(theme, colour, share))!, seen);
        assert.ok(found >= 4.5, `${theme.name}: ${colour} at ${share.toFixed(2)} has ${found.toFixed(2)}`);
      }
    }
  });
}

test('strong contrast goes beyond the usual theme on the same ground', () => {
  for (const dark of [false, true]) {
    const [usual, strong] = [themeFor({ dark, strong: false }), themeFor({ dark, strong: true })];
    for (const name of ['text', 'dim', 'source', 'target', 'border', 'axis'] as const)
      assert.ok(
        against(strong[name], strong.ground) >= against(usual[name], usual.ground),
        `${dark} ${name}`
      );
  }
  assert.equal(themeFor({ dark: true, strong: true }).name, 'high-contrast-dark');
  assert.equal(themeFor({ dark: false, strong: true }).name, 'high-contrast');
  assert.equal(themeFor({ dark: true, strong: false }).name, 'dark');
  assert.equal(themeFor({ dark: false, strong: false }).name, 'light');
});
