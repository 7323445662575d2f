/** Parameters are set from outside the code: the call is found, its literal changes, undo takes it back. */
import { type IJupyterLabPageFixture } from '@jupyterlab/galata';
import { execute, sourceOf, stageNotebook } from './stages.js';
import { expect, openNotebook, test } from './notebook.js';

const CELLS = [
  'import * as hysim from "hysim-lab";',
  'const clean = await hysim.denoise({ space }, { neighbors: 20 });',
  'const k = 3;\nconst other = await hysim.denoise({ space }, { neighbors: k });',
  'clean',
  'other'
];

const set = (page: IJupyterLabPageFixture, parameters: Record<string, unknown>): Promise<unknown> =>
  execute(page, 'hysim:set-parameters', { stage: 'denoise', parameters });

test('a parameter of the call behind the active cell is set, marked, and undone in one step', async ({
  page,
  tmpPath
}) => {
  await openNotebook(page, 'parameters.ipynb', stageNotebook(...CELLS), tmpPath);
  await expect(page.locator('.hs-StageHeader')).toHaveCount(2);
  await page.notebook.selectCells(3);
  expect(await set(page, { neighbors: 30, fdr: 0.2 })).toEqual({ applied: true });
  expect(await sourceOf(page, 1)).toBe(
    'const clean = await hysim.denoise({ space }, { neighbors: 30, fdr: 0.2 });'
  );
  await expect(page.locator('.hs-Changed')).toHaveText(['30', '0.2']);
  await expect(page.locator('.hs-Changed')).toHaveCount(0);
  // The cell that a person is at stays the active one.
  await expect(page.locator('.jp-Cell').nth(3)).toHaveClass(/jp-mod-active/);
  expect(await set(page, { neighbors: 40 })).toEqual({ applied: true });

  await page.notebook.enterCellEditingMode(1);
  await page.keyboard.press('Control+z');
  expect(await sourceOf(page, 1)).toContain('{ neighbors: 30, fdr: 0.2 }');
  await page.keyboard.press('Control+z');
  expect(await sourceOf(page, 1)).toBe(CELLS[1]);

  await page.notebook.selectCells(4);
  expect(await set(page, { neighbors: 30 })).toEqual({ reason: 'neighbors is set in code: k' });
  expect(await sourceOf(page, 2)).toBe(CELLS[2]);
});
