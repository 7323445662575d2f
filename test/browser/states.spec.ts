/** States of cells as a person meets them: run what is stale, restart, bypass, two makers of a name, a second notebook. */
import type { IJupyterLabPageFixture } from '@jupyterlab/galata';
import { realKernels, reload, restartKernel, state } from './lab.js';
import { expect, openNotebook, test, watchErrors } from './notebook.js';
import { activate, execute, header, sourceOf, stageNotebook } from './stages.js';

const CELLS = [
  'import * as hysim from "hysim-lab";',
  'const data = await hysim.simulate({ source_papers: 60, target_papers: 60, dimension: 16 });',
  'const space = await hysim.embed({ data }, {});',
  'const clean = await hysim.denoise({ space }, { neighbors: 8 });',
  'const model = await hysim.finetune({ data, clean }, { epochs: 2 });'
];
const TITLES = ['Simulate', 'Embed', 'Denoise on the manifold', 'Fine-tune'];

async function open(page: IJupyterLabPageFixture, folder: string): Promise<void> {
  await openNotebook(page, 'states.ipynb', stageNotebook(...CELLS), folder);
  await expect(page.locator('.hs-StageHeader')).toHaveCount(4);
}

async function all(page: IJupyterLabPageFixture, name: string): Promise<void> {
  for (const title of TITLES) await state(header(page, title), name, 90_000);
}

const detail = (page: IJupyterLabPageFixture, title: string) =>
  header(page, title).locator('.hs-StageHeader-detail');

test('one key runs what is stale and nothing else; after a restart the cache answers', async ({
  page,
  tmpPath
}) => {
  test.setTimeout(300_000);
  const errors = watchErrors(page);
  await realKernels(page);
  await open(page, tmpPath);
  await activate(page, 0);
  await page.keyboard.press('Shift+S');
  await all(page, 'fresh');

  // One parameter: its cell and what hangs on it, and no other.
  const count = (i: number): Promise<string | null> =>
    page.locator('.jp-Notebook .jp-Cell').nth(i).locator('.jp-InputPrompt').textContent();
  const before = await count(2);
  await page.notebook.setCell(3, 'code', CELLS[3]!.replace('8', '9'));
  await state(header(page, 'Denoise on the manifold'), 'stale');
  await expect(detail(page, 'Denoise on the manifold')).toHaveText('neighbors 8 → 9 since it ran');
  await state(header(page, 'Fine-tune'), 'waiting');
  await expect(detail(page, 'Fine-tune')).toHaveText('for Denoise on the manifold');
  await activate(page, 0);
  await page.keyboard.press('Shift+S');
  await all(page, 'fresh');
  expect(await count(2)).toBe(before);

  await restartKernel(page);
  await all(page, 'cached');
  await activate(page, 0);
  await page.keyboard.press('Shift+S');
  await all(page, 'fresh');
  await expect(detail(page, 'Fine-tune')).toHaveText(/from the cache$/);

  await page.notebook.save();
  await reload(page);
  await all(page, 'fresh');
  expect(errors).toEqual([]);
});

