/** Against the reference numerics, mended by the errata: scripts/golden/theory.py writes the values with test/reference/hysim. */
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import {
  benjaminiHochberg,
  bettingLcb,
  bettingUcb,
  cltUcb,
  conformalPValues,
  evaluateKappa,
  evaluateRatio,
  fitKappa,
  fitLogitQuad,
  fitPca,
  fitRulsif,
  fromRows,
  levinaBickel,
  localPca,
  localPcaDimension,
  maurerPontilUcb,
  nearestNeighbors,
  Random,
  tailVariable,
  theorem1b,
  theorem1bTilt,
  twoNN
} from '../../kernel/theory/index.js';
import { readGolden } from '../paths.js';
import { allClose, close } from './support/check.js';
import { serial } from './support/sample.js';

const golden = readGolden('theory');

/** Paper names that make the seeded shuffle the identity, so that the order is the reference's. */
function inOrder(n: number, seed: number): string[] {
  return Array.from(new Random(seed, 7).permutation(n), position => String(position).padStart(6, '0'));
}

describe('values equal to the mended reference', () => {
  it('betting, Maurer-Pontil and normal bounds', () => {
    const { z, lo, hi, delta, variance, betting, bettingLow, maurerPontil, clt } = golden.bounds;
    close(bettingUcb(z, { lo, hi, delta, variance }), betting, 1e-9);
    close(bettingLcb(z, { lo, hi, delta, variance }), bettingLow, 1e-9);
    close(maurerPontilUcb(z, lo, hi, delta), maurerPontil, 1e-12);
    close(cltUcb(z, delta), clt, 1e-9);
  });

  it('theorem 1B with b = 1 where the ratio is zero, at three values of Gamma', () => {
    const g = golden.theorem1b;
    const tail = tailVariable(g.targetWeights, g.cap);
    close(tail.reduce((a, b) => a + b, 0) / tail.length, g.tailMean, 1e-12);
    g.gamma.forEach((gamma: number, k: number) => {
      const { bound } = theorem1b({
        quantity: 'risk',
        losses: g.losses,
        weights: g.weights.map((w: number) => Math.min(w, g.cap)),
        papers: inOrder(g.losses.length, 0),
        tail,
        tailPapers: inOrder(tail.length, 1),
        cap: g.cap,
        centre: g.centre,
        variance: g.variance,
        tailVariance: 0.01,
        delta: g.delta,
        gamma
      });
      close(bound.value, g.bound[k], 1e-8, `bound at Gamma ${gamma}`);
    });
  });

  it('theorem 1B-tilt with fixed-size bets', () => {
    const g = golden.theorem1b;
    const { bound } = theorem1bTilt({
      quantity: 'risk',
      losses: g.losses,
      weights: g.weights.map((w: number) => Math.min(w, g.cap)),
      papers: inOrder(g.losses.length, 0),
      cap: g.cap,
      centre: golden.tilt.t0,
      variance: golden.tilt.variance * g.cap ** 2,
      delta: 0.05
    });
    close(bound.value, golden.tilt.bound, 1e-9);
  });

  it('logit-quad and RuLSIF at fixed hyper-parameters', () => {
    const g = golden.ratio;
    const rows = (x: number[][]): { x: ReturnType<typeof fromRows>; papers: number[] } => ({
      x: fromRows(x),
      papers: serial(x.length)
    });
    const query = fromRows(g.query);
    const logit = fitLogitQuad(rows(g.source), rows(g.target), { lambdas: [0.01] });
    allClose(evaluateRatio(logit, query), g.logitQuad, 1e-6, 'logit-quad');
    const rulsif = fitRulsif(rows(g.source), rows(g.target), {
      bandwidths: [0.7],
      lambdas: [0.1],
      centres: 70
    });
    close(rulsif.bandwidth, 0.7 * g.medianDistance, 1e-9, 'bandwidth');
    allClose(evaluateRatio(rulsif, query), g.rulsif, 1e-8, 'RuLSIF');
  });

  it('neighbours, tangent residuals and spectra, by covariance and by Gram matrix', () => {
    const g = golden.manifold;
    const x = fromRows(g.x);
    const near = nearestNeighbors(x, x, 8, 'self');
    assert.deepEqual(Array.from(near.indices), g.neighborIndex.flat());
    allClose(near.distances, g.neighborDistance.flat(), 1e-9);
    const gram = localPca(x, x, { neighbors: 8, dimension: 1, exclude: 'self' });
    allClose(gram.residual, g.residual, 1e-8, 'residual');
    const four = (s: typeof gram.spectrum): number[] =>
      serial(s.rows).flatMap(i => Array.from(s.data.subarray(i * s.cols, i * s.cols + 4)));
    allClose(four(gram.spectrum), g.spectrum.flat(), 1e-9, 'spectrum');
    allClose(gram.projection.data.subarray(0, x.cols), g.projection0, 1e-9, 'projection');
    const covariance = localPca(x, x, { neighbors: 20, dimension: 2, exclude: 'self' });
    allClose(covariance.residual, g.residual20, 1e-8, 'residual');
    allClose(four(covariance.spectrum), g.spectrum20.flat(), 1e-9, 'spectrum');
  });

  it('Marchenko-Pastur rank and sigma, tall and wide, and three intrinsic dimensions', () => {
    const g = golden.manifold;
    const x = fromRows(g.x);
    const tall = fitPca(x);
    assert.equal(tall.mpRank, g.rank);
    close(tall.sigma, g.sigma, 1e-9);
    const wide = fitPca(fromRows(g.wide));
    assert.equal(wide.mpRank, g.wideRank);
    close(wide.sigma, g.wideSigma, 1e-9);
    close(twoNN(x), g.twoNN, 1e-9);
    close(levinaBickel(x), g.levinaBickel, 1e-9);
    assert.equal(localPcaDimension(x, { neighbors: 30, sigma: g.sigma }), g.localPca);
  });

  it('clean weights, conformal p-values and flags', () => {
    const g = golden.clean;
    const kappa = fitKappa(g.reference);
    close(kappa.d0, g.d0, 1e-12);
    close(kappa.h, g.h, 1e-12);
    allClose(evaluateKappa(kappa, g.test), g.kappa, 1e-9);
    const p = conformalPValues(g.reference, g.test);
    allClose(p, g.p, 1e-12);
    assert.deepEqual(Array.from(benjaminiHochberg(p, 0.2)), g.flagged);
  });
});
