/** Our views in a real JupyterLab: the extension is active and draws what a notebook has saved. */
import type { IJupyterLabPageFixture } from '@jupyterlab/galata';
import type { TestInfo } from '@playwright/test';
import { ATTACK, viewsNotebook } from './fixture.js';
import { expect, lookAt, openNotebook, test, watchErrors } from './notebook.js';

const KINDS = ['table', 'embedding', 'distribution', 'training', 'report', 'certificate'];
const NOTEBOOK = 'views.ipynb';

/** Draws every kind in the page's present theme; keeps a picture of each. */
async function checkViews(
  page: IJupyterLabPageFixture,
  info: TestInfo,
  theme: 'light' | 'dark'
): Promise<void> {
  for (const kind of KINDS) {
    const view = page.locator(`.hs-View[data-hs-kind="${kind}"]`).first();
    await view.scrollIntoViewIfNeeded();
    const canvas = view.locator('canvas.hs-View-canvas');
    await expect(canvas).toBeVisible();
    const ground = async (): Promise<boolean> => {
      const colour = (await lookAt(canvas)).ground;
      return theme === 'dark' ? Math.max(...colour) < 80 : Math.min(...colour) > 230;
    };
    await expect.poll(ground, `${kind} stands on a ${theme} ground`).toBe(true);
    const seen = await lookAt(canvas);
    expect(seen.colours, `${kind} is not blank`).toBeGreaterThan(30);
    expect(seen.width).toBeGreaterThan(500);
    await view.screenshot({ path: info.outputPath(`${kind}-${theme}.png`) });
  }
  await expect(page.locator('.jp-OutputArea-output img'), 'the PNG is not shown beside our view').toHaveCount(
    0
  );
  await page.locator('.hs-View[data-hs-kind="embedding"]').scrollIntoViewIfNeeded();
  await page.screenshot({ path: info.outputPath(`notebook-${theme}.png`) });
}

test('the extension is active and draws every saved view, in both themes', async ({
  page,
  tmpPath
}, info) => {
  const errors = watchErrors(page);
  const has = await page.evaluate(() => {
    const app = (window as unknown as { jupyterapp: { hasPlugin(id: string): boolean } }).jupyterapp;
    return ['hysim-lab:plugin', 'hysim-lab:view', 'hysim-lab:nothing'].map(id => app.hasPlugin(id));
  });
  expect(has).toEqual([true, true, false]);
  await page.theme.setLightTheme();
  await openNotebook(page, NOTEBOOK, viewsNotebook(), tmpPath);
  await checkViews(page, info, 'light');
  await page.theme.setDarkTheme();
  await checkViews(page, info, 'dark');
  // No job runs in a kernel of another kind.
  await expect(page.locator('.hs-JobStatus')).toBeHidden();
  expect(errors).toEqual([]);
});

test('data never becomes markup, and a broken payload says why it is not drawn', async ({
  page,
  tmpPath
}) => {
  await openNotebook(page, NOTEBOOK, viewsNotebook(), tmpPath);
  const error = page.locator('.hs-View-error');
  await expect(error).toHaveCount(1);
  await expect(error).toContainText('This view cannot be drawn. /');
  const table = page.locator('.hs-View[data-hs-kind="table"]');
  await expect(table.locator('canvas.hs-View-canvas')).toHaveAttribute(
    'aria-label',
    new RegExp(`^${ATTACK.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`)
  );
  await expect(table.locator('.hs-View-words')).toContainText(ATTACK);
  await expect(page.locator('.hs-View img, .hs-View script')).toHaveCount(0);
  expect(await page.evaluate(() => 'hysimAttacked' in window)).toBe(false);
});

test('points tell what they are, and legend, colours and width can be changed', async ({
  page,
  tmpPath
}, info) => {
  await openNotebook(page, NOTEBOOK, viewsNotebook(), tmpPath);
  const view = page.locator('.hs-View[data-hs-kind="embedding"]');
  const canvas = view.locator('canvas.hs-View-canvas');
  await view.scrollIntoViewIfNeeded();
  const picture = async (): Promise<string> =>
    await canvas.evaluate((node: HTMLCanvasElement) => node.toDataURL());
  const whole = await picture();
  // The crowd is in the middle of the plot: some point lies under one of these places.
  const box = (await canvas.boundingBox())!;
  const tip = view.locator('.hs-View-tip');
  let told = '';
  for (let i = 0; i < 40 && !told.includes('PMC'); i++) {
    await page.mouse.move(box.x + box.width * (0.2 + 0.008 * i), box.y + box.height * 0.5);
    told = (await tip.isVisible()) ? ((await tip.textContent()) ?? '') : '';
  }
  expect(told).toMatch(/PMC\d+, table \d/);
  await view.screenshot({ path: info.outputPath('hover.png') });
  await page.mouse.move(5, 5);
  const target = view.getByRole('button', { name: 'target' });
  await target.click();
  await expect(target).toHaveAttribute('aria-pressed', 'false');
  await expect.poll(picture).not.toBe(whole);
  await target.click();
  await expect.poll(picture).toBe(whole);
  await view.getByLabel('Colour').selectOption('class');
  await expect.poll(picture).not.toBe(whole);
  await view.screenshot({ path: info.outputPath('colour-by-class.png') });

  const wide = box.width;
  await page.setViewportSize({ width: 800, height: 900 });
  await expect.poll(async () => (await canvas.boundingBox())!.width).toBeLessThan(wide - 100);
  await view.screenshot({ path: info.outputPath('narrow.png') });
});
