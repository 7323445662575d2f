/** Ratios, tilts, matching and text similarity against the reference: scripts/golden/ratio.py writes the values. */
import { describe, it } from 'node:test';
import {
  cosineTilt,
  editDistance,
  evaluateRatio,
  fitKliep,
  fitLogitQuad,
  fitRulsif,
  fromRows,
  heldOutJ,
  kernelMeanMatching,
  kernelTilt,
  normalizeRatio,
  prepareText,
  type Matrix,
  type Ratio,
  type RatioRows
} from '../../kernel/theory/index.js';
import { readGolden } from '../paths.js';
import { allClose, close } from './support/check.js';

const golden = readGolden('ratio');

const rows = (x: number[][]): RatioRows => ({ x: fromRows(x), papers: Array.from(x.keys()) });
const [source, target] = [rows(golden.source), rows(golden.target)];
const [fresh, freshTarget] = [rows(golden.fresh), rows(golden.freshTarget)];

/** omega of the golden's laws: N(0, 1) to N(.8, .75^2) in the first column. */
function truth(x: Matrix): Float64Array {
  return Float64Array.from({ length: x.rows }, (_, i) => {
    const z = x.data[i * x.cols];
    return Math.exp(z ** 2 / 2 - ((z - 0.8) / 0.75) ** 2 / 2) / 0.75;
  });
}

const one = { bandwidths: [1], lambdas: [0.1], centres: 90 };
const fits: Record<string, () => Ratio> = {
  ulsif: () => fitRulsif(source, target, { ...one, alpha: 0 }),
  rulsif: () => fitRulsif(source, target, { ...one, alpha: 0.1 }),
  rulsifHalf: () => fitRulsif(source, target, { ...one, alpha: 0.5 }),
  kliep: () => fitKliep(source, target, { bandwidths: [1], centres: 90 }),
  logitQuad: () => fitLogitQuad(source, target, { lambdas: [0.01] })
};

describe('ratios equal to the reference on the same arrays', () => {
  for (const [name, fit] of Object.entries(fits))
    it(`${name}: values, J and NMSE to 1e-6`, () => {
      const expected = golden.fits[name];
      const raw = fit();
      allClose(evaluateRatio(raw, fresh.x), expected.raw, 1e-6, name);
      const ratio = normalizeRatio(raw, source);
      close(heldOutJ(ratio, fresh, freshTarget), expected.J, 1e-6, 'J');
      const w = truth(fresh.x);
      const nmse =
        evaluateRatio(ratio, fresh.x).reduce((sum, v, i) => sum + (v - w[i]) ** 2, 0) /
        fresh.x.rows /
        golden.chiSquare;
      close(nmse, expected.nmse, 1e-6, 'NMSE');
    });

  it('kernel and cosine tilts, up to their scale', () => {
    const scaled = (w: Float64Array): Float64Array => {
      const mean = w.subarray(fresh.x.rows).reduce((a, b) => a + b, 0) / source.x.rows;
      return w.subarray(0, fresh.x.rows).map(v => v / mean);
    };
    const both = fromRows([...golden.fresh, ...golden.source]);
    const { bandwidth, w } = golden.kernel;
    allClose(scaled(kernelTilt(both, source, target, { bandwidth })), w, 1e-9, 'kernel');
    allClose(scaled(cosineTilt(both, target)), golden.cosine, 1e-9, 'cosine');
  });

  it('kernel mean matching stays in the box and finds the same minimum (errata E, item 4)', () => {
    const { cap, bandwidth, ridge, w, mmd } = golden.matching;
    const found = kernelMeanMatching(source, target, { cap, bandwidth, ridge, iterations: 4000 });
    allClose(found.weights, w, 2e-3, 'weight');
    close(found.mmd, mmd, 1e-6, 'MMD');
  });

  it('edit distances, of texts shorter and longer than a machine word', () => {
    const words: string[] = golden.texts.words;
    const codes = words.map(word => prepareText(word).codes);
    golden.texts.edit.forEach((expected: number, k: number) =>
      close(editDistance(codes[Math.floor(k / words.length)], codes[k % words.length]), expected, 0)
    );
  });
});
