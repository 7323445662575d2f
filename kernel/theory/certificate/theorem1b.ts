/**
 * Theorem 1B (theory.md 2.2, errata.md E1, E2, E4, E8, E9): an upper bound on the target risk, or on the paired
 * difference to a baseline, from labelled source papers (V) and unlabelled target papers (U). The risk is that of
 * the average paper or of the average row (units.ts). About the target it is CONDITIONAL, never CERTIFIED.
 */
import { DataError, ParameterError } from '../../../common/errors.js';
import type { LabelledNumber } from '../../../common/labels.js';
import { requireLength, rowCount, type PaperRows } from '../papers.js';
import { checkRange } from './betting.js';
import { correctForNoise, noiseFactor, noiseTerm, type LabelNoise } from './label-noise.js';
import {
  averageOf,
  checkFolds,
  checkRows,
  checkSettings,
  judge,
  lossRange,
  percent,
  sumTerms,
  SURVIVES,
  termOf,
  trim,
  type Bound,
  type Quantity,
  type Range,
  type Term,
  type WeightKind
} from './terms.js';
import {
  otherUpperMeans,
  unitMean,
  unitsOf,
  unitSums,
  upperMean,
  type UnitOptions,
  type Units,
  type UpperOptions
} from './units.js';

export const GAMMA_GRID: readonly number[] = [1, 1.05, 1.1, 1.2, 1.3, 1.4, 1.5, 1.75, 2, 2.5, 3, 4];

export interface Theorem1bInput extends UnitOptions {
  quantity: Quantity;
  /** Per row of V: the loss, or the difference model minus baseline. */
  losses: ArrayLike<number>;
  /** Per row of V: min(w, W) kappa, untempered. */
  weights: ArrayLike<number>;
  /** What the weights are; refused unless a ratio, which is the default. */
  kind?: WeightKind;
  papers: PaperRows;
  /** Per row of U: b of `tailVariable`. */
  tail: ArrayLike<number>;
  tailPapers: PaperRows;
  /** W, fixed on F and C: never a maximum over V (errata.md E11). */
  cap: number;
  /** c, fixed on C, and how many papers it was fixed on. */
  centre: number;
  centrePapers?: number;
  /** Variance over papers of the sum of min(w, W) kappa (loss - c), from fold C. */
  variance?: number;
  /** First variance of b: a constant or from fold C, never from U. */
  tailVariance?: number;
  delta?: number;
  /** Share of delta spent on V; the rest is spent on U. */
  split?: number;
  range?: Range;
  gamma?: number;
  gammaGrid?: readonly number[];
  reference?: number;
  /** True when w = 1 everywhere: then the bound is about the source (errata.md E1). */
  uniform?: boolean;
  /** True when kappa is not 1 everywhere: adds the assumption on what contamination survives it. */
  cleaned?: boolean;
  /** Corollary 3's term: at most a share eta of the pool is foreign, with mean kappa at most beta (errata.md E9). */
  contamination?: { eta: number; beta: number };
  /** Assert Gamma for the capped ratio itself; `tail` then holds 1 - kappa only (errata.md E2, option). */
  capAsserted?: boolean;
  /**
   * What w is a function of, where that is not the whole embedding, e.g. "PCA, rank 16": A2' is then assumed for it
   * (errata.md E1).
   */
  conditioning?: string;
  /** Labels of V are wrong at this known rate: the bound is corrected for it (errata.md E5). */
  noise?: LabelNoise;
  /** Fold of each row and of each target row: V and U alone are let pass. */
  folds?: ArrayLike<string>;
  tailFolds?: ArrayLike<string>;
}

export interface Theorem1b extends Bound {
  /** Bound at each Gamma; star is the last grid value before the first failure, null when Gamma = 1 fails. */
  gamma?: { grid: number[]; bound: number[]; now: number; star: number | null };
  papers: { source: number; target: number };
  /** Effective source papers of the weights. */
  ess: LabelledNumber;
  /** UCB of E_S Z, E_T b: certified by themselves (errata.md E1). */
  parts: { z: LabelledNumber; b: LabelledNumber };
  /** The same bound by other inequalities at the same delta, to compare. */
  comparison: { maurerPontil: LabelledNumber; clt: LabelledNumber };
}

/**
 * b = 1 - kappa min(1, W / w) per target row, and 1 where w = 0 (theory.md Corollary 3, errata.md E2). With
 * `capAsserted` it is 1 - kappa: then the capped ratio is the one that Gamma speaks of.
 */
