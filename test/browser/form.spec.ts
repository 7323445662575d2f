/** A form and the code say the same, whichever of the two a person edits; what the code decides stays the code's. */
import type { IJupyterLabPageFixture } from '@jupyterlab/galata';
import type { Locator } from '@playwright/test';
import { runStage, state } from './lab.js';
import { expect, openNotebook, test, watchErrors } from './notebook.js';
import { activate, execute, header, sourceOf, stageNotebook } from './stages.js';

const DENOISE = 'Denoise on the manifold';
const CLEAN = 'const clean = await hysim.denoise({ space }, { neighbors: 20 /* few */, rank: most });';

const CELLS = [
  'import * as hysim from "hysim-lab";',
  CLEAN,
  'const tables = await hysim.load({ path: "data" });',
  'const data = await hysim.split({ samples }, { source: { table_kind: "nca" }, target: { table_kind: ["poppk"] } });',
  'const space = await hysim.embed({ data }, {});\nconst again = await hysim.denoise({ space }, {});\nconst other = await hysim.denoise({ space }, options);'
];

async function openForm(page: IJupyterLabPageFixture, title: string): Promise<Locator> {
  await header(page, title)
    .getByRole('button', { name: `Form of ${title}` })
    .click();
  const form = header(page, title).locator('.hs-Form');
  await expect(form).toBeVisible();
  return form;
}

const number = (form: Locator, name: string): Locator => form.getByRole('spinbutton', { name, exact: true });

