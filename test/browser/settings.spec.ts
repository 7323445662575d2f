/** Settings take effect at once, in the notebook that is open. */
import type { IJupyterLabPageFixture } from '@jupyterlab/galata';
import { expect, openNotebook, test } from './notebook.js';
import { activate, execute, header, sourceOf, stageNotebook } from './stages.js';

async function set(page: IJupyterLabPageFixture, id: string, name: string, value: unknown): Promise<void> {
  await page.evaluate(
    async ([plugin, key, given]) => {
      const { galata } = window as unknown as {
        galata: { getPlugin(id: string): Promise<{ set(...args: unknown[]): Promise<void> }> };
      };
      const registry = await galata.getPlugin('@jupyterlab/apputils-extension:settings');
      await registry.set(plugin, key, given);
    },
    [id, name, value] as const
  );
}

test('headers go and come with their setting, and a wanted encoder is written into new cells', async ({
  page,
  tmpPath
}) => {
  const cells = ['import * as hysim from "hysim-lab";', 'const data = await hysim.simulate({});'];
  await openNotebook(page, 'settings.ipynb', stageNotebook(...cells), tmpPath);
  await expect(header(page, 'Simulate')).toHaveCount(1);
  await set(page, 'hysim-lab:stages', 'showHeaders', false);
  await expect(page.locator('.hs-StageHeader')).toHaveCount(0);
  await set(page, 'hysim-lab:stages', 'showHeaders', true);
  await expect(header(page, 'Simulate')).toHaveCount(1);
  await expect(header(page, 'Simulate')).toHaveAttribute('data-hs-state', 'waiting');

  await activate(page, 1);
  await set(page, 'hysim-lab:stages', 'encoder', 'minilm');
  await execute(page, 'hysim:insert-embed');
  expect(await sourceOf(page, 2)).toContain('hysim.embed({ data }, { encoder: "minilm" })');
  await set(page, 'hysim-lab:stages', 'encoder', 'auto');
  await execute(page, 'hysim:insert-embed');
  expect(await sourceOf(page, 3)).toContain('hysim.embed({ data }, {})');
});

test('each of our settings pages says in words what it sets', async ({ page }) => {
  for (const id of ['plugin', 'stages', 'views', 'faults']) {
    const schema = await page.evaluate(async plugin => {
      const { galata } = window as unknown as {
        galata: {
          getPlugin(id: string): Promise<{
            load(id: string): Promise<{ schema: { properties?: Record<string, Record<string, unknown>> } }>;
          }>;
        };
      };
      const registry = await galata.getPlugin('@jupyterlab/apputils-extension:settings');
      return (await registry.load(`hysim-lab:${plugin}`)).schema as Record<string, unknown>;
    }, id);
    expect(schema['title'], id).toMatch(/^HySim/);
    for (const [name, one] of Object.entries(
      (schema['properties'] ?? {}) as Record<string, Record<string, unknown>>
    )) {
      expect(one['title'], name).toBeTruthy();
      expect(one['description'], name).toMatch(/\.$/);
      expect(one, name).toHaveProperty('default');
    }
  }
});
