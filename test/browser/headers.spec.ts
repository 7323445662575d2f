/** Headers stay with their cells whatever is done to these, remember runs over a reload, and fit narrow panels. */
import type { IJupyterLabPageFixture } from '@jupyterlab/galata';
import { activate, execute, header, sourceOf, stageNotebook } from './stages.js';
import { reload } from './lab.js';
import { expect, openNotebook, test, watchErrors } from './notebook.js';

const IMPORT = 'import * as hysim from "hysim-lab";';
const SIMULATE =
  'const simulated = await hysim.simulate({ source_papers: 60, target_papers: 60, dimension: 16 });';
const EMBED = 'const space = await hysim.embed({ data: simulated }, {});';

/** What each cell's headers say: one header at most, and none where no stage is called. */
async function headersByCell(page: IJupyterLabPageFixture): Promise<string[]> {
  return await page.evaluate(() =>
    [...document.querySelectorAll('.jp-NotebookPanel:not(.lm-mod-hidden) .jp-Notebook .jp-Cell')].map(cell =>
      [...cell.querySelectorAll<HTMLElement>('.hs-StageHeader')]
        .map(node => `${node.getAttribute('aria-label')!.slice(7)}: ${node.dataset['hsState']}`)
        .join(' and ')
    )
  );
}

/** Galata answers for the kernels' addresses, and garbles the answers to interrupt and restart. */
async function letKernelsAnswer(page: IJupyterLabPageFixture): Promise<void> {
  await page.route(/\/api\/kernels\/[^/]+\/(interrupt|restart)\b/, route => route.continue());
}

test('headers survive moving, cutting, pasting, duplicating, splitting, merging and undoing', async ({
  page,
  tmpPath
}) => {
  const errors = watchErrors(page);
  await openNotebook(page, 'edits.ipynb', stageNotebook(IMPORT, SIMULATE, EMBED), tmpPath);
  const becomes = async (...expected: string[]): Promise<void> => {
    await expect.poll(() => headersByCell(page)).toEqual(expected);
    // The header lies above the code: between the cell's head and its input.
    const order = await page.evaluate(() =>
      [...document.querySelectorAll('.hs-StageHeader')].map(
        node => node.nextElementSibling?.classList.contains('jp-Cell-inputWrapper') ?? false
      )
    );
    expect(order.every(right => right)).toBe(true);
  };
  const command = (id: string): Promise<unknown> => execute(page, `notebook:${id}`);
  await becomes('', 'Simulate: waiting', 'Embed: waiting');
  await page.notebook.runCell(0, true);
  await page.notebook.runCell(1, true);
  await becomes('', 'Simulate: fresh', 'Embed: stale');

  await activate(page, 1);
  await command('move-cell-down');
  await becomes('', 'Embed: stale', 'Simulate: fresh');
  await command('move-cell-up');
  await becomes('', 'Simulate: fresh', 'Embed: stale');

  // A cell that was cut stays the same cell; a duplicate is another, and has not run: what it
  // would make the cache has.
  await command('cut-cell');
  await becomes('', 'Embed: stale');
  await activate(page, 1);
  await command('paste-cell-below');
  await becomes('', 'Embed: stale', 'Simulate: fresh');
  // What is done within half a second is one step of undo.
  await page.waitForTimeout(700);
  await command('duplicate-below');
  await becomes('', 'Embed: stale', 'Simulate: fresh', 'Simulate: cached');
  await command('undo-cell-action');
  await becomes('', 'Embed: stale', 'Simulate: fresh');
  await command('redo-cell-action');
  await becomes('', 'Embed: stale', 'Simulate: fresh', 'Simulate: cached');

  await page.notebook.selectCells(2, 3);
  await command('merge-cells');
  await becomes('', 'Embed: waiting', 'Simulate ×2: stale');
  expect(await sourceOf(page, 2)).toContain('simulate');
  await page.notebook.enterCellEditingMode(2);
  await page.keyboard.press('Control+End');
  await page.keyboard.press('Home');
  await command('split-cell-at-cursor');
  await becomes('', 'Embed: waiting', 'Simulate: cached', 'Simulate: cached');
  await activate(page, 1);
  await command('delete-cell');
  await becomes('', 'Simulate: cached', 'Simulate: cached');
  await page.notebook.setCellType(1, 'raw');
  await becomes('', '', 'Simulate: cached');
  expect(errors).toEqual([]);
});

