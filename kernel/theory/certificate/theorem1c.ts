/**
 * Theorem 1C (theory.md 2.4; clusters as errata.md E4): a bound on the target risk for any weights of the source rows,
 * which need be no ratio, if the mean loss given the embedding is the same in both domains (A2') and lies, less a
 * constant, in a ball of radius R of the kernel's space (A3-K). R is ESTIMATED, or set by hand. Weights may depend on
 * all embeddings, kernel mean matching included, but not on the labels of V; kernel, c and R come from F and C.
 */
import { DataError, ParameterError } from '../../../common/errors.js';
import type { LabelledNumber } from '../../../common/labels.js';
import { Random } from '../../../common/random.js';
import { requireFinite, selectRows, type Matrix } from '../matrix.js';
import { indexPapers, requireLength, rowCount, type PaperRows } from '../papers.js';
import { checkFolds, settled, type Centre, type Question, type Shift, type WeightedRows } from './inputs.js';
import { weightedMmd, type Kernel } from './mmd.js';
import {
  concluded,
  fromPapers,
  percent,
  riskWords,
  sameLoss,
  SURVIVES,
  termOf,
  trim,
  type Bound
} from './terms.js';
import type { UnitOptions } from './units.js';

/** Rows of V, with any weights of mean about 1. */
export interface Theorem1cInput extends WeightedRows, Question, Centre, Shift, Pick<UnitOptions, 'seed'> {
  /** Embedding of the rows of V, and of U. */
  source: Matrix;
  target: Matrix;
  targetPapers: PaperRows;
  targetFolds?: ArrayLike<string>;
  kernel: Kernel;
  /** R, the norm of the mean loss less c: estimated on C by `ridgeNorms`, or set. */
  norm: number;
  /** Share of delta spent on the labels of V; the rest is spent on U. */
  split?: number;
  /** From `discrepancyOf` on the same rows and weights. */
  shared?: Discrepancy;
}

export interface Theorem1c extends Bound {
  /** MMD between the weighted source and the target, and what uniform weights would give. */
  discrepancy: { weighted: LabelledNumber; uniform: LabelledNumber };
  /** Rows of each side that were used: those of large papers are thinned at random. */
  rows: { source: number; target: number };
}

/** What the terms of theorem 1C have in common whatever the losses: computed once for a risk and an improvement. */
export interface Discrepancy {
  s: Thinned;
  t: Thinned;
  /** Weight of each source row that was kept, as it enters the mean. */
  a: Float64Array;
  /** MMD of the weighted source, and with every weight 1. */
  discrepancy: number;
  plain: number;
}

export function discrepancyOf(
  input: Pick<Theorem1cInput, 'weights' | 'papers' | 'source' | 'target' | 'targetPapers' | 'kernel' | 'seed'>
): Discrepancy {
  const { seed = 0 } = input;
  const s = thin(input.papers, seed);
  const t = thin(input.targetPapers, seed + 1);
  const pick = (x: Matrix, rows: Int32Array): Matrix => (rows.length === x.rows ? x : selectRows(x, rows));
  const source = pick(input.source, s.rows);
  const target = pick(input.target, t.rows);
  requireFinite(source, 'The source embedding');
  requireFinite(target, 'The target embedding');
  const a = s.share.map((share, i) => share * input.weights[s.rows[i]]);
  const [discrepancy, plain] = weightedMmd(input.kernel, source, [a, s.share], target, t.share);
  return { s, t, a, discrepancy, plain };
}

/** Rows a side beyond which papers are thinned: the unit is the paper, so little is lost. */
const MOST_ROWS = 5000;