export function tailVariable(
  weights: ArrayLike<number>,
  cap: number,
  kappa?: ArrayLike<number>,
  capAsserted: boolean = false
): Float64Array {
  return Float64Array.from({ length: weights.length }, (_, j) => {
    const w = weights[j];
    const k = kappa ? kappa[j] : 1;
    if (!(w >= 0) || !(k >= 0 && k <= 1))
      throw new DataError(
        `Target row ${j}: weight ${w} and clean weight ${k}; they must be >= 0 and in [0, 1].`
      );
    if (w === 0) return 1;
    return 1 - k * (capAsserted ? 1 : Math.min(1, cap / w));
  });
}

/** Z per row: Gamma w (l - c)_+ - w (l - c)_- / Gamma (theory.md 2.2). */
export function sensitivityRows(
  losses: ArrayLike<number>,
  weights: ArrayLike<number>,
  centre: number,
  gamma: number
): Float64Array {
  return Float64Array.from({ length: losses.length }, (_, i) => {
    const e = losses[i] - centre;
    return weights[i] * (e > 0 ? gamma * e : e / gamma);
  });
}

/**
 * @throws DataError when a loss, weight or tail value leaves its range, or a fold is empty
 * @throws ParameterError when delta, W, c or Gamma are out of range, or the weights are a tilt or tempered
 * @throws FoldError when a row is of another fold than V, or a target row of another than U
 */
export function theorem1b(input: Theorem1bInput): Theorem1b {
  return boundAt(prepare(input), input.gamma ?? 1, input.gammaGrid ?? GAMMA_GRID);
}

/** The bound, and what it would have been with each Gamma of its grid; undefined where it knows none. */
export function theorem1bReadings(input: Theorem1bInput): { bound: Theorem1b; at?: Theorem1b[] } {
  const prepared = prepare(input);
  const bound = boundAt(prepared, input.gamma ?? 1, input.gammaGrid ?? GAMMA_GRID);
  const at = bound.gamma?.grid.map(gamma => boundAt(prepared, gamma, []));
  // With uniform weights Gamma = 1 speaks of the source and other Gamma of the target: no one block says both.
  return at?.every(other => other.population === bound.population) ? { bound, at } : { bound };
}

/** Checked input, its rows as units, and what does not depend on Gamma. */
interface Prepared {
  input: Theorem1bInput;
  range: Range;
  reference: number;
  uniform: boolean;
  units: Units;
  /** Per paper, of w (l - c): the part above and below 0, whence Z at any Gamma. */
  above: Float64Array;
  below: Float64Array;
  /** undefined where no tail is spent delta on. */
  tail?: { sums: Float64Array; units: Units };
  tailUcb?: number;
  /** Upper bounds of E_S Z by Gamma and delta, computed already: they take most of the time. */
  known: Map<string, number>;
}

function prepare(input: Theorem1bInput): Prepared {
  const { quantity, losses, weights, papers, tail, tailPapers, cap, centre, kind = 'ratio' } = input;
  const { delta = 0.05, gamma = 1, seed = 0 } = input;
  const range = input.range ?? lossRange(quantity);
  const reference = input.reference ?? (quantity === 'improvement' ? 0 : range[1]);
  if (kind !== 'ratio')
    throw new ParameterError(
      'certify',
      'weights',
      kind === 'tilt'
        ? 'A similarity tilt is no density ratio, so it gives no number for the target: use the tilt certificate, theorem 1B-tilt.'
        : 'Tempered weights are for training: certify with the untempered column min(w, W) kappa, or use the tilt certificate.'
    );
  checkSettings({ delta, cap, gamma, centre, range });
  checkRows(losses, weights, papers, range, cap);
  checkFolds(input.folds, 'V', 'theorem 1B on the source');
  checkFolds(input.tailFolds, 'U', 'the tail of theorem 1B');
  if (input.noise) noiseFactor(input.noise);
  const uniform = input.uniform ?? (allEqual(weights, 1) && allEqual(tail, 0));
  if (uniform && gamma === 1 && !allEqual(weights, 1))
    throw new DataError(
      'Uniform weights bound the source risk only when every weight is 1: leave kappa out of them.'
    );
  const vUnits = unitsOf(papers, input);
  const excess = (sign: 1 | -1): Float64Array =>
    unitSums(
      Float64Array.from({ length: losses.length }, (_, i) =>
        Math.max(0, sign * weights[i] * (losses[i] - centre))
      ),
      vUnits
    );
  const prepared: Prepared = {
    ...{ input, range, reference, uniform },
    ...{ units: vUnits, above: excess(1), below: excess(-1), known: new Map() }
  };
  if (uniform && gamma === 1) return prepared;
  requireLength(tail, rowCount(tailPapers), 'tail values', 'target papers');
  if (tail.length === 0)
    throw new DataError('Fold U has no rows, so the tail cannot be bounded. Give it target papers.');
  checkRange(tail, 0, 1, 'The tail variable b');
  const units = unitsOf(tailPapers, { ...input, seed: seed + 1 });
  prepared.tail = { sums: unitSums(tail, units), units };
  return prepared;
}

