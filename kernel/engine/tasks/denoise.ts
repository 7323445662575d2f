/**
 * The manifold of fold F, and what it says of every row: distance, clean weight, p-value, flag. kappa and the
 * p-values are calibrated on reference rows of fold C, so both are functions fixed on F and C.
 */
import {
  fitFrame,
  fitScales,
  judgeDistances,
  matrix,
  measureManifold,
  offManifold,
  paperWeights,
  select,
  selectRows,
  unscaledManifold,
  type Frame,
  type Judged
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
  /** What an earlier run on the same fit rows and seed gave back: not fitted again where it still holds. */
  frame?: Frame;
  /** Whether to give it back. */
  keepFrame?: boolean;
}

export interface DenoiseOutput extends Judged {
  distance: Float64Array;
  /** Max of three off-manifold scores. */
  score: Float64Array;
  /** Coordinate along the first principal component. For pictures only. */
  along: Float64Array;
  rank: number;
  share: number;
  sigma: number;
  dimension: number;
  votes: Record<string, number>;
  frame?: Frame;
}

/** Rows scored between two looks at whether the job was cancelled. */
const BLOCK = 512;

export const denoise = defineTask({
  name: 'denoise',
  async run(input: DenoiseInput, job: Job): Promise<DenoiseOutput> {
    const { papers, fit } = input;
    const n = papers.length;
    const x = matrix(n, input.dimension, Float64Array.from(input.vectors));
    job.progress(0, 'global PCA and intrinsic dimension');
    const { neighbors, maxRank, seed } = input;
    const weights = paperWeights(fit.map(i => papers[i]!));
    const frame = fitFrame(selectRows(x, fit), { maxRank, weights, seed }, input.frame);
    const manifold = unscaledManifold(frame, { neighbors });

    // A row that the manifold was fitted on is scored with itself left out.
    const place = new Int32Array(n).fill(-1);
    fit.forEach((row, i) => (place[row] = i));
    const column = (): Float64Array => new Float64Array(n);
    const [distance, along] = [column(), column()];
    const rows = { tangentResidual: column(), outsideResidual: column(), logRadius: column() };
    for (let from = 0; from < n; from += BLOCK) {
      job.throwIfCancelled();
      job.progress(0.3 + (0.6 * from) / n, 'local PCA');
      const block = Array.from({ length: Math.min(BLOCK, n - from) }, (_, i) => from + i);
      const own = block.map(row => place[row]!);
      const scores = measureManifold(manifold, selectRows(x, block), own);
      distance.set(scores.distance, from);
      along.set(scores.along, from);
      for (const name of ['tangentResidual', 'outsideResidual', 'logRadius'] as const)
        rows[name].set(scores[name], from);
    }
    const scales = fitScales({
      tangentResidual: select(rows.tangentResidual, fit),
      outsideResidual: select(rows.outsideResidual, fit),
      logRadius: select(rows.logRadius, fit)
    });
    const score = offManifold(rows, scales);

    const { pca, votes } = frame;
    let kept = 0;
    for (let i = 0; i < pca.rank; i++) kept += pca.values[i]!;
    return {
      ...judgeDistances({
        ...{ distance, score, papers, reference: input.reference, reviewable: input.reviewable },
        fdr: input.fdr,
        sizes: { sigma: pca.sigma, d: input.dimension, m: manifold.dimension }
      }),
      distance,
      score,
      along,
      rank: pca.rank,
      share: kept / pca.totalVariance,
      sigma: pca.sigma,
      dimension: manifold.dimension,
      votes: { 'local PCA': votes.localPca, TwoNN: votes.twoNN, 'Levina-Bickel': votes.levinaBickel },
      ...(input.keepFrame ? { frame } : {})
    };
  }
});
