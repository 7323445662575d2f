/**
 * denoise with other parameters, for a view: what is refitted of it, and what is only judged again. Folds F and C
 * alone. The stage itself is denoise.ts.
 */
import { gainAt, judgeDistances, type Denoiser, type Frame, type Judged } from '../theory/index.js';
import { Fits } from './live/fits.js';
import { runProbe } from './live/probe-engine.js';
import { subsetOf, type Subset } from './live/subset.js';
import type { DenoiseFit, DenoiseOutput } from '../engine/index.js';
import type { Data } from './values/data.js';
import { Denoised, type ManifoldSummary } from './values/denoised.js';
import type { Preview } from './values/extent.js';
import type { Space } from './values/space.js';

export interface DenoiseSettings {
  method: Denoiser | 'auto';
  neighbors: number | null;
  fdr: number;
  rank: number;
  reference: 'source' | 'target';
  trusted: string[];
  contamination: number;
  seed: number;
}

/** What judging takes: columns over Data, and what was fitted. */
export type Fitted = DenoiseFit & { preview?: Preview };

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

/** The parameters as the engine's task takes them. */
export function fitSettings(params: DenoiseSettings): {
  method: Denoiser | 'auto';
  neighbors: number | null;
  maxRank: number;
  fdr: number;
  contamination: number;
  seed: number;
} {
  const { method, neighbors, rank, fdr, contamination, seed } = params;
  return { method, neighbors, maxRank: rank, fdr, contamination, seed };
}

/** What was fitted, without what was judged. */
function fittedOf(output: DenoiseOutput): DenoiseFit {
  const { tangentResidual, outsideResidual, score, along } = output;
  const { rank, share, sigma, dimension, votes, disagree, reach, neighbors, heldOut } = output;
  return {
    ...{ tangentResidual, outsideResidual, score, along },
    ...{ rank, share, sigma, dimension, votes, disagree, reach, neighbors, heldOut }
  };
}

/** Keeps what the stage computed for the probes of its value. */
export function remember(value: Denoised, params: DenoiseSettings, output: DenoiseOutput): void {
  const { frame } = output;
  const fits = new Fits<Fitted>(MOST_FITS);
  fits.add(fitKey(params), fittedOf(output));
  known.set(value, { fits, frame });
}

/** Rows that κ and the flags are measured against, of those that were computed. */
export function referenceRows(
  data: Data,
  { reference, trusted }: DenoiseSettings,
  preview?: Preview
): number[] {
  const vouched = new Set(trusted);
  const rows = data.rows(reference, 'C').filter(row => vouched.size === 0 || vouched.has(data.paper[row]!));
  if (!preview) return rows;
  const among = new Set(preview.rows);
  return rows.filter(row => among.has(row));
}

export function summaryOf(params: DenoiseSettings, parts: DenoiseFit & Judged): ManifoldSummary {
  const { rank, share, sigma, dimension, votes, disagree, reach, along } = parts;
  const { d0, h, theorem2, neighbors, heldOut, denoiser, reference, flaggedPapers } = parts;
  const trusted = params.trusted.length > 0 ? 'vouched-for ' : '';
  return {
    ...{ rank, share, sigma, dimension, votes, disagree, reach, along, d0, h, theorem2 },
    neighbors: neighbors.neighbors,
    gains: neighbors.table,
    denoiser: { asked: params.method, ...denoiser, ...heldOut },
    reference: {
      ...reference,
      domain: params.reference,
      words: `${trusted}${params.reference} papers of fold C`
    },
    flaggedPapers
  };
}

/** Judged again in the kernel itself: no fit is needed for another reference, method or rate of false flags. */
function judge(space: Space, params: DenoiseSettings, fitted: Fitted): Denoised {
  const { data } = space;
  const { preview, sigma, rank, dimension, reach } = fitted;
  const judged = judgeDistances({
    ...{ residuals: fitted, score: fitted.score, heldOut: fitted.heldOut.table },
    ...fitSettings(params),
    reference: referenceRows(data, params, preview),
    papers: data.paper,
    reviewable: preview?.rows ?? space.openRows(),
    sizes: { sigma, d: space.dimension, rank, m: dimension, reach },
    gain: gainAt(fitted.neighbors)
  });
  const { kappa, distance, pValue, flagged } = judged;
  const summary = summaryOf(params, { ...fitted, ...judged });
  return new Denoised(space, { kappa, distance, pValue, flagged }, summary, undefined, preview);
}

async function refit(
  { data, dimension }: Space,
  params: DenoiseSettings,
  subset: Subset,
  frame: Frame | undefined,
  signal: AbortSignal
): Promise<{ fitted: Fitted; frame?: Frame }> {
  const rowsOf = (fold: string): number[] =>
    subset.within(data.fold.flatMap((own, i) => (own === fold ? [i] : [])));
  const output = await runProbe(
    'denoise',
    {
      vectors: subset.vectors,
      dimension,
      papers: subset.papers,
      fit: rowsOf('F'),
      heldOut: rowsOf('C'),
      reference: subset.within(referenceRows(data, params)),
      reviewable: subset.rows.map((_, k) => k),
      ...fitSettings(params),
      frame,
      keepFrame: true
    },
    { signal }
  );
  const columns = {
    tangentResidual: subset.spread(output.tangentResidual),
    outsideResidual: subset.spread(output.outsideResidual),
    score: subset.spread(output.score),
    along: subset.spread(output.along)
  };
  return { fitted: { ...fittedOf(output), ...columns, preview: subset.preview }, frame: output.frame };
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
