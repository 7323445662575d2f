/** What the task weigh takes and gives: plain data, sent between processes. */
import type { LabelledNumber } from '../../../common/labels.js';
import type { Capped, Pca } from '../../theory/index.js';

/** Name of the fact that depends on the cap. */
export const CHI_SQUARE = 'χ² of target from source';

export interface WeighInput {
  /** Row-major [n, dimension]. */
  vectors: Float32Array;
  dimension: number;
  papers: readonly string[];
  /** Clean weight of each row. */
  kappa: Float64Array;
  /** Row numbers by domain and fold; V and U are counted, not looked at. */
  source: { F: readonly number[]; C: readonly number[] };
  target: { F: readonly number[]; C: readonly number[] };
  papersV: number;
  papersU: number;
  method: 'auto' | 'logit-quad' | 'rulsif' | 'uniform';
  maxRank: number;
  /** A cap to use instead of choosing one. */
  cap: number | null;
  seed: number;
  /** What an earlier run on the same rows and clean weights gave back: the components are not fitted again. */
  pca?: Pca;
}

export interface WeighOutput extends Omit<Capped, 'chiSquare'> {
  ratio: Float64Array;
  method: string;
  table: { method: string; J: number; kept: boolean; note: string }[];
  words: string;
  rank: number;
  facts: { name: string; number: LabelledNumber }[];
  /** Components of the kept rows, of the largest rank that may be asked for. */
  pca: Pca;
}
