/**
 * Weights of the source rows. Two columns, because they serve two purposes (errata.md B): `train` is tempered
 * and times kappa; `certify` is the untempered min(w, W) times kappa. Weights are estimated density ratios, or
 * similarity tilts, which are no ratios and are named so wherever they are shown.
 */
import { tableFromArrays, type Table } from 'apache-arrow';
import type { LabelledNumber } from '../../../common/labels.js';
import type { DistributionPayload } from '../../../common/views/payload.js';
import { contentHash } from '../../store/index.js';
import type { Denoised } from './denoised.js';
import { previewWords, type Extent, type Preview } from './extent.js';
import { Picture } from './picture.js';
import { PARTS, type Parts } from './parts.js';
import { Value, type Told } from './value.js';
import { weightsView, weightWords } from './weights-view.js';

export interface WeightColumns {
  /** Fitted ratio (or tilt) at every row, uncapped, mean 1 over the papers of source fold F. */
  readonly ratio: Float64Array;
  /** For training: min(w, W)^gamma times kappa. */
  readonly train: Float64Array;
  /** For the certificate: min(w, W) times kappa. */
  readonly certify: Float64Array;
}

export interface WeightSummary {
  /** Weighing was left out. */
  readonly bypassed?: boolean;
  /** A tilt is no density ratio: theorem 1B says nothing of it, the tilt certificate does. */
  readonly kind: 'ratio' | 'tilt';
  /** The estimator that was kept. */
  readonly method: string;
  /** Held-out J by estimator; smaller is better, -1/2 is uniform. */
  readonly table: readonly {
    readonly method: string;
    readonly J: number;
    readonly kept: boolean;
    readonly note: string;
  }[];
  /** Why, in words. */
  readonly words: string;
  /** What to beware of, in plain words. */
  readonly warnings: readonly string[];
  readonly rank: number;
  readonly cap: number;
  readonly gamma: number;
  readonly gate: number;
  readonly essBefore: number;
  readonly ess: number;
  readonly papers: number;
  readonly facts: readonly { readonly name: string; readonly number: LabelledNumber }[];
}

export class Weights extends Value {
  override readonly kind = 'weights';
  override readonly id: string;

  constructor(
    readonly clean: Denoised,
    readonly columns: WeightColumns,
    readonly summary: WeightSummary,
    /** Where this was computed on some rows only; the columns are NaN elsewhere. */
    readonly preview?: Preview
  ) {
    super();
    this.id = contentHash({ kind: 'weights', clean: clean.id, ...columns, cap: summary.cap });
  }

  override [PARTS](): Parts {
    const { clean, columns, summary, preview } = this;
    return { content: { clean, columns, summary, preview }, facts: { encoder: clean.space.encoder } };
  }

  override get dataId(): string {
    return this.clean.dataId;
  }

  /** Rows of folds F and C, rising: the ones that views draw. */
  openRows(): readonly number[] {
    return this.preview?.rows ?? this.clean.space.openRows();
  }

  /** Whether weighing was left out: uniform weights that nobody asked the data about. */
  get bypassed(): boolean {
    return this.summary.bypassed === true;
  }

  get uniform(): boolean {
    return this.summary.method === 'uniform';
  }

  override toArrow(): Table {
    return tableFromArrays({
      id: [...this.clean.space.data.ids],
      ratio: this.columns.ratio,
      train: this.columns.train,
      certify: this.columns.certify
    });
  }

  override get told(): Told {
    return this.clean.told;
  }

  /** The embedding coloured by density ratio. */
  embedding(): Picture<Weights> {
    return new Picture<Weights>(this, 'embedding', (value, extent) => {
      const { clean, columns, summary, preview } = value;
      const method = summary.bypassed
        ? 'weighing is bypassed: every ratio is 1'
        : `${weightWords(summary)} by ${summary.method}, cap ${summary.cap.toPrecision(3)}`;
      return clean.space.embedding({
        title: 'Embedding, weighed',
        subtitle: preview ? `${method}, ${previewWords(preview)}` : method,
        colour: 'ratio',
        openFolds: true,
        rows: value.openRows(),
        extent,
        flagged: clean.columns.flagged,
        columns: [
          {
            name: 'ratio',
            label: `${weightWords(summary)} ŵ`,
            values: columns.ratio.map(w => Math.min(summary.cap, Math.max(w, 1e-3))),
            scale: 'log'
          },
          { name: 'kappa', label: 'clean weight κ', values: clean.columns.kappa, scale: 'linear' }
        ],
        facts: [
          {
            name: 'effective papers',
            number: {
              value: summary.ess,
              label: 'ESTIMATED',
              unit: 'papers',
              help: 'effective sample size of the training weights'
            }
          }
        ]
      });
    });
  }

  override view(extent: Extent = 'some'): DistributionPayload {
    return weightsView(this, extent);
  }

  override toString(): string {
    const { kind, method, cap, ess, papers, gamma } = this.summary;
    return `Weights: ${this.bypassed ? 'bypassed, every ratio is 1' : `${method}${kind === 'tilt' ? ' (a tilt)' : ''}`}, cap ${cap.toPrecision(3)}, ESS ${ess.toFixed(1)} of ${papers} papers, γ ${gamma.toFixed(2)}`;
  }
}
