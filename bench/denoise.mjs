// `npm run bench -- denoise`: the symmetric eigensolver against ml-matrix, and denoise on the PK sample, all in one run.
// Milliseconds, best of several. `denoise` and its probes run as tasks in this process, without the engine's transport;
// their peer is what ml-matrix takes for their eigenproblems alone. Compiled code: npm run build:lib first.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';

const root = fileURLToPath(new URL('..', import.meta.url));
const lib = file => import(new URL(`../lib/kernel/${file}`, import.meta.url).href);
const [{ symmetricEigen }, theory, hysim, tasks] = await Promise.all([
  lib('theory/linalg.js'),
  lib('theory/index.js'),
  lib('stages/index.js'),
  lib('engine/tasks/denoise.js')
]);

/** Milliseconds of the best of `rounds`, after one that is not counted. */
async function best(run, rounds = 5) {
  let least = Infinity;
  for (let i = 0; i <= rounds; i++) {
    const start = performance.now();
    await run();
    if (i > 0) least = Math.min(least, performance.now() - start);
  }
  return least;
}

function tell(name, one, ours, peer) {
  const line = { name, case: one, ours, peer, peerName: 'ml-matrix', ratio: ours / peer, unit: 'ms' };
  console.log(
    JSON.stringify(line, (_, value) => (typeof value === 'number' ? +value.toPrecision(3) : value))
  );
}

/** y y^T of n rows with falling variance. */
function scatter(n) {
  const random = new theory.Random(n);
  const y = theory.matrix(n, 2 * n);
  for (let i = 0; i < n; i++)
    for (let p = 0; p < 2 * n; p++) y.data[i * 2 * n + p] = random.normal() / (1 + p);
  const a = theory.matrix(n, n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++)
      for (let p = 0; p < 2 * n; p++) a.data[i * n + j] += y.data[i * 2 * n + p] * y.data[j * 2 * n + p];
  return a;
}

const ofMl = a =>
  new EigenvalueDecomposition(Matrix.from1DArray(a.rows, a.cols, a.data), { assumeSymmetric: true });

/** Milliseconds of one matrix in ml-matrix, by its size. */
const peer = new Map();
for (const n of [10, 16, 20, 30, 32, 60, 64, 128, 384]) {
  const a = scatter(n);
  const repeats = Math.max(1, Math.round(2e6 / n ** 3));
  const each = async run =>
    (await best(() => {
      for (let i = 0; i < repeats; i++) run();
    })) / repeats;
  peer.set(n, await each(() => ofMl(a)));
  if (![16, 32, 64, 128, 384].includes(n)) continue;
  const some = Math.min(18, n);
  tell('symmetricEigen', `n ${n}, all vectors`, await each(() => symmetricEigen(a)), peer.get(n));
  tell('symmetricEigen', `n ${n}, ${some} vectors`, await each(() => symmetricEigen(a, some)), peer.get(n));
  tell('symmetricEigen', `n ${n}, values`, await each(() => symmetricEigen(a, 0)), peer.get(n));
}

const tables = await hysim.load({ path: path.join(root, 'examples', 'data', 'pk-sample') });
const samples = await hysim.samples({ tables });
const shift = { source: { table_kind: 'nca' }, target: { table_kind: 'poppk' }, seed: 1 };
const data = await hysim.split({ samples }, shift);
const { vectors, dimension } = await hysim.embed({ data }, { encoder: 'minilm' });
await hysim.engine().stop();
const job = { progress() {}, due: () => false, throwIfCancelled() {} };

function input(rows, extra) {
  const trusted = new Set(data.rows('source', 'C'));
  const places = wanted => rows.flatMap((row, k) => (wanted(row) ? [k] : []));
  const taken = new Float32Array(rows.length * dimension);
  rows.forEach((row, k) =>
    taken.set(vectors.subarray(row * dimension, (row + 1) * dimension), k * dimension)
  );
  return {
    ...{ vectors: taken, dimension, papers: rows.map(row => data.paper[row]) },
    fit: places(row => data.fold[row] === 'F'),
    reference: places(row => trusted.has(row)),
    reviewable: places(row => 'FC'.includes(data.fold[row])),
    ...{ neighbors: 20, maxRank: 64, fdr: 0.1, seed: 0, keepFrame: true },
    ...extra
  };
}

const all = data.paper.map((_, row) => row);
const { frame } = await tasks.denoise.run(input(all), job);
// 200 spectra of the vote at 60 neighbours, one global PCA, one tangent plane a row.
const eigen = all.length * peer.get(20) + 200 * peer.get(60) + peer.get(384);
tell('denoise', `${all.length} rows`, await best(() => tasks.denoise.run(input(all), job), 3), eigen);
const open = all.filter(row => 'FC'.includes(data.fold[row]));
for (const neighbors of [10, 30, 60, 128]) {
  const tried = input(open, { neighbors, frame });
  const ours = await best(() => tasks.denoise.run(tried, job), 3);
  const one = peer.get(Math.min(neighbors, 64));
  tell('probe', `${open.length} rows, ${neighbors} neighbors`, ours, open.length * one);
}
