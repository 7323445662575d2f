// `npm run bench -- manifold [CASE ...]`: neighbours, local PCA and denoising at 10,000 to 100,000 rows against peers from
// PyPI (peers.mjs), in one run. `ours` and `peer` are CPU seconds at one thread, `wall2` and `peerWall2` wall seconds at
// two; `bound` is the most that the ratio may be. Compiled code: npm run build:lib first.
import fs from 'node:fs';
import { handOver, least, runCases, tell, timed } from './clock.mjs';
import { clusteredRows } from './data.mjs';
import { peerTimes } from './peers.mjs';
import { umapCase } from './umap.mjs';

const lib = file => import(new URL(`../lib/kernel/${file}`, import.meta.url).href);
const [theory, { Pool }, { exactNeighbors }, { denoise }] = await Promise.all([
  lib('theory/index.js'),
  lib('engine/pool.js'),
  lib('engine/neighbors.js'),
  lib('engine/tasks/denoise.js')
]);

const job = { progress() {}, due: () => false, throwIfCancelled() {} };
const NAME = 'manifold';
const COLUMNS = 384;

/** What `run` takes with a pool of so many threads. */
async function pooled(threads, run) {
  const pool = new Pool(job, threads);
  try {
    return await timed(() => run(pool));
  } finally {
    await pool.close();
  }
}

const rowsOf = (rows, columns) => ({ rows, cols: columns, data: clusteredRows({ rows, columns }) });

/** Our exact search of 50,000 rows, once for the cases that have it. */
let searched;
async function search() {
  if (searched) return searched;
  const x = rowsOf(50_000, COLUMNS);
  const find = pool => exactNeighbors(pool, { queries: x, k: 30 });
  const one = await pooled(1, find);
  const two = await pooled(2, find);
  return (searched = { file: handOver('knn-50k.f32', x.data), one, wall2: two.wall });
}

async function againstSearch(one, script, peerName, bound) {
  const { file, one: ours, wall2 } = await search();
  const peer = await peerTimes(script, { file, columns: COLUMNS, neighbors: 30 });
  const peers = { peer: peer.cpu, peerName, wall2, peerWall2: peer.wall2 };
  tell({ name: NAME, case: one, ours: ours.cpu, ...peers, bound, scanned: ours.result.scanned });
}

async function localPca(one) {
  const [rows, columns, neighbors, dimension] = [10_000, 64, 30, 8];
  const x = rowsOf(rows, columns);
  const near = theory.nearestNeighbors(x, x, neighbors, 'self');
  const run = () =>
    new theory.LocalPcaBatch(x.data, columns, neighbors, dimension).decompose(x.data, near.indices);
  run();
  const { cpu: ours, result: found } = await least(run, 3);
  const out = handOver('lpca.f64', new Float64Array(rows * dimension));
  const peer = await peerTimes('numpy_lpca', {
    ...{ file: handOver('lpca.f32', x.data), columns, neighbors, dimension, out },
    indices: handOver('lpca.i32', near.indices)
  });
  const exact = new Float64Array(fs.readFileSync(out).buffer.slice(0));
  let maxError = 0;
  for (let p = 0; p < exact.length; p++) {
    const largest = exact[p - (p % dimension)];
    maxError = Math.max(maxError, Math.abs(found.values[p] - exact[p]) / largest);
  }
  const peers = { peer: peer.cpu, peerName: 'numpy batched eigh', peerWall2: peer.wall2 };
  tell({ name: NAME, case: one, ours, ...peers, bound: 0.5, maxError });
}

/** The input of the stage's task: half of the papers in fold F. */
function denoiseInput(rows, threads, vectors = clusteredRows({ rows, columns: COLUMNS })) {
  const fold = i => (i % 1000) % 10;
  const where = wanted => Array.from({ length: rows }, (_, i) => i).filter(i => wanted(fold(i)));
  return {
    ...{ vectors, dimension: COLUMNS, papers: Array.from({ length: rows }, (_, i) => `p${i % 1000}`) },
    fit: where(f => f < 5),
    heldOut: where(f => f === 5 || f === 6),
    reference: where(f => f === 5),
    reviewable: where(f => f < 7),
    ...{ neighbors: 20, method: 'auto', maxRank: 64, fdr: 0.1, contamination: 0, seed: 0, threads }
  };
}

async function wholeDenoise(one) {
  const input = denoiseInput(50_000, 1);
  const ours = await timed(() => denoise.run(input, job));
  const two = await timed(() => denoise.run({ ...input, threads: 2 }, job));
  const peer = await peerTimes('sklearn_lof', {
    ...{ file: handOver('denoise.f32', input.vectors), columns: COLUMNS, neighbors: 20 }
  });
  const peers = { peer: peer.cpu, peerName: 'scikit-learn LOF', peerWall2: peer.wall2 };
  tell({ name: NAME, case: one, ours: ours.cpu, ...peers, wall2: two.wall, bound: 0.4 });
}

/** How CPU time grows with rows: the exponent between 10,000 and 100,000. */
async function growth(one) {
  const [few, many] = [10_000, 100_000];
  const exponent = async (stage, run, note) => {
    const times = [];
    for (const rows of [few, many]) times.push((await run(rows)).cpu);
    const grows = Math.log(times[1] / times[0]) / Math.log(many / few);
    tell({ name: NAME, case: `${one}: ${stage}`, ours: times[1], few: times[0], exponent: grows, note });
  };
  await exponent(
    'global PCA, 384 columns',
    async rows => {
      const x = rowsOf(rows, COLUMNS);
      return pooled(1, pool => theory.fitPcaInBlocks(x, pool.dense, { maxRank: 64 }));
    },
    'linear'
  );
  await exponent(
    'exact neighbours, 64 columns',
    async rows => {
      const x = rowsOf(rows, 64);
      return pooled(1, pool => exactNeighbors(pool, { queries: x, k: 20 }));
    },
    'exact search is quadratic'
  );
  await exponent(
    'denoise, 384 columns',
    rows => timed(() => denoise.run(denoiseInput(rows, 1), job)),
    'quadratic in its exact search'
  );
  // Beyond the data itself, at the largest size.
  const beyond = process.resourceUsage().maxRSS / 1024 - (many * COLUMNS * 4) / 2 ** 20;
  tell({
    name: NAME,
    case: `${one}: peak memory at 100,000 x 384 beyond the data`,
    ours: beyond,
    unit: 'MB',
    bound: 2048
  });
}

const CASES = {
  'knn-50k': one => againstSearch(one, 'sklearn_knn', 'scikit-learn brute', 0.35),
  'knn-50k-faiss': one => againstSearch(one, 'faiss_flat', 'faiss Flat', 0.65),
  'lpca-10k': localPca,
  'denoise-50k': wholeDenoise,
  'umap-50k': umapCase,
  growth
};

await runCases(CASES);