test('what is set in the form stands in the code, each gesture as one step of undo, and errors where they are typed', async ({
  page,
  tmpPath
}) => {
  const errors = watchErrors(page);
  await openNotebook(page, 'form.ipynb', stageNotebook(...CELLS), tmpPath);
  await activate(page, 1);
  await page.locator('.jp-NotebookPanel:visible .jp-Notebook').focus();
  await execute(page, 'hysim:open-form');
  const form = header(page, DENOISE).locator('.hs-Form');
  const box = number(form, 'neighbors');
  // The keyboard is in the form; a number is typed digit by digit, and is one step.
  const auto = form.locator('.hs-Field-auto').first().getByRole('checkbox');
  await expect(auto).toBeFocused();
  await expect(auto).not.toBeChecked();
  await box.click();
  await box.press('Control+a');
  await box.pressSequentially('123', { delay: 300 });
  await expect.poll(() => sourceOf(page, 1)).toBe(CLEAN.replace('20', '123'));
  await expect(page.locator('.hs-Form .hs-mod-wrong')).toHaveCount(0);

  // A slider's drag is one step too, however long it takes.
  const slider = form.getByRole('slider', { name: 'neighbors, slider' });
  const rail = (await slider.boundingBox())!;
  await page.mouse.move(rail.x + rail.width / 4, rail.y + rail.height / 2);
  await page.mouse.down();
  for (const share of [0.4, 0.5, 0.6, 0.7]) {
    await page.mouse.move(rail.x + rail.width * share, rail.y + rail.height / 2);
    await page.waitForTimeout(250);
  }
  await page.mouse.up();
  const dragged = await sourceOf(page, 1);
  expect(dragged).toMatch(/neighbors: \d+ \/\* few \*\//);
  expect(dragged).not.toContain('neighbors: 123 ');
  await expect(box).toHaveValue(/neighbors: (\d+)/.exec(dragged)![1]!);
  await slider.press('Control+z');
  await expect.poll(() => sourceOf(page, 1)).toBe(CLEAN.replace('20', '123'));
  await expect(box).toHaveValue('123');
  await slider.press('Control+z');
  await expect.poll(() => sourceOf(page, 1)).toBe(CLEAN);
  await slider.press('Control+Shift+z');
  await expect.poll(() => sourceOf(page, 1)).toBe(CLEAN.replace('20', '123'));
  // On a slider arrows count in whole numbers, though its steps are by factors.
  await slider.press('ArrowRight');
  await expect.poll(() => sourceOf(page, 1)).toBe(CLEAN.replace('20', '124'));

  // What is no value is said in place and not written.
  await box.fill('3');
  await expect(form.getByRole('alert').filter({ hasText: 'neighbors' })).toHaveText(
    'neighbors must be an integer from 4 to 512, or null, not 3'
  );
  await expect(box).toHaveAttribute('aria-invalid', 'true');
  expect(await sourceOf(page, 1)).toBe(CLEAN.replace('20', '124'));
  await form.getByRole('button', { name: 'Reset neighbors' }).click();
  await expect(box).toHaveValue('');
  await expect(auto).toBeChecked();
  await expect.poll(() => sourceOf(page, 1)).toBe(CLEAN.replace('neighbors: 20 /* few */, ', '/* few */ '));
  await form.getByLabel('reference', { exact: true }).selectOption({ label: 'target' });
  await expect.poll(() => sourceOf(page, 1)).toContain('rank: most, reference: "target" });');

  // Keys that are typed in the form are no shortcuts; Escape leads back to the cell.
  await number(form, 'fdr').press('Control+a');
  await number(form, 'fdr').pressSequentially('0.2');
  await page.keyboard.press('Escape');
  await expect(page.locator('.jp-Notebook:visible.jp-mod-commandMode')).toBeVisible();
  await expect(form.locator(':focus')).toHaveCount(0);
  await page.keyboard.press('f');
  await expect(form.locator(':focus')).toHaveCount(1);
  await page.keyboard.press('Escape');
  await expect(page.locator('.jp-NotebookPanel:visible .jp-Cell')).toHaveCount(5);
  expect(errors).toEqual([]);
});

test('what is typed in the code stands in the form at once; code that computes or does not parse locks it', async ({
  page,
  tmpPath
}) => {
  await openNotebook(page, 'code.ipynb', stageNotebook(...CELLS), tmpPath);
  const form = await openForm(page, DENOISE);
  await expect(form.locator('.hs-Form-code:visible')).toHaveText('most');
  await expect(form.locator('.hs-Form-row', { hasText: 'rank' })).toContainText('Set in code');
  await expect(number(form, 'rank')).toBeHidden();

  await page.notebook.enterCellEditingMode(1);
  await page.keyboard.press('Control+Home');
  for (let i = 0; i < CLEAN.indexOf('20') + 2; i++) await page.keyboard.press('ArrowRight');
  await page.keyboard.type('0');
  await expect(number(form, 'neighbors')).toHaveValue('200');
  await page.keyboard.type('0');
  await expect(form.getByRole('alert').filter({ hasText: 'neighbors' })).toHaveText(
    'neighbors must be an integer from 4 to 512, or null, not 2000'
  );
  await page.keyboard.press('Backspace');
  await expect(number(form, 'neighbors')).toHaveValue('200');
  await page.keyboard.type(' +');
  await expect(form.getByText('The code does not parse.')).toBeVisible();
  await expect(number(form, 'neighbors')).toHaveValue('200');
  await expect(number(form, 'neighbors')).toBeDisabled();
  await page.keyboard.type(' 1');
  await expect(form.locator('.hs-Form-code:visible')).toHaveText(['200 + 1', 'most']);
  for (let i = 0; i < 5; i++) await page.keyboard.press('Backspace');
  await expect(number(form, 'neighbors')).toHaveValue('20');
  await expect(number(form, 'neighbors')).toBeEnabled();
  // Both at once: the form again, and the caret in the code is left where it was.
  await number(form, 'neighbors').fill('40');
  await expect.poll(() => sourceOf(page, 1)).toBe(CLEAN.replace('20', '40'));
  // The call loses its bracket: the form stays with what it said.
  await page.notebook.enterCellEditingMode(1);
  await page.keyboard.press('Control+End');
  await page.keyboard.press('Backspace');
  await page.keyboard.press('Backspace');
  await expect(form.getByText('The code does not parse.')).toBeVisible();
  await expect(number(form, 'neighbors')).toHaveValue('40');
});

test('columns, lists, several calls, and a path from the file browser', async ({ page, tmpPath }) => {
  await openNotebook(page, 'kinds.ipynb', stageNotebook(...CELLS), tmpPath);
  await page.contents.uploadContent('{}', 'text', `${tmpPath}/tables/one.jsonl`).catch(async () => {
    await page.contents.createDirectory(`${tmpPath}/tables`);
  });
  const split = await openForm(page, 'Split by paper');
  const target = split.getByRole('group', { name: 'target', exact: true });
  await target.getByRole('textbox', { name: 'Add to target: values of table_kind' }).fill('single');
  await page.keyboard.press('Enter');
  await expect.poll(() => sourceOf(page, 3)).toContain('target: { table_kind: ["poppk", "single"] }');
  await target.getByRole('button', { name: 'Remove poppk' }).click();
  // A list of one that was a list stays one.
  await expect.poll(() => sourceOf(page, 3)).toContain('target: { table_kind: ["single"] }');
  const source = split.getByRole('group', { name: 'source', exact: true });
  await source.getByRole('button', { name: 'Add a column to source' }).click();
  await page.keyboard.type('route');
  await source.getByRole('textbox', { name: 'Add to source: values of column 2' }).fill('iv');
  await page.keyboard.press('Enter');
  await expect.poll(() => sourceOf(page, 3)).toContain('source: { table_kind: "nca", route: "iv" }');
  await source.getByRole('button', { name: 'Remove table_kind' }).click();
  await expect.poll(() => sourceOf(page, 3)).toContain('source: { route: "iv" }');
  await source.getByRole('button', { name: 'Remove route' }).click();
  await expect(split.getByRole('alert').filter({ hasText: 'source' })).toContainText('at least one column');
  expect(await sourceOf(page, 3)).toContain('source: { route: "iv" }');

  const several = header(page, `Embed + ${DENOISE} ×2`);
  await several.getByRole('button', { name: /^Form of/ }).click();
  const again = several.getByRole('group', { name: `${DENOISE}, again` });
  await number(again, 'neighbors').fill('33');
  await expect
    .poll(() => sourceOf(page, 4))
    .toBe(CELLS[4]!.replace('denoise({ space }, {})', 'denoise({ space }, { neighbors: 33 })'));
  const other = several.getByRole('group', { name: `${DENOISE}, other` });
  await expect(other.getByText('the parameters of denoise are set in code: options')).toBeVisible();
  await expect(number(other, 'neighbors')).toBeDisabled();

  const load = await openForm(page, 'Load tables');
  await load.getByRole('button', { name: 'Choose path with the file browser' }).click();
  const dialog = page.locator('.jp-Dialog');
  await dialog.getByText('tables', { exact: true }).click();
  await dialog.getByRole('button', { name: 'Select' }).click();
  await expect.poll(() => sourceOf(page, 2)).toBe(CELLS[2]!.replace('"data"', '"tables"'));
});

test('what differs from the last run is listed, marked in the code and said of the output, until the cell has run', async ({
  page,
  tmpPath
}) => {
  test.setTimeout(120_000);
  const cell =
    'const simulated = await hysim.simulate({ source_papers: 60, target_papers: 60, dimension: 16 });\nsimulated';
  await openNotebook(page, 'differs.ipynb', stageNotebook(CELLS[0]!, cell), tmpPath);
  await page.notebook.runCell(0, true);
  await runStage(page, 'Simulate', 'fresh');
  const form = await openForm(page, 'Simulate');
  const foot = form.locator('.hs-Form-words');
  await expect(foot).toHaveText('');
  await number(form, 'shift').fill('2');
  await number(form, 'dimension').fill('24');
  await expect(foot).toHaveText('Differs from the last run: shift 1 → 2, dimension 16 → 24');
  const at = page.locator('.jp-NotebookPanel:visible .jp-Cell').nth(1);
  await expect(at.locator('.hs-Differs')).toHaveText(['24', '2']);
  await expect(at.locator('.hs-Made')).toHaveText('made with shift 1, dimension 16');
  await expect(form.locator('.hs-Form-row.hs-mod-differs')).toHaveCount(2);
  await number(form, 'dimension').press('Shift+Enter');
  await state(header(page, 'Simulate'), 'fresh');
  await expect(foot).toHaveText('');
  await expect(at.locator('.hs-Differs')).toHaveCount(0);
  await expect(at.locator('.hs-Made')).toHaveCount(0);
  // The keyboard is still where it was.
  await expect(number(form, 'dimension')).toBeFocused();

  // Reset all goes back to the defaults, in one step.
  await form.getByRole('button', { name: 'Reset all' }).click();
  await expect.poll(() => sourceOf(page, 1)).toContain('hysim.simulate({})');
  await form.getByRole('button', { name: 'Run to update' }).press('Control+z');
  await expect.poll(() => sourceOf(page, 1)).toContain('dimension: 24');
  await form.getByRole('button', { name: 'Help' }).click();
  await expect(form.locator('.hs-Form-about')).toContainText('Draws source and target papers');
});

test('opening forms is no edit', async ({ page, tmpPath }) => {
  await openNotebook(page, 'same.ipynb', stageNotebook(...CELLS), tmpPath);
  // What the kernel says of its language is written when it has started.
  await expect(page.locator('.jp-NotebookPanel:visible .jp-Notebook-ExecutionIndicator')).toHaveAttribute(
    'data-status',
    'idle',
    { timeout: 30_000 }
  );
  await page.notebook.save();
  const read = async (): Promise<string> =>
    await page.evaluate(
      async path => await (await fetch(`/files/${path}?${Date.now()}`)).text(),
      `${tmpPath}/same.ipynb`
    );
  const before = await read();
  await openForm(page, DENOISE);
  await openForm(page, 'Split by paper');
  await page.waitForTimeout(500);
  await expect(page.locator('.lm-TabBar-tab.jp-mod-dirty')).toHaveCount(0);
  await page.notebook.save();
  expect(await read()).toBe(before);
});
