// `npm run theory-pictures`: the pictures of docs/theory.md, drawn by the product's own views from simulated data. The
// library has to be compiled (npm run build:lib).
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as hysim from '../lib/kernel/stages/index.js';
import { renderPng } from '../lib/kernel/views/index.js';
import { ROOT } from './setup/paths.mjs';

const OUTPUT = path.join(ROOT, 'docs', 'pictures');
/** CSS pixels: narrow, so that words stay readable on a page. */
const WIDTH = 820;

/**
 * @param {string} name
 * @param {import('../lib/common/views/index.js').ViewPayload} payload
 */
function draw(name, payload) {
  const file = path.join(OUTPUT, `theory-${name}.png`);
  fs.writeFileSync(file, renderPng(payload, { width: WIDTH }));
  console.log(`${path.relative(ROOT, file)}: ${Math.round(fs.statSync(file).size / 1024)} kB`);
}

/**
 * The certificate's first block, the bound on the risk: the whole is long.
 * @param {hysim.Certificate} proof
 */
function first(proof) {
  const payload = proof.view();
  return { ...payload, blocks: payload.blocks.slice(0, 1) };
}

/**
 * Every stage on one draw; the same seed gives the same pictures.
 * @param {hysim.SimulateParams} params
 */
async function analyse(params) {
  const data = await hysim.simulate({ seed: 1, ...params });
  const space = await hysim.embed({ data });
  const clean = await hysim.denoise({ space }, { reference: 'target', fdr: 0.1 });
  const weights = await hysim.weigh({ space, clean });
  const baseline = await hysim.finetune({ data });
  const model = await hysim.finetune({ data, weights, clean });
  const proof = await hysim.certify({ data, weights, clean, model, baseline }, { delta: 0.05 });
  return { clean, weights, proof };
}

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'hysim-theory-'));
process.chdir(folder);
try {
  const large = await analyse({ shift: 1, contamination: 0.1 });
  draw('manifold', large.clean.view());
  draw('weights', large.weights.view());
  draw('certificate', first(large.proof));
  const few = await analyse({ shift: 2, contamination: 0.1, source_papers: 200, target_papers: 200 });
  draw('vacuous', first(few.proof));
} finally {
  await hysim.engine().stop();
  process.chdir(ROOT);
  fs.rmSync(folder, { recursive: true, force: true });
}
