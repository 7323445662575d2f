/**
 * Known-truth data of theory.md 8(g): papers of several rows, 8 latent dimensions embedded in R^d, a mean shift along
 * one of them, a label rule that no linear head can follow everywhere, and foreign rows off the manifold with flipped
 * labels (A8). The true ratio and, by Monte Carlo from the same law, the true target risk of any predictor are
 * ORACLE. Not a model of PK tables.
 *
 * The law. A paper has 1 ... `rowsPerPaper` rows. Row latent u = sqrt(rho) (its paper's effect) + sqrt(1 - rho) (its
 * own), standard normal in all, moved by delta along u_0 in the target. Embedding z = A u + noise, with orthogonal A and
 * the noise in the complement of its span: u is a function of z, so E[loss | z] is the same in both domains (A2' holds
 * exactly) and the density ratio of z is that of u, exp(delta u_0 - delta^2 / 2), with chi^2 = e^(delta^2) - 1.
 */
import { DataError } from '../../common/errors.js';
import type { LabelledNumber } from '../../common/labels.js';
import { matrix, type Matrix } from './matrix.js';
import { Random } from '../../common/random.js';

/** Latent dimensions; the shift is along the first. */
export const LATENT = 8;

export interface SimulationSpec {
  /** Mean shift of the target along u_0; 0 means no shift, the sign picks the side. */
  delta: number;
  /** Ambient dimension, more than 8. */
  d: number;
  sourcePapers: number;
  targetPapers: number;
  /** Largest paper; sizes are uniform on 1 ... this. */
  rowsPerPaper: number;
  /** Share of a row's variance that its paper shares. */
  clustering: number;
  /** Standard deviation of the embedding noise in each coordinate off the manifold. */
  noise: number;
  /** Share of source rows that are foreign: off the manifold, placed like the target, label flipped. */
  contamination: number;
  seed: number;
}

export const SIMULATION_DEFAULTS: SimulationSpec = {
  delta: 1,
  d: 32,
  sourcePapers: 2600,
  targetPapers: 1700,
  rowsPerPaper: 3,
  clustering: 0.3,
  noise: 0.15,
  contamination: 0,
  seed: 1
};

export interface Simulation {
  spec: SimulationSpec;
  /** [n, d], source rows first. */
  x: Matrix;
  /** 0 or 1. Target labels are true too; who masks them is the caller. */
  label: Int32Array;
  /** Paper number; source and target papers are distinct. */
  paper: Int32Array;
  /** 0 source, 1 target. */
  domain: Uint8Array;
  /** True density ratio of the clean laws at each row; NaN on foreign rows. */
  ratio: Float64Array;
  /** 1 on foreign rows. */
  foreign: Uint8Array;
}

/** Predicted labels (0 or 1) for rows [n, d]. */
export type Predictor = (x: Matrix) => ArrayLike<number>;

/** @throws DataError when a number of the specification is out of range */
export function simulate(options: Partial<SimulationSpec> = {}): Simulation {
  const spec = { ...SIMULATION_DEFAULTS, ...options };
  check(spec);
  const law = new Law(spec);
  const random = new Random(spec.seed, 11);
  const sizes = Array.from(
    { length: spec.sourcePapers + spec.targetPapers },
    () => 1 + random.integer(spec.rowsPerPaper)
  );
  const n = sizes.reduce((a, b) => a + b, 0);
  const out: Simulation = {
    spec,
    x: matrix(n, spec.d),
    label: new Int32Array(n),
    paper: new Int32Array(n),
    domain: new Uint8Array(n),
    ratio: new Float64Array(n),
    foreign: new Uint8Array(n)
  };
  let i = 0;
  sizes.forEach((size, paper) => {
    const target = paper >= spec.sourcePapers;
    const effect = Float64Array.from({ length: LATENT }, () => random.normal());
    for (let row = 0; row < size; row++, i++) {
      const foreign = !target && random.uniform() < spec.contamination;
      const u = law.latent(random, target || foreign, effect);
      const label = law.label(random, u);
      law.embed(random, u, foreign, out.x.data, i * spec.d);
      out.label[i] = foreign ? 1 - label : label;
      out.paper[i] = paper;
      out.domain[i] = target ? 1 : 0;
      out.foreign[i] = foreign ? 1 : 0;
      out.ratio[i] = foreign ? NaN : Math.exp(spec.delta * u[0] - spec.delta ** 2 / 2);
    }
  });
  return out;
}

/**
 * True target risk (0-1 loss of the average paper, clean law) of a predictor, on n fresh rows of the same law; its
 * standard error is at most .5 / sqrt n. The same seed gives the same rows, so differences are paired.
 */
