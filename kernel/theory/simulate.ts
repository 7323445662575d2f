/**
 * Known-truth data (theory.md section 8): papers of several rows from a law whose density ratio, chi-square and, by
 * Monte Carlo from the same law, true risk of any predictor are ORACLE. The laws are in simulate/, one a file; foreign
 * rows with flipped labels contaminate the source (A8). Not a model of PK tables.
 */
import { DataError } from '../../common/errors.js';
import type { LabelledNumber } from '../../common/labels.js';
import { Random } from '../../common/random.js';
import { matrix, type Matrix } from './matrix.js';
import { gaussianLaw } from './simulate/gaussian.js';
import { LATENT, latentLaw } from './simulate/latent.js';
import type { Law } from './simulate/law.js';
import { SHAPES, shapeFacts } from './simulate/manifolds.js';
import { placedLaw } from './simulate/placed.js';
import { shapePlaces } from './simulate/shape.js';
import { torusPlaces } from './simulate/torus.js';

/**
 * latent: 8 dimensions embedded in R^d, a mean shift (8g); covariance: the same with a target that also shrinks (8b);
 * gaussian: a mean shift in R^d without a manifold (8a); hybrid: a torus whose angle turns (8e); the shapes: a known
 * manifold, the target tilted along it (8c).
 */
export const SIMULATION_KINDS = ['latent', 'gaussian', 'covariance', 'hybrid', ...SHAPES] as const;

export type SimulationKind = (typeof SIMULATION_KINDS)[number];

/** Deviation of the target's first three latent coordinates in the covariance kind (8b). */
const SHRINKAGE = 0.7;

export interface SimulationSpec {
  kind: SimulationKind;
  /** Shift of the target: a mean along the first coordinate, or an angle; 0 means none, the sign picks the side. */
  delta: number;
  /** Ambient dimension. */
  d: number;
  sourcePapers: number;
  targetPapers: number;
  /** Largest paper; sizes are uniform on 1 ... this. */
  rowsPerPaper: number;
  /** Share of a row's variance that its paper shares. */
  clustering: number;
  /** Standard deviation of the noise in each coordinate: off the manifold, or of all where the manifold is curved. */
  noise: number;
  /** Share of source rows that are foreign: off the manifold, placed like the target, label flipped. */
  contamination: number;
  /** Share of target papers that lie where the source never is (gaussian only). */
  uncovered: number;
  seed: number;
}

export const SIMULATION_DEFAULTS: SimulationSpec = {
  kind: 'latent',
  delta: 1,
  d: 32,
  sourcePapers: 2600,
  targetPapers: 1700,
  rowsPerPaper: 3,
  clustering: 0.3,
  noise: 0.15,
  contamination: 0,
  uncovered: 0,
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
  const spec = complete(options);
  const law = lawOf(spec);
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
    const effect = law.effect(random, target);
    for (let row = 0; row < size; row++, i++) {
      const foreign = !target && random.uniform() < spec.contamination;
      const side = foreign ? 'foreign' : target ? 'target' : 'source';
      const { label, ratio } = law.row(random, side, effect, out.x.data, i * spec.d);
      out.label[i] = foreign ? 1 - label : label;
      out.paper[i] = paper;
      out.domain[i] = target ? 1 : 0;
      out.foreign[i] = foreign ? 1 : 0;
      out.ratio[i] = foreign ? NaN : ratio;
    }
  });
  return out;
}

/**
 * True target risk (0-1 loss of the average paper, clean law) of each predictor, on the same n fresh rows of the same
 * law, so that differences are paired; a standard error is at most .5 / sqrt n. The same seed gives the same rows.
 */
export function trueRisks(
  options: Partial<SimulationSpec>,
  predictors: readonly Predictor[],
  n: number = 100_000,
  domain: 'source' | 'target' = 'target'
): LabelledNumber[] {
  const spec = complete(options);
  const law = lawOf(spec);
  const random = new Random(spec.seed, 12);
  const wrong = predictors.map(() => 0);
  for (let done = 0; done < n;) {
    const block = Math.min(8192, n - done);
    const x = matrix(block, spec.d);
    const label = new Uint8Array(block);
    for (let i = 0; i < block; i++) {
      label[i] = law.row(random, domain, undefined, x.data, i * spec.d).label;
    }
    predictors.forEach((predict, k) => {
      const predicted = predict(x);
      if (predicted.length !== block)
        throw new DataError(`The predictor gave ${predicted.length} labels for ${block} rows.`);
      for (let i = 0; i < block; i++) if (predicted[i] !== label[i]) wrong[k]++;
    });
    done += block;
  }
  return wrong.map(count => ({
    value: count / n,
    label: 'ORACLE',
    n,
    unit: 'rows',
    help: `True ${domain} risk, from ${n} fresh rows of the simulated law. Known only because the data are simulated.`
  }));
}