function boundAt(prepared: Prepared, gamma: number, grid: readonly number[]): Theorem1b {
  const { input, range, reference, units, known, above, below } = prepared;
  const { quantity, weights, cap, centre, noise } = input;
  const { delta = 0.05, split = 0.8, capAsserted = false, estimand = 'paper' } = input;
  // Gamma = 1 and w = 1 speak of the source alone: the tail is dropped and delta is spent on V (errata.md E1).
  const sourceOnly = prepared.uniform && gamma === 1;
  const tail = sourceOnly ? undefined : prepared.tail;
  const noTail = !tail || (capAsserted && allEqual(input.tail, 0));
  const deltaZ = noTail ? delta : delta * split;
  const deltaB = delta - deltaZ;
  const ucbB = noTail
    ? 0
    : (prepared.tailUcb ??= upperMean(tail.sums, tail.units, {
        ...{ lo: 0, hi: 1, delta: deltaB },
        variance: input.tailVariance ?? 0.01
      }));
  const contamination = (g: number): number =>
    input.contamination
      ? (range[1] - range[0]) * input.contamination.eta * g * cap * input.contamination.beta
      : 0;
  const optionsAt = (g: number): UpperOptions => ({
    lo: (-(centre - range[0]) * cap) / g,
    hi: g * (range[1] - centre) * cap,
    delta: deltaZ,
    variance: input.variance === undefined ? undefined : input.variance * g * g
  });
  const sumsAt = (g: number): Float64Array => above.map((up, i) => g * up - below[i] / g);
  const ucbAt = (g: number): number => {
    const key = `${g} ${deltaZ}`;
    let ucb = known.get(key);
    if (ucb === undefined) known.set(key, (ucb = upperMean(sumsAt(g), units, optionsAt(g))));
    return ucb;
  };
  const corrected = (value: number): number => (noise ? correctForNoise(value, quantity, noise) : value);
  const rawAt = (g: number): number => centre + ucbAt(g) + (range[1] - centre) * ucbB + contamination(g);

  const sums = sumsAt(gamma);
  const mean = unitMean(sums, units);
  const ucbZ = ucbAt(gamma);
  const n = units.count;
  const nTarget = tail?.units.count ?? 0;
  const of = (fold: string, count: number): Pick<LabelledNumber, 'n' | 'unit' | 'fold'> => ({
    fold,
    n: count,
    unit: 'papers'
  });
  const certified = (value: number, fold: string, count: number, help: string): LabelledNumber => ({
    ...of(fold, count),
    value,
    label: 'CERTIFIED',
    help
  });

  const terms: Term[] = [
    termOf(
      'centre',
      'c',
      certified(
        centre,
        'C',
        input.centrePapers ?? n,
        'A constant fixed on fold C; the rest of the sum is measured from it.'
      )
    ),
    termOf(
      'observed',
      'Z̄',
      certified(mean, 'V', n, 'Weighted mean of the loss minus c over the papers of fold V, as observed.')
    ),
    termOf(
      'width',
      'UCB(Z) − Z̄',
      certified(
        ucbZ - mean,
        'V',
        n,
        `What ${n} independent papers leave open at confidence ${percent(1 - deltaZ)} (betting bound).`
      )
    )
  ];
  if (!sourceOnly) {
    terms.push(
      termOf(
        'tail',
        '(B − c) · UCB(b)',
        certified(
          (range[1] - centre) * ucbB,
          'U',
          nTarget,
          noTail
            ? 'No target row is cut off: the capped ratio itself is assumed right within Gamma.'
            : 'Target mass that the cap, the clean weight or a zero ratio cuts off, each unit counted at the worst loss.'
        )
      )
    );
    const assumptions = [
      input.conditioning ? `A2' for ${input.conditioning}` : "A2'",
      'overlap',
      `Γ = ${trim(gamma)}${capAsserted ? ' for min(w, W)' : ''}`
    ];
    if (input.contamination) {
      terms.push(
        termOf('contamination', '(B − a) η Γ W β', {
          value: contamination(gamma),
          label: 'CONDITIONAL',
          assumptions: [`η = ${trim(input.contamination.eta)}`, `β = ${trim(input.contamination.beta)}`],
          help: 'Foreign rows of the pool that the clean weight lets through, each counted at the worst.'
        })
      );
    } else if (input.cleaned) assumptions.push(SURVIVES);
    terms.push(
      termOf('from source to target', 'S → T', {
        value: 0,
        label: 'CONDITIONAL',
        assumptions,
        help:
          'Adds nothing if the loss given the embedding is the same in both domains (A2′), if the source reaches wherever ' +
          'the target lies (overlap), and if the ratio is right ' +
          `within a factor Γ = ${trim(gamma)}. Neither can be checked from these data.`
      })
    );
  }
  if (noise) terms.push(noiseTerm(rawAt(gamma), quantity, noise));
  const what = quantity === 'risk' ? 'risk' : 'change of risk (model minus baseline)';
  const average = averageOf(estimand);
  const bound = sumTerms(
    terms,
    { n, fold: sourceOnly ? 'V' : 'V, U' },
    sourceOnly
      ? `Upper bound on the SOURCE ${what} of ${average}, at confidence ${percent(1 - delta)}. With uniform weights there is no number for the target.`
      : `Upper bound on the target ${what} of ${average}, at confidence ${percent(1 - delta)}, if its assumptions hold.`
  );
  if (sourceOnly) bound.assumptions = ['for S', ...(bound.assumptions ?? [])];
  const verdict = judge(bound.value, quantity, reference, range[1]);
  if (verdict === 'vacuous') bound.label = 'VACUOUS';

  const rest = centre + (range[1] - centre) * ucbB + contamination(gamma);
  const other = (value: number, label: LabelledNumber['label'], help: string): LabelledNumber => ({
    ...of(bound.fold ?? 'V', n),
    value: corrected(rest + value),
    label,
    ...(bound.assumptions ? { assumptions: bound.assumptions } : {}),
    help
  });
  const { maurerPontil, clt } = otherUpperMeans(sums, units, optionsAt(gamma));
  const weightSums = unitSums(weights, units);
  const mass = weightSums.reduce((a, b) => a + b, 0);
  const squares = weightSums.reduce((a, b) => a + b * b, 0);
  return {
    quantity,
    population: sourceOnly ? 'S' : 'T',
    terms,
    bound,
    verdict,
    reference,
    gamma: sourceOnly ? undefined : scanGamma(g => corrected(rawAt(g)), grid, gamma, reference),
    papers: { source: n, target: nTarget },
    ess: {
      ...of('V', n),
      value: squares > 0 ? (mass * mass) / squares : 0,
      label: 'ESTIMATED',
      help: 'Effective number of papers of fold V: equal weights would give all of them.'
    },
    parts: {
      z: certified(
        ucbZ,
        'V',
        n,
        'Upper bound on E_S Z, the mean of a function fixed on F and C. No assumption on the target.'
      ),
      b: certified(ucbB, 'U', nTarget, 'Upper bound on E_T b, the target mass that the weights cut off.')
    },
    comparison: {
      maurerPontil: other(
        maurerPontil,
        sourceOnly && !noise ? 'CERTIFIED' : 'CONDITIONAL',
        'The same bound with the empirical Bernstein inequality of Maurer and Pontil for Z.'
      ),
      clt: other(clt, 'ESTIMATED', 'The same sum with a normal approximation for Z: no guarantee.')
    }
  };
}

/** First-failure scan: Gamma* is the last grid value before the bound first reaches the reference (errata.md E8). */
function scanGamma(
  totalAt: (gamma: number) => number,
  grid: readonly number[],
  now: number,
  reference: number
): { grid: number[]; bound: number[]; now: number; star: number | null } {
  const values = [...new Set([...grid, now])].filter(g => g >= 1).sort((a, b) => a - b);
  const bound = values.map(totalAt);
  const failure = bound.findIndex(value => value >= reference);
  const star = failure === 0 ? null : values[(failure === -1 ? values.length : failure) - 1];
  return { grid: values, bound, now, star };
}

function allEqual(values: ArrayLike<number>, to: number): boolean {
  for (let i = 0; i < values.length; i++) if (values[i] !== to) return false;
  return true;
}
