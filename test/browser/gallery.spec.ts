/**
 * Every kind of view as it is drawn in JupyterLab, against the pictures in snapshots/, in both themes: from saved
 * payloads, so that the same is drawn each time. `npm run snapshots` makes them anew; look at them before they are kept.
 */
import { samples } from '../views/samples.js';
import { viewsNotebook } from './fixture.js';
import { drag, selected } from './lab.js';
import { expect, openNotebook, test } from './notebook.js';
import { header, stageNotebook } from './stages.js';

const NOTEBOOK = 'gallery.ipynb';

for (const theme of ['light', 'dark'] as const) {
  test(`every saved view looks as it did, ${theme}`, async ({ page, tmpPath }) => {
    test.setTimeout(120_000);
    if (theme === 'light') await page.theme.setLightTheme();
    else await page.theme.setDarkTheme();
    await openNotebook(page, NOTEBOOK, viewsNotebook(), tmpPath);
    const views = page.locator('.hs-View[data-hs-kind]');
    // Outputs are drawn one after the other: all of them first.
    await expect(views).toHaveCount(samples().length);
    const names = await views.evaluateAll(nodes => {
      const seen = new Map<string, number>();
      return nodes.map(node => {
        const kind = (node as HTMLElement).dataset['hsKind']!;
        const n = (seen.get(kind) ?? 0) + 1;
        seen.set(kind, n);
        return n > 1 ? `${kind}-${n}` : kind;
      });
    });
    for (const [i, name] of names.entries()) {
      const view = views.nth(i);
      await view.scrollIntoViewIfNeeded();
      await page.mouse.move(2, 2);
      await expect.soft(view).toHaveScreenshot(`${name}-${theme}.png`);
    }
    // With rows chosen: they stand out, and the legend counts them.
    const embedding = page.locator('.hs-View[data-hs-kind="embedding"]').first();
    await embedding.getByRole('button', { name: /box/ }).click();
    await drag(page, embedding, [
      [0.1, 0.25],
      [0.4, 0.7]
    ]);
    await expect.poll(async () => (await selected(embedding)).rows).toBeGreaterThan(0);
    await page.mouse.move(2, 2);
    await expect.soft(embedding).toHaveScreenshot(`embedding-selected-${theme}.png`);
  });

  test(`stage cells look as they did, ${theme}`, async ({ page, tmpPath }) => {
    if (theme === 'light') await page.theme.setLightTheme();
    else await page.theme.setDarkTheme();
    const cells = [
      'import * as hysim from "hysim-lab";',
      'const tables = await hysim.load({ path: "data/pk-sample" });',
      'const proof = await hysim.certify({ data, weights, clean: decided, model, baseline: base }, { delta: 0.05 });'
    ];
    await openNotebook(page, NOTEBOOK, stageNotebook(...cells), tmpPath);
    for (const title of ['Load tables', 'Certify']) {
      await expect(header(page, title)).toBeVisible();
      await page.mouse.move(2, 2);
      await expect
        .soft(header(page, title))
        .toHaveScreenshot(`header-${title.toLowerCase().replaceAll(' ', '-')}-${theme}.png`);
    }
  });
}
