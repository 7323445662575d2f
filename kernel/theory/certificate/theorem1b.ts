/**
 * Theorem 1B (theory.md 2.2, errata.md E1, E2, E4, E8, E9): an upper bound on the target risk, or on the paired
 * difference to a baseline, from labelled source papers (V) and unlabelled target papers (U). The risk is that of
 * the average paper or of the average row (units.ts). About the target it is CONDITIONAL, never CERTIFIED.
 */
import { DataError } from '../../../common/errors.js';
import type { LabelledNumber } from '../../../common/labels.js';
import { effectiveNumber } from '../papers.js';
import {
  checkFolds,
  requireRatio,
  settled,
  type Centre,
  type LabelNoise,
  type Question,
  type Range,
  type Shift,
  type WeightedRows,
  type WeightKind
} from './inputs.js';
import { correctForNoise, noiseFactor, noiseTerm } from './label-noise.js';
import { CUT_OFF, tailSums, type TailRows } from './tail.js';
import {
  averageOf,
  concluded,
  fromPapers,
  percent,
  riskWords,
  sameLoss,
  SURVIVES,
  termOf,
  trim,
  type Bound,
  type Term
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

/** Rows of V, whose weights are min(w, W) kappa, untempered, and of U. */
export interface Theorem1bInput extends WeightedRows, TailRows, Question, Centre, Shift, UnitOptions {
  /** What the weights are; refused unless a ratio, which is the default. */
  kind?: WeightKind;
  /** Variance over papers of the sum of min(w, W) kappa (loss - c), from fold C. */
  variance?: number;
  /** First variance of b: a constant or from fold C, never from U. */
  tailVariance?: number;
  /** Share of delta spent on V; the rest is spent on U. */
  split?: number;
  gamma?: number;
  gammaGrid?: readonly number[];
  /** True when w = 1 everywhere: then the bound is about the source (errata.md E1). */
  uniform?: boolean;
  /** Corollary 3's term: at most a share eta of the pool is foreign, with mean kappa at most beta (errata.md E9). */
  contamination?: { eta: number; beta: number };
  /** Assert Gamma for the capped ratio itself; `tail` then holds 1 - kappa only (errata.md E2, option). */
  capAsserted?: boolean;
  /** The bound is corrected for it. */
  noise?: LabelNoise;
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
  delta: number;
  uniform: boolean;
  units: Units;
  /** Papers that the weights leave. */
  effective: number;
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
  const { losses, weights, papers, tail, centre, gamma = 1 } = input;
  requireRatio(input.kind);
  const { range, reference, delta } = settled(input, 'V', 'theorem 1B on the source');
  checkFolds(input.tailFolds, 'U', 'the tail of theorem 1B');
  if (input.noise) noiseFactor(input.noise);
  const uniform = input.uniform ?? (allEqual(weights, 1) && allEqual(tail, 0));
  if (uniform && gamma === 1 && !allEqual(weights, 1))
    throw new DataError(
      'Uniform weights bound the source risk only when every weight is 1: leave kappa out of them.'
    );
  const units = unitsOf(papers, input);
  const [above, below] = [new Float64Array(units.count), new Float64Array(units.count)];
  for (let i = 0; i < losses.length; i++) {
    const excess = units.share[i] * weights[i] * (losses[i] - centre);
    if (excess > 0) above[units.slot[i]] += excess;
    else below[units.slot[i]] -= excess;
  }
  return {
    ...{ input, range, reference, delta, uniform, units, above, below, known: new Map() },
    effective: effectiveNumber(unitSums(weights, units)),
    tail: uniform && gamma === 1 ? undefined : tailSums(input, input)
  };
}

function boundAt(prepared: Prepared, gamma: number, grid: readonly number[]): Theorem1b {
  const { input, range, reference, delta, units, known, above, below } = prepared;
  const { quantity, cap, centre, noise, split = 0.8, capAsserted = false } = input;
  // Gamma = 1 and w = 1 speak of the source alone: the tail is dropped and delta is spent on V (errata.md E1).
  const sourceOnly = prepared.uniform && gamma === 1;
  const tail = sourceOnly ? undefined : prepared.tail;
  // With a clean weight below 1 somewhere, b = 0 on a sample of U does not make it 0 on the target.
  const noTail = !tail || (capAsserted && !input.cleaned && allEqual(input.tail, 0));
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
  const [onV, onU] = [fromPapers('V', n), fromPapers('U', nTarget)];

  const terms: Term[] = [
    termOf(
      'centre',
      'c',
      fromPapers('C', input.centrePapers ?? n)(
        centre,
        'A constant fixed on fold C; the rest of the sum is measured from it.'
      )
    ),
    termOf(
      'observed',
      'Z̄',
      onV(mean, 'Weighted mean of the loss minus c over the papers of fold V, as observed.')
    ),
    termOf(
      'width',
      'UCB(Z) − Z̄',
      onV(
        ucbZ - mean,
        `What ${n} independent papers leave open at confidence ${percent(1 - deltaZ)} (betting bound).`
      )
    )
  ];
  if (!sourceOnly) {
    terms.push(
      termOf(
        'tail',
        '(B − c) · UCB(b)',
        onU(
          (range[1] - centre) * ucbB,
          noTail
            ? 'No target row is cut off: the capped ratio itself is assumed right within Gamma.'
            : CUT_OFF
        )
      )
    );
    const assumptions = [
      sameLoss(input.conditioning),
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
  const what = riskWords(quantity);
  const average = averageOf(units.estimand);
  const fold = sourceOnly ? 'V' : 'V, U';
  const result = concluded(
    { quantity, population: sourceOnly ? 'S' : 'T', terms, reference },
    range[1],
    { n, fold },
    sourceOnly
      ? `Upper bound on the SOURCE ${what} of ${average}, at confidence ${percent(1 - delta)}. With uniform weights there is no number for the target.`
      : `Upper bound on the target ${what} of ${average}, at confidence ${percent(1 - delta)}, if its assumptions hold.`
  );
  const { bound } = result;
  if (sourceOnly) bound.assumptions = ['for S', ...(bound.assumptions ?? [])];

  const rest = centre + (range[1] - centre) * ucbB + contamination(gamma);
  const other = (value: number, label: LabelledNumber['label'], help: string): LabelledNumber =>
    fromPapers(fold, n, label, bound.assumptions)(corrected(rest + value), help);
  const { maurerPontil, clt } = otherUpperMeans(sums, units, optionsAt(gamma));
  return {
    ...result,
    gamma: sourceOnly ? undefined : scanGamma(g => corrected(rawAt(g)), grid, gamma, reference),
    papers: { source: n, target: nTarget },
    ess: fromPapers(
      'V',
      n,
      'ESTIMATED'
    )(prepared.effective, 'Effective number of papers of fold V: equal weights would give all of them.'),
    parts: {
      z: onV(
        ucbZ,
        'Upper bound on E_S Z, the mean of a function fixed on F and C. No assumption on the target.'
      ),
      b: onU(ucbB, 'Upper bound on E_T b, the target mass that the weights cut off.')
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
