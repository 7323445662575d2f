/** Quality of fitted ratios on the scenarios of theory.md 8(b), beside the reference's: NMSE, and what J chooses. */
import {
  evaluateRatio,
  fitLogitQuad,
  fitRulsif,
  matrix,
  Random,
  rowOf,
  selectRatio,
  type Matrix,
  type Ratio,
  type RatioRows
} from '../../kernel/theory/index.js';
import { mean, serial } from '../theory/support/sample.js';
import { countOf, meanOf, referenceCheck, tallied, type Cell } from './cell.js';
import { reference } from './reference.js';

type Scenario = 'iso' | 'cov' | 'lowrank';

const SCALE = 0.7;
const SHIFT = 0.8;
const LATENT = 8;

/** Rows and true ratios; each row is a paper of its own. */
type Draw = (n: number, target: boolean, random: Random) => { x: Matrix; ratio: Float64Array };

function scenario(name: Scenario, d: number, random: Random): Draw {
  const normals = (n: number): Float64Array => Float64Array.from({ length: n }, () => random.normal());
  const shrunk = (u: ArrayLike<number>, q: number): number => {
    let log = -q * Math.log(SCALE);
    for (let j = 0; j < q; j++) log += (u[j] ** 2 - ((u[j] - (j === 0 ? SHIFT : 0)) / SCALE) ** 2) / 2;
    return Math.exp(log);
  };
  const shrink = (u: Float64Array, q: number): void => {
    for (let j = 0; j < q; j++) u[j] *= SCALE;
    u[0] += SHIFT;
  };
  if (name === 'iso') {
    const u = normals(d);
    const norm = Math.hypot(...u);
    return rows(d, (row, target, from) => {
      let along = 0;
      for (let j = 0; j < d; j++) {
        row[j] = from.normal() + (target ? u[j] / norm : 0);
        along += (row[j] * u[j]) / norm;
      }
      return Math.exp(along - 0.5);
    });
  }
  if (name === 'cov') {
    const q = Math.min(d, 3);
    return rows(d, (row, target, from) => {
      for (let j = 0; j < d; j++) row[j] = from.normal();
      if (target) shrink(row, q);
      return shrunk(row, q);
    });
  }
  const embedding = normals(LATENT * d).map(
    (value, p) => (value * 0.85 ** Math.floor(p / d) * 3) / Math.sqrt(d)
  );
  return rows(d, (row, target, from) => {
    const u = Float64Array.from({ length: LATENT }, () => from.normal());
    if (target) shrink(u, 3);
    for (let p = 0; p < d; p++) {
      row[p] = (0.3 / Math.sqrt(d)) * from.normal();
      for (let j = 0; j < LATENT; j++) row[p] += u[j] * embedding[j * d + p];
    }
    return shrunk(u, 3);
  });
}

function rows(d: number, one: (row: Float64Array, target: boolean, random: Random) => number): Draw {
  return (n, target, random) => {
    const x = matrix(n, d);
    const ratio = Float64Array.from({ length: n }, (_, i) => one(rowOf(x, i), target, random));
    return { x, ratio };
  };
}

const own = (x: Matrix): RatioRows => ({ x, papers: serial(x.rows) });

/** E(w - omega)^2 / chi^2, both scaled to mean 1. */
function nmse(w: Float64Array, omega: Float64Array): number {
  const scaled = (values: Float64Array): Float64Array => {
    const centre = mean(values);
    return values.map(value => value / centre);
  };
  const [a, b] = [scaled(w), scaled(omega)];
  let error = 0;
  let chi2 = 0;
  for (let i = 0; i < a.length; i++) {
    error += (a[i] - b[i]) ** 2;
    chi2 += (b[i] - 1) ** 2;
  }
  return error / chi2;
}

function quality(name: Scenario, d: number, quick: number): Cell {
  const id = `ratio ${name} d=${d}`;
  return {
    id,
    part: 'ratio',
    repeats: 10,
    quick,
    cost: 1 + d / 20,
    run(repeats) {
      return tallied(repeats, (tally, r) => {
        const random = new Random(700 + r);
        const draw = scenario(name, d, random);
        const source = own(draw(1000, false, random).x);
        const target = own(draw(700, true, random).x);
        const fresh = draw(3000, false, random);
        const fitted: [string, Ratio][] = [
          ['logit-quad', fitLogitQuad(source, target, { seed: r })],
          ['rulsif', fitRulsif(source, target, { seed: r })]
        ];
        for (const [method, ratio] of fitted)
          tally.add(method, nmse(evaluateRatio(ratio, fresh.x), fresh.ratio));
      }).means();
    },
    judge: measured =>
      ['logit-quad', 'rulsif'].map(method => ({
        ...referenceCheck(
          `${id}: NMSE of ${method}`,
          meanOf(measured, method),
          reference(`8b ${name} d=${d}`, 'methods', method, 'nmse')
        ),
        plot: 'ratios'
      }))
  };
}

/** Without a shift, and with one that 300 rows in 100 dimensions cannot show, the uniform ratio must be chosen. */
const fallback: Cell = {
  id: 'ratio without a shift',
  part: 'ratio',
  repeats: 20,
  quick: 5,
  cost: 0.5,
  run(repeats) {
    const all = tallied(repeats, (tally, r) => {
      const random = new Random(800 + r);
      const draw = rows(10, row => {
        for (let j = 0; j < row.length; j++) row[j] = random.normal();
        return 1;
      });
      const take = (n: number): RatioRows => own(draw(n, false, random).x);
      const { ratio } = selectRatio(
        { source: take(400), target: take(300) },
        { source: take(300), target: take(200) },
        { seed: r, rulsif: { centres: 60, bandwidths: [0.7, 1.4] } }
      );
      const w = evaluateRatio(ratio, take(2000).x);
      const centre = mean(w);
      tally.add('spread', mean(w.map(value => (value / centre - 1) ** 2)));
      tally.add('uniform', Number(ratio.kind === 'uniform'));
    });
    return { ...all.means(), ...all.counts('uniform') };
  },
  judge: (measured, repeats) => {
    const spread = meanOf(measured, 'spread');
    return [
      {
        what: 'ratio without a shift: variance of the chosen weights',
        measured: `${spread.mean.toPrecision(3)} (uniform in ${countOf(measured, 'uniform')} of ${repeats})`,
        expected: 'at most 0.05: no shift is made up',
        fine: spread.mean <= 0.05
      }
    ];
  }
};

export const RATIO_CELLS: Cell[] = [
  quality('iso', 5, 5),
  quality('iso', 20, 0),
  quality('iso', 100, 0),
  quality('cov', 5, 0),
  quality('cov', 20, 0),
  quality('cov', 100, 0),
  quality('lowrank', 64, 0),
  fallback
];
