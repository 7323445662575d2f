// `npm run bench -- ratio [CASE ...]`: density ratios of 50,000 source and 50,000 target rows of 16 columns against peers
// from PyPI (peers.mjs). `ours` and `peer` are CPU seconds at one thread, in one run; `wall2` and `peerWall2` are wall
// seconds at two. Both sides give the coefficients and the divergence of the fit on its own rows, as densratio does in one
// call. `growth` prints how weigh grows from 10,000 to 100,000 rows of 384 columns, by part, and the process's peak memory. Compiled code: npm run build:lib first.
import { handOver, least, runCases, tell, timed } from './clock.mjs';
import { peerTimes } from './peers.mjs';

const lib = file => import(new URL(`../lib/kernel/${file}`, import.meta.url).href);
const theory = await lib('theory/index.js');
const { BlockedKernelSums } = await lib('engine/kernel-sums.js');
const { weigh } = await lib('engine/tasks/weigh.js');

const COLUMNS = 16;
const ROWS = 50000;
const CENTRES = 200;
const ALPHA = 0.1;

/** Rows that count alike, as they do to the peers; the target moved by .25 in four columns and drawn in by .8 in two. */
function sample(rows, target, seed) {
  const random = new theory.Random(seed);
  const x = theory.matrix(rows, COLUMNS);
  for (let i = 0, p = 0; i < rows; i++)
    for (let j = 0; j < COLUMNS; j++, p++) {
      const z = random.normal();
      x.data[p] = target ? (j < 4 ? z + 0.25 : j < 6 ? 0.8 * z : z) : z;
    }
  const papers = Array.from({ length: rows }, (_, i) => `${target ? 't' : 's'}${Math.floor(i / 10)}`);
  return { x, papers, weights: new Float64Array(rows).fill(1) };
}

const pair = (rows, seed) => ({ source: sample(rows, false, seed), target: sample(rows, true, seed + 1) });

const bounds = { 'rulsif-50k': 0.12 };

async function rulsif(name, bandwidths, lambdas, rounds) {
  const warm = pair(3000, 90);
  const data = pair(ROWS, 1);
  const fit = async ({ source, target }, threads, widths = bandwidths) => {
    const sums = new BlockedKernelSums(threads);
    try {
      const options = { centres: CENTRES, bandwidths: widths, lambdas };
      const [ratio] = await theory.runSteps(theory.rulsifSteps(source, target, [ALPHA], options, sums));
      return ratio;
    } finally {
      await sums.dispose();
    }
  };
  await fit(warm, 1); // compiles the code
  const one = await least(() => fit(data, 1), rounds);
  const two = await least(() => fit(data, 2), rounds);
  const typical = (await fit(data, 1, [1])).bandwidth;
  const peer = await peerTimes('densratio_rulsif', {
    source: handOver('ratio-source.f64', data.source.x.data),
    target: handOver('ratio-target.f64', data.target.x.data),
    columns: COLUMNS,
    alpha: ALPHA,
    centres: CENTRES,
    sigmas: bandwidths.map(factor => factor * typical),
    lambdas,
    rounds
  });
  tell({
    name: 'ratio',
    case: name,
    ours: one.cpu,
    peer: peer.cpu,
    peerName: 'densratio',
    bound: bounds[name],
    wall: one.wall,
    wall2: two.wall,
    peerWall: peer.wall,
    peerWall2: peer.wall2,
    divergence: one.result.divergence,
    peerDivergence: peer.pe
  });
}

