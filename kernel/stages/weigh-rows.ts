/** Which rows weighing looks at, and a value from what it computed: what the stage and the probes of it share. */
import { DataError } from '../../common/errors.js';
import type { WeighOutput } from '../engine/index.js';
import { foldOnly } from '../theory/index.js';
import type { Data } from './values/data.js';
import type { Denoised } from './values/denoised.js';
import type { Preview } from './values/extent.js';
import { Weights } from './values/weights.js';

export interface WeighedRows {
  source: Record<'F' | 'C', number[]>;
  target: Record<'F' | 'C', number[]>;
}

/** Rows that the ratio is fitted and judged on. @throws DataError when a source fold has no labelled row */
export function weighedRows(data: Data): WeighedRows {
  // The certificate averages over labelled source rows, so the ratio is one between those and the target.
  const labels = data.labelsFor('fit');
  const labelled = (fold: 'F' | 'C'): number[] =>
    foldOnly(
      data.rows('source', fold).filter(i => labels[i] !== null),
      data.fold,
      ['F', 'C'],
      'weigh'
    );
  const source = { F: labelled('F'), C: labelled('C') };
  for (const fold of ['F', 'C'] as const) {
    if (source[fold].length > 0) continue;
    throw new DataError(
      `weigh: source fold ${fold} has no labelled row. Split with another seed, or load more tables.`
    );
  }
  return { source, target: { F: data.rows('target', 'F'), C: data.rows('target', 'C') } };
}

/** Papers that certify, which are counted and not looked at. */
export function certifyingPapers(data: Data): { papersV: number; papersU: number } {
  return {
    papersV: data.papersOf(data.rows('source', 'V')),
    papersU: data.papersOf(data.rows('target', 'U'))
  };
}

export function weightsOf(
  clean: Denoised,
  output: Omit<WeighOutput, 'pca'> & { pca?: unknown },
  preview?: Preview
): Weights {
  const { ratio, train, certify, pca: _, ...summary } = output;
  return new Weights(clean, { ratio, train, certify }, summary, preview);
}
