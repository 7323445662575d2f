// `npm run pictures`: the screenshots of the README, in docs/pictures/. A real JupyterLab runs the sample notebook in a
// copy of its folder, so that nothing here is changed but the pictures; a Chromium that is already installed looks at it.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { chromium } from '@playwright/test';
import { findChromium } from './checks/chromium.mjs';
import { parseArgs } from './setup/args.mjs';
import { ROOT, testEnv, venvPython } from './setup/paths.mjs';

const OPTIONS = {
  quick: { help: 'do not run the notebook: the saved, executed copy of `npm start` is shown' },
  help: { help: 'print this' }
};
const OUTPUT = path.join(ROOT, 'docs', 'pictures');
const SIZE = { width: 1440, height: 900 };
const THEMES = { '': 'JupyterLab Light', '-dark': 'JupyterLab Dark' };
/** Picture -> the stage whose cell it shows. */
const PICTURES = {
  lab: 'embed',
  manifold: 'denoise',
  weights: 'weigh',
  ablation: 'ablate',
  certificate: 'certify'
};
/** Milliseconds that the whole sample may take: it trains models. */
const RUN = 900_000;
/** Bytes beyond which a picture is too dear for a README. */
const HEAVY = 700_000;

/** @returns {Promise<number>} a port that nobody listens on */
function freePort() {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

/**
 * A folder with the notebook and its data, and settings that keep the page still.
 * @param {boolean} quick
 */
function prepare(quick) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'hysim-pictures-'));
  const examples = path.join(ROOT, 'examples');
  const source = path.join(examples, quick ? 'pk-sample.executed.ipynb' : 'pk-sample.ipynb');
  if (!fs.existsSync(source)) throw new Error(`${source} is missing: run npm start -- --headless first.`);
  fs.mkdirSync(path.join(folder, 'work'));
  fs.copyFileSync(source, path.join(folder, 'work', 'pk-sample.ipynb'));
  fs.cpSync(path.join(examples, 'data'), path.join(folder, 'work', 'data'), { recursive: true });
  for (const [plugin, name, value] of /** @type {const} */ ([
    ['apputils-extension', 'notification', { fetchNews: 'false', checkForUpdates: false }],
    ['notebook-extension', 'tracker', { windowingMode: 'none' }]
  ])) {
    const place = path.join(folder, 'settings', '@jupyterlab', plugin);
    fs.mkdirSync(place, { recursive: true });
    fs.writeFileSync(path.join(place, `${name}.jupyterlab-settings`), JSON.stringify(value));
  }
  return folder;
}

/**
 * @param {string} folder
 * @param {number} port
 */
function startLab(folder, port) {
  const args = [
    '-m',
    'jupyterlab',
    '--no-browser',
    '--ServerApp.ip=127.0.0.1',
    `--ServerApp.port=${port}`,
    '--ServerApp.port_retries=0',
    `--ServerApp.root_dir=${path.join(folder, 'work')}`,
    // It listens on this machine alone, and ends with this script.
    '--IdentityProvider.token=',
    '--LabApp.news_url=',
    '--LabApp.expose_app_in_browser=True',
    ...(process.getuid?.() === 0 ? ['--allow-root'] : [])
  ];
  const env = {
    ...testEnv(ROOT),
    JUPYTERLAB_SETTINGS_DIR: path.join(folder, 'settings'),
    JUPYTERLAB_WORKSPACES_DIR: path.join(folder, 'workspaces')
  };
  const log = fs.openSync(path.join(folder, 'lab.log'), 'w');
  return spawn(venvPython(ROOT), args, { cwd: folder, env, stdio: ['ignore', log, log] });
}

/**
 * @param {string} url
 * @param {import('node:child_process').ChildProcess} lab
 */
async function answers(url, lab) {
  for (let i = 0; i < 240; i++) {
    if (lab.exitCode !== null) throw new Error(`JupyterLab ended with exit code ${lab.exitCode}.`);
    const ok = await fetch(url).then(
      reply => reply.ok,
      () => false
    );
    if (ok) return;
    await new Promise(resolve => setTimeout(resolve, 500));
  }
  throw new Error('JupyterLab did not answer within two minutes.');
}

/**
 * Runs a command of JupyterLab.
 * @param {import('@playwright/test').Page} page
 * @param {string} id
 * @param {Record<string, unknown>} [args]
 */
async function command(page, id, args = {}) {
  await page.evaluate(async ([name, given]) => {
    const app = /** @type {any} */ (globalThis).jupyterapp;
    await app.commands.execute(name, given);
  }, /** @type {const} */ ([id, args]));
}

/**
 * @param {import('@playwright/test').Page} page
 * @param {string} name
 */
async function shoot(page, name) {
  await page.mouse.move(2, 2);
  // Drawings follow the theme in the next frames.
  await page.waitForTimeout(1000);
  const file = path.join(OUTPUT, `${name}.png`);
  await page.screenshot({ path: file });
  const { size } = fs.statSync(file);
  console.log(`${path.relative(ROOT, file)}: ${Math.round(size / 1024)} kB`);
  if (size > HEAVY) console.warn(`  That is more than ${HEAVY / 1000} kB: crop it, or show less.`);
}

