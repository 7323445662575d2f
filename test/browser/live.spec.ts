/**
 * Live views as a person meets them: stages run, a lasso here is seen there, a parameter is tried and applied, a training
 * is watched and ended early, the page is loaded anew, the kernel is restarted, the notebook is opened without one.
 */
import type { IJupyterLabPageFixture } from '@jupyterlab/galata';
import {
  drag,
  picture,
  realKernels,
  restartKernel,
  runStage,
  selected,
  state,
  viewIn,
  reload
} from './lab.js';
import { expect, openNotebook, test, watchErrors } from './notebook.js';
import { header, sourceOf, stageNotebook } from './stages.js';

const NOTEBOOK = 'live.ipynb';
const [SPACE, CLEAN, WEIGHTS, MODEL] = [2, 3, 4, 5];

const CELLS = [
  'import * as hysim from "hysim-lab";',
  'const data = await hysim.simulate({ source_papers: 60, target_papers: 24, contamination: 0.1, shift: 1 });',
  'const space = await hysim.embed({ data }, {});\nspace',
  'const clean = await hysim.denoise({ space }, { neighbors: 20, fdr: 0.1 });\nclean',
  'const weights = await hysim.weigh({ space, clean }, { method: "auto" });\nweights',
  // Long enough that nobody waits for its end.
  'const model = await hysim.finetune({ data, weights, clean }, { hidden: 512, batch: 4, epochs: 10000, patience: 10000 });\nmodel',
  'console.log(String(model))'
];

/** A notebook whose stages have run, up to the training. */
async function openAnalysis(page: IJupyterLabPageFixture, folder: string): Promise<void> {
  await realKernels(page);
  await openNotebook(page, NOTEBOOK, stageNotebook(...CELLS), folder);
  await page.notebook.runCell(0, true);
  for (const title of ['Simulate', 'Embed', 'Denoise on the manifold', 'Weigh by similarity'])
    await runStage(page, title);
}

const live = async (page: IJupyterLabPageFixture, cell: number, word: 'live' | 'saved'): Promise<void> =>
  await expect(viewIn(page, cell).locator('.hs-View-live')).toHaveText(word, { timeout: 30_000 });

