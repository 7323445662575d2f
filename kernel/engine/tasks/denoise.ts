/**
 * The manifold of fold F, and what it says of every row: distance, clean weight, p-value, flag. The projection is
 * chosen on held-out rows of fold C; kappa and the p-values are calibrated on reference rows of fold C. So all are
 * functions fixed on F and C.
 */
import {
  chooseNeighbors,
  estimateReach,
  fitFrame,
  fitScales,
  gainAt,
  heldOutErrors,
  judgeDistances,
  measureManifold,
  offManifold,
  paperWeights,
  requireFinite,
  rowsBetween,
  select,
  selectRows,
  shareOfVariance,
  unscaledManifold,
  type Denoiser,
  type Frame,
  type HeldOutErrors,
  type Judged,
  type Manifold,
  type ManifoldDistances,
  type NeighborChoice,
  type Residuals,
  type Rows
} from '../../theory/index.js';
import { frameOfMany, measureMany, suitsPool } from '../manifold-rows.js';
import { shareRows } from '../neighbors.js';
import { Pool } from '../pool.js';
import { defineTask, type Job } from '../task.js';

export interface DenoiseInput {
  /** Row-major [n, dimension]. */
  vectors: Float32Array;
  dimension: number;
  /** One paper a row. */
  papers: readonly string[];
  /** Rows that the manifold is fitted on: fold F of both domains. */
  fit: readonly number[];
  /** Rows that projections are compared on: fold C of both domains. */
  heldOut: readonly number[];
  /** Trusted rows of fold C. */
  reference: readonly number[];
  /** Rows that may be flagged: folds F and C. What V and U look like must not move what people decide there. */
  reviewable: readonly number[];
  /** Null takes the number that makes (G) least. */
  neighbors: number | null;
  method: Denoiser | 'auto';
  maxRank: number;
  fdr: number;
  /** Declared share of reference papers with foreign rows. */
  contamination: number;
  seed: number;
  /** Threads for very many rows; one a core where left out. The answer does not depend on it. */
  threads?: number;
  /** What an earlier run on the same fit rows and seed gave back: not fitted again where it still holds. */
  frame?: Frame;
  /** Whether to give it back. */
  keepFrame?: boolean;
}

/** What was fitted, which no judging changes. */
export interface DenoiseFit extends Pick<Residuals, 'tangentResidual' | 'outsideResidual'> {
  /** Max of three off-manifold scores. */
  score: Float64Array;
  /** Coordinate along the first principal component. For pictures only. */
  along: Float64Array;
  rank: number;
  share: number;
  sigma: number;
  dimension: number;
  votes: Record<string, number>;
  /** Whether two votes are more than 1 apart. */
  disagree: boolean;
  reach: number;
  /** The number of neighbours taken, and (G) at those that were looked at. */
  neighbors: NeighborChoice;
  heldOut: HeldOutErrors;
}

export interface DenoiseOutput extends Judged, DenoiseFit {
  frame?: Frame;
}

/** Rows scored between two looks at whether the job was cancelled. */
const BLOCK = 512;

/** Neighbours of a tangent plane where none are asked for yet: enough to see how the manifold bends. */
const PILOT = 20;

export const denoise = defineTask({
  name: 'denoise',
  async run(input: DenoiseInput, job: Job): Promise<DenoiseOutput> {
    const { papers, fit } = input;
    const n = papers.length;
    const many = suitsPool({ rows: n, cols: input.dimension, data: input.vectors }, fit.length);
    const pool = many ? new Pool(job, input.threads) : undefined;
    try {
      return await denoiseWith(input, job, pool);
    } finally {
      await pool?.close();
    }
  }
});