test('a stage is bypassed and taken in again, and of two makers of a name one is renamed', async ({
  page,
  tmpPath
}) => {
  test.setTimeout(240_000);
  const errors = watchErrors(page);
  await open(page, tmpPath);
  await execute(page, 'hysim:run-stale');
  await all(page, 'fresh');
  await activate(page, 3);
  await execute(page, 'hysim:toggle-bypass');
  await expect.poll(() => sourceOf(page, 3)).toContain('{ neighbors: 8, bypass: true }');
  await state(header(page, 'Denoise on the manifold'), 'stale');
  await execute(page, 'hysim:run-stale');
  await state(header(page, 'Denoise on the manifold'), 'bypassed');
  await state(header(page, 'Fine-tune'), 'fresh');
  // What cannot be bypassed says so, and stays as it is.
  await activate(page, 2);
  await execute(page, 'hysim:toggle-bypass');
  await expect(page.locator('.Toastify__toast')).toContainText('cannot be bypassed');
  expect(await sourceOf(page, 2)).toBe(CELLS[2]);
  // The last edit was that of the code: one step takes it back, and the result of before is fresh again at once.
  await page.menu.clickMenuItem('Edit>Undo Cell Operation');
  await expect.poll(() => sourceOf(page, 3)).toBe(CELLS[3]);
  await execute(page, 'hysim:run-stale');
  await all(page, 'fresh');

  await page.notebook.addCell('code', 'const space = 1;\nspace + 1');
  const warnings = page.locator('.hs-Warning');
  await expect(warnings).toHaveCount(2);
  await expect(warnings.last()).toContainText('space is made by cell 3 as well');
  await warnings.last().getByRole('button', { name: 'Rename to space2' }).click();
  await expect.poll(() => sourceOf(page, 5)).toBe('const space2 = 1;\nspace2 + 1');
  await expect(warnings).toHaveCount(0);
  await all(page, 'fresh');
  expect(errors).toEqual([]);
});

test('a second notebook on the same kernel that takes a name makes stale what was made of it', async ({
  page,
  tmpPath
}) => {
  test.setTimeout(240_000);
  await open(page, tmpPath);
  await execute(page, 'hysim:run-stale');
  await all(page, 'fresh');
  const kernel = await page.evaluate(
    () =>
      (
        window as unknown as {
          jupyterapp: {
            shell: { currentWidget: { sessionContext: { session: { kernel: { id: string } } } } };
          };
        }
      ).jupyterapp.shell.currentWidget.sessionContext.session.kernel.id
  );
  await openNotebook(
    page,
    'other.ipynb',
    stageNotebook({ id: 'elsewhere', source: 'const space = "taken";' }),
    tmpPath
  );
  await page.evaluate(async id => {
    const { currentWidget } = (
      window as unknown as {
        jupyterapp: {
          shell: {
            currentWidget: { sessionContext: { changeKernel(model: { id: string }): Promise<unknown> } };
          };
        };
      }
    ).jupyterapp.shell;
    await currentWidget.sessionContext.changeKernel({ id });
  }, kernel);
  await page.notebook.runCell(0, true);
  await page.notebook.activate('states.ipynb');
  await state(header(page, 'Embed'), 'stale');
  await expect(detail(page, 'Embed')).toContainText('space was overwritten by a cell of another notebook');
  await state(header(page, 'Simulate'), 'fresh');
  await state(header(page, 'Denoise on the manifold'), 'waiting');
  await execute(page, 'hysim:run-stale');
  await all(page, 'fresh');
});

test('in reactive mode what hangs on a change runs by itself, and what is dear waits for the key', async ({
  page,
  tmpPath
}) => {
  test.setTimeout(240_000);
  await open(page, tmpPath);
  await activate(page, 3);
  await execute(page, 'hysim:run-to-cell');
  await state(header(page, 'Denoise on the manifold'), 'fresh', 90_000);
  await state(header(page, 'Fine-tune'), 'stale');
  await execute(page, 'hysim:toggle-reactive');
  await execute(page, 'hysim:set-parameters', { stage: 'denoise', parameters: { neighbors: 10 } });
  await expect.poll(() => sourceOf(page, 3)).toContain('neighbors: 10');
  await state(header(page, 'Denoise on the manifold'), 'stale');
  await state(header(page, 'Denoise on the manifold'), 'fresh');
  // A training that never ran may take long.
  await state(header(page, 'Fine-tune'), 'stale');
  await execute(page, 'hysim:toggle-reactive');
  await execute(page, 'hysim:set-parameters', { stage: 'denoise', parameters: { neighbors: 11 } });
  await state(header(page, 'Denoise on the manifold'), 'stale');
  await page.waitForTimeout(2000);
  await state(header(page, 'Denoise on the manifold'), 'stale');
});
