/** Dimension, distance, denoising gain and conformal flags on known manifolds (theory.md 8c and 8d). */
import {
  evaluateManifold,
  fitFrame,
  fitManifold,
  noiseDistanceBound,
  reconstruct,
  sampleManifold,
  shapeFacts,
  type ManifoldSample,
  type Matrix,
  type OutlierKind,
  type Shape
} from '../../kernel/theory/index.js';
import { detect } from '../theory/support/detection.js';
import { mean } from '../theory/support/sample.js';
import { closedCheck, limitCheck, meanOf, referenceCheck, tallied, type Cell, type Check } from './cell.js';
import { reference } from './reference.js';

const rms = (a: Matrix, b: Matrix): number => {
  let sum = 0;
  for (let p = 0; p < a.data.length; p++) sum += (a.data[p] - b.data[p]) ** 2;
  return Math.sqrt(sum / a.rows);
};

/** 2a: the mean true distance against sigma sqrt d and the refined bound, which needs a shape without an edge. */
function distance(shape: Shape, d: number, sigma: number): Cell {
  const id = `distance ${shape} d=${d} sigma=${sigma}`;
  const { dimension, reach, boundary } = shapeFacts(shape);
  return {
    id,
    part: 'manifold',
    repeats: 6,
    quick: 2,
    cost: shape === 'swiss' ? 0.5 : 0.1,
    run(repeats) {
      return tallied(repeats, (tally, r) => {
        const sample = sampleManifold({ shape, n: shape === 'swiss' ? 1000 : 3000, d, sigma, seed: 60 + r });
        tally.add('distance', mean(sample.distance));
      }).means();
    },
    judge: measured => {
      const value = meanOf(measured, 'distance');
      const checks: Check[] = [
        limitCheck(`${id}: E d against sigma sqrt d`, value, sigma * Math.sqrt(d)),
        referenceCheck(
          `${id}: E d`,
          value,
          reference(`8c distance ${shape} d=${d} sigma=${sigma}`, 'measured', 'distance')
        )
      ];
      if (!boundary)
        checks.push(
          limitCheck(`${id}: E d against 2a`, value, noiseDistanceBound(sigma, d, dimension, reach))
        );
      return checks;
    }
  };
}

/** 2c: RMS error of the denoised rows over that of the noisy ones; and the votes on the dimension. */
function gain(shape: Shape, d: number, sigma: number, quick: number): Cell {
  const id = `gain ${shape} d=${d} sigma=${sigma}`;
  const { dimension } = shapeFacts(shape);
  return {
    id,
    part: 'manifold',
    repeats: 4,
    quick,
    cost: 8,
    run(repeats) {
      return tallied(repeats, (tally, r) => {
        const { x, clean } = sampleManifold({ shape, n: 2000, d, sigma, seed: 80 + r });
        const base = rms(x, clean);
        const frame = fitFrame(x, { seed: r });
        tally.add('global', rms(reconstruct(frame.pca, frame.fit), clean) / base);
        const manifold = fitManifold(x, { neighbors: 15, dimension, seed: r });
        tally.add('global-local k=15', rms(evaluateManifold(manifold, x, 'self').projection, clean) / base);
        tally.add('sigma', frame.pca.sigma);
        tally.add('local PCA', frame.votes.localPca);
        tally.add('TwoNN', frame.votes.twoNN);
        tally.add('Levina-Bickel 40-60', frame.votes.levinaBickel);
      }).means();
    },
    judge: measured => {
      const cell = `8c gain ${shape} d=${d} sigma=${sigma}`;
      return [
        ...['global', 'global-local k=15'].map(name =>
          referenceCheck(`${id}: gain, ${name}`, meanOf(measured, name), reference(cell, 'gain', name))
        ),
        ...['TwoNN', 'Levina-Bickel 40-60', 'local PCA', 'sigma'].map(name =>
          referenceCheck(`${id}: ${name}`, meanOf(measured, name), reference(cell, 'dimension', name))
        ),
        closedCheck(`${id}: sigma`, meanOf(measured, 'sigma'), sigma, 0.05)
      ].map(check => ({ ...check, plot: check.what.includes('gain,') ? 'gain' : undefined }));
    }
  };
}

const LEVEL_Q = 0.1;

/** Train 800, a trusted reference of 600, test 800 with outliers: false discoveries are at most q on average. */
function flags(shape: Shape, d: number, kind: OutlierKind, share: number, quick: number): Cell {
  const id = `flags ${shape} d=${d} ${kind} ${share}`;
  const sigma = 0.03;
  return {
    id,
    part: 'flags',
    repeats: 20,
    quick,
    cost: 2,
    run(repeats) {
      return tallied(repeats, (tally, r) => {
        const rows = (
          n: number,
          k: number,
          outliers?: { kind: OutlierKind; share: number }
        ): ManifoldSample => sampleManifold({ shape, n, d, sigma, seed: 3 * (900 + r) + k, outliers });
        const train = rows(800, 0);
        const trusted = rows(600, 1);
        const test = rows(800, 2, { kind, share });
        const manifold = fitManifold(train.x, {
          neighbors: 30,
          dimension: shapeFacts(shape).dimension,
          seed: r
        });
        const { fdp, power, typeOne } = detect(manifold, trusted, test, LEVEL_Q);
        tally.add('false discoveries', fdp);
        tally.add('power', power);
        tally.add('type I at .05', typeOne);
      }).means();
    },
    judge: measured => [
      {
        ...limitCheck(`${id}: false discoveries`, meanOf(measured, 'false discoveries'), LEVEL_Q),
        plot: 'flags'
      },
      limitCheck(`${id}: type I at .05`, meanOf(measured, 'type I at .05'), 0.05),
      referenceCheck(
        `${id}: power`,
        meanOf(measured, 'power'),
        reference(`8d ${shape} d=${d} ${kind} ${share}`, 'power')
      )
    ]
  };
}

const NO_EDGE: Shape[] = ['circle', 'sphere', 'torus'];

export const MANIFOLD_CELLS: Cell[] = [
  ...[...NO_EDGE, 'swiss' as const].flatMap(shape => [distance(shape, 20, 0.05), distance(shape, 100, 0.02)]),
  ...[...NO_EDGE, 'swiss' as const, 'sphere5' as const].flatMap(shape => [
    gain(shape, 20, 0.05, shape === 'sphere' ? 1 : 0),
    gain(shape, 100, 0.03, 0)
  ]),
  ...(['noise', 'inside', 'global'] as const).flatMap(kind =>
    [0.1, 0.3].flatMap(share => [
      flags('circle', 50, kind, share, kind === 'noise' && share === 0.1 ? 3 : 0),
      flags('sphere', 50, kind, share, 0),
      flags('torus', 100, kind, share, 0)
    ])
  )
];
