/** The graph of a notebook as a person meets it: opened, walked, edited, run, with everything undone again. */
import type { IJupyterLabPageFixture } from '@jupyterlab/galata';
import type { Locator } from '@playwright/test';
import { reload } from './lab.js';
import { expect, openNotebook, test, watchErrors } from './notebook.js';
import { execute, stageNotebook } from './stages.js';

const NOTEBOOK = 'graph.ipynb';

const ANALYSIS = [
  'import * as hysim from "hysim-lab";',
  'const data = await hysim.simulate({ source_papers: 200, target_papers: 120 });',
  'const space = await hysim.embed({ data });',
  'const clean = await hysim.denoise({ space });',
  'const weights = await hysim.weigh({ space, clean }, { method: "auto" });',
  'weights'
];

const graph = (page: IJupyterLabPageFixture): Locator => page.locator('.hs-Dataflow:visible');
const node = (page: IJupyterLabPageFixture, cell: number | string): Locator =>
  graph(page).locator(`.hs-Node[data-hs-cell="${typeof cell === 'number' ? `cell-${cell}` : cell}"]`);
const edges = (page: IJupyterLabPageFixture, name: string): Locator =>
  graph(page).locator(`.hs-Edge[data-hs-name="${name}"]`);
const message = (page: IJupyterLabPageFixture): Locator => graph(page).locator('.hs-Graph-message');

/** The notebook beside the graph: while the graph has the focus the notebook is not the widget in front. */
interface Beside {
  readonly sources: string[];
  readonly ids: string[];
  readonly active: number;
  /** The file as it would be saved. */
  readonly json: string;
  readonly metadata: unknown;
}

async function beside(page: IJupyterLabPageFixture, name = NOTEBOOK): Promise<Beside> {
  return await page.evaluate(title => {
    interface Cell {
      model: { id: string; sharedModel: { getSource(): string } };
    }
    interface Panel {
      title: { label: string };
      content: { widgets: Cell[]; activeCellIndex: number };
      model: { toJSON(): unknown; getMetadata(key: string): unknown };
    }
    const { shell } = (
      window as unknown as { jupyterapp: { shell: { widgets(area: string): Iterable<Panel> } } }
    ).jupyterapp;
    const panel = [...shell.widgets('main')].find(widget => widget.title.label === title)!;
    return {
      sources: panel.content.widgets.map(cell => cell.model.sharedModel.getSource()),
      ids: panel.content.widgets.map(cell => cell.model.id),
      active: panel.content.activeCellIndex,
      json: JSON.stringify(panel.model.toJSON()),
      metadata: panel.model.getMetadata('hysim')
    };
  }, name);
}

async function open(page: IJupyterLabPageFixture, folder: string, cells = ANALYSIS): Promise<void> {
  await openNotebook(page, NOTEBOOK, stageNotebook(...cells), folder);
  await showGraph(page, cells.length);
}

/** Opens the graph by its button and looks at all of it: what is out of sight is not drawn. */
async function showGraph(page: IJupyterLabPageFixture, cells: number): Promise<void> {
  // Nothing is aimed at while it moves.
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.locator('.jp-NotebookPanel-toolbar [data-jp-item-name="hysim-dataflow"]').click();
  await expect(graph(page).locator('.hs-Node').first()).toBeVisible();
  await graph(page).getByRole('button', { name: 'All of it' }).click();
  await expect(graph(page).locator('.hs-Node')).toHaveCount(cells);
  // The view moves some frames after the button: nothing is aimed at before it rests.
  let last = '';
  await expect
    .poll(
      async () => {
        const box = JSON.stringify(await graph(page).locator('.hs-Node').first().boundingBox());
        const rests = box === last;
        last = box;
        return rests;
      },
      { intervals: [200] }
    )
    .toBe(true);
}

/** Presses the pointer on one place and lets go on another. */
async function pull(
  page: IJupyterLabPageFixture,
  from: Locator,
  to: Locator | { x: number; y: number }
): Promise<void> {
  const start = (await from.boundingBox())!;
  const box = 'x' in to ? { ...to, width: 0, height: 0 } : (await to.boundingBox())!;
  await page.mouse.move(start.x + start.width / 2, start.y + start.height / 2);
  await page.mouse.down();
  await page.mouse.move(start.x + start.width / 2 + 12, start.y + start.height / 2 + 12, { steps: 3 });
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2, { steps: 12 });
  await page.mouse.up();
}

/** Clicks an edge half-way along it. */
async function clickLine(page: IJupyterLabPageFixture, edge: Locator): Promise<void> {
  const { x, y } = await edge.locator('.hs-Edge-line').evaluate((line: SVGPathElement) => {
    const at = line.getPointAtLength(line.getTotalLength() / 2);
    const on = new DOMPoint(at.x, at.y).matrixTransform(line.getScreenCTM()!);
    return { x: on.x, y: on.y };
  });
  await page.mouse.click(x, y);
}

