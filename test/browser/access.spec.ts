/** For every eye, ear and hand: contrast in every theme, names and roles, the keyboard alone, and nothing that moves. */
import { AxeBuilder } from '@axe-core/playwright';
import type { IJupyterLabPageFixture } from '@jupyterlab/galata';
import { measureContrast, type Measured } from './contrast.js';
import { viewsNotebook } from './fixture.js';
import { expect, openNotebook, test } from './notebook.js';
import { activate, header, sourceOf, stageNotebook } from './stages.js';

const THEMES = ['JupyterLab Light', 'JupyterLab Dark', 'JupyterLab Dark High Contrast'];
const CELLS = [
  'import * as hysim from "hysim-lab";',
  'const simulated = await hysim.simulate({ source_papers: 60, target_papers: 60 });',
  'const space = await hysim.embed({ data: simulated }, {});',
  'const clean = await hysim.denoise({ space }, {});'
];
const STATES = ['fresh', 'stale', 'waiting', 'cached', 'queued', 'running', 'failed', 'bypassed'];
const OURS = '.hs-StageHeader, .hs-View, .hs-JobStatus';
const SIGNS = '.hs-StageHeader-glyph, .hs-StageHeader-icon, .hs-StageHeader-button, .hs-StageHeader-fill';

/** Stage cells, and below them a saved output of every view. */
function everything(): string {
  const stages = JSON.parse(stageNotebook(...CELLS)) as { cells: unknown[] };
  const views = JSON.parse(viewsNotebook()) as { cells: unknown[] };
  return JSON.stringify({ ...stages, cells: [...stages.cells, ...views.cells] });
}

/** Dresses every header as if it were in this state, with as many words as it can have. */
async function dress(page: IJupyterLabPageFixture, state: string): Promise<void> {
  await page.evaluate(name => {
    for (const node of document.querySelectorAll<HTMLElement>('.hs-StageHeader')) {
      node.dataset['hsState'] = name;
      node.querySelector('.hs-StageHeader-percent')!.textContent = name === 'running' ? '62 %' : '';
      node.querySelector('.hs-StageHeader-detail')!.textContent = 'local PCA · 1:05 left';
      for (const part of node.querySelectorAll<HTMLElement>('[hidden]')) part.hidden = false;
      node.querySelector<HTMLElement>('.hs-StageHeader-fill')!.style.width = '62%';
    }
  }, state);
}

/** Texts stand out by 4.5, signs by 3 (WCAG 2, AA). */
function expectContrast(texts: readonly Measured[], signs: readonly Measured[], state: string): void {
  expect(
    texts.filter(({ ratio }) => ratio < 4.5),
    `texts, ${state}`
  ).toEqual([]);
  expect(
    signs.filter(({ ratio }) => ratio < 3),
    `signs, ${state}`
  ).toEqual([]);
}

/** axe finds no fault in these parts of the page; gives how many of its rules applied and held. */
async function faultless(page: IJupyterLabPageFixture, ...parts: string[]): Promise<number> {
  const { violations, passes } = await parts
    .reduce((axe, part) => axe.include(part), new AxeBuilder({ page }))
    .analyze();
  expect(
    violations.flatMap(({ id, nodes }) =>
      nodes.map(node => `${id}: ${node.html.slice(0, 200)} ${node.failureSummary}`)
    )
  ).toEqual([]);
  return passes.length;
}

