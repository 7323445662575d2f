/**
 * The trusted rows that rows are judged against, by paper (errata.md E14 to E18): which of its papers stay where
 * contamination is declared, whether it looks contaminated where none is, and what that does to a p-value. Scores are
 * given: larger is stranger.
 */
import { DataError } from '../../common/errors.js';
import { Random } from '../../common/random.js';
import { median, scaledMad } from './linalg.js';
import { select } from './matrix.js';
import { indexPapers, oneRowPerPaper, type PaperRows, type Papers } from './papers.js';

/** Robust z-score above which a paper of the reference is trimmed, or suspected. */
const FAR = 5;

/** Suspected papers that are told of: at least two, and one in fifty. */
const SUSPECT = { papers: 2, share: 0.02 };

export interface TrustedReference {
  /** Rows that stay, rising. */
  rows: Int32Array;
  /** Papers that stay, N of a conformal p-value. */
  papers: number;
  /** Papers that were trimmed. */
  trimmed: number;
  /** Papers whose robust z-score is above 5, before trimming. */
  far: number;
  /** Declared share nu of papers with foreign rows. */
  contamination: number;
  /** Whether it looks contaminated and nothing was declared. */
  suspect: boolean;
}

/** The largest score of each paper, in the order of `indexPapers`. */
export function paperScores(score: ArrayLike<number>, papers: PaperRows): Float64Array {
  const index = indexPapers(papers);
  const out = new Float64Array(index.count).fill(-Infinity);
  index.of.forEach((paper, row) => (out[paper] = Math.max(out[paper], score[row])));
  return out;
}

/** (value - median) / (1.4826 MAD); of equal values all are 0. */
export function robustZ(values: ArrayLike<number>): Float64Array {
  const centre = median(values);
  const mad = scaledMad(values, centre);
  return Float64Array.from(values, value => {
    const off = value - centre;
    return off === 0 ? 0 : off / mad;
  });
}

/**
 * The reference without the papers that lie far out, at most a share `contamination` of them.
 * @param rows reference rows; @param score and @param papers one entry a row of the data
 * @throws DataError when there is no row, or nu is not in [0, .5)
 */
export function trustedReference(
  rows: ArrayLike<number>,
  score: ArrayLike<number>,
  papers: Papers,
  contamination: number = 0
): TrustedReference {
  if (rows.length === 0)
    throw new DataError(
      'The reference has no rows: nothing is trusted, so nothing can be judged. Choose another reference.'
    );
  if (!(contamination >= 0 && contamination < 0.5))
    throw new DataError(
      `The contamination must lie in [0, .5), got ${contamination}: a reference that is foreign for half says nothing.`
    );
  const own = Array.from(rows);
  const index = indexPapers(own.map(row => papers[row]));
  const z = robustZ(paperScores(select(score, own), index));
  const far = z.reduce((count, value) => count + (value > FAR ? 1 : 0), 0);
  const most = Math.floor(contamination * index.count);
  const out = new Set(
    Array.from(z, (_, paper) => paper)
      .filter(paper => z[paper] > FAR)
      .sort((a, b) => z[b] - z[a])
      .slice(0, most)
  );
  const kept = own.filter((_, i) => !out.has(index.of[i]));
  return {
    rows: Int32Array.from(kept).sort(),
    papers: index.count - out.size,
    trimmed: out.size,
    far,
    contamination,
    suspect: contamination === 0 && far >= SUSPECT.papers && far >= SUSPECT.share * index.count
  };
}

/** Scores of one row a paper at random: what the p-value of a row is counted against (errata.md E16). */
export function rowReference(
  reference: TrustedReference,
  score: ArrayLike<number>,
  papers: Papers,
  seed: number
): Float64Array {
  const rows = Array.from(reference.rows);
  const picked = oneRowPerPaper(
    rows.map(row => papers[row]),
    new Random(seed, 4)
  );
  return Float64Array.from(picked, i => score[rows[i]]);
}

/**
 * What P(p <= t) can be for a row like the clean part of the reference, where a share nu of it was foreign:
 * t / (1 - nu) where foreign rows score low and stayed (errata.md E17), t (1 - nu) + nu where clean ones were trimmed
 * (E18).
 */
export function typeOneFactors(t: number, nu: number): { kept: number; trimmed: number } {
  return { kept: Math.min(1, t / (1 - nu)), trimmed: t * (1 - nu) + nu };
}

/** How many of `units` must be as strange as can be before Benjamini and Hochberg's rule flags one, with N papers. */
export function leastFlags(units: number, papers: number, q: number): number {
  return Math.ceil(units / (q * (papers + 1)) - 1e-9);
}
