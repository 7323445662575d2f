/**
 * A bound on 1 - micro-F1 over a corpus (errata.md E12). F1 of pooled counts is no mean over papers but a ratio of
 * means, 1 - F1 = E[FP + FN] / E[2 TP + FP + FN], and is bounded as recipe R bounds the risk of the average row.
 */
import type { LabelledNumber } from '../../../common/labels.js';
import { DataError } from '../../../common/errors.js';
import { Random } from '../../../common/random.js';
import { ratioUcb } from './ratio-mean.js';
import { fromPapers, percent } from './terms.js';

export interface MicroF1Input {
  /** Counts per paper. */
  truePositives: ArrayLike<number>;
  falsePositives: ArrayLike<number>;
  falseNegatives: ArrayLike<number>;
  /** One weight a paper in [0, cap], fixed on F and C; 1 when left out: then it speaks of the source. */
  weights?: ArrayLike<number>;
  cap?: number;
  /** N': a cap of 2 TP + FP + FN of a paper, fixed without a look at these counts. */
  most: number;
  /** A guess of 1 - F1 from fold C; .5 when left out. */
  centre?: number;
  variance?: number;
  delta?: number;
  fold: string;
  seed?: number;
}

/** @throws DataError when a count is negative, or a paper's 2 TP + FP + FN is above N' */
export function microF1Bound(input: MicroF1Input): LabelledNumber {
  const { truePositives: tp, falsePositives: fp, falseNegatives: fn, weights, most } = input;
  const { cap = 1, centre = 0.5, delta = 0.05 } = input;
  const n = tp.length;
  if (fp.length !== n || fn.length !== n || (weights && weights.length !== n))
    throw new DataError('Counts and weights for F1 must be one a paper each.');
  const order = new Random(input.seed ?? 0, 7).permutation(n);
  const p = new Float64Array(n);
  const m = new Float64Array(n);
  order.forEach((i, at) => {
    const wrong = fp[i] + fn[i];
    const all = 2 * tp[i] + wrong;
    if (!(tp[i] >= 0 && fp[i] >= 0 && fn[i] >= 0 && all <= most))
      throw new DataError(
        `Paper ${i} has counts TP ${tp[i]}, FP ${fp[i]}, FN ${fn[i]}: they must not be negative, and 2 TP + FP + FN must not ` +
          `exceed ${most}, which was fixed beforehand.`
      );
    const share = (weights ? weights[i] : 1) / (cap * most);
    p[at] = share * wrong;
    m[at] = share * all;
  });
  return fromPapers(input.fold, n, 'CERTIFIED', [weights ? 'for S_w' : 'for S'])(
    ratioUcb(p, m, { lo: 0, hi: 1, centre, variance: input.variance, delta }),
    `Upper bound on 1 − micro-F1 of all papers pooled, at confidence ${percent(1 - delta)}.`
  );
}