for (const theme of THEMES) {
  test(`text has a contrast of 4.5 and signs of 3, and axe finds no fault, in ${theme}`, async ({
    page,
    tmpPath
  }, info) => {
    test.setTimeout(150_000);
    await page.theme.setTheme(theme);
    await openNotebook(page, 'access.ipynb', everything(), tmpPath);
    await expect(page.locator('.hs-StageHeader')).toHaveCount(3);
    await expect(page.locator('.hs-View[data-hs-kind]').first()).toBeVisible();
    for (const state of STATES) {
      await dress(page, state);
      const { texts, signs } = await measureContrast(page, OURS, SIGNS);
      expect(texts.length).toBeGreaterThan(20);
      expect(signs.length).toBeGreaterThan(8);
      expectContrast(texts, signs, state);
    }
    await page.screenshot({ path: info.outputPath('states.png') });
    await dress(page, 'running');
    expect(await faultless(page, '.hs-StageHeader', '.hs-View')).toBeGreaterThan(5);
  });

  test(`whoever goes by the keyboard sees where they are, in ${theme}`, async ({ page, tmpPath }) => {
    await page.theme.setTheme(theme);
    await openNotebook(page, 'focus.ipynb', stageNotebook(...CELLS), tmpPath);
    const run = header(page, 'Simulate').getByRole('button', { name: 'Run Simulate' });
    await activate(page, 1);
    await page.keyboard.press('Escape');
    await run.focus();
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Tab');
    await expect(run).toBeFocused();
    const ring = await run.evaluate(node => {
      const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(node);
      return { outlineStyle, width: parseFloat(outlineWidth), outlineColor };
    });
    expect(ring.outlineStyle).toBe('solid');
    expect(ring.width).toBeGreaterThanOrEqual(2);
    // The ring is measured as a sign of its colour.
    await run.evaluate((node, colour) => (node.style.color = colour), ring.outlineColor);
    const { signs } = await measureContrast(page, '.hs-StageHeader', '.hs-StageHeader-button:focus');
    expect(signs.map(({ ratio }) => ratio >= 3)).toEqual([true]);
  });
}

/** Dresses every node of the graph as if its cell were in this state. */
async function dressNodes(page: IJupyterLabPageFixture, state: string): Promise<void> {
  await page.evaluate(name => {
    for (const node of document.querySelectorAll<HTMLElement>('.hs-Dataflow .hs-Node'))
      node.dataset['hsState'] = name;
  }, state);
}

for (const theme of THEMES)
  test(`the graph and open forms can be read, and axe finds no fault, in ${theme}`, async ({
    page,
    tmpPath
  }, info) => {
    test.setTimeout(120_000);
    await page.theme.setTheme(theme);
    const cells = [
      ...CELLS,
      'const wrong = await hysim.denoise({ space }, { neighbors: 2, rank: most });',
      'const loaded = await hysim.load({ path: "data" });',
      'let clean = broken(;'
    ];
    await openNotebook(page, 'read.ipynb', stageNotebook(...cells), tmpPath);
    const form = page.getByRole('button', { name: /^Form of / });
    await expect(form).toHaveCount(5);
    for (const at of [1, 2, 3, 4]) await form.nth(at).click();
    await expect(page.locator('.hs-Form')).toHaveCount(4);
    await expect(page.locator('.hs-Form .hs-mod-wrong').first()).toBeVisible();
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await page.locator('.jp-NotebookPanel-toolbar [data-jp-item-name="hysim-dataflow"]').click();
    await expect(page.locator('.hs-Dataflow .hs-Node').first()).toBeVisible();
    for (const state of STATES) {
      await dressNodes(page, state);
      const { texts, signs } = await measureContrast(
        page,
        '.hs-Dataflow, .hs-Form, .hs-Warning',
        '.hs-Node-state svg, .hs-Node-head svg, .hs-Graph-corner svg, .hs-Palette-item[aria-disabled="false"] svg'
      );
      expect(texts.length).toBeGreaterThan(30);
      expectContrast(texts, signs, state);
    }
    await page.screenshot({ path: info.outputPath('graph.png') });
    expect(await faultless(page, '.hs-Dataflow', '.hs-Form')).toBeGreaterThan(8);
  });