const port = (page: IJupyterLabPageFixture, cell: number | string, id: string): Locator =>
  node(page, cell).locator(`[data-handleid="${id}"]`);

test('the graph opens beside the notebook, is chosen in both ways, and touches no file', async ({
  page,
  tmpPath
}) => {
  const errors = watchErrors(page);
  await openNotebook(page, NOTEBOOK, stageNotebook(...ANALYSIS), tmpPath);
  // The kernel's own word for its language, which stock JupyterLab writes too.
  await expect.poll(async () => (await beside(page)).json).toContain('pygments_lexer');
  const { json } = await beside(page);
  await showGraph(page, ANALYSIS.length);
  await expect(page.getByRole('tab', { name: 'Dataflow: graph' })).toBeVisible();
  await expect(page.locator('.jp-NotebookPanel:visible')).toHaveCount(1);
  // What every cell reads of the library is no edge.
  await expect(edges(page, 'hysim')).toHaveCount(0);
  await expect(edges(page, 'space')).toHaveCount(2);
  await expect(edges(page, 'weights')).toHaveCount(1);
  await expect(node(page, 3)).toContainText('Denoise');
  await expect(node(page, 3)).toContainText('clean');

  await node(page, 3).click();
  await expect.poll(async () => (await beside(page)).active).toBe(3);
  await expect(node(page, 3)).toHaveClass(/hs-mod-selected/);
  await expect(graph(page).locator('.hs-Palette-group').first()).toHaveText('Takes clean');

  await page.locator('.jp-Notebook .jp-Cell').nth(4).locator('.jp-InputPrompt').click();
  await expect(node(page, 4)).toHaveClass(/hs-mod-selected/);

  await node(page, 1).dblclick();
  await expect
    .poll(() => page.evaluate(() => document.activeElement?.closest('.jp-Notebook') !== null))
    .toBe(true);
  expect((await beside(page)).json).toBe(json);
  expect(errors).toEqual([]);
});

test('keys walk along edges, find, go to the cell, and delete with undo', async ({ page, tmpPath }) => {
  await open(page, tmpPath);
  await node(page, 1).click();
  const chosen = async (): Promise<number> => (await beside(page)).active;
  for (const [key, cell] of [
    ['ArrowDown', 2],
    ['ArrowDown', 3],
    ['ArrowDown', 4],
    ['ArrowUp', 3]
  ] as const) {
    await page.keyboard.press(key);
    await expect.poll(chosen).toBe(cell);
  }
  await expect(graph(page).locator('.hs-Graph-spoken')).toContainText('Denoise, clean');
  await expect(graph(page).locator('.hs-Graph-spoken')).toContainText('reads space');

  await page.keyboard.press('/');
  await page.keyboard.type('weigh');
  await expect.poll(chosen).toBe(4);
  await expect(node(page, 1)).toHaveClass(/hs-mod-apart/);
  // Keys that are typed do nothing else.
  expect((await beside(page)).sources).toEqual(ANALYSIS);
  await page.keyboard.press('Escape');
  await expect(graph(page).locator('.hs-Graph-search')).toHaveCount(0);
  await expect(node(page, 1)).not.toHaveClass(/hs-mod-apart/);

  await page.keyboard.press('Delete');
  await expect(node(page, 4)).toHaveCount(0);
  await expect(message(page)).toContainText('weights');
  expect((await beside(page)).sources).toHaveLength(ANALYSIS.length - 1);
  await page.keyboard.press('Control+z');
  await expect(graph(page).locator('.hs-Node')).toHaveCount(ANALYSIS.length);
  expect((await beside(page)).sources).toEqual(ANALYSIS);

  await node(page, 2).click();
  await page.keyboard.press('Enter');
  await expect
    .poll(() => page.evaluate(() => document.activeElement?.closest('.jp-Notebook') !== null))
    .toBe(true);
  expect(await chosen()).toBe(2);
});

test('a stage comes from the palette with its inputs filled, by a click, by typing and dropped onto a node', async ({
  page,
  tmpPath
}) => {
  await open(page, tmpPath);
  await node(page, 4).click();
  await graph(page).locator('.hs-Palette-item[data-hs-stage="ablate"]').click();
  await expect
    .poll(async () => (await beside(page)).sources[5])
    .toContain('await hysim.ablate({ data, weights, clean }');
  await expect(graph(page).locator('.hs-Node.hs-mod-selected')).toContainText('Ablate');

  await node(page, 2).click();
  await page.keyboard.press('a');
  await page.keyboard.type('denoi');
  await page.keyboard.press('Enter');
  await expect.poll(async () => (await beside(page)).sources[3]).toContain('await hysim.denoise({ space }');

  await graph(page).locator('.hs-Palette-item[data-hs-stage="review"]').dragTo(node(page, 3));
  await expect
    .poll(async () => (await beside(page)).sources.find(source => source.includes('hysim.review')))
    .toContain('{ clean }');

  await graph(page).locator('.hs-Palette-item[data-hs-stage="split"]').click({ force: true });
  await expect(message(page)).toContainText('needs samples');
});

