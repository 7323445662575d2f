/** Closed forms of theory.md against Monte Carlo, and the special functions behind them. */
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import {
  binomialUpperTail,
  expectedKappa,
  expectedKappaDistance,
  kappaAt,
  kappaCap,
  logGamma,
  noiseDistanceBound,
  normalCdf,
  normalQuantile,
  Random,
  simulate,
  trueChiSquare
} from '../../kernel/theory/index.js';
import { close } from './support/check.js';

describe('closed forms', () => {
  it('chi-square of a Gaussian mean shift is e^(delta^2) - 1', () => {
    for (const delta of [0.5, -0.8]) {
      const data = simulate({ delta, sourcePapers: 30000, targetPapers: 1, rowsPerPaper: 1, d: 9, seed: 3 });
      let first = 0;
      let second = 0;
      for (let i = 0; i < 30000; i++) {
        first += data.ratio[i] / 30000;
        second += data.ratio[i] ** 2 / 30000;
      }
      close(first, 1, 0.015, 'E_S of the ratio');
      close(second - 1, trueChiSquare(data.spec), 0.06, 'chi-square');
    }
  });

  it('a similarity tilt never passes half-way: mean delta/(2 + h^2), variance (1 + h^2)/(2 + h^2)', () => {
    const random = new Random(5);
    const z = Float64Array.from({ length: 100000 }, () => random.normal());
    for (const h of [0.5, 1, 1.5]) {
      // E_T K_h(z, t) for T = N(1, 1) is Gaussian in z with variance 1 + h^2.
      const w = z.map(value => Math.exp(-((value - 1) ** 2) / (2 * (1 + h * h))));
      const total = w.reduce((a, b) => a + b, 0);
      const mean = w.reduce((a, b, i) => a + b * z[i], 0) / total;
      const variance = w.reduce((a, b, i) => a + b * (z[i] - mean) ** 2, 0) / total;
      close(mean, 1 / (2 + h * h), 0.008, `mean at h = ${h}`);
      close(variance, (1 + h * h) / (2 + h * h), 0.008, `variance at h = ${h}`);
    }
  });

  it('E kappa and E[kappa d] under Gaussian normal noise', () => {
    const random = new Random(6);
    const [sigma, codimension] = [0.05, 19];
    const h = sigma * Math.sqrt(codimension);
    let kappa = 0;
    let product = 0;
    let distance = 0;
    let largest = 0;
    const n = 40000;
    for (let i = 0; i < n; i++) {
      let squares = 0;
      for (let j = 0; j < codimension; j++) squares += (sigma * random.normal()) ** 2;
      const r = Math.sqrt(squares);
      const k = kappaAt({ d0: 0, h }, r);
      kappa += k / n;
      product += (k * r) / n;
      distance += r / n;
      largest = Math.max(largest, k * r);
    }
    close(kappa, expectedKappa(sigma, codimension, h), 0.003);
    close(product, expectedKappaDistance(sigma, codimension, h), 0.001);
    assert.ok(largest <= kappaCap({ d0: 0, h }) + 1e-12, 'the cap of kappa r is never passed');
    // 2a on a flat manifold: the mean distance is below sigma sqrt(d - m) and close to it.
    const bound = noiseDistanceBound(sigma, codimension + 1, 1, Infinity);
    assert.ok(distance <= bound && distance > 0.97 * bound, `2a: ${distance} against ${bound}`);
  });

  it('special functions at known points', () => {
    close(logGamma(0.5), Math.log(Math.sqrt(Math.PI)), 1e-13);
    close(logGamma(11), Math.log(3628800), 1e-13);
    close(normalCdf(1.959963984540054), 0.975, 1e-13);
    close(normalCdf(-6), 9.865876450376981e-10, 1e-18);
    for (const p of [1e-6, 0.025, 0.3, 0.5, 0.9, 0.999]) close(normalCdf(normalQuantile(p)), p, 1e-13);
    close(binomialUpperTail(3, 5, 0.5), 0.5, 1e-12);
  });
});
