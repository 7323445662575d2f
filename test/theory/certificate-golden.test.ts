/** Certificates of papers with many rows against the reference: scripts/golden/certificate.py writes the values. */
import { describe, it } from 'node:test';
import {
  fromRows,
  kernelFor,
  microF1Bound,
  pacBayesWidth,
  Random,
  ridgeNorms,
  tailVariable,
  theorem1a,
  theorem1b,
  theorem1bTilt,
  theorem1c,
  weightedMmd,
  type Theorem1bInput
} from '../../kernel/theory/index.js';
import { readGolden } from '../paths.js';
import { close } from './support/check.js';

const golden = readGolden('certificate');

/** Names of papers that put them in the reference's order. */
function named(papers: readonly number[], seed: number): string[] {
  const count = Math.max(...papers) + 1;
  const order = new Random(seed, 7).permutation(count);
  return papers.map(paper => String(order[paper]).padStart(4, '0'));
}

const weights = golden.weights.map((w: number) => Math.min(w, golden.cap));
const difference = golden.losses.map((loss: number, i: number) => loss - golden.baseline[i]);
const shared: Theorem1bInput = {
  quantity: 'risk',
  losses: golden.losses,
  weights,
  papers: named(golden.papers, 0),
  tail: tailVariable(golden.targetWeights, golden.cap),
  tailPapers: named(golden.targetPapers, 1),
  cap: golden.cap,
  centre: golden.centre,
  variance: golden.variance
};

describe('on the same arrays the reference has', () => {
  it('theorem 1B for the average paper, the average row, and a paired difference', () => {
    golden.gamma.forEach((gamma: number, k: number) => {
      const at = (input: Partial<Theorem1bInput>): number =>
        theorem1b({ ...shared, gamma, gammaGrid: [], ...input }).bound.value;
      close(at({}), golden.paper[k], 1e-8, `paper, gamma ${gamma}`);
      close(at({ estimand: 'row', rowsPerPaper: golden.most }), golden.row[k], 1e-8, `row, gamma ${gamma}`);
      const paired = { quantity: 'improvement', losses: difference, centre: -0.1 } as const;
      close(at(paired), golden.improvement[k], 1e-8, `improvement, gamma ${gamma}`);
    });
  });

  it('the tilt for papers and for rows', () => {
    close(theorem1bTilt(shared).bound.value, golden.tilt, 1e-8);
    const row = { ...shared, estimand: 'row', rowsPerPaper: golden.most } as const;
    close(theorem1bTilt(row).bound.value, golden.tiltRow, 1e-8);
  });

  it('theorem 1A', () => {
    const { kl, draws, width, bound } = golden.theorem1a;
    const ours = theorem1a({ ...shared, kl, draws });
    close(ours.bound.value, bound, 1e-8);
    close(ours.terms.find(term => term.name === 'width')!.number.value, width, 1e-8);
  });

  it('theorem 1C, its discrepancy, and the norm of a kernel ridge fit', () => {
    const g = golden.theorem1c;
    const [source, target] = [fromRows(g.source), fromRows(g.target)];
    const kernel = kernelFor(source.rows, 3, g.bandwidth);
    const ours = theorem1c({
      ...{ ...shared, source, target, kernel },
      targetPapers: named(golden.targetPapers, 1),
      norm: g.norm
    });
    close(ours.discrepancy.weighted.value, g.mmd, 1e-9);
    close(ours.bound.value, g.bound, 1e-8);
    const some = fromRows(g.source.slice(0, 120));
    const y = golden.losses.slice(0, 120).map((loss: number) => loss - golden.centre);
    close(ridgeNorms(kernel, some, [y])[0]!, g.ridgeNorm, 1e-6);
  });

  it('1 - micro-F1 of the tilted papers', () => {
    const { counts, most, weights: own, bound } = golden.microF1;
    const order = new Random(0, 7).permutation(counts[0].length);
    const back = new Array<number>(order.length);
    order.forEach((paper, at) => (back[paper] = at));
    const [tp, fp, fn, w] = [...counts, own].map((column: number[]) => back.map(at => column[at]!));
    const ours = microF1Bound({
      ...{ truePositives: tp!, falsePositives: fp!, falseNegatives: fn!, weights: w!, cap: golden.cap },
      ...{ most, variance: 0.01, fold: 'V' }
    });
    close(ours.value, bound, 1e-8);
  });
});

describe('random features', () => {
  it('give about the discrepancy of the kernel that they stand for', () => {
    const g = golden.theorem1c;
    const [source, target] = [fromRows(g.source), fromRows(g.target)];
    const mean = (n: number): Float64Array => new Float64Array(n).fill(1 / n);
    const [a, b] = [mean(source.rows), mean(target.rows)];
    const [exact] = weightedMmd(kernelFor(100, 3, g.bandwidth), source, [a], target, b);
    const [random] = weightedMmd(kernelFor(100_000, 3, g.bandwidth), source, [a], target, b);
    close(random!, exact!, 0.03);
  });

  it('leave the PAC-Bayes width of the grid within the closed form 1.061 sqrt(2 M (KL + ln(K/delta)) / n)', () => {
    const random = new Random(4);
    for (let trial = 0; trial < 300; trial++) {
      const n = 50 + random.integer(5000);
      const kl = 10 * random.uniform();
      const secondMoment = 1 + 9 * random.uniform();
      const delta = 0.01 + 0.2 * random.uniform();
      const count = Math.max(1, Math.ceil(Math.log2(n / (2 * Math.log(1 / delta)))));
      const closed = 1.061 * Math.sqrt((2 * secondMoment * (kl + Math.log(count / delta))) / n);
      if (closed > 1) continue; // outside the grid, where the bound exceeds B
      close(Math.min(0, closed - pacBayesWidth({ n, most: 1, secondMoment, kl, delta })), 0, 1e-12);
    }
  });
});