test('rows chosen in one view are chosen in all, and a parameter that was tried becomes code', async ({
  page,
  tmpPath
}, info) => {
  test.setTimeout(300_000);
  const errors = watchErrors(page);
  await page.theme.setLightTheme();
  await openAnalysis(page, tmpPath);
  const [space, clean, weights] = [viewIn(page, SPACE), viewIn(page, CLEAN), viewIn(page, WEIGHTS)];
  for (const cell of [SPACE, CLEAN, WEIGHTS]) await live(page, cell, 'live');

  // A lasso counts while it is drawn and selects when it is let go; the histograms follow.
  const before = await picture(clean);
  await space.getByRole('button', { name: /lasso/ }).click();
  const loop = [
    [0.15, 0.2],
    [0.5, 0.2],
    [0.5, 0.8],
    [0.15, 0.8]
  ] as const;
  let counted = '';
  await drag(page, space, loop, {
    inspect: async () => {
      counted = (await space.locator('.hs-View-hint').textContent()) ?? '';
      expect((await selected(space)).rows).toBe(0);
      await page.screenshot({ path: info.outputPath('lasso.png') });
    }
  });
  await expect.poll(async () => (await selected(space)).rows).toBeGreaterThan(0);
  const lassoed = await selected(space);
  expect(counted).toContain(`${lassoed.rows.toLocaleString('en')} rows`);
  await expect.poll(async () => (await selected(clean)).rows).toBeGreaterThan(0);
  expect(await picture(clean)).not.toBe(before);
  await expect(space.locator('.hs-Rows li').first()).not.toHaveText(/^…/);
  await expect(clean.locator('.hs-Rows')).toBeHidden();

  // Shift adds to it, and each gesture can be taken back.
  await page.keyboard.down('Shift');
  await drag(page, space, [
    [0.5, 0.2],
    [0.6, 0.2],
    [0.6, 0.8],
    [0.5, 0.8]
  ]);
  await page.keyboard.up('Shift');
  await expect.poll(async () => (await selected(space)).rows).toBeGreaterThan(lassoed.rows);
  await space.locator('canvas.hs-View-canvas').press('Control+z');
  await expect.poll(async () => (await selected(space)).rows).toBe(lassoed.rows);

  // A brush on the weights replaces it, and the embedding follows.
  await drag(page, weights, [
    [0.12, 0.4],
    [0.25, 0.4]
  ]);
  await expect(weights.locator('.hs-Rows summary')).toContainText('density ratio');
  const brushed = await selected(weights);
  expect(brushed.rows).toBeGreaterThan(0);
  await expect.poll(async () => (await selected(space)).rows).toBe(brushed.rows);
  await weights.screenshot({ path: info.outputPath('brushed.png') });
  await weights.locator('canvas.hs-View-canvas').press('Escape');
  await expect.poll(async () => (await selected(space)).rows).toBe(0);

  // Keys alone: a range is brushed, widened, and a row picked out.
  await weights.locator('canvas.hs-View-canvas').press('ArrowRight');
  await expect.poll(async () => (await selected(weights)).rows).toBeGreaterThan(0);
  const narrow = (await selected(weights)).rows;
  for (let i = 0; i < 4; i++) await weights.locator('canvas.hs-View-canvas').press('Shift+ArrowRight');
  await expect.poll(async () => (await selected(weights)).rows).toBeGreaterThan(narrow);
  await space.locator('canvas.hs-View-canvas').press('Escape');
  await space.locator('canvas.hs-View-canvas').press('.');
  await expect(space.locator('.hs-View-tip')).toBeVisible();
  await space.locator('canvas.hs-View-canvas').press(' ');
  await expect.poll(async () => (await selected(space)).rows).toBe(1);
  await space.locator('canvas.hs-View-canvas').press('Escape');

  // A picture and its tools keep the keys that are typed on them, and leave JupyterLab its own.
  const cells = await page.notebook.getCellCount();
  await space.locator('canvas.hs-View-canvas').focus();
  for (const key of ['b', 'd', 'd']) await page.keyboard.press(key);
  await space.getByRole('button', { name: /lasso/ }).focus();
  for (const key of ['a', 'd', 'd']) await page.keyboard.press(key);
  expect(await page.notebook.getCellCount()).toBe(cells);
  await expect(page.locator('.lm-TabBar-tab.jp-mod-dirty, .jp-mod-dirty.lm-mod-current')).not.toHaveCount(0);
  await page.keyboard.press('Control+s');
  await expect(page.locator('.lm-TabBar-tab.jp-mod-dirty, .jp-mod-dirty.lm-mod-current')).toHaveCount(0);

  // Zooming shows less, 0 shows all again.
  const all = await picture(space);
  await space.locator('canvas.hs-View-canvas').press('+');
  await expect.poll(() => picture(space)).not.toBe(all);
  await space.locator('canvas.hs-View-canvas').press('0');

  // A parameter is tried: the picture shows what it would do, the code stays as it is.
  const made = await picture(clean);
  const tune = clean.locator('.hs-Tune');
  await tune.getByLabel('neighbors', { exact: true }).fill('30');
  await expect(tune.locator('.hs-Tune-words')).toHaveText('preview: neighbors 20 → 30', { timeout: 30_000 });
  expect(await picture(clean)).not.toBe(made);
  expect(await sourceOf(page, CLEAN)).toContain('neighbors: 20');
  await clean.screenshot({ path: info.outputPath('tried.png') });
  await tune.getByRole('button', { name: 'Apply', exact: true }).click();
  await expect.poll(() => sourceOf(page, CLEAN)).toContain('{ neighbors: 30, fdr: 0.1 }');
  const denoise = header(page, 'Denoise on the manifold');
  await state(denoise, 'stale');
  await page.notebook.enterCellEditingMode(CLEAN);
  await page.keyboard.press('Control+z');
  await expect.poll(() => sourceOf(page, CLEAN)).toContain('{ neighbors: 20, fdr: 0.1 }');
  await tune.getByRole('button', { name: 'Reset' }).click();
  await expect.poll(() => picture(clean)).toBe(made);
  // What the stage refuses, the widget refuses in its words.
  await tune.getByLabel('neighbors', { exact: true }).fill('2');
  await expect(tune.getByRole('alert')).toContainText('neighbors must be an integer from 4 to 512');
  await tune.getByRole('button', { name: 'Reset' }).click();
  // Written and run in one go.
  await weights.locator('.hs-Tune').getByLabel('method').selectOption({ label: 'uniform' });
  await weights.locator('.hs-Tune').getByRole('button', { name: 'Apply and run' }).click();
  await state(header(page, 'Weigh by similarity'), 'fresh');
  await expect.poll(() => sourceOf(page, WEIGHTS)).toContain('method: "uniform"');
  expect(errors).toEqual([]);
});

