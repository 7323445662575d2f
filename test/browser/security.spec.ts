/** A notebook from a stranger: whatever its outputs and its code hold, nothing runs, and the page stays quick. */
import type { IJupyterLabPageFixture } from '@jupyterlab/galata';
import { MIME } from '../../common/views/index.js';
import { ATTACKS, hostilePayloads } from '../security/hostile.js';
import { expect, openNotebook, test } from './notebook.js';
import { header, sourceOf, stageNotebook } from './stages.js';

/** Signs that are not seen, or that turn text around. */
const UNSEEN = /[^\P{Cc}\n\t]|\p{Cf}/u;

interface Harm {
  attacked: unknown;
  polluted: unknown;
  markup: string[];
  unseen: string[];
  slowest: number;
}

/** Counts the moments in which the page answered to nobody. Call before the notebook is opened. */
async function watch(page: IJupyterLabPageFixture): Promise<void> {
  await page.evaluate(() => {
    const seen = ((window as unknown as Record<string, number>)['hysimSlowest'] = 0);
    new PerformanceObserver(list => {
      const store = window as unknown as { hysimSlowest: number };
      for (const entry of list.getEntries())
        store.hysimSlowest = Math.max(store.hysimSlowest, entry.duration);
    }).observe({ entryTypes: ['longtask'] });
    return seen;
  });
}

async function harm(page: IJupyterLabPageFixture): Promise<Harm> {
  return await page.evaluate(pattern => {
    const store = window as unknown as { hysimAttacked?: unknown; hysimSlowest: number };
    const unseen = new RegExp(pattern, 'u');
    const ours = [
      ...document.querySelectorAll('.hs-View, .hs-StageHeader, .hs-JobStatus, .hs-FaultTip, .hs-Running')
    ];
    const inside = ours.flatMap(node => [...node.querySelectorAll('*')]);
    const handlers = (node: Element): boolean => node.getAttributeNames().some(name => /^on/.test(name));
    const outside = /^(img|script|iframe|object|embed|a|link|style|base|form|meta|animate|foreignObject)$/i;
    return {
      attacked: store.hysimAttacked ?? null,
      polluted: ({} as Record<string, unknown>)['polluted'] ?? null,
      markup: inside
        .filter(node => outside.test(node.tagName) || handlers(node))
        .map(node => node.outerHTML.slice(0, 120)),
      unseen: ours
        .filter(node => node.matches('.hs-StageHeader, .hs-JobStatus'))
        .flatMap(node => [node, ...node.querySelectorAll('*')])
        .flatMap(node => [
          node.childElementCount === 0 ? (node.textContent ?? '') : '',
          node.getAttribute('title') ?? '',
          node.getAttribute('aria-label') ?? ''
        ])
        .filter(text => unseen.test(text)),
      slowest: store.hysimSlowest
    };
  }, UNSEEN.source);
}

async function openWithoutKernel(page: IJupyterLabPageFixture, path: string): Promise<void> {
  await page.evaluate(async file => {
    const { commands } = (
      window as unknown as {
        jupyterapp: { commands: { execute(id: string, args: unknown): Promise<unknown> } };
      }
    ).jupyterapp;
    const kernelPreference = { shouldStart: false, canStart: false, autoStartDefault: false };
    await commands.execute('docmanager:open', { path: file, factory: 'Notebook', kernelPreference });
  }, path);
}

const HARMLESS = { attacked: null, polluted: null, markup: [], unseen: [] };

/** Milliseconds for which the page may answer to nobody, on a machine that has a core to itself. */
const QUICK = 2000;

/** How many times longer work takes here and now: other programs run beside the tests. */
async function slowness(page: IJupyterLabPageFixture): Promise<number> {
  const took = await page.evaluate(() => {
    const started = performance.now();
    const numbers = Float64Array.from({ length: 400_000 }, (_, i) => Math.sin(i * i));
    numbers.sort();
    return performance.now() - started;
  });
  return Math.max(1, took / 60);
}

const error = (ename: string, evalue: string, traceback: string[]): object => ({
  output_type: 'error',
  ename,
  evalue,
  traceback
});

