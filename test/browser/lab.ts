/** What the browser tests do in JupyterLab over and over: they run stages, restart kernels, and drag over pictures. */
import type { IJupyterLabPageFixture } from '@jupyterlab/galata';
import type { Locator } from '@playwright/test';
import { expect } from './notebook.js';
import { header } from './stages.js';

/** The views of a cell's outputs. */
export const viewIn = (page: IJupyterLabPageFixture, cell: number): Locator =>
  page.locator('.jp-NotebookPanel:visible .jp-Cell').nth(cell).locator('.jp-Cell-outputWrapper .hs-View');

export async function state(node: Locator, name: string, timeout = 60_000): Promise<void> {
  await expect(node).toHaveAttribute('data-hs-state', name, { timeout });
}

/** Runs the stage's cell by its header's button and waits for its end. */
export async function runStage(
  page: IJupyterLabPageFixture,
  title: string,
  end = 'fresh',
  timeout = 90_000
): Promise<void> {
  const node = header(page, title).last();
  await node.scrollIntoViewIfNeeded();
  await node.getByRole('button', { name: `Run ${title}` }).click();
  await state(node, end, timeout);
}

/** Restarts the kernel of the notebook in front, without a question. */
export async function restartKernel(page: IJupyterLabPageFixture): Promise<void> {
  await page.evaluate(async () => {
    const app = (
      window as unknown as {
        jupyterapp: {
          shell: { currentWidget: { sessionContext: { session: { kernel: { restart(): Promise<void> } } } } };
        };
      }
    ).jupyterapp;
    await app.shell.currentWidget.sessionContext.session.kernel.restart();
  });
}

/** Galata answers for the kernels' addresses, and garbles the answers to interrupt and restart. */
export async function realKernels(page: IJupyterLabPageFixture): Promise<void> {
  await page.route(/\/api\/kernels\/[^/]+\/(interrupt|restart)\b/, route => route.continue());
}

/** Drags over a view's canvas along places given as shares of its width and height. */
export async function drag(
  page: IJupyterLabPageFixture,
  view: Locator,
  path: readonly (readonly [number, number])[],
  before: { release?: boolean; inspect?: () => Promise<void> } = {}
): Promise<void> {
  const canvas = view.locator('canvas.hs-View-canvas');
  await canvas.scrollIntoViewIfNeeded();
  const box = (await canvas.boundingBox())!;
  const at = ([x, y]: readonly [number, number]): [number, number] => [
    box.x + x * box.width,
    box.y + y * box.height
  ];
  await page.mouse.move(...at(path[0]!));
  await page.mouse.down();
  for (const place of path.slice(1)) await page.mouse.move(...at(place), { steps: 6 });
  await before.inspect?.();
  if (before.release !== false) await page.mouse.up();
}

/** "47 / 1,039 selected" as numbers; zeros while nothing is selected. */
export async function selected(view: Locator): Promise<{ rows: number; of: number }> {
  const words = (await view.locator('.hs-View-selected').textContent()) ?? '';
  const found = /^([\d,]+) \/ ([\d,]+) selected$/.exec(words);
  const number = (text: string): number => Number(text.replaceAll(',', ''));
  return found ? { rows: number(found[1]!), of: number(found[2]!) } : { rows: 0, of: 0 };
}

/** The picture as it is now, to tell whether it has changed. */
export async function picture(view: Locator): Promise<string> {
  return await view.locator('canvas.hs-View-canvas').evaluate((node: HTMLCanvasElement) => node.toDataURL());
}

/** Loads the page anew; JupyterLab opens its notebooks again. Galata's own way waits for kernels that are not busy. */
export async function reload(page: IJupyterLabPageFixture): Promise<void> {
  const galata = page as unknown as { reload(options: object): Promise<unknown> };
  await galata.reload({ waitForIsReady: false });
}
