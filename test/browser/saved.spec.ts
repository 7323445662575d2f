/** A notebook opened where there is no kernel at all: its views are drawn, and answer to pointer and keys. */
import { viewsNotebook } from './fixture.js';
import { drag, picture, selected } from './lab.js';
import { expect, test, watchErrors } from './notebook.js';

const NOTEBOOK = 'saved.ipynb';

/** The fixture's views, for a kernel that nobody has installed. */
function orphaned(): string {
  const notebook = JSON.parse(viewsNotebook()) as { metadata: Record<string, unknown> };
  notebook.metadata['kernelspec'] = {
    name: 'hysim-of-elsewhere',
    display_name: 'Elsewhere',
    language: 'typescript'
  };
  return JSON.stringify(notebook);
}

test('without a kernel, rows are chosen, Γ is moved, arms are picked, and labels explain themselves', async ({
  page,
  tmpPath
}, info) => {
  test.setTimeout(120_000);
  const errors = watchErrors(page);
  await page.contents.uploadContent(orphaned(), 'text', `${tmpPath}/${NOTEBOOK}`);
  // Galata's own way of opening waits for a kernel, and there is none.
  await page.evaluate(path => {
    const app = (
      window as unknown as {
        jupyterapp: { commands: { execute(id: string, args: object): Promise<unknown> } };
      }
    ).jupyterapp;
    void app.commands.execute('docmanager:open', { path, factory: 'Notebook' });
  }, `${tmpPath}/${NOTEBOOK}`);
  // JupyterLab asks which kernel it should be instead.
  const dialog = page.locator('.jp-Dialog', { hasText: 'Select Kernel' });
  await dialog.waitFor();
  await dialog.getByRole('button', { name: /No Kernel/ }).click();
  await expect(page.locator('.jp-Toolbar-kernelName')).toContainText('No Kernel');

  const embedding = page.locator('.hs-View[data-hs-kind="embedding"]').first();
  await embedding.getByRole('button', { name: /lasso/ }).click();
  await drag(page, embedding, [
    [0.1, 0.25],
    [0.4, 0.25],
    [0.4, 0.7],
    [0.1, 0.7]
  ]);
  await expect.poll(async () => (await selected(embedding)).rows).toBeGreaterThan(10);
  await expect(embedding.locator('.hs-Rows li').first()).toContainText('PMC');
  await embedding.screenshot({ path: info.outputPath('lassoed.png') });

  const tube = page.locator('.hs-View[data-hs-kind="distribution"]').last();
  const before = await picture(tube);
  await drag(page, tube, [
    [0.65, 0.5],
    [0.75, 0.5]
  ]);
  await expect.poll(async () => (await selected(tube)).rows).toBeGreaterThan(0);
  expect(await picture(tube)).not.toBe(before);
  await tube.screenshot({ path: info.outputPath('brushed.png') });

  const report = page.locator('.hs-View[data-hs-kind="report"]', { hasText: 'Mistakes of' });
  const arms = report.getByLabel('Mistakes of');
  const first = await picture(report);
  const names = await arms.locator('option').allTextContents();
  expect(names.length).toBeGreaterThan(1);
  await arms.selectOption(names.find(name => name !== names[0])!);
  await arms.selectOption(names.at(-1)!);
  await expect.poll(() => picture(report)).not.toBe(first);

  const certificate = page.locator('.hs-View[data-hs-kind="certificate"]').first();
  const canvas = certificate.locator('canvas.hs-View-canvas');
  const made = await picture(certificate);
  await canvas.press('ArrowRight');
  await expect.poll(() => picture(certificate)).not.toBe(made);
  const moved = await picture(certificate);
  await canvas.press('Home');
  await expect.poll(() => picture(certificate)).not.toBe(moved);
  await canvas.press('g');
  await certificate.screenshot({ path: info.outputPath('gamma.png') });
  // Some chip on the right edge of the terms tells what its label claims.
  const box = (await canvas.boundingBox())!;
  const tip = certificate.locator('.hs-View-tip');
  let told = '';
  for (let i = 0; i < 120 && !/probability|assum|estimate|simulat/i.test(told); i++) {
    await page.mouse.move(box.x + box.width - 60, box.y + 20 + 5 * i);
    told = (await tip.isVisible()) ? ((await tip.textContent()) ?? '') : '';
  }
  expect(told).toMatch(/CERTIFIED|CONDITIONAL|ESTIMATED|VACUOUS|LOWER-BOUND|ORACLE/);
  expect(told).toMatch(/probability|assum|estimate|simulat/i);
  // Nothing claims to be live, and nothing offers what only a kernel can do.
  await expect(page.locator('.hs-Tune')).toHaveCount(0);
  expect(errors).toEqual([]);
});
