/** Type errors are underlined where they are, told by pointer and keyboard, and gone when they are mended. */
import { expect, openNotebook, test, watchErrors } from './notebook.js';
import { activate, sourceOf, stageNotebook } from './stages.js';

const SOURCE = 'const a = 1;\nconst b: string = a;\nconst c = 2;\nconst d = missing + c;';

test('two type errors are underlined, read by keyboard and pointer, and go one by one', async ({
  page,
  tmpPath
}, info) => {
  const errors = watchErrors(page);
  await openNotebook(page, 'faults.ipynb', stageNotebook(SOURCE, 'const fine = 1;'), tmpPath);
  await page.notebook.runCell(0, true);
  const marks = page.locator('.hs-Fault');
  await expect(marks).toHaveCount(2);
  await expect(marks.nth(0)).toHaveText(/^b/);
  await expect(marks.nth(1)).toHaveText(/^m/);
  expect(await marks.evaluateAll(nodes => nodes.map(node => node.closest('.cm-line')!.textContent))).toEqual([
    'const b: string = a;',
    'const d = missing + c;'
  ]);
  expect(await marks.first().evaluate(node => getComputedStyle(node).textDecorationStyle)).toBe('wavy');

  const tip = page.locator('.hs-FaultTip');
  await marks.nth(1).hover();
  await expect(tip).toContainText("Cannot find name 'missing'. (TS2304)");
  await page.screenshot({ path: info.outputPath('fault.png') });
  await page.mouse.move(5, 5);
  await expect(tip).toHaveCount(0);

  // By keyboard: from the command mode of the other cell to one fault after the other, and around.
  await activate(page, 1);
  await page.locator('.jp-Notebook .jp-Cell').nth(1).press('F8');
  await expect(tip).toContainText("Type 'number' is not assignable to type 'string'. (TS2322)");
  await page.keyboard.press('F8');
  await expect(tip).toContainText("Cannot find name 'missing'");
  await expect(page.locator('.cm-announced').filter({ hasText: 'missing' })).toHaveCount(1);
  await page.keyboard.press('F8');
  await expect(tip).toContainText("Type 'number'");

  // Mended in place: this one goes, the other stays where it is, also when lines come above it.
  await page.keyboard.press('Delete');
  await expect(marks).toHaveCount(1);
  await expect(marks).toHaveText(/^m/);
  await page.keyboard.press('Control+Home');
  await page.keyboard.type('const above = 0;\n');
  await expect(marks).toHaveCount(1);
  await expect(marks).toHaveText(/^m/);
  expect(await sourceOf(page, 0)).toContain('const : string = a;');

  // Run again without fault: nothing is left.
  await page.notebook.setCell(0, 'code', 'const a = 1;');
  await page.notebook.runCell(0, true);
  await expect(marks).toHaveCount(0);
  expect(errors).toEqual([]);
});

test('an error saved in a notebook underlines only the code that it quotes, and never another kernel’s', async ({
  page,
  tmpPath
}) => {
  const told = (source: string, quoted: string): object => ({
    source,
    execution_count: 1,
    outputs: [
      {
        output_type: 'error',
        ename: 'TypeScriptError',
        evalue: 'm',
        traceback: ['line 1:7 - <b>no\u202e</b> (TS1)', `   1 | ${quoted}`, '     |       ^']
      }
    ]
  });
  const cells = [told('const a = 1;', 'const a = 1;'), told('const b = 1;', 'const a = 1;')] as never[];
  await openNotebook(page, 'saved.ipynb', stageNotebook(...cells), tmpPath);
  await expect(page.locator('.hs-Fault')).toHaveText(['a']);
  await page.locator('.hs-Fault').hover();
  await expect(page.locator('.hs-FaultTip > div')).toHaveText(['<b>no </b> (TS1)']);

  const other = stageNotebook(...cells).replace('"name":"hysim"', '"name":"python3"');
  await openNotebook(page, 'other.ipynb', other, tmpPath);
  await expect(page.locator('.jp-NotebookPanel:visible .jp-OutputArea-output')).toHaveCount(2);
  await page.waitForTimeout(500);
  await expect(page.locator('.jp-NotebookPanel:visible .hs-Fault')).toHaveCount(0);
});