/**
 * Brings a cell with a view to the top of the page: the last that calls the stage, which in the sample says most.
 * @param {import('@playwright/test').Page} page
 * @param {string} stage
 */
async function turnTo(page, stage) {
  const cells = page.locator('.jp-CodeCell').filter({ has: page.locator('.hs-View canvas') });
  const cell = cells.filter({ hasText: `hysim.${stage}(` }).last();
  await cell.waitFor({ timeout: 60_000 });
  await cell.evaluate(node => node.scrollIntoView({ block: 'start', behavior: 'instant' }));
}

/**
 * Opens the graph beside the notebook, and the form of a stage.
 * @param {import('@playwright/test').Page} page
 */
async function graphAndForm(page) {
  await command(page, 'hysim:open-dataflow');
  await page.locator('.hs-Graph-pane .react-flow__node').first().waitFor({ timeout: 60_000 });
  const header = page.locator('.hs-StageHeader[aria-label="Stage: Denoise on the manifold"]').first();
  await header.evaluate(node => node.scrollIntoView({ block: 'start', behavior: 'instant' }));
  if (!(await page.locator('.hs-Form').count())) await header.getByRole('button', { name: /^Form/ }).click();
  await page.locator('.hs-Form').first().waitFor();
}

/**
 * Closes what graphAndForm has opened.
 * @param {import('@playwright/test').Page} page
 */
async function withoutGraph(page) {
  await page
    .locator('.hs-StageHeader')
    .getByRole('button', { name: /^Form/, expanded: true })
    .first()
    .click();
  await page.locator('.lm-TabBar-tab', { hasText: 'Dataflow' }).locator('.lm-TabBar-tabCloseIcon').click();
}

/** @returns {Promise<never>} rejects when the sample takes longer than it may */
function tooLate() {
  return new Promise((_, reject) => {
    const minutes = RUN / 60_000;
    setTimeout(() => reject(new Error(`The sample did not end within ${minutes} minutes.`)), RUN).unref();
  });
}

/**
 * @param {import('@playwright/test').Page} page
 * @param {string} url
 * @param {boolean} quick
 */
async function takePictures(page, url, quick) {
  await page.goto(`${url}/lab/tree/pk-sample.ipynb?reset`);
  await page.locator('.hs-StageHeader').first().waitFor({ timeout: 120_000 });
  if (await page.locator('#jp-left-stack:visible').count())
    await command(page, 'application:toggle-left-area');
  if (!quick) {
    // Headers come before the kernel does; a notebook without one runs nothing, and does not complain.
    await page.locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]').waitFor({ timeout: 60_000 });
    console.log('Running the sample notebook; this takes minutes.');
    await Promise.race([command(page, 'notebook:run-all-cells'), tooLate()]);
    const open = page.locator('.hs-StageHeader:not([data-hs-state="fresh"])').first();
    if (await open.count())
      throw new Error(
        `${await open.getAttribute('aria-label')} is ${await open.getAttribute('data-hs-state')}.`
      );
  }
  for (const [suffix, theme] of Object.entries(THEMES)) {
    await command(page, 'apputils:change-theme', { theme });
    await page.waitForFunction(
      name => /** @type {any} */ (globalThis).document.body.dataset.jpThemeName === name,
      theme
    );
    await graphAndForm(page);
    await shoot(page, `dataflow${suffix}`);
    await withoutGraph(page);
    for (const [name, stage] of Object.entries(PICTURES)) {
      await turnTo(page, stage);
      await shoot(page, `${name}${suffix}`);
    }
  }
}

async function main() {
  const options = parseArgs(process.argv.slice(2), OPTIONS, 'npm run pictures --');
  if (options['help']) {
    for (const [name, { help }] of Object.entries(OPTIONS)) console.log(`--${name}  ${help}`);
    return;
  }
  const executablePath = findChromium();
  if (!executablePath) throw new Error('No Chromium was found: install one, or name it in HYSIM_CHROMIUM.');
  const quick = options['quick'] === true;
  const folder = prepare(quick);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const lab = startLab(folder, port);
  const browser = await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-dev-shm-usage']
  });
  let done = false;
  try {
    await answers(`${url}/api`, lab);
    fs.mkdirSync(OUTPUT, { recursive: true });
    const page = await browser.newPage({ viewport: SIZE, reducedMotion: 'reduce' });
    await takePictures(page, url, quick);
    done = true;
  } finally {
    await browser.close();
    lab.kill('SIGTERM');
    await new Promise(resolve => (lab.exitCode === null ? lab.once('exit', resolve) : resolve(undefined)));
    if (done) fs.rmSync(folder, { recursive: true, force: true });
    else console.error(`What JupyterLab said is in ${path.join(folder, 'lab.log')}.`);
  }
}

main().catch(error => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
