/** The sample analysis as a new user meets it: opened in JupyterLab, run in our kernel, looked at, reopened. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, lookAt, openNotebook, test, watchErrors } from './notebook.js';

const EXAMPLES = fileURLToPath(new URL('../../examples', import.meta.url));
const NOTEBOOK = 'pk-sample.ipynb';

/** Up to here the analysis loads, splits, embeds and denoises: a real model and real tables, in seconds. */
const LAST_STAGE = 'hysim.denoise(';

interface Cell {
  cell_type: string;
  source: string[];
}

test('the sample runs in our kernel, its views are drawn, and they are there again without a kernel', async ({
  page,
  tmpPath
}, info) => {
  test.setTimeout(300_000);
  const errors = watchErrors(page);
  await page.contents.uploadDirectory(`${EXAMPLES}/data/pk-sample`, `${tmpPath}/data/pk-sample`);
  const json = readFileSync(`${EXAMPLES}/${NOTEBOOK}`, 'utf8');
  const cells = (JSON.parse(json) as { cells: Cell[] }).cells;
  await openNotebook(page, NOTEBOOK, json, tmpPath);
  await expect(page.locator('.jp-Toolbar-kernelName')).toContainText('HySim (TypeScript)');

  const last = cells.findIndex(cell => cell.source.join('').includes(LAST_STAGE));
  const code = cells.flatMap((cell, i) => (cell.cell_type === 'code' && i <= last ? [i] : []));
  // Embedding takes seconds: its progress must be on screen while it runs.
  const embedding = code.find(i => cells[i]!.source.join('').includes('hysim.embed('))!;
  for (const i of code) {
    const run = page.notebook.runCell(i, true);
    if (i === embedding)
      await expect(page.locator('.hs-JobStatus')).toContainText('embed', { timeout: 30_000 });
    await run;
    const output = await page.notebook.getCellTextOutput(i);
    expect(output?.join('') ?? '', `cell ${i} fails`).not.toMatch(/Error:/);
  }

  const check = async (name: string): Promise<void> => {
    for (const kind of ['table', 'embedding', 'distribution']) {
      const view = page.locator(`.hs-View[data-hs-kind="${kind}"]`).first();
      await view.scrollIntoViewIfNeeded();
      await expect
        .poll(async () => (await lookAt(view.locator('canvas.hs-View-canvas'))).colours, `${kind} is blank`)
        .toBeGreaterThan(30);
    }
    await page.locator('.hs-View[data-hs-kind="embedding"]').scrollIntoViewIfNeeded();
    await page.screenshot({ path: info.outputPath(`${name}.png`) });
  };
  await check('run');
  await expect(page.locator('.jp-OutputArea-output img')).toHaveCount(0);
  expect(errors).toEqual([]);

  await page.notebook.save();
  await page.notebook.close();
  const shutDown = await page.evaluate(async () => {
    const { sessions } = (
      window as unknown as { jupyterapp: { serviceManager: { sessions: { shutdownAll(): Promise<void> } } } }
    ).jupyterapp.serviceManager;
    await sessions.shutdownAll();
    return true;
  });
  expect(shutDown).toBe(true);
  await page.notebook.openByPath(`${tmpPath}/${NOTEBOOK}`);
  await check('reopened');
});
