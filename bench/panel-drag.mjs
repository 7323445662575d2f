/* global window, requestAnimationFrame, cancelAnimationFrame -- in the page */
// Dragging a node in the graph of 200 cells, in a real JupyterLab and a headless Chromium: the median time of a frame in
// milliseconds, against two frames of a 60 Hz screen. Called by `npm run bench -- dataflow`, or by itself. What the
// page computed for a frame (its thread's own time) is told beside it: on a busy machine frames are late for other reasons.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { chromium } from '@playwright/test';
import { findChromium } from '../scripts/checks/chromium.mjs';
import { ROOT, testEnv } from '../scripts/setup/paths.mjs';

const CELLS = 200;
const MOVES = 80;
const SCREEN = 1000 / 30;

/** Branches of an analysis: one data set and space, and for each number of neighbours its own way to a report. */
function sources() {
  const cells = [
    'import * as hysim from "hysim-lab";',
    'const data = await hysim.simulate({});',
    'const space = await hysim.embed({ data });'
  ];
  for (let i = 1; cells.length < CELLS; i++) {
    cells.push(
      `const c${i} = await hysim.denoise({ space }, { neighbors: ${10 + i} });`,
      `const w${i} = await hysim.weigh({ space, clean: c${i} });`,
      `const m${i} = await hysim.finetune({ data, weights: w${i}, clean: c${i} });`,
      `const e${i} = await hysim.evaluate({ data, model: m${i} });`
    );
  }
  return cells.slice(0, CELLS);
}

function notebook() {
  return JSON.stringify({
    cells: sources().map((source, i) => ({
      cell_type: 'code',
      id: `cell-${i}`,
      metadata: {},
      execution_count: null,
      outputs: [],
      source
    })),
    metadata: { kernelspec: { name: 'hysim', display_name: 'HySim (TypeScript)', language: 'typescript' } },
    nbformat: 4,
    nbformat_minor: 5
  });
}

const freePort = () =>
  new Promise((resolve, reject) => {
    const server = net.createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

async function answers(url, tries = 120) {
  for (let i = 0; i < tries; i++) {
    try {
      if ((await fetch(url)).ok) return;
    } catch {
      // Not yet.
    }
    await new Promise(resolve => setTimeout(resolve, 500));
  }
  throw new Error(`${url} does not answer. Run \`npm start -- --headless\` once: it sets JupyterLab up.`);
}

/** Drags a node about, and gathers how long the frames took and what the browser did in them. */
async function drag(page) {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Performance.enable', { timeDomain: 'threadTicks' });
  const busy = async () => {
    const { metrics } = await cdp.send('Performance.getMetrics');
    return metrics.find(({ name }) => name === 'TaskDuration').value * 1000;
  };
  const box = await page.locator('.hs-Dataflow .hs-Node .hs-Node-title').nth(4).boundingBox();
  const [x, y] = [box.x + 10, box.y + 6];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + 8, y + 8);
  await page.evaluate(() => {
    const frames = [];
    let last = performance.now();
    const frame = now => {
      frames.push(now - last);
      last = now;
      window.hysimFrame = requestAnimationFrame(frame);
    };
    window.hysimFrames = frames;
    window.hysimFrame = requestAnimationFrame(frame);
  });
  const before = await busy();
  for (let i = 0; i < MOVES; i++) await page.mouse.move(x + 90 * Math.sin(i / 12), y + 60 * Math.cos(i / 9));
  const spent = (await busy()) - before;
  const frames = await page.evaluate(() => {
    cancelAnimationFrame(window.hysimFrame);
    return window.hysimFrames.slice(1);
  });
  await page.mouse.up();
  frames.sort((a, b) => a - b);
  return { median: frames[frames.length >> 1], task: spent / frames.length, frames: frames.length };
}

/** @returns {Promise<{ median: number, task: number, frames: number }>} */
export async function panelDrag() {
  const executablePath = findChromium();
  if (!executablePath) throw new Error('No Chromium was found: install one, or name it in HYSIM_CHROMIUM.');
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'hysim-bench-'));
  fs.writeFileSync(path.join(folder, 'bench.ipynb'), notebook());
  const port = await freePort();
  const server = spawn(
    'jupyter',
    [
      'lab',
      '--no-browser',
      '--allow-root',
      '--ip=127.0.0.1',
      `--port=${port}`,
      '--IdentityProvider.token=',
      `--ServerApp.root_dir=${folder}`,
      '--LabApp.expose_app_in_browser=True'
    ],
    { env: testEnv(ROOT), stdio: 'ignore' }
  );
  const browser = await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-dev-shm-usage']
  });
  try {
    await answers(`http://127.0.0.1:${port}/api`);
    const page = await browser.newPage({ viewport: { width: 1680, height: 1050 } });
    await page.goto(`http://127.0.0.1:${port}/lab/tree/bench.ipynb?reset`);
    await page.locator('.jp-NotebookPanel .jp-Cell').first().waitFor({ timeout: 120_000 });
    await page.evaluate(() => window.jupyterapp.commands.execute('hysim:open-dataflow'));
    await page.locator('.hs-Dataflow .hs-Node').nth(6).waitFor({ timeout: 60_000 });
    // The kernel starts meanwhile, which is not what is measured.
    await page.waitForTimeout(10_000);
    return await drag(page);
  } finally {
    await browser.close();
    server.kill();
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

export async function tellPanelDrag() {
  const { median, task, frames } = await panelDrag();
  const line = {
    name: 'dataflow',
    case: 'panel-drag',
    ours: median,
    peer: SCREEN,
    peerName: 'two frames of 60 Hz'
  };
  console.log(JSON.stringify({ ...line, ratio: median / SCREEN, unit: 'ms', task, frames }));
}

if (process.argv[1] === new URL(import.meta.url).pathname) await tellPanelDrag();
