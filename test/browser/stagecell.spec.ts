/** Stage cells as a person meets them: inserted from the palette, run, stopped, edited, undone, in both themes. */
import type { IJupyterLabPageFixture } from '@jupyterlab/galata';
import type { Locator } from '@playwright/test';
import { realKernels, restartKernel, state } from './lab.js';
import { expect, openNotebook, test, watchErrors } from './notebook.js';
import { execute, header, sourceOf, stageNotebook } from './stages.js';

const NOTEBOOK = 'stages.ipynb';

async function insert(page: IJupyterLabPageFixture, title: string): Promise<void> {
  await page.keyboard.press('Escape');
  await page.evaluate(async () => {
    const app = (
      window as unknown as {
        jupyterapp: { commands: { execute(id: string): Promise<unknown> } };
      }
    ).jupyterapp;
    await app.commands.execute('apputils:activate-command-palette');
  });
  const palette = page.locator('.lm-CommandPalette-input:visible, .lm-CommandPalette input:visible').first();
  await palette.fill(`Insert stage: ${title}`);
  await page
    .locator('.lm-CommandPalette-item:visible', { hasText: `Insert stage: ${title}` })
    .first()
    .click();
  await expect(header(page, title).last()).toBeVisible();
}

test('stages are inserted from the palette, run, stopped, edited and undone', async ({
  page,
  tmpPath
}, info) => {
  test.setTimeout(240_000);
  const errors = watchErrors(page);
  await realKernels(page);
  await page.theme.setLightTheme();
  await openNotebook(
    page,
    NOTEBOOK,
    stageNotebook(
      'import * as hysim from "hysim-lab";',
      'const simulated = await hysim.simulate({ shift: 1, source_papers: 300 });'
    ),
    tmpPath
  );
  const simulate = header(page, 'Simulate');
  await expect(simulate).toBeVisible();
  await expect(simulate.getByRole('status')).toHaveText('waiting');
  await page.notebook.selectCells(1);

  await insert(page, 'Embed');
  await insert(page, 'Denoise on the manifold');
  await insert(page, 'Weigh by similarity');
  expect(await sourceOf(page, 2)).toContain('const space = await hysim.embed({ data: simulated }, {});');
  expect(await sourceOf(page, 3)).toContain('const clean = await hysim.denoise({ space }, {});');
  expect(await sourceOf(page, 4)).toContain('const weights = await hysim.weigh({ space, clean }, {});');
  const weigh = header(page, 'Weigh by similarity');
  await expect(weigh.locator('.hs-mod-in')).toHaveText(['space', 'clean']);
  await expect(weigh.locator('.hs-mod-out')).toHaveText(['weights']);
  await page.screenshot({ path: info.outputPath('inserted-light.png') });

  // One edit each: undo takes the whole cell away, redo brings it back, and its header with it.
  await page.menu.clickMenuItem('Edit>Undo Cell Operation');
  await expect(weigh).toHaveCount(0);
  expect(await page.notebook.getCellCount()).toBe(4);
  await page.menu.clickMenuItem('Edit>Redo Cell Operation');
  await expect(weigh).toHaveCount(1);

  // The header follows the code: gone with the call, back with the undo of the edit.
  await page.notebook.setCell(4, 'code', '// await hysim.weigh({ space, clean })');
  await expect(weigh).toHaveCount(0);
  await page.notebook.setCell(4, 'code', 'const weights = await hysim.weigh({ space, clean }, {});\nweights');
  await expect(weigh).toHaveCount(1);

  await page.notebook.runCell(0, true);
  const seen = new Set<string>();
  await page.exposeFunction('hysimSaw', (name: string) => seen.add(name));
  await page.evaluate(() => {
    const saw = (window as unknown as { hysimSaw(name: string): void }).hysimSaw;
    new MutationObserver(records => {
      for (const { target } of records) {
        const node = (target as HTMLElement).closest?.('.hs-StageHeader') as HTMLElement | null;
        if (node) saw(`${node.getAttribute('aria-label')} ${node.dataset['hsState']}`);
      }
    }).observe(document.body, { subtree: true, attributes: true, attributeFilter: ['data-hs-state'] });
  });
  for (const [i, title] of ['Simulate', 'Embed', 'Denoise on the manifold'].entries()) {
    const node = header(page, title);
    await node.scrollIntoViewIfNeeded();
    await node.getByRole('button', { name: `Run ${title}` }).click();
    await state(node, 'fresh');
    await expect(node.locator('.hs-StageHeader-detail')).toHaveText(/^\d+(\.\d)? s$/);
    expect((await page.notebook.getCellTextOutput(i + 1))?.join('') ?? '').not.toMatch(/Error:/);
  }
  for (const name of ['queued', 'running', 'fresh'])
    expect(seen).toContain(`Stage: Denoise on the manifold ${name}`);

  // A long one: progress is on screen, and the header's button stops it.
  await page.notebook.addCell(
    'code',
    'const model = await hysim.finetune({ data: simulated }, { method: "head", epochs: 10000, patience: 10000, batch: 32 });'
  );
  const finetune = header(page, 'Fine-tune');
  await finetune.scrollIntoViewIfNeeded();
  await finetune.getByRole('button', { name: 'Run Fine-tune' }).press('Enter');
  await state(finetune, 'running');
  await expect(finetune.getByRole('button', { name: /^Stop/ })).toBeFocused();
  const bar = finetune.getByRole('progressbar');
  await expect.poll(async () => Number(await bar.getAttribute('aria-valuenow'))).toBeGreaterThan(0);
  await expect(finetune.locator('.hs-StageHeader-percent')).toHaveText(/^\d+ %$/);
  await finetune.scrollIntoViewIfNeeded();
  await page.screenshot({ path: info.outputPath('running-light.png') });
  await page.theme.setDarkTheme();
  await finetune.scrollIntoViewIfNeeded();
  await page.screenshot({ path: info.outputPath('running-dark.png') });
  // A training is asked to end with its best epoch first; whoever wants to stop at once interrupts.
  await expect(
    finetune.getByRole('button', { name: 'Stop training and keep the best epoch so far' })
  ).toBeVisible();
  await execute(page, 'notebook:interrupt-kernel');
  await state(finetune, 'stale');
  await expect(finetune.locator('.hs-StageHeader-detail')).toHaveText('was stopped before it ended');

  // What ran is no longer what stands there, until the edit is taken back.
  const simulated = await sourceOf(page, 1);
  await page.notebook.setCell(1, 'code', simulated.replace('shift: 1', 'shift: 2'));
  await simulate.scrollIntoViewIfNeeded();
  await state(simulate, 'stale');
  await expect(simulate.locator('.hs-StageHeader-detail')).toHaveText('shift 1 → 2 since it ran');
  await page.screenshot({ path: info.outputPath('edited-dark.png') });
  await page.notebook.setCell(1, 'code', simulated);
  await state(simulate, 'fresh');

  // A restart forgets: nothing has run in the new kernel.
  await restartKernel(page);
  await state(simulate, 'waiting');
  expect(errors).toEqual([]);
});

