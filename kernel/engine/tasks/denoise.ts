/**
 * The manifold of fold F, and what it says of every row: distance, clean weight, p-value, flag. kappa and the
 * p-values are calibrated on reference rows of fold C, so both are functions fixed on F and C.
 */
import type { LabelledNumber } from '../../../common/labels.js';
import {
  benjaminiHochberg,
  conformalPValues,
  evaluateKappa,
  evaluateManifold,
  fitKappa,
  fitManifold,
  matrix,
  paperWeights,
  select,
  selectRows,
  theorem2,
  type ManifoldScores
} from '../../theory/index.js';
import { defineTask, type Job } from '../task.js';

export interface DenoiseInput {
  /** Row-major [n, dimension]. */
  vectors: Float32Array;
  dimension: number;
  /** One paper a row. */
  papers: readonly string[];
  /** Rows that the manifold is fitted on: fold F of both domains. */
  fit: readonly number[];
  /** Trusted rows of fold C. */
  reference: readonly number[];
  /** Rows that may be flagged: folds F and C. What V and U look like must not move what people decide there. */
  reviewable: readonly number[];
  neighbors: number;
  maxRank: number;
  fdr: number;
  seed: number;
}

export interface DenoiseOutput {
  kappa: Float64Array;
  distance: Float64Array;
  pValue: Float64Array;
  flagged: Uint8Array;
  /** Coordinate along the first principal component. For pictures only. */
  along: Float64Array;
  rank: number;
  share: number;
  sigma: number;
  dimension: number;
  votes: Record<string, number>;
  d0: number;
  h: number;
  theorem2: { name: string; number: LabelledNumber }[];
}

/** Rows scored between two looks at whether the job was cancelled. */
const BLOCK = 512;

export const denoise = defineTask({
  name: 'denoise',
  async run(input: DenoiseInput, job: Job): Promise<DenoiseOutput> {
    const { papers, fit, reference, neighbors, seed } = input;
    const n = papers.length;
    const x = matrix(n, input.dimension, Float64Array.from(input.vectors));
    const of = (rows: readonly number[]): string[] => rows.map(i => papers[i]!);
    job.progress(0, 'global PCA and intrinsic dimension');
    const manifold = fitManifold(selectRows(x, fit), {
      neighbors,
      maxRank: input.maxRank,
      weights: paperWeights(of(fit)),
      seed
    });

    // A row that the manifold was fitted on is scored with itself left out.
    const place = new Int32Array(n).fill(-1);
    fit.forEach((row, i) => (place[row] = i));
    const distance = new Float64Array(n);
    const score = new Float64Array(n);
    const along = new Float64Array(n);
    for (let from = 0; from < n; from += BLOCK) {
      job.throwIfCancelled();
      job.progress(0.3 + (0.6 * from) / n, 'local PCA');
      const rows = Array.from({ length: Math.min(BLOCK, n - from) }, (_, i) => from + i);
      const scores: ManifoldScores = evaluateManifold(
        manifold,
        selectRows(x, rows),
        rows.map(row => place[row]!)
      );
      distance.set(scores.distance, from);
      score.set(scores.score, from);
      rows.forEach((row, k) => (along[row] = scores.along[k]!));
    }

    const trusted = select(distance, reference);
    const trustedWeights = paperWeights(of(reference));
    const kappa = fitKappa(trusted, trustedWeights);
    const pValue = conformalPValues(select(score, reference), score);
    const flagged = new Uint8Array(n);
    benjaminiHochberg(select(pValue, input.reviewable), input.fdr).forEach((flag, k) => {
      flagged[input.reviewable[k]!] = flag;
    });
    const { pca, votes } = manifold;
    const numbers = theorem2(
      kappa,
      trusted,
      trustedWeights,
      { sigma: pca.sigma, d: input.dimension, m: manifold.dimension },
      'C'
    );
    let kept = 0;
    for (let i = 0; i < pca.rank; i++) kept += pca.values[i]!;
    return {
      kappa: evaluateKappa(kappa, distance),
      distance,
      pValue,
      flagged,
      along,
      rank: pca.rank,
      share: kept / pca.totalVariance,
      sigma: pca.sigma,
      dimension: manifold.dimension,
      votes: { 'local PCA': votes.localPca, TwoNN: votes.twoNN, 'Levina-Bickel': votes.levinaBickel },
      ...kappa,
      theorem2: [
        { name: 'Theorem 2b, cap d₀ + h e^(−½)', number: numbers.cap },
        { name: 'largest κ r on the reference', number: numbers.largest },
        { name: 'mean distance, κ-weighted', number: numbers.weightedMean },
        { name: 'Theorem 2a, σ √(d − m)', number: numbers.noiseDistance }
      ]
    };
  }
});