const CASES = {
  'rulsif-50k': () => rulsif('rulsif-50k', [1], [0.1], 6),
  'rulsif-grid-50k': () =>
    rulsif('rulsif-grid-50k', [0.35, 0.5, 0.7, 1, 1.4, 2, 4], [1e-4, 1e-3, 1e-2, 1e-1, 1, 10], 1),

  async 'logit-50k'() {
    const lambda = 1e-3;
    const data = pair(ROWS, 1);
    const held = pair(ROWS / 5, 3);
    theory.fitLogitQuad(...Object.values(pair(3000, 90)), { lambdas: [lambda] });
    const one = await least(() => theory.fitLogitQuad(data.source, data.target, { lambdas: [lambda] }), 6);
    const ratio = { ...one.result, scale: 1 };
    const mean = (x, sign) =>
      theory.evaluateRatio(ratio, x).reduce((sum, w) => sum + Math.log1p(w ** sign), 0) / x.rows;
    const loss = 0.5 * (mean(held.source.x, 1) + mean(held.target.x, -1));
    const peer = await peerTimes('sklearn_logistic', {
      source: handOver('ratio-source.f64', data.source.x.data),
      target: handOver('ratio-target.f64', data.target.x.data),
      heldSource: handOver('ratio-held-source.f64', held.source.x.data),
      heldTarget: handOver('ratio-held-target.f64', held.target.x.data),
      columns: COLUMNS,
      lambda,
      rounds: 6
    });
    tell({
      name: 'ratio',
      case: 'logit-50k',
      ours: one.cpu,
      peer: peer.cpu,
      peerName: 'scikit-learn LogisticRegression',
      wall: one.wall,
      peerWall: peer.wall,
      peerWall2: peer.wall2,
      loss,
      peerLoss: peer.loss
    });
  }
};

const DIMENSION = 384;

/** What weigh gets of `rows` rows: half source, half target moved along one of ten latent columns; folds by paper. */
function weighed(rows, method) {
  const random = new theory.Random(5);
  const latent = 10;
  const axes = Float32Array.from({ length: latent * DIMENSION }, () => random.normal() / Math.sqrt(latent));
  const vectors = new Float32Array(rows * DIMENSION);
  for (let i = 0; i < rows; i++) {
    const row = vectors.subarray(i * DIMENSION, (i + 1) * DIMENSION);
    for (let l = 0; l < latent; l++) {
      const t = random.normal() + (l === 0 && i >= rows / 2 ? 0.8 : 0);
      for (let j = 0, a = l * DIMENSION; j < DIMENSION; j++, a++) row[j] += t * axes[a];
    }
    for (let j = 0; j < DIMENSION; j++) row[j] += 0.05 * random.normal();
  }
  const part = (from, share, until) =>
    Array.from(
      { length: Math.round((until - share) * rows) / 2 },
      (_, i) => from + Math.round((share * rows) / 2) + i
    );
  const side = from => ({ F: part(from, 0, 0.5), C: part(from, 0.5, 0.7) });
  return {
    vectors,
    dimension: DIMENSION,
    papers: Array.from({ length: rows }, (_, i) => `p${i >> 3}`),
    kappa: new Float64Array(rows).fill(1),
    source: side(0),
    target: side(rows / 2),
    papersV: Math.round(rows / 53),
    papersU: Math.round(rows / 53),
    method,
    alpha: ALPHA,
    maxRank: COLUMNS,
    cap: null,
    seed: 0
  };
}

CASES.growth = async () => {
  for (const method of ['logit-quad', 'rulsif', 'auto']) {
    let small;
    for (const rows of [10000, 100000]) {
      const input = weighed(rows, method);
      // CPU seconds of the parts between marks: what the task says it does.
      const parts = {};
      let [name, since] = ['', process.cpuUsage()];
      const close = next => {
        const { user, system } = process.cpuUsage(since);
        if (name) parts[name] = (parts[name] ?? 0) + (user + system) / 1e6;
        [name, since] = [next, process.cpuUsage()];
      };
      const job = {
        progress: (_, words) => close(words.replace(/,? (bandwidth|ridge|row) .*$/, '')),
        due: () => false,
        throwIfCancelled() {}
      };
      const { cpu, wall, result } = await timed(() => weigh.run(input, job));
      close('');
      small ??= cpu;
      tell({
        name: 'ratio',
        case: `weigh-${method}-${rows}`,
        ours: cpu,
        wall,
        exponent: rows === 10000 ? undefined : Math.log10(cpu / small),
        chosen: result.method,
        peakMB: process.resourceUsage().maxRSS / 1024,
        dataMB: input.vectors.byteLength / 2 ** 20,
        parts
      });
    }
  }
};

await runCases(CASES);
