/**
 * What bypassed denoising gives: nothing was fitted, every row counts as clean, none is flagged, and no distance was
 * measured. A review of it may still drop rows and relabel them.
 */
import { Denoised } from './denoised.js';
import type { Space } from './space.js';

export function undenoised(space: Space): Denoised {
  const n = space.data.length;
  return new Denoised(
    space,
    {
      kappa: new Float64Array(n).fill(1),
      distance: new Float64Array(n).fill(NaN),
      pValue: new Float64Array(n).fill(1),
      flagged: new Uint8Array(n)
    },
    {
      bypassed: true,
      ...{ rank: 0, share: 0, sigma: 0, dimension: 0, votes: {}, disagree: false, reach: Infinity },
      ...{ neighbors: 0, gains: [], d0: 0, h: 0 },
      denoiser: { asked: 'none', method: 'none', harms: false, table: [], rows: 0 },
      along: new Float64Array(n),
      reference: {
        ...{ rows: 0, papers: 0, trimmed: 0, far: 0, contamination: 0, suspect: false },
        domain: 'source',
        words: 'none, denoising is bypassed'
      },
      flaggedPapers: { flagged: 0, of: 0, least: 0 },
      theorem2: []
    }
  );
}
