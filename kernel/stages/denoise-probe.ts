/**
 * denoise with other parameters, for a view: what is refitted of it, and what is only judged again. Folds F and C
 * alone. The stage itself is denoise.ts.
 */
import { judgeDistances, type Frame } from '../theory/index.js';
import { Fits } from './live/fits.js';
import { runProbe } from './live/probe-engine.js';
import { subsetOf, type Subset } from './live/subset.js';
import type { DenoiseOutput } from '../engine/index.js';
import type { Data } from './values/data.js';
import { Denoised, type ManifoldSummary } from './values/denoised.js';
import type { Preview } from './values/extent.js';
import type { Space } from './values/space.js';

export interface DenoiseSettings {
  neighbors: number;
  fdr: number;
  rank: number;
  reference: 'source' | 'target';
  seed: number;
}

/** What judging takes: columns over Data, and what was fitted. */
export type Fitted = Omit<
  DenoiseOutput,
  'kappa' | 'pValue' | 'flagged' | 'd0' | 'h' | 'theorem2' | 'frame'
> & {
  preview?: Preview;
};

interface Known {
  /** The fit of each set of parameters that change it. */
  fits: Fits<Fitted>;
  frame?: Frame;
}

/** Fits of this many parameters are kept beside the value's own. */
const MOST_FITS = 4;

/** By the value that is probed: what its stage and earlier probes computed. */
const known = new WeakMap<Denoised, Known>();

const fitKey = ({ neighbors, rank, seed }: DenoiseSettings): string => `${neighbors} ${rank} ${seed}`;

/** Keeps what the stage computed for the probes of its value. */
export function remember(value: Denoised, params: DenoiseSettings, output: DenoiseOutput): void {
  const { frame, ...fitted } = output;
  const fits = new Fits<Fitted>(MOST_FITS);
  fits.add(fitKey(params), fitted);
  known.set(value, { fits, frame });
}

/** Rows that κ and the flags are measured against, of those that were computed. */
export function referenceRows(data: Data, params: DenoiseSettings, preview?: Preview): number[] {
  const rows = data.rows(params.reference, 'C');
  if (!preview) return rows;
  const among = new Set(preview.rows);
  return rows.filter(row => among.has(row));
}

export function summaryOf(
  space: Space,
  params: DenoiseSettings,
  reference: readonly number[],
  parts: Omit<ManifoldSummary, 'neighbors' | 'reference'>
): ManifoldSummary {
  const { rank, share, sigma, dimension, votes, d0, h, along, theorem2 } = parts;
  return {
    ...{ rank, share, sigma, dimension, votes, d0, h, along, theorem2 },
    neighbors: params.neighbors,
    reference: {
      rows: reference.length,
      papers: space.data.papersOf(reference),
      words: `${params.reference} papers of fold C`
    }
  };
}

/** Judged again in the kernel itself: no fit is needed for another reference or another rate of false flags. */
function judge(space: Space, params: DenoiseSettings, fitted: Fitted): Denoised {
  const { data } = space;
  const { distance, score, preview } = fitted;
  const reference = referenceRows(data, params, preview);
  const judged = judgeDistances({
    ...{ distance, score, reference, fdr: params.fdr },
    papers: data.paper,
    reviewable: preview?.rows ?? space.openRows(),
    sizes: { sigma: fitted.sigma, d: space.dimension, m: fitted.dimension }
  });
  const { kappa, pValue, flagged } = judged;
  const summary = summaryOf(space, params, reference, { ...fitted, ...judged });
  return new Denoised(space, { kappa, distance, pValue, flagged }, summary, undefined, preview);
}

async function refit(
  { data, dimension }: Space,
  params: DenoiseSettings,
  subset: Subset,
  frame: Frame | undefined,
  signal: AbortSignal
): Promise<{ fitted: Fitted; frame?: Frame }> {
  const fit = data.fold.flatMap((fold, i) => (fold === 'F' ? [i] : []));
  const output = await runProbe(
    'denoise',
    {
      vectors: subset.vectors,
      dimension,
      papers: subset.papers,
      fit: subset.within(fit),
      reference: subset.within(data.rows(params.reference, 'C')),
      reviewable: subset.rows.map((_, k) => k),
      neighbors: params.neighbors,
      maxRank: params.rank,
      fdr: params.fdr,
      seed: params.seed,
      frame,
      keepFrame: true
    },
    { signal }
  );
  const { distance, score, along, rank, share, sigma, dimension: tangent, votes } = output;
  const columns = {
    distance: subset.spread(distance),
    score: subset.spread(score),
    along: subset.spread(along)
  };
  return {
    fitted: { ...columns, rank, share, sigma, dimension: tangent, votes, preview: subset.preview },
    frame: output.frame
  };
}

export async function probeDenoise(
  made: Denoised,
  params: DenoiseSettings,
  signal: AbortSignal
): Promise<Denoised> {
  const { space } = made;
  const memory: Known = known.get(made) ?? { fits: new Fits(MOST_FITS) };
  known.set(made, memory);
  let fitted = memory.fits.get(fitKey(params));
  if (!fitted) {
    const subset = subsetOf(space);
    const result = await refit(space, params, subset, memory.frame, signal);
    fitted = result.fitted;
    // The frame of the largest rank serves all smaller ones.
    if ((result.frame?.pca.rank ?? 0) >= (memory.frame?.pca.rank ?? 0)) memory.frame = result.frame;
    memory.fits.add(fitKey(params), fitted);
  }
  return judge(space, params, fitted);
}
