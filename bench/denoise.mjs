// `npm run bench -- denoise`: the symmetric eigensolver against ml-matrix, and denoise on the PK sample, all in one run.
// Milliseconds, best of several. `denoise` and its probes run as tasks in this process, without the engine's transport;
// their peer is the same task with ml-matrix in the solver's place. Compiled code: npm run build:lib first.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';

const root = fileURLToPath(new URL('..', import.meta.url));
const lib = file => import(new URL(`../lib/kernel/${file}`, import.meta.url).href);
const [{ symmetricEigen }, { SymmetricSolver }, theory, hysim, tasks] = await Promise.all([
  lib('theory/linalg.js'),
  lib('theory/eigen/symmetric.js'),
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

for (const n of [16, 32, 64, 128, 384]) {
  const a = scatter(n);
  const repeats = Math.max(1, Math.round(2e6 / n ** 3));
  const each = async run =>
    (await best(() => {
      for (let i = 0; i < repeats; i++) run();
    })) / repeats;
  const peer = await each(() => ofMl(a));
  for (const [words, count] of Object.entries({ all: n, few: Math.ceil(n / 4), no: 0 }))
    tell(
      'symmetricEigen',
      `n ${n}, ${words} vectors (${count})`,
      await each(() => symmetricEigen(a, count)),
      peer
    );
}

/** What SymmetricSolver does, by ml-matrix. */
const byMl = {
  decompose(a) {
    const full = { rows: this.n, cols: this.n, data: a.slice() };
    for (let i = 0; i < this.n; i++)
      for (let j = 0; j < i; j++) full.data[j * this.n + i] = a[i * this.n + j];
    const evd = ofMl(full);
    const found = evd.realEigenvalues;
    const order = found.map((_, j) => j).sort((i, j) => found[j] - found[i]);
    this.values.set(order.map(j => found[j]));
    this.found = order.map(j => evd.eigenvectorMatrix.getColumn(j));
  },
  findVectors(count) {
    this.count = count;
  },
  coordinates(x, out) {
    for (let j = 0; j < this.count; j++)
      out[j] = this.found[j].reduce((sum, value, i) => sum + value * x[i], 0);
  },
  combine(c, out) {
    out.fill(0);
    for (let j = 0; j < this.count; j++) for (let i = 0; i < this.n; i++) out[i] += c[j] * this.found[j][i];
  },
  vector(j, out) {
    out.set(this.found[j]);
  }
};

async function compare(name, one, run) {
  const ours = await best(run, 3);
  const own = Object.fromEntries(Object.keys(byMl).map(key => [key, SymmetricSolver.prototype[key]]));
  Object.assign(SymmetricSolver.prototype, byMl);
  const peer = await best(run, 3);
  Object.assign(SymmetricSolver.prototype, own);
  tell(name, one, ours, peer);
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
await compare('denoise', `${all.length} rows`, () => tasks.denoise.run(input(all), job));
const open = all.filter(row => 'FC'.includes(data.fold[row]));
for (const neighbors of [10, 30, 60, 128]) {
  const tried = input(open, { neighbors, frame });
  await compare('probe', `${open.length} rows, ${neighbors} neighbors`, () => tasks.denoise.run(tried, job));
}
