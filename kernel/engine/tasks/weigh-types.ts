/** What the task weigh takes and gives: plain data, sent between processes. */
import type { LabelledNumber } from '../../../common/labels.js';
import type { Capped, Pca } from '../../theory/index.js';

/** What `weigh` may be asked for: estimators of the ratio, and after these similarity tilts. */
export const WEIGH_METHODS = [
  'auto',
  'logit-quad',
  'rulsif',
  'ulsif',
  'kliep',
  'logit',
  'kernel',
  'cosine',
  'string',
  'uniform'
] as const;

export type WeighMethod = (typeof WEIGH_METHODS)[number];

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
  method: WeighMethod;
  /** RuLSIF's alpha. */
  alpha: number;
  /** Text of each row; the string tilt alone reads them. */
  texts?: readonly string[];
  maxRank: number;
  /** A cap to use instead of choosing one. */
  cap: number | null;
  seed: number;
  /** What an earlier run on the same rows and clean weights gave back: the components are not fitted again. */
  pca?: Pca;
}

export interface WeighOutput extends Omit<Capped, 'chiSquare'> {
  ratio: Float64Array;
  /** Whether the weights estimate a density ratio or only tilt towards what is similar: theorem 1B needs a ratio. */
  kind: 'ratio' | 'tilt';
  method: string;
  table: { method: string; J: number; kept: boolean; note: string }[];
  words: string;
  /** What to beware of, in plain words. */
  warnings: string[];
  rank: number;
  facts: { name: string; number: LabelledNumber }[];
  /** Components of the kept rows, of the largest rank that may be asked for. */
  pca: Pca;
}