/** True risk of one predictor. */
export function trueRisk(
  options: Partial<SimulationSpec>,
  predict: Predictor,
  n?: number,
  domain?: 'source' | 'target'
): LabelledNumber {
  return trueRisks(options, [predict], n, domain)[0];
}

/** True change of target risk from baseline to model, on the same fresh rows. */
export function trueDifference(
  spec: Partial<SimulationSpec>,
  model: Predictor,
  baseline: Predictor,
  n: number = 100_000
): LabelledNumber {
  const [a, b] = trueRisks(spec, [model, baseline], n);
  return {
    ...a,
    value: a.value - b.value,
    help: `True change of target risk, from ${n} fresh rows of the simulated law.`
  };
}

/** chi^2 of the target from the source, in closed form; Infinity where the source does not reach all of it. */
export function trueChiSquare(options: Partial<SimulationSpec>): number {
  return lawOf(complete(options)).chiSquare;
}

/** @throws DataError when a number is out of range. A specification that names no kind is of the first. */
function complete(options: Partial<SimulationSpec>): SimulationSpec {
  const spec = { ...SIMULATION_DEFAULTS, ...options };
  check(spec);
  return spec;
}

function lawOf(spec: SimulationSpec): Law {
  switch (spec.kind) {
    case 'latent':
      return latentLaw({ ...spec, scale: 1 });
    case 'covariance':
      return latentLaw({ ...spec, scale: SHRINKAGE });
    case 'gaussian':
      return gaussianLaw(spec);
    case 'hybrid':
      return placedLaw(spec, torusPlaces(spec.delta));
    default:
      return placedLaw(spec, shapePlaces(spec.kind, spec.delta));
  }
}

/** Fewest dimensions of a kind. */
function leastDimension(kind: SimulationKind): number {
  switch (kind) {
    case 'latent':
    case 'covariance':
      return LATENT + 1;
    case 'gaussian':
      return 2;
    case 'hybrid':
      return 4;
    default:
      return shapeFacts(kind).coordinates;
  }
}

function check(spec: SimulationSpec): void {
  if (!SIMULATION_KINDS.includes(spec.kind))
    throw new DataError(
      `simulate: there is no kind "${String(spec.kind)}"; the kinds are ${SIMULATION_KINDS.join(', ')}.`
    );
  const least = leastDimension(spec.kind);
  const rules: [boolean, string][] = [
    [
      Number.isFinite(spec.delta) && Math.abs(spec.delta) <= 4,
      `delta must lie between -4 and 4, got ${spec.delta}`
    ],
    [
      Number.isInteger(spec.d) && spec.d >= least,
      `d must be a whole number of at least ${least} for the kind "${spec.kind}", got ${spec.d}`
    ],
    [
      [spec.sourcePapers, spec.targetPapers, spec.rowsPerPaper].every(v => Number.isInteger(v) && v >= 1),
      'papers and rows per paper must be whole numbers of at least 1'
    ],
    [spec.clustering >= 0 && spec.clustering < 1, `clustering must lie in [0, 1), got ${spec.clustering}`],
    [spec.noise > 0 && spec.noise < Infinity, `noise must be positive, got ${spec.noise}`],
    [
      spec.contamination >= 0 && spec.contamination < 1,
      `contamination must lie in [0, 1), got ${spec.contamination}`
    ],
    [
      spec.kind !== 'gaussian' || spec.contamination === 0,
      'the kind "gaussian" has no manifold for foreign rows to lie off: set contamination to 0'
    ],
    [
      spec.uncovered >= 0 && spec.uncovered < 1 && (spec.uncovered === 0 || spec.kind === 'gaussian'),
      `uncovered must lie in [0, 1), and be 0 for all kinds but "gaussian"; got ${spec.uncovered}`
    ]
  ];
  for (const [fine, words] of rules) if (!fine) throw new DataError(`simulate: ${words}.`);
}