test('the toolbar’s menu lists what fits first, and other kernels’ notebooks are left alone', async ({
  page,
  tmpPath
}, info) => {
  const cells = ['import * as hysim from "hysim-lab";', 'const tables = await hysim.load({ path: "x" });'];
  await openNotebook(page, NOTEBOOK, stageNotebook(...cells), tmpPath);
  await expect(page.locator('.hs-StageHeader')).toHaveCount(1);
  await page.notebook.selectCells(1);
  const button = page.locator('.jp-NotebookPanel-toolbar [data-jp-item-name="hysim-stage"]');
  await button.locator('jp-button, button').first().click();
  const items = page.locator('.hs-StageMenu .lm-Menu-item[data-type="command"]');
  await expect(items).toHaveCount(13);
  await expect(items.first()).toHaveText(/Load tables/);
  const item = (stage: string): Locator =>
    page.locator(`.hs-StageMenu .lm-Menu-item[data-command="hysim:insert-${stage}"]`);
  await expect(item('denoise')).toHaveClass(/lm-mod-disabled/);
  await expect(item('denoise')).toContainText('needs space (from Embed) above');
  await expect(item('samples')).not.toHaveClass(/lm-mod-disabled/);
  await page.screenshot({ path: info.outputPath('menu.png') });
  await item('samples').click();
  await expect(header(page, 'Samples')).toBeVisible();
  expect(await sourceOf(page, 2)).toContain('hysim.samples({ tables }, {})');

  const other = JSON.parse(stageNotebook(...cells)) as { metadata: Record<string, unknown> };
  other.metadata = { kernelspec: { name: 'python3', display_name: 'Python 3', language: 'python' } };
  await openNotebook(page, 'python.ipynb', JSON.stringify(other), tmpPath);
  await expect(page.locator('.jp-NotebookPanel:visible .jp-CodeCell')).toHaveCount(2);
  await expect(page.locator('.jp-NotebookPanel:visible .hs-StageHeader')).toHaveCount(0);
});

test('the launcher’s card opens an analysis that is ready to run', async ({ page }, info) => {
  await page.locator('.jp-LauncherCard[title*="loads, samples and splits"]').first().click();
  await expect(header(page, 'Split by paper')).toBeVisible({ timeout: 30_000 });
  await expect(page.locator('.hs-StageHeader')).toHaveCount(3);
  await expect(page.locator('.jp-Toolbar-kernelName')).toContainText('HySim (TypeScript)');
  await page.screenshot({ path: info.outputPath('launched.png') });
});
