// `npm run bench -- dataflow`: what a change of one parameter costs in a notebook of twelve stages, and what it costs to
// take a large result from the cache. On the PK sample, in a folder of its own; values that live in memory are forgotten
// between the measurements, as by a restart. Compiled code: npm run build:lib first.
import { tellAnalysis } from './analysis.mjs';
import { tellPanelDrag } from './panel-drag.mjs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const lib = file => import(new URL(`../lib/kernel/${file}`, import.meta.url).href);
const [hysim, { forgetAlive }, { Random }] = await Promise.all([
  lib('stages/index.js'),
  lib('stages/cache/identity.js'),
  lib('theory/index.js')
]);

const folder = await mkdtemp(path.join(os.tmpdir(), 'hysim-bench-'));
process.chdir(folder);
delete process.env.HYSIM_CACHE;

/** Stages that ran since it was emptied: told by their jobs, as a front end is told. */
let ran = [];
globalThis[Symbol.for('hysim.host')] = {
  job({ stage, status, message }) {
    if (status === 'done' && message !== 'from the cache') ran.push(stage);
  },
  onInterrupt: () => () => {},
  display() {},
  answerViews() {}
};

function tell(name, one, ours, peer, peerName, unit) {
  const line = { name, case: one, ours, peer, peerName, ratio: ours / peer, unit };
  console.log(
    JSON.stringify(line, (_, value) => (typeof value === 'number' ? +value.toPrecision(3) : value))
  );
}

/** The cells: name, stage, inputs by port, parameters. */
const CELLS = [
  ['tables', 'load', {}, { path: path.join(root, 'examples', 'data', 'pk-sample') }],
  ['samples', 'samples', { tables: 'tables' }, {}],
  [
    'data',
    'split',
    { samples: 'samples' },
    { source: { table_kind: 'nca' }, target: { table_kind: 'poppk' }, seed: 1 }
  ],
  ['space', 'embed', { data: 'data' }, { encoder: 'minilm' }],
  ['clean', 'denoise', { space: 'space' }, { neighbors: 20 }],
  ['decided', 'review', { clean: 'clean' }, {}],
  ['weights', 'weigh', { space: 'space', clean: 'decided' }, {}],
  ['base', 'finetune', { data: 'data' }, {}],
  ['model', 'finetune', { data: 'data', weights: 'weights', clean: 'decided' }, {}],
  ['scores', 'evaluate', { data: 'data', model: 'model' }, {}],
  ['report', 'ablate', { data: 'data', weights: 'weights', clean: 'decided' }, { seeds: 1 }],
  [
    'proof',
    'certify',
    { data: 'data', weights: 'weights', clean: 'decided', model: 'model', baseline: 'base' },
    {}
  ]
];

/** Runs all cells from nothing but the files; `change` is a cell's name and its further parameters. */
async function run([changed, change] = []) {
  forgetAlive();
  ran = [];
  const values = {};
  for (const [name, stage, ports, given] of CELLS) {
    const params = name === changed ? { ...given, ...change } : given;
    const inputs = Object.fromEntries(Object.entries(ports).map(([port, from]) => [port, values[from]]));
    const call = hysim[stage];
    values[name] = await (Object.keys(ports).length > 0 ? call(inputs, params) : call(params));
  }
  return values;
}

/** The cell and all that hang on it, from what the cells say alone. */
function affected(changed) {
  const names = new Set([changed]);
  for (const [name, , ports] of CELLS)
    if (Object.values(ports).some(from => names.has(from))) names.add(name);
  return names.size;
}

async function milliseconds(work) {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

const first = await run();
const changes = [
  ['data', { seed: 2 }],
  ['clean', { neighbors: 21 }],
  ['weights', { cap: 1.5 }],
  ['model', { epochs: 30 }],
  ['base', { epochs: 30 }]
];
for (const change of changes) {
  await run(change);
  const [[parameter, value]] = Object.entries(change[1]);
  tell(
    'redo',
    `${change[0]}: ${parameter} ${value}`,
    ran.length,
    affected(change[0]),
    'stages affected',
    'stages'
  );
}

/** The least of several hits, each read from the files. */
async function hit(work) {
  let least = Infinity;
  for (let i = 0; i < 5; i++) {
    forgetAlive();
    least = Math.min(least, await milliseconds(work));
  }
  return least;
}

const encoder = { encoder: 'minilm' };
const { seconds } = first.space.provenance;
const sample = await hit(() => hysim.embed({ data: first.data }, encoder));
tell(
  'cache-hit',
  `embed, the PK sample, ${(first.space.vectors.byteLength / 1e6).toFixed(1)} MB`,
  sample,
  1000 * seconds,
  'recomputed',
  'ms'
);

// 50 MB of vectors: embedding them is checking them, and the picture's principal components.
const [n, dimension] = [32_552, 384];
const random = new Random(1);
const vectors = { dimension, values: Float32Array.from({ length: n * dimension }, () => random.normal()) };
const each = of => Array.from({ length: n }, (_, i) => of(i));
const large = new hysim.Data({
  ids: each(i => `row ${i}`),
  text: each(i => `row ${i}`),
  label: each(i => String(i % 2)),
  paper: each(i => `paper ${i % 900}`),
  table: each(i => `paper ${i % 900}`),
  domain: each(i => (i % 2 ? 'source' : 'target')),
  fold: each(() => 'F'),
  columns: {},
  vectors
});
const anew = await milliseconds(() => hysim.embed({ data: large }));
const again = await hit(() => hysim.embed({ data: large }));
tell(
  'cache-hit',
  `embed, ${(vectors.values.byteLength / 1e6).toFixed(0)} MB`,
  again,
  anew,
  'recomputed',
  'ms'
);

await hysim.engine().stop();
process.chdir(root);
await rm(folder, { recursive: true });

await tellAnalysis();
await tellPanelDrag();
