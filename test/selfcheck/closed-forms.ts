/** What the theory knows in closed form: clean weights under Gaussian noise, a similarity tilt, chi-square. */
import {
  chiSquareLowerBound,
  evaluateKappa,
  expectedKappa,
  expectedKappaDistance,
  kappaCap,
  paperWeights,
  Random,
  select,
  simulate,
  trueChiSquare,
  weightedMean,
  type SimulationSpec
} from '../../kernel/theory/index.js';
import { rowsOfSide } from '../theory/support/sample.js';
import { DELTA } from './certificates.js';
import { closedCheck, countOf, errors, limitCheck, meanOf, rateCheck, tallied, type Cell } from './cell.js';

/** Gaussian noise in D = d - m normal directions, h = sigma sqrt d, d0 = 0 (theory.md 2b). */
function cleanWeights(codimension: number, sigma: number): Cell {
  const h = sigma * Math.sqrt(codimension + 1);
  const id = `clean weight D=${codimension} sigma=${sigma}`;
  return {
    id,
    part: 'closed forms',
    repeats: 20,
    quick: 5,
    cost: (0.02 * codimension) / 20,
    run(repeats) {
      const random = new Random(41);
      return tallied(repeats, tally => {
        const distance = Float64Array.from({ length: 4000 }, () => {
          let squares = 0;
          for (let j = 0; j < codimension; j++) squares += random.normal() ** 2;
          return sigma * Math.sqrt(squares);
        });
        const kappa = evaluateKappa({ d0: 0, h }, distance);
        const product = kappa.map((value, i) => value * distance[i]);
        const ones = new Float64Array(distance.length).fill(1);
        tally.add('kappa', weightedMean(kappa, ones));
        tally.add('kappa distance', weightedMean(product, ones));
        tally.add(
          'largest',
          product.reduce((a, b) => Math.max(a, b), 0)
        );
      }).means();
    },
    judge: measured => [
      closedCheck(`${id}: E kappa`, meanOf(measured, 'kappa'), expectedKappa(sigma, codimension, h), 0.01),
      closedCheck(
        `${id}: E kappa d`,
        meanOf(measured, 'kappa distance'),
        expectedKappaDistance(sigma, codimension, h),
        0.01
      ),
      limitCheck(`${id}: largest kappa d`, { ...meanOf(measured, 'largest'), se: 0 }, kappaCap({ d0: 0, h }))
    ]
  };
}

/** w = p_T * K_h on S = N(0, 1), T = N(1, 1): the tilt stops short of the target (theory.md 2.3, errata.md E12). */
function similarityTilt(h: number): Cell {
  const id = `similarity tilt h=${h}`;
  return {
    id,
    part: 'closed forms',
    repeats: 20,
    quick: 5,
    cost: 0.03,
    run(repeats) {
      const random = new Random(42);
      return tallied(repeats, tally => {
        const z = Float64Array.from({ length: 100_000 }, () => random.normal());
        const w = z.map(value => Math.exp(-((value - 1) ** 2) / (2 * (1 + h * h))));
        const mean = weightedMean(z, w);
        tally.add('mean', mean);
        tally.add(
          'variance',
          weightedMean(
            z.map(value => (value - mean) ** 2),
            w
          )
        );
      }).means();
    },
    judge: measured => [
      closedCheck(`${id}: tilted mean`, meanOf(measured, 'mean'), 1 / (2 + h * h), 0.01),
      closedCheck(`${id}: tilted variance`, meanOf(measured, 'variance'), (1 + h * h) / (2 + h * h), 0.01)
    ]
  };
}

/** E_S w^2 - 1 of the simulated ratio, and the certified lower bound of it, which may exceed the truth at rate delta. */
function chiSquare(name: string, spec: Partial<SimulationSpec>): Cell {
  const id = `chi-square ${name}`;
  const truth = trueChiSquare(spec);
  return {
    id,
    part: 'closed forms',
    repeats: 200,
    quick: 40,
    cost: 0.05,
    run(repeats) {
      const all = tallied(repeats, (tally, r) => {
        const data = simulate({ ...spec, sourcePapers: 2000, targetPapers: 1000, seed: 600 + r });
        const [s, t] = [rowsOfSide(data, 'source'), rowsOfSide(data, 'target')];
        const source = select(data.ratio, s);
        const papers = select(data.paper, s);
        const lower = chiSquareLowerBound({
          source,
          sourcePapers: papers,
          target: select(data.ratio, t),
          targetPapers: select(data.paper, t),
          cap: 4,
          centre: 1,
          fold: 'C'
        });
        const weights = paperWeights(papers);
        tally.add('mean', weightedMean(source, weights));
        tally.add(
          'chi-square',
          weightedMean(
            source.map(w => w * w),
            weights
          ) - 1
        );
        tally.add('lower', lower.value);
        tally.add('above', Number(lower.value > truth));
      });
      return { ...all.means(), ...all.counts('above') };
    },
    judge(measured, repeats) {
      const plugIn = meanOf(measured, 'chi-square');
      return [
        closedCheck(`${id}: E w`, meanOf(measured, 'mean'), 1, 0.01),
        {
          ...closedCheck(`${id}: E w^2 - 1`, plugIn, truth, 0.02),
          expected: `${truth.toPrecision(4)} within 2 % and what its standard error explains`,
          fine: Math.abs(plugIn.mean - truth) <= 0.02 * truth + errors(plugIn.n) * plugIn.se
        },
        rateCheck(`${id}: certified lower bound above the truth`, countOf(measured, 'above'), repeats, DELTA)
      ];
    }
  };
}

export const CLOSED_FORM_CELLS: Cell[] = [
  ...[19, 98, 383].map(codimension => cleanWeights(codimension, 0.05)),
  ...[0.5, 1, 1.5].map(similarityTilt),
  chiSquare('gaussian delta=1', { kind: 'gaussian', d: 2, delta: 1 }),
  chiSquare('gaussian delta=-0.5', { kind: 'gaussian', d: 2, delta: -0.5 }),
  chiSquare('latent delta=-1', { kind: 'latent', d: 9, delta: -1 }),
  chiSquare('covariance delta=0.8', { kind: 'covariance', d: 9, delta: 0.8 }),
  chiSquare('hybrid delta=1.3', { kind: 'hybrid', d: 4, delta: 1.3, noise: 0.05 })
];