test('a training is watched, ended early with its best epoch, and survives in the notebook', async ({
  page,
  tmpPath
}, info) => {
  test.setTimeout(300_000);
  const errors = watchErrors(page);
  await page.theme.setDarkTheme();
  await openAnalysis(page, tmpPath);

  const finetune = header(page, 'Fine-tune');
  await finetune.scrollIntoViewIfNeeded();
  await finetune.getByRole('button', { name: 'Run Fine-tune' }).click();
  const running = page.locator('.jp-Cell').nth(MODEL).locator('.hs-Running');
  await expect(running).toBeVisible({ timeout: 30_000 });
  await expect(running).toHaveAttribute('data-hs-kind', 'training');
  const early = await picture(running);
  await expect.poll(() => picture(running), { timeout: 20_000 }).not.toBe(early);
  await running.scrollIntoViewIfNeeded();
  await page.screenshot({ path: info.outputPath('training-dark.png') });

  // Other cells' views answer while it trains.
  const weights = viewIn(page, WEIGHTS);
  await weights.locator('.hs-Tune').getByLabel('cap', { exact: true }).fill('3');
  await expect(weights.locator('.hs-Tune-words')).toHaveText(/^preview: cap/, { timeout: 30_000 });
  await weights.locator('.hs-Tune').getByRole('button', { name: 'Reset' }).click();
  await state(finetune, 'running');

  await finetune.getByRole('button', { name: /^Stop/ }).click();
  await state(finetune, 'fresh');
  await expect(running).toHaveCount(0);
  await expect(viewIn(page, MODEL)).toHaveAttribute('data-hs-kind', 'training');
  await expect(viewIn(page, MODEL).locator('.hs-View-words')).toContainText('stopped');
  await page.notebook.runCell(6, true);
  expect((await page.notebook.getCellTextOutput(6))?.join('')).toContain('Model: hybrid');

  // The page is loaded anew: its views find their values again.
  await page.notebook.save();
  await reload(page);
  await page.waitForSelector('.jp-NotebookPanel:visible .hs-View');
  for (const cell of [SPACE, CLEAN, WEIGHTS]) await live(page, cell, 'live');
  await viewIn(page, CLEAN).locator('.hs-Tune').getByLabel('fdr', { exact: true }).fill('0.3');
  await expect(viewIn(page, CLEAN).locator('.hs-Tune-words')).toHaveText(/^preview: fdr/, {
    timeout: 30_000
  });

  // A restarted kernel has forgotten them: they stay, drawn from what is saved, and still answer to the pointer.
  await restartKernel(page);
  for (const cell of [SPACE, CLEAN, WEIGHTS]) await live(page, cell, 'saved');
  await expect(page.locator('.hs-Tune')).toHaveCount(0);
  const space = viewIn(page, SPACE);
  await space.getByRole('button', { name: /box/ }).click();
  await drag(page, space, [
    [0.15, 0.25],
    [0.5, 0.7]
  ]);
  await expect.poll(async () => (await selected(space)).rows).toBeGreaterThan(0);
  expect((await selected(viewIn(page, WEIGHTS))).rows).toBeGreaterThan(0);
  await page.screenshot({ path: info.outputPath('restarted-dark.png') });
  expect(errors).toEqual([]);
});