export function trueRisk(
  spec: SimulationSpec,
  predict: Predictor,
  n: number = 100_000,
  domain: 'source' | 'target' = 'target'
): LabelledNumber {
  check(spec);
  const law = new Law(spec);
  const random = new Random(spec.seed, 12);
  let wrong = 0;
  for (let done = 0; done < n;) {
    const block = Math.min(8192, n - done);
    const x = matrix(block, spec.d);
    const label = new Uint8Array(block);
    for (let i = 0; i < block; i++) {
      const u = law.latent(random, domain === 'target', undefined);
      label[i] = law.label(random, u);
      law.embed(random, u, false, x.data, i * spec.d);
    }
    const predicted = predict(x);
    if (predicted.length !== block)
      throw new DataError(`The predictor gave ${predicted.length} labels for ${block} rows.`);
    for (let i = 0; i < block; i++) if (predicted[i] !== label[i]) wrong++;
    done += block;
  }
  return {
    value: wrong / n,
    label: 'ORACLE',
    n,
    unit: 'rows',
    help: `True ${domain} risk, from ${n} fresh rows of the simulated law. Known only because the data are simulated.`
  };
}

/** True change of target risk from baseline to model, on the same fresh rows. */
export function trueDifference(
  spec: SimulationSpec,
  model: Predictor,
  baseline: Predictor,
  n: number = 100_000
): LabelledNumber {
  const a = trueRisk(spec, model, n);
  const b = trueRisk(spec, baseline, n);
  return {
    ...a,
    value: a.value - b.value,
    help: `True change of target risk, from ${n} fresh rows of the simulated law.`
  };
}

/** chi^2 of the target from the source: e^(delta^2) - 1. */
export function trueChiSquare(spec: SimulationSpec): number {
  return Math.expm1(spec.delta ** 2);
}

class Law {
  /** [d, d] orthonormal rows: the first 8 span the manifold, the rest is its complement. */
  private readonly basis: Float64Array;

  constructor(private readonly spec: SimulationSpec) {
    this.basis = orthonormal(spec.d, new Random(spec.seed, 10));
  }

  latent(random: Random, target: boolean, effect: Float64Array | undefined): Float64Array {
    const { clustering, delta } = this.spec;
    const u = Float64Array.from({ length: LATENT }, (_, j) => {
      const shared = effect ? effect[j] : random.normal();
      return Math.sqrt(clustering) * shared + Math.sqrt(1 - clustering) * random.normal();
    });
    if (target) u[0] += delta;
    return u;
  }

  /** The slope on u_1 turns with u_0: a linear head must choose which side to serve. */
  label(random: Random, u: Float64Array): number {
    const score = 2 * Math.tanh(4 * (u[0] + 0.1)) * u[1] + 0.3 * u[2] + 0.2 * random.normal();
    return score > 0 ? 1 : 0;
  }

  /** Writes z = A u + noise. Variances along A fall slowly, so that all 8 stand out of the noise. */
  embed(random: Random, u: Float64Array, foreign: boolean, into: Float64Array, at: number): void {
    const { d, noise } = this.spec;
    // Foreign rows lie eight times as far from the manifold as noise carries a clean row.
    const spread = foreign ? 8 * noise : noise;
    for (let j = 0; j < d; j++) {
      const f = j < LATENT ? u[j] * 0.9 ** j : spread * random.normal();
      for (let p = 0; p < d; p++) into[at + p] += f * this.basis[j * d + p];
    }
  }
}

/** Gram-Schmidt on a Gaussian matrix, twice for accuracy. */
function orthonormal(d: number, random: Random): Float64Array {
  const basis = Float64Array.from({ length: d * d }, () => random.normal());
  for (let i = 0; i < d; i++) {
    const row = basis.subarray(i * d, (i + 1) * d);
    for (let pass = 0; pass < 2; pass++)
      for (let j = 0; j < i; j++) {
        let dot = 0;
        for (let p = 0; p < d; p++) dot += row[p] * basis[j * d + p];
        for (let p = 0; p < d; p++) row[p] -= dot * basis[j * d + p];
      }
    const norm = Math.hypot(...row);
    for (let p = 0; p < d; p++) row[p] /= norm;
  }
  return basis;
}

function check(spec: SimulationSpec): void {
  const rules: [boolean, string][] = [
    [
      Number.isFinite(spec.delta) && Math.abs(spec.delta) <= 4,
      `delta must lie between -4 and 4, got ${spec.delta}`
    ],
    [Number.isInteger(spec.d) && spec.d > LATENT, `d must be a whole number above ${LATENT}, got ${spec.d}`],
    [
      [spec.sourcePapers, spec.targetPapers, spec.rowsPerPaper].every(v => Number.isInteger(v) && v >= 1),
      'papers and rows per paper must be whole numbers of at least 1'
    ],
    [spec.clustering >= 0 && spec.clustering < 1, `clustering must lie in [0, 1), got ${spec.clustering}`],
    [spec.noise > 0 && spec.noise < Infinity, `noise must be positive, got ${spec.noise}`],
    [
      spec.contamination >= 0 && spec.contamination < 1,
      `contamination must lie in [0, 1), got ${spec.contamination}`
    ]
  ];
  for (const [fine, words] of rules) if (!fine) throw new DataError(`simulate: ${words}.`);
}