/** @param pool where rows are so many that threads share them in float32; without, all is float64 on this thread */
async function denoiseWith(input: DenoiseInput, job: Job, pool: Pool | undefined): Promise<DenoiseOutput> {
  const { papers, fit, maxRank, seed } = input;
  const n = papers.length;
  const x = { rows: n, cols: input.dimension, data: input.vectors };
  requireFinite(x, 'denoise');
  job.progress(0, 'global PCA and intrinsic dimension');
  const weights = paperWeights(fit.map(i => papers[i]!));
  const options = { maxRank, weights, seed };
  const known =
    pool &&
    (await frameOfMany(pool, shareRows(x), fit, {
      ...options,
      pause: () => job.throwIfCancelled(),
      progress: fraction => job.progress(0.25 * fraction, 'global PCA and intrinsic dimension')
    }));
  const frame = known?.frame ?? fitFrame(selectRows(x, fit), options, input.frame);
  const { pca, votes, sigma } = frame;
  job.throwIfCancelled();
  job.progress(0.25, 'reach and neighbours');
  const pilot = unscaledManifold(frame, { neighbors: Math.min(PILOT, fit.length - 2) });
  const reach = estimateReach(frame.fit, {
    neighbors: pilot.neighbors,
    dimension: pilot.dimension,
    sigma,
    seed
  });
  const sizes = { sigma, d: input.dimension, rank: pca.rank, dimension: pilot.dimension, reach };
  const neighbors = chooseNeighbors(frame.fit, sizes, { seed, asked: input.neighbors ?? undefined });
  const manifold = unscaledManifold(frame, { neighbors: input.neighbors ?? neighbors.neighbors });

  // A row that the manifold was fitted on is scored with itself left out.
  const place = new Int32Array(n).fill(-1);
  fit.forEach((row, i) => (place[row] = i));
  const how = pool ? `local PCA in float32, threads: ${pool.threads}` : 'local PCA';
  const say = (fraction: number): void => {
    if (job.due()) job.progress(0.3 + 0.6 * fraction, how);
  };
  job.progress(0.3, how);
  const rows =
    pool && known
      ? await measureMany(pool, manifold, known.projected, place, say)
      : measureInBlocks(manifold, x, place, job, say);
  const { along } = rows;
  const of = (index: readonly number[]): Residuals => ({
    tangentResidual: select(rows.tangentResidual, index),
    outsideResidual: select(rows.outsideResidual, index),
    logRadius: select(rows.logRadius, index)
  });
  const score = offManifold(rows, fitScales(of(fit)));
  const { heldOut } = input;
  const errors = heldOutErrors(
    of(heldOut),
    select(score, heldOut),
    paperWeights(heldOut.map(i => papers[i]!)),
    { ...sizes, m: manifold.dimension }
  );
  const { tangentResidual, outsideResidual } = rows;
  return {
    ...judgeDistances({
      residuals: rows,
      ...{ score, papers, reference: input.reference, reviewable: input.reviewable },
      ...{ method: input.method, heldOut: errors.table, seed },
      ...{ fdr: input.fdr, contamination: input.contamination },
      sizes: { ...sizes, m: manifold.dimension },
      gain: gainAt(neighbors)
    }),
    ...{ tangentResidual, outsideResidual, score, along },
    ...{ rank: pca.rank, share: shareOfVariance(pca), sigma, dimension: manifold.dimension },
    votes: { 'local PCA': votes.localPca, TwoNN: votes.twoNN, 'Levina-Bickel': votes.levinaBickel },
    ...{ disagree: votes.disagree, reach, neighbors, heldOut: errors },
    ...(input.keepFrame ? { frame } : {})
  };
}

/** All rows in float64, some at a time. */
function measureInBlocks(
  manifold: Manifold,
  x: Rows,
  place: Int32Array,
  job: Job,
  say: (fraction: number) => void
): Omit<ManifoldDistances, 'distance'> {
  const n = x.rows;
  const column = (): Float64Array => new Float64Array(n);
  const rows = { tangentResidual: column(), outsideResidual: column(), logRadius: column(), along: column() };
  for (let from = 0; from < n; from += BLOCK) {
    job.throwIfCancelled();
    say(from / n);
    const to = Math.min(n, from + BLOCK);
    const scores = measureManifold(manifold, rowsBetween(x, from, to), place.subarray(from, to));
    for (const name of ['tangentResidual', 'outsideResidual', 'logRadius', 'along'] as const)
      rows[name].set(scores[name], from);
  }
  return rows;
}
