/** Opens notebooks in JupyterLab and looks at our views in them. */
import { expect, galata, test as base, type IJupyterLabPageFixture } from '@jupyterlab/galata';
import type { Locator } from '@playwright/test';

/** Galata's test, with every cell in the page: a view that is scrolled away must exist too. */
export const test = base.extend<object>({});
test.use({
  mockSettings: {
    ...galata.DEFAULT_SETTINGS,
    '@jupyterlab/notebook-extension:tracker': { windowingMode: 'none' },
    '@jupyterlab/apputils-extension:notification': { fetchNews: 'false', checkForUpdates: false }
  }
});
export { expect };

/** Collects what the page complains of. Call before the page loads what is tested. */
export function watchErrors(page: IJupyterLabPageFixture): string[] {
  const errors: string[] = [];
  page.on('pageerror', error => errors.push(`uncaught: ${error.name} ${error.message} ${error.stack}`));
  page.on('console', message => {
    if (message.type() !== 'error') return;
    const place = message.location().url;
    if (/hysim/i.test(place + message.text())) errors.push(`${message.text()} (${place})`);
  });
  return errors;
}

/** Uploads a notebook and opens it. */
export async function openNotebook(
  page: IJupyterLabPageFixture,
  name: string,
  json: string,
  folder: string
): Promise<void> {
  await page.contents.uploadContent(json, 'text', `${folder}/${name}`);
  await page.notebook.openByPath(`${folder}/${name}`);
  await page.notebook.activate(name);
}

/** Different colours in a picture, and the colour of its ground. One colour alone is a blank picture. */
export async function lookAt(canvas: Locator): Promise<{ colours: number; ground: number[]; width: number }> {
  return await canvas.evaluate((node: HTMLCanvasElement) => {
    const context = node.getContext('2d')!;
    const { data } = context.getImageData(0, 0, node.width, node.height);
    const colours = new Set<number>();
    for (let i = 0; i < data.length; i += 4)
      colours.add((data[i]! << 16) | (data[i + 1]! << 8) | data[i + 2]!);
    const at = 4 * (node.width * 3 + 3);
    return { colours: colours.size, ground: [...data.slice(at, at + 3)], width: node.width };
  });
}