test('a stage is dropped between nodes, a cell is duplicated and its node folded, each undone', async ({
  page,
  tmpPath
}) => {
  await open(page, tmpPath);
  // Below the embedding and above the denoising, beside both.
  const above = (await node(page, 2).boundingBox())!;
  const below = (await node(page, 3).boundingBox())!;
  const ground = (await graph(page).locator('.hs-Graph-pane').boundingBox())!;
  await graph(page)
    .locator('.hs-Palette-item[data-hs-stage="denoise"]')
    .dragTo(graph(page).locator('.hs-Graph-pane'), {
      targetPosition: {
        x: ground.width - 60,
        y: (above.y + above.height + below.y) / 2 - ground.y
      }
    });
  await expect.poll(async () => (await beside(page)).sources[3]).toContain('await hysim.denoise({ space }');
  await expect(graph(page).locator('.hs-Node')).toHaveCount(ANALYSIS.length + 1);
  await page.keyboard.press('Control+z');
  await expect.poll(async () => (await beside(page)).sources).toEqual(ANALYSIS);

  await node(page, 3).click();
  await page.keyboard.press('d');
  await expect
    .poll(async () => (await beside(page)).sources[4])
    .toMatch(/^const (?!clean\b)\w+ = await hysim\.denoise\(\{ space \}\);$/);
  await page.keyboard.press('Control+z');
  await expect.poll(async () => (await beside(page)).sources).toEqual(ANALYSIS);

  await node(page, 3).click();
  const whole = (await node(page, 3).boundingBox())!.height;
  await page.keyboard.press('c');
  await expect.poll(async () => (await beside(page)).metadata).toEqual({ folded: ['cell-3'] });
  await expect.poll(async () => (await node(page, 3).boundingBox())!.height < whole).toBe(true);
  await page.keyboard.press('c');
  await expect.poll(async () => (await beside(page)).metadata).toBeUndefined();
});

test('an edge is drawn, refused with the reason, taken off, and undone', async ({ page, tmpPath }) => {
  await open(page, tmpPath, [
    ...ANALYSIS,
    'const other = await hysim.denoise({ space }, { neighbors: 40 });',
    'const model = await hysim.finetune({ data }, { method: "head" });'
  ]);
  // Another denoising into the weighing.
  await node(page, 6).hover();
  await pull(page, port(page, 6, 'out other'), port(page, 4, 'in 0 clean'));
  await expect
    .poll(async () => (await beside(page)).sources.find(source => source.includes('hysim.weigh')))
    .toContain('{ space, clean: other }');
  await expect(edges(page, 'other')).toHaveCount(1);

  // Data is no denoised space.
  await pull(page, port(page, 1, 'out data'), port(page, 4, 'in 0 clean'));
  await expect(message(page)).toContainText('weigh');
  await expect(edges(page, 'other')).toHaveCount(1);

  await pull(page, port(page, 4, 'out weights'), port(page, 7, 'in 0 weights'));
  await expect
    .poll(async () => (await beside(page)).sources.find(source => source.includes('hysim.finetune')))
    .toContain('weights');
  await clickLine(page, edges(page, 'weights').last());
  await page.keyboard.press('Delete');
  await expect
    .poll(async () => (await beside(page)).sources.find(source => source.includes('hysim.finetune')))
    .not.toContain('weights');
  await page.keyboard.press('Control+z');
  await expect
    .poll(async () => (await beside(page)).sources.find(source => source.includes('hysim.finetune')))
    .toContain('weights');
});

test('a node that is dragged keeps its place in the notebook; tidy and undo let go of it', async ({
  page,
  tmpPath
}) => {
  await open(page, tmpPath);
  const before = (await node(page, 3).boundingBox())!;
  await pull(page, node(page, 3).locator('.hs-Node-title'), { x: before.x + 160, y: before.y + 90 });
  await expect
    .poll(async () => (await beside(page)).metadata)
    .toMatchObject({ positions: { 'cell-3': [expect.any(Number), expect.any(Number)] } });
  await page.keyboard.press('t');
  await expect.poll(async () => (await beside(page)).metadata).toBeUndefined();
  await expect.poll(async () => Math.abs((await node(page, 3).boundingBox())!.x - before.x) < 60).toBe(true);
  await page.keyboard.press('Control+z');
  await expect.poll(async () => (await beside(page)).metadata).toBeDefined();
});

