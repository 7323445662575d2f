// `npm run bench -- certify`: every term of a certificate on 100,000 rows of V of 1,000 papers, and as many of U: theorem
// 1B with its readings at 12 values of Γ, the tilt, 1A, 1A', 1C, the chi-square bound, the plan and direct labels, of a
// risk and of an improvement, for the average paper (for the average row beside). Seconds by the CPU and by the clock;
// the bound is 1 s in all. No peer computes these: the
// growth from 10,000 rows is printed beside. Compiled code: npm run build:lib first.
import { tell, timed } from './clock.mjs';

const { Random, ...theory } = await import(new URL('../lib/kernel/theory/index.js', import.meta.url).href);

const PAPERS = 1000;
const COLUMNS = 16;
const CAP = 4;

/** Rows of `PAPERS` papers that share half of their spread; the first component is shifted by .5 in the target. */
function side(rows, shift, seed) {
  const random = new Random(seed);
  const x = theory.matrix(rows, COLUMNS);
  const papers = Array.from({ length: rows }, (_, i) => `paper ${i % PAPERS}`);
  const shared = Float64Array.from({ length: PAPERS }, () => random.normal());
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < COLUMNS; j++) x.data[i * COLUMNS + j] = random.normal();
    x.data[i * COLUMNS] = shift + Math.SQRT1_2 * (shared[i % PAPERS] + x.data[i * COLUMNS]);
  }
  const ratio = Float64Array.from({ length: rows }, (_, i) => Math.exp(0.5 * x.data[i * COLUMNS] - 0.125));
  const errs = rate => Float64Array.from({ length: rows }, () => Number(random.uniform() < rate));
  return { x, papers: theory.indexPapers(papers), ratio, model: errs(0.2), baseline: errs(0.35) };
}

async function certify(rows) {
  const [v, u, c] = [side(rows, 0, 1), side(rows, 0.5, 2), side(2000, 0, 3)];
  const cU = side(2000, 0.5, 4);
  const parts = [];
  const at = async (name, run) => {
    const { result, cpu, wall } = await timed(run);
    parts.push({ name, cpu, wall });
    return result;
  };
  const kernel = await at('kernel', () => theory.kernelFor(rows, COLUMNS, theory.medianBandwidth(c.x)));
  const [weights, tail, weightsC, tailC] = await at('weights', () => [
    theory.cappedWeights(v.ratio, CAP),
    theory.tailVariable(u.ratio, CAP),
    theory.cappedWeights(c.ratio, CAP),
    theory.tailVariable(cU.ratio, CAP)
  ]);
  const embedded = { source: v.x, target: u.x, targetPapers: u.papers, kernel };
  const discrepancy = await at('discrepancy of 1C', () =>
    theory.discrepancyOf({ weights, papers: v.papers, ...embedded })
  );
  const [riskC, differenceC] = [c.model, c.model.map((loss, i) => loss - c.baseline[i])];
  const norms = await at('R of 1C', () => theory.ridgeNorms(kernel, c.x, [riskC, differenceC]));
  for (const [k, quantity] of ['risk', 'improvement'].entries()) {
    const of = ({ model, baseline }) =>
      quantity === 'risk' ? model : model.map((loss, i) => loss - baseline[i]);
    const losses = of(v);
    const fixed = await at('plan', () => {
      const onC = { losses: of(c), weights: weightsC, papers: c.papers, tail: tailC, tailPapers: cU.papers };
      const found = theory.fixOnC({ quantity, ...onC, cap: CAP });
      theory.papersNeeded(found, { source: PAPERS, target: PAPERS }, { quantity });
      return found;
    });
    const { centre, variance } = fixed;
    const shared = { quantity, losses, weights, papers: v.papers, cap: CAP, centre, variance };
    const withTail = { ...shared, tail, tailPapers: u.papers, tailVariance: fixed.tailVariance };
    for (const estimand of ['paper', 'row'])
      await at(`1B, average ${estimand}`, () =>
        theory.theorem1bReadings({ ...withTail, estimand, rowsPerPaper: rows / PAPERS, gamma: 1 })
      );
    await at('1B-tilt', () => theory.theorem1bTilt(shared));
    await at('1A', () =>
      theory.theorem1a({
        ...{ ...withTail, losses: v.model, draws: 100, kl: 2 },
        baseline: quantity === 'improvement' ? v.baseline : undefined
      })
    );
    await at('1C', () => theory.theorem1c({ ...shared, ...embedded, norm: norms[k], shared: discrepancy }));
    await at('labels', () =>
      theory.directBound({
        ...{ quantity, population: 'T', losses: of(u), papers: u.papers, fold: 'U' },
        noise: { rate: 0.02 }
      })
    );
  }
  await at('chi-square', () =>
    theory.chiSquareLowerBound({
      ...{ source: v.ratio, sourcePapers: v.papers, target: u.ratio, targetPapers: u.papers },
      ...{ cap: CAP, fold: 'V, U' }
    })
  );
  return parts;
}

/** A certificate is about the average paper or the average row. */
const total = (parts, key, estimand = 'paper') =>
  parts.reduce(
    (sum, part) => sum + (part.name.includes('average') && !part.name.includes(estimand) ? 0 : part[key]),
    0
  );
await certify(10_000); // once without the clock: compiled code is what is measured
const [small, large] = [await certify(10_000), await certify(100_000)];
const sums = new Map();
for (const { name, cpu } of large) sums.set(name, (sums.get(name) ?? 0) + cpu);
for (const [name, ours] of sums) tell({ name: 'certify', case: `${name}, 100k`, ours });
const [before, after] = [total(small, 'cpu'), total(large, 'cpu')];
tell({ name: 'certify', case: 'every term, 10k', ours: before, wall: total(small, 'wall') });
tell({
  ...{ name: 'certify', case: 'every term, 100k', ours: after, wall: total(large, 'wall'), bound: 1 },
  growth: Math.log10(after / before)
});
tell({
  name: 'certify',
  case: 'every term, average row, 100k',
  ours: total(large, 'cpu', 'row'),
  wall: total(large, 'wall', 'row')
});