/** @throws as `theorem1b` */
export function theorem1c(input: Theorem1cInput): Theorem1c {
  const { quantity, centre, norm, split = 0.6 } = input;
  const { range, reference, delta } = settled(input, 'V', 'theorem 1C on the source');
  checkFolds(input.targetFolds, 'U', 'theorem 1C on the target');
  requireLength({ length: input.source.rows }, input.losses.length, 'source embeddings', 'losses');
  requireLength(
    { length: input.target.rows },
    rowCount(input.targetPapers),
    'target embeddings',
    'target papers'
  );
  if (input.target.rows === 0)
    throw new DataError('Fold U has no rows, so nothing is known of the target. Give it target papers.');
  if (!(norm >= 0 && norm < Infinity))
    throw new ParameterError('certify', 'rkhs_norm', `R must be finite and not negative, got ${norm}.`);

  const { s, t, a, discrepancy, plain } = input.shared ?? discrepancyOf(input);
  let observed = 0;
  const masses = new Float64Array(s.count);
  a.forEach((weight, i) => {
    observed += weight * (input.losses[s.rows[i]] - centre);
    masses[s.of[i]] += weight;
  });
  // Papers are independent and a paper's part has a range of s_i (B - a) (errata.md E4).
  const squares = masses.reduce((sum, mass) => sum + mass * mass, 0);
  const labels = (range[1] - range[0]) * Math.sqrt(0.5 * Math.log(1 / (delta * split)) * squares);
  const drawn = (1 + Math.sqrt(2 * Math.log(1 / (delta * (1 - split))))) / Math.sqrt(t.count);

  const both = Math.min(s.count, t.count);
  const ball = [
    sameLoss(input.conditioning),
    `A3-K, R = ${trim(norm)}`,
    ...(input.cleaned ? [SURVIVES] : [])
  ];
  const onV = fromPapers('V', s.count);
  const terms = [
    termOf(
      'centre',
      'c',
      fromPapers('C', input.centrePapers ?? s.count)(
        centre,
        'A constant fixed on fold C; the rest is measured from it.'
      )
    ),
    termOf(
      'observed',
      'mean w(ℓ − c)',
      onV(observed, 'Weighted mean of the loss minus c over the papers of V.')
    ),
    termOf(
      'labels',
      '(B − a) √(½ ln(1/δ) Σ sᵢ²)',
      onV(labels, `What the labels of ${s.count} independent papers leave open.`)
    ),
    termOf(
      'discrepancy',
      'R · MMD',
      fromPapers(
        'V, U',
        both,
        'CONDITIONAL',
        ball
      )(
        norm * discrepancy,
        'How far the weighted source still is from the target, at the worst loss of the ball.'
      )
    ),
    termOf(
      'target sample',
      'R (1 + √(2 ln(1/δ))) / √n_T',
      fromPapers(
        'U',
        t.count,
        'CONDITIONAL',
        ball
      )(norm * drawn, `What ${t.count} independent target papers leave open about the target.`)
    )
  ];
  const measured = fromPapers('V, U', both, 'ESTIMATED');
  return {
    ...concluded(
      { quantity, population: 'T', terms, reference },
      range[1],
      { n: s.count, fold: 'V, U' },
      `Upper bound on the target ${riskWords(quantity)} of the average paper, at confidence ${percent(1 - delta)}, whatever the weights, if the ` +
        'mean loss given the embedding is as smooth as R says.'
    ),
    discrepancy: {
      weighted: measured(discrepancy, 'Maximum mean discrepancy of the weighted source from the target.'),
      uniform: measured(plain, 'The same with every weight 1: how far source and target are apart.')
    },
    rows: { source: s.rows.length, target: t.rows.length }
  };
}

interface Thinned {
  rows: Int32Array;
  /** Recipe P's share of each row kept. */
  share: Float64Array;
  /** Paper of each. */
  of: Int32Array;
  count: number;
}

/** Rows of each paper, at most so many that all together stay near `MOST_ROWS`. */
function thin(papers: PaperRows, seed: number): Thinned {
  const { of, count } = indexPapers(papers);
  let rows = Int32Array.from(of.keys());
  if (rows.length > MOST_ROWS) {
    const most = Math.max(1, Math.floor(MOST_ROWS / count));
    const taken = new Int32Array(count);
    rows = new Random(seed, 15)
      .permutation(of.length)
      .filter(row => taken[of[row]]++ < most)
      .sort();
  }
  const kept = Int32Array.from(rows, row => of[row]);
  const sizes = new Int32Array(count);
  for (const paper of kept) sizes[paper]++;
  return { rows, of: kept, count, share: Float64Array.from(kept, paper => 1 / (count * sizes[paper])) };
}