test('hostile payloads are drawn as words or refused in words, in a notebook that nobody trusts', async ({
  page,
  tmpPath
}) => {
  test.setTimeout(240_000);
  // A notebook a kind of view: JupyterLab itself takes seconds to lay out a hundred cells of megabytes.
  const groups = new Map<string, { name: string; json: string }[]>();
  for (const payload of hostilePayloads()) {
    const kind = payload.name.includes(':') ? payload.name.split(':')[0]! : 'other';
    groups.set(kind, [...(groups.get(kind) ?? []), payload]);
  }
  let drawn = 0;
  await watch(page);
  for (const [kind, payloads] of groups) {
    const cells = payloads.map(({ name }, i) => {
      const data = { [MIME]: `payload-${i}`, 'text/plain': 'saved' };
      return {
        source: `// ${name.replaceAll('\n', ' ')}`,
        execution_count: i + 1,
        outputs: [{ output_type: 'display_data', metadata: {}, data }]
      };
    });
    // As text, since an object cannot be given the key __proto__.
    let json = stageNotebook(...cells);
    payloads.forEach((payload, i) => (json = json.replace(`"payload-${i}"`, () => payload.json)));
    const path = `${tmpPath}/${kind.replace(/\W/g, '-')}.ipynb`;
    await page.contents.uploadContent(json, 'text', path);
    await openWithoutKernel(page, path);
    const views = page.locator('.jp-NotebookPanel:visible .jp-OutputArea-output.hs-View');
    await expect(views).toHaveCount(payloads.length, { timeout: 60_000 });
    const states = await views.evaluateAll(nodes =>
      nodes.map(node =>
        node.querySelector('[role="alert"]') ? 'refused' : node.querySelector('canvas') ? 'drawn' : 'nothing'
      )
    );
    expect(states, kind).not.toContain('nothing');
    for (const refused of await page.locator('.jp-NotebookPanel:visible .hs-View-error').allTextContents()) {
      expect(refused).toMatch(/^This view cannot be drawn\. ./);
      expect(refused.length).toBeLessThan(700);
    }
    drawn += states.filter(state => state === 'drawn').length;
    const { slowest, ...rest } = await harm(page);
    expect(rest, kind).toEqual(HARMLESS);
    expect(slowest, kind).toBeLessThan(QUICK * (await slowness(page)));
    await page.notebook.close(true);
  }
  expect(drawn).toBeGreaterThan(12);
});

test('hostile code and errors are words in headers, tooltips and underlines', async ({ page, tmpPath }) => {
  test.setTimeout(150_000);
  const cells = [
    'import * as hysim from "hysim-lab";',
    ...ATTACKS.map(
      attack =>
        `const x = await hysim.denoise({ space: ${JSON.stringify(attack)}, ${JSON.stringify(attack)}: 1 }, { __proto__: 1 });`
    ),
    ...ATTACKS.map(attack => `const ${attack} = await hysim.weigh({ ${attack}, clean: ${attack} })`),
    'await hysim.constructor({}); await hysim.__proto__({}); await hysim.denoise({ __proto__: 1, constructor: 2 });',
    ...ATTACKS.map((attack, i) => ({
      source: `const a = ${i};`,
      execution_count: i + 1,
      outputs: [
        error('TypeScriptError', attack, [`line 1:7 - ${attack}`, `   1 | const a = ${i};`, '     |       ^'])
      ]
    })),
    // Too long to be read: it costs nothing and gets no header.
    `${'const y = { a: [1, 2, 3] };\n'.repeat(38_000)}await hysim.embed({ data });`,
    'const last = 1;'
  ];
  await watch(page);
  await openNotebook(page, 'code.ipynb', stageNotebook(...(cells as string[])), tmpPath);
  await expect(header(page, 'Denoise on the manifold').first()).toBeVisible({ timeout: 60_000 });
  await expect(page.locator('.hs-Fault').first()).toBeVisible();
  for (const mark of (await page.locator('.hs-Fault').all()).slice(0, 3)) {
    await mark.scrollIntoViewIfNeeded();
    await mark.hover();
    await expect(page.locator('.hs-FaultTip')).toBeVisible();
    expect((await harm(page)).markup).toEqual([]);
  }
  await expect(header(page, 'Embed')).toHaveCount(0);
  expect((await harm(page)).slowest).toBeLessThan(QUICK * (await slowness(page)));

  // Typing below the long cell: it is not read again at each key.
  const index = cells.length - 1;
  await page.locator('.jp-Notebook .jp-Cell').nth(index).locator('.cm-content').click();
  await page.keyboard.press('End');
  const started = Date.now();
  await page.keyboard.type(' // forty letters, typed as fast as it goes', { delay: 5 });
  expect(Date.now() - started).toBeLessThan(8000 * (await slowness(page)));
  expect(await sourceOf(page, index)).toContain('as fast as it goes');
  const { slowest, ...rest } = await harm(page);
  expect(rest).toEqual(HARMLESS);
  expect(slowest).toBeLessThan(QUICK * (await slowness(page)));
});

test('what a kernel reports of jobs and errors is words', async ({ page, tmpPath }) => {
  const report = `const host = (globalThis as any)[Symbol.for("hysim.host")];
for (const [i, text] of ${JSON.stringify(ATTACKS)}.entries())
  host.job({ job: text + i, stage: text, status: "running", message: text, elapsed: 1, fraction: 0.5, constructor: 1 });
await new Promise(resolve => setTimeout(resolve, 1500));
throw new Error(${JSON.stringify(ATTACKS.join('\n'))});
await hysim.simulate({});`;
  await openNotebook(
    page,
    'jobs.ipynb',
    stageNotebook('import * as hysim from "hysim-lab";', report),
    tmpPath
  );
  await watch(page);
  await page.notebook.runCell(0, true);
  const done = page.notebook.runCell(1, true);
  await expect(page.locator('.hs-JobStatus-text')).toContainText('50 %', { timeout: 30_000 });
  const during = await harm(page);
  expect({ ...during, slowest: 0 }).toEqual({ ...HARMLESS, slowest: 0 });
  await done;
  await expect(header(page, 'Simulate')).toHaveAttribute('data-hs-state', 'failed');
  const { slowest, ...rest } = await harm(page);
  expect(rest).toEqual(HARMLESS);
  expect(slowest).toBeLessThan(QUICK * (await slowness(page)));
});