test('after a reload the header tells what the kernel remembers, and follows what still runs', async ({
  page,
  tmpPath
}) => {
  test.setTimeout(180_000);
  await letKernelsAnswer(page);
  const long =
    'const model = await hysim.finetune({ data: simulated }, { method: "head", epochs: 10000, patience: 10000, batch: 2, hidden: 64 });';
  await openNotebook(page, 'reload.ipynb', stageNotebook(IMPORT, SIMULATE, EMBED, long), tmpPath);
  await page.notebook.runCell(0, true);
  await page.notebook.runCell(1, true);
  await expect(header(page, 'Simulate')).toHaveAttribute('data-hs-state', 'fresh');
  await page.notebook.save();
  await header(page, 'Fine-tune').getByRole('button', { name: 'Run Fine-tune' }).click();
  await expect(header(page, 'Fine-tune').locator('.hs-StageHeader-percent')).toHaveText(/^\d+ %$/);

  await reload(page);
  await expect(page.locator('.hs-StageHeader')).toHaveCount(3, { timeout: 30_000 });
  const [simulate, embed, finetune] = ['Simulate', 'Embed', 'Fine-tune'].map(title => header(page, title));
  // While it runs, the right cell and no other shows it.
  await expect(finetune!).toHaveAttribute('data-hs-state', 'running', { timeout: 30_000 });
  await expect(finetune!.locator('.hs-StageHeader-percent')).toHaveText(/^\d+ %$/);
  await expect(embed!).toHaveAttribute('data-hs-state', 'stale');
  await execute(page, 'notebook:interrupt-kernel');
  // The kernel is free again and tells what it has run.
  await expect(simulate!).toHaveAttribute('data-hs-state', 'fresh', { timeout: 30_000 });
  await expect(simulate!.locator('.hs-StageHeader-detail')).toHaveText(/^\d+(\.\d)? s$/);
  await expect(finetune!).toHaveAttribute('data-hs-state', 'stale');
  await expect(finetune!.locator('.hs-StageHeader-detail')).toHaveText('was stopped before it ended');
  await expect(embed!.locator('.hs-StageHeader-detail')).toHaveText('has not run in this kernel');
  await page.notebook.setCell(1, 'code', SIMULATE.replace('dimension: 16', 'dimension: 24'));
  await expect(simulate!).toHaveAttribute('data-hs-state', 'stale');
  await expect(simulate!.locator('.hs-StageHeader-detail')).toHaveText('dimension 16 → 24 since it ran');
});

test('a header fits into 300 pixels: nothing overlaps and nothing leaves it', async ({
  page,
  tmpPath
}, info) => {
  await openNotebook(
    page,
    'narrow.ipynb',
    stageNotebook(IMPORT, SIMULATE, `${EMBED}\nawait hysim.denoise({ space })`),
    tmpPath
  );
  await expect(page.locator('.hs-StageHeader')).toHaveCount(2);
  for (const width of [300, 380, 520, 900]) {
    await page.evaluate(wide => {
      for (const cell of document.querySelectorAll<HTMLElement>('.jp-Notebook .jp-Cell'))
        cell.style.width = `${wide}px`;
    }, width);
    for (const [word, percent, detail] of [
      ['fresh', '', '3.4 s'],
      ['stale', '', 'neighbors 20 → 30, fdr 0.1 → 0.25 since it ran'],
      ['running', '62 %', 'epoch 12 of 200, loss 0.4123, best 0.3991 at epoch 9 · 12:05 left']
    ]) {
      const faults = await page.evaluate(
        texts => {
          const found: string[] = [];
          for (const node of document.querySelectorAll('.hs-StageHeader')) {
            for (const [part, text] of Object.entries(texts))
              node.querySelector(`.hs-StageHeader-${part}`)!.textContent = text!;
            const row = node.querySelector('.hs-StageHeader-row')!;
            const outer = row.getBoundingClientRect();
            const state = node.querySelector('.hs-StageHeader-state')!;
            const parts = [...row.children].filter(
              part => part !== state && !part.matches('.hs-StageHeader-bar')
            );
            parts.splice(3, 0, ...state.children);
            const boxes = parts
              .map(part => ({ name: part.className, box: part.getBoundingClientRect() }))
              .filter(({ box }) => box.width > 0);
            boxes.forEach(({ name, box }, i) => {
              if (
                box.left < outer.left - 0.5 ||
                box.right > outer.right + 0.5 ||
                box.top < outer.top ||
                box.bottom > outer.bottom + 0.5
              )
                found.push(`${name} leaves the header`);
              const next = boxes[i + 1];
              if (next && next.box.left < box.right - 0.5) found.push(`${next.name} lies on ${name}`);
            });
            for (const needed of ['title', 'glyph', 'word', 'button:not([hidden])'])
              if (node.querySelector(`.hs-StageHeader-${needed}`)!.getBoundingClientRect().width < 12)
                found.push(`${needed} is gone`);
          }
          return found;
        },
        { word, percent, detail }
      );
      expect(faults, `${word} at ${width}`).toEqual([]);
    }
    await page.screenshot({ path: info.outputPath(`narrow-${width}.png`) });
  }
});