test('what is stale runs from the graph; an edit in the code shows there at once; both show why', async ({
  page,
  tmpPath
}) => {
  test.setTimeout(180_000);
  await open(page, tmpPath);
  await expect(node(page, 1)).toHaveAttribute('data-hs-state', /stale|waiting/, { timeout: 30_000 });
  await graph(page)
    .getByRole('button', { name: /Run stale/ })
    .click();
  for (let cell = 0; cell < ANALYSIS.length; cell++)
    await expect(node(page, cell)).toHaveAttribute('data-hs-state', 'fresh', { timeout: 120_000 });
  await expect(node(page, 2).locator('canvas')).toHaveAttribute('data-hs-kind', 'embedding');
  await expect(node(page, 4).locator('canvas')).toHaveAttribute('data-hs-kind', 'distribution');
  await expect(edges(page, 'weights').locator('.hs-Edge-bars')).toHaveCount(1);
  await expect(node(page, 3).locator('.hs-Node-summary')).not.toBeEmpty();

  await page.locator('.jp-Notebook .jp-Cell').nth(3).locator('.cm-content').click();
  await page.keyboard.press('End');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.type(', { neighbors: 30 }');
  expect((await beside(page)).sources[3]).toContain('({ space }, { neighbors: 30 });');
  await expect(node(page, 3)).toHaveAttribute('data-hs-state', 'stale');
  await expect(node(page, 4)).toHaveAttribute('data-hs-state', 'waiting');
  await expect(node(page, 2)).toHaveAttribute('data-hs-state', 'fresh');
  await expect(edges(page, 'clean')).toHaveClass(/hs-mod-waiting/);
  await expect(graph(page).locator('.hs-Graph-count[data-hs-state="waiting"]')).toContainText('2');
  await node(page, 3).hover();
  await expect(graph(page).locator('.hs-Graph-tip')).toContainText('neighbors');

  await node(page, 3).click();
  await graph(page).getByRole('button', { name: 'To here' }).click();
  await expect(node(page, 3)).toHaveAttribute('data-hs-state', 'fresh', { timeout: 60_000 });
  await expect(node(page, 4)).toHaveAttribute('data-hs-state', 'stale');
});

test('a circle, a broken cell, a stage that is not known and a foreign kernel are told of and lose nothing', async ({
  page,
  tmpPath
}) => {
  const cells = [
    'import * as hysim from "hysim-lab";',
    'const a = () => b;',
    'const b = a;',
    'const broken = ;',
    'const later = await hysim.distil({ a });'
  ];
  await open(page, tmpPath, cells);
  await expect(graph(page).locator('.hs-Graph-notice')).toContainText('a → b → a');
  await expect(graph(page).locator('.hs-Edge.hs-mod-cycle')).toHaveCount(2);
  await expect(node(page, 3)).toHaveClass(/hs-mod-broken/);
  await expect(node(page, 4).locator('.hs-Node-faults')).toHaveAttribute('title', /distil/);
  expect((await beside(page)).sources).toEqual(cells);
});

test('the graph follows the notebook in front, waits when none is open, and is back after a reload', async ({
  page,
  tmpPath
}) => {
  test.setTimeout(120_000);
  await open(page, tmpPath);
  await page.contents.uploadContent(
    stageNotebook('const alone = 1;', 'const second = alone;'),
    'text',
    `${tmpPath}/second.ipynb`
  );
  // A notebook opens where one has worked last.
  await page.locator('.jp-Notebook .jp-Cell').first().click();
  await page.notebook.openByPath(`${tmpPath}/second.ipynb`);
  await expect(graph(page).locator('.hs-Node')).toHaveCount(2);
  await expect(page.getByRole('tab', { name: 'Dataflow: second' })).toBeVisible();
  await page.notebook.activate(NOTEBOOK);
  await expect(graph(page).locator('.hs-Node')).toHaveCount(ANALYSIS.length);

  await reload(page);
  await expect(graph(page).locator('.hs-Node').first()).toBeVisible({ timeout: 60_000 });

  await page.evaluate(async () => {
    interface App {
      restored: Promise<unknown>;
      shell: { widgets(area: string): Iterable<{ id: string; dispose(): void }> };
    }
    const app = (window as unknown as { jupyterapp: App }).jupyterapp;
    await app.restored;
    for (const widget of [...app.shell.widgets('main')]) if (widget.id !== 'hysim-dataflow') widget.dispose();
  });
  await execute(page, 'hysim:open-dataflow');
  await expect(graph(page)).toContainText('No notebook is open');
});

test('an empty notebook says what to do', async ({ page, tmpPath }) => {
  await openNotebook(
    page,
    NOTEBOOK,
    stageNotebook({ cell_type: 'markdown', source: '# Words', metadata: {} }),
    tmpPath
  );
  await execute(page, 'hysim:open-dataflow');
  await expect(graph(page)).toContainText('No cell has code yet');
});