test('a stage is inserted from the toolbar by the keyboard alone', async ({ page, tmpPath }) => {
  await openNotebook(page, 'keys.ipynb', stageNotebook(...CELLS.slice(0, 2)), tmpPath);
  await expect(header(page, 'Simulate')).toHaveCount(1);
  await activate(page, 1);
  const button = page.locator('.jp-NotebookPanel-toolbar [data-jp-item-name="hysim-stage"] jp-button');
  await button.focus();
  await page.keyboard.press('Enter');
  const menu = page.locator('.hs-StageMenu');
  await expect(menu).toBeVisible();
  // What fits comes first, and the arrows pass over what does not.
  await page.keyboard.press('ArrowDown');
  await expect(menu.locator('.lm-mod-active')).toContainText('Load tables');
  await page.keyboard.press('Escape');
  await expect(menu).toHaveCount(0);
  await button.focus();
  await page.keyboard.press('Enter');
  for (let i = 0; i < 3; i++) await page.keyboard.press('ArrowDown');
  const chosen = (await menu.locator('.lm-mod-active .lm-Menu-itemLabel').textContent())!;
  expect(chosen).not.toContain('needs');
  await page.keyboard.press('Enter');
  await expect(page.locator('.hs-StageHeader')).toHaveCount(2);
  await expect(header(page, chosen)).toBeVisible();
  expect(await sourceOf(page, 2)).toContain('await hysim.');
});

test('the state’s word is announced, what changes twenty times a second is not', async ({
  page,
  tmpPath
}) => {
  await openNotebook(page, 'live.ipynb', stageNotebook(...CELLS), tmpPath);
  const node = header(page, 'Simulate');
  await expect(node).toHaveRole('group');
  await expect(node.getByRole('status')).toHaveText('waiting');
  const chatty = await node.evaluate(group =>
    ['percent', 'detail', 'fill'].filter(
      part =>
        group
          .querySelector(`.hs-StageHeader-${part}`)!
          .closest('[role="status"], [role="alert"], [aria-live]') !== null
    )
  );
  expect(chatty).toEqual([]);
  await dress(page, 'running');
  await expect(node.getByRole('progressbar', { name: 'Progress of Simulate' })).toHaveCount(1);
  for (const part of await node.locator('svg').all())
    await expect(part).toHaveAttribute('aria-hidden', 'true');
});

test('nothing moves for whoever does not want it', async ({ page, tmpPath }) => {
  await openNotebook(page, 'still.ipynb', stageNotebook(...CELLS), tmpPath);
  await expect(page.locator('.hs-StageHeader')).toHaveCount(3);
  const moving = (): Promise<string[]> =>
    page.evaluate(() => {
      const ours = [...document.querySelectorAll('[class*="hs-"], [class*="hs-"] *')];
      return ours
        .filter(node => {
          const { animationName, transitionDuration } = getComputedStyle(node);
          return animationName !== 'none' || /[1-9]/.test(transitionDuration);
        })
        .map(node => node.getAttribute('class') ?? node.tagName);
    });
  await dress(page, 'running');
  await page.emulateMedia({ reducedMotion: 'no-preference' });
  expect((await moving()).length).toBeGreaterThan(0);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  expect(await moving()).toEqual([]);
});

test('with the system’s own colours the bar, the glyphs and the borders are still there', async ({
  page,
  tmpPath
}, info) => {
  await page.emulateMedia({ forcedColors: 'active' });
  await openNotebook(page, 'forced.ipynb', stageNotebook(...CELLS), tmpPath);
  await expect(page.locator('.hs-StageHeader')).toHaveCount(3);
  await dress(page, 'running');
  const seen = await header(page, 'Simulate').evaluate(node => {
    const style = (part: string): CSSStyleDeclaration =>
      getComputedStyle(node.querySelector(`.hs-StageHeader-${part}`)!);
    return {
      bar: style('fill').backgroundColor !== style('bar').backgroundColor,
      glyph: style('glyph').color !== style('row').backgroundColor,
      border: style('row').borderTopColor !== style('row').backgroundColor
    };
  });
  expect(seen).toEqual({ bar: true, glyph: true, border: true });
  await page.screenshot({ path: info.outputPath('forced.png') });
});
