/**
 * What denoising says of each row: how far it lies from the manifold, how clean it counts, whether a person
 * should look at it. kappa is a function fixed on folds F and C; decisions of a review overrule it there.
 */
import { tableFromArrays, type Table } from 'apache-arrow';
import type { LabelledNumber } from '../../../common/labels.js';
import type { DistributionPayload, TablePayload } from '../../../common/views/payload.js';
import type { Denoiser, HeldOutError, Judged } from '../../theory/index.js';
import { contentHash, type Decision, type Hashable } from '../../store/index.js';
import { bypassedView, denoisedView } from './denoised-view.js';
import { warningsOf } from './denoised-words.js';
import { previewWords, type Extent, type Preview } from './extent.js';
import { Picture } from './picture.js';
import type { Space } from './space.js';
import { PARTS, type Parts } from './parts.js';
import { Value, type Told } from './value.js';

/** One entry a row of Data. */
export interface DenoisedColumns {
  /** Clean weight in [0, 1], theorem 2b. */
  readonly kappa: Float64Array;
  /** Distance to the computed projection, errata.md E13. */
  readonly distance: Float64Array;
  /** Conformal p-value of the max-of-three score against the reference. */
  readonly pValue: Float64Array;
  /** 1 where the row is flagged for a person. Flags change no weight. */
  readonly flagged: Uint8Array;
}

/** What was fitted, and what it promises. */
export interface ManifoldSummary {
  /** Nothing was fitted: denoising was left out, and the numbers below are none. */
  readonly bypassed?: boolean;
  readonly rank: number;
  readonly share: number;
  readonly sigma: number;
  readonly dimension: number;
  /** Intrinsic dimension by estimator. */
  readonly votes: Readonly<Record<string, number>>;
  /** Whether two votes are more than 1 apart. */
  readonly disagree: boolean;
  /** Infinity where no bend stands out of the noise. */
  readonly reach: number;
  readonly neighbors: number;
  /** (G) at the numbers of neighbours that were looked at: 1 is no gain, smaller is better. */
  readonly gains: readonly { readonly neighbors: number; readonly gain: number }[];
  /** The projection that distances are measured to, and each one's error on held-out rows of fold C. */
  readonly denoiser: {
    readonly asked: string;
    readonly method: Denoiser;
    readonly harms: boolean;
    readonly table: readonly HeldOutError[];
    readonly rows: number;
  };
  readonly d0: number;
  readonly h: number;
  /** Coordinate of each row along the first principal component: where a picture of the manifold puts it. */
  readonly along: Float64Array;
  readonly reference: Judged['reference'] & {
    readonly domain: 'source' | 'target';
    readonly words: string;
  };
  readonly flaggedPapers: Judged['flaggedPapers'];
  readonly theorem2: readonly { readonly name: string; readonly number: LabelledNumber }[];
}

/** Decisions of a person, and those that could not be applied to this data. */
export interface Review {
  readonly decisions: ReadonlyMap<string, Decision>;
  /** Decisions on rows that are in fold V or U now; they are left alone. */
  readonly heldOut: number;
  /** Decisions on samples that are not in this data. */
  readonly elsewhere: number;
}

export class Denoised extends Value {
  override readonly kind = 'denoised';
  override readonly id: string;

  constructor(
    readonly space: Space,
    readonly columns: DenoisedColumns,
    readonly manifold: ManifoldSummary,
    /** What a person decided; nothing before a review. */
    readonly review: Review = { decisions: new Map(), heldOut: 0, elsewhere: 0 },
    /** Where this was computed on some rows only; the columns are NaN elsewhere. */
    readonly preview?: Preview
  ) {
    super();
    this.id = contentHash({
      kind: 'denoised',
      space: space.id,
      ...columns,
      decisions: [...review.decisions.values()]
        .sort((a, b) => (a.sample < b.sample ? -1 : 1))
        .map(({ sample, decision, label }) => ({ sample, decision, label }) as Hashable)
    });
  }

  override [PARTS](): Parts {
    const { space, columns, manifold, review, preview } = this;
    return {
      content: { space, columns, manifold, review, preview },
      facts: { encoder: space.encoder }
    };
  }

  override get dataId(): string {
    return this.space.dataId;
  }

  /** Decisions in force, by sample id. */
  get decisions(): ReadonlyMap<string, Decision> {
    return this.review.decisions;
  }

  /** The label that a review gave the row, or the label as it was. */
  relabel(row: number, label: string | null): string | null {
    const decision = this.decisions.get(this.space.data.ids[row]!);
    return decision?.decision === 'relabel' ? decision.label! : label;
  }

  override toArrow(): Table {
    const { kappa, distance, pValue, flagged } = this.columns;
    return tableFromArrays({
      id: [...this.space.data.ids],
      kappa,
      distance,
      p_value: pValue,
      flagged,
      decision: this.space.data.ids.map(id => this.decisions.get(id)?.decision ?? null)
    });
  }

  override get told(): Told {
    return { data: this.space.data, openFolds: true };
  }

  /** Rows of folds F and C, rising: the ones that views draw. */
  openRows(): readonly number[] {
    return this.preview?.rows ?? this.space.openRows();
  }

  get flags(): number {
    return this.columns.flagged.reduce((sum, flag) => sum + flag, 0);
  }

  /** Whether denoising was left out. Decisions of a review hold all the same. */
  get bypassed(): boolean {
    return this.manifold.bypassed === true;
  }

  /** How many rows are flagged of how many, in words. */
  flagWords(): string {
    if (this.bypassed) return 'denoising is bypassed: nothing was measured, and every row counts as clean';
    const words = `${this.flags} of the ${this.openRows().length} rows of folds F and C flagged`;
    return this.preview ? `${words}, ${previewWords(this.preview)}` : words;
  }

  /** How many rows a person decided on, in words; nothing where there are none. */
  decidedWords(): string {
    const decided = this.decisions.size;
    return decided > 0 ? `, ${decided} decided by a person` : '';
  }

  /** The `count` rows of folds F and C that lie furthest out, flagged or not: where a review would begin. */
  strangest(count: number = 10): Picture<Denoised> {
    return new Picture<Denoised>(this, `strangest ${count}`, value => strangest(value, count));
  }

  /** The embedding with flagged rows as crosses, coloured by clean weight. */
  embedding(): Picture<Denoised> {
    return new Picture<Denoised>(this, 'embedding', (value, extent) =>
      value.space.embedding({
        title: 'Embedding, denoised',
        subtitle: value.flagWords(),
        colour: 'kappa',
        openFolds: true,
        rows: value.openRows(),
        extent,
        flagged: value.columns.flagged,
        columns: [
          { name: 'kappa', label: 'clean weight κ', values: value.columns.kappa, scale: 'linear' },
          { name: 'p', label: 'p-value', values: value.columns.pValue, scale: 'log' }
        ],
        facts: [{ name: 'flags', number: { value: value.flags, label: 'ESTIMATED', unit: 'rows' } }]
      })
    );
  }

  override view(extent: Extent = 'some'): DistributionPayload | TablePayload {
    return this.bypassed ? bypassedView(this) : denoisedView(this, extent);
  }

  override toString(): string {
    if (this.bypassed) return `Denoised: ${this.flagWords()}${this.decidedWords()}`;
    const { rank, dimension, denoiser } = this.manifold;
    const said = `Denoised: ${this.flagWords()}, rank ${rank}, dimension ${dimension}, projection ${denoiser.method}`;
    return [said, ...warningsOf(this.manifold)].join('\nWarning: ');
  }
}

function strangest(value: Denoised, count: number): TablePayload {
  const { space, columns } = value;
  const { data } = space;
  const label = data.labelsFor('fit');
  const open = value.openRows();
  const rows = [
    ...open.filter(i => data.domain[i] === 'source'),
    ...open.filter(i => data.domain[i] === 'target')
  ]
    .sort((a, b) => columns.pValue[a]! - columns.pValue[b]! || columns.kappa[a]! - columns.kappa[b]!)
    .slice(0, Math.max(1, Math.min(200, count)));
  return {
    kind: 'table',
    version: 1,
    title: 'Furthest from the manifold',
    subtitle: `${rows.length} of the rows of folds F and C, by p-value${value.preview ? `, ${previewWords(value.preview)}` : ''}`,
    note: 'folds V and U, which no review may touch.',
    facts: [],
    n: rows.length,
    columns: [
      { name: 'text', numeric: false },
      { name: 'label', numeric: false },
      { name: 'fold', numeric: false },
      { name: 'p-value', numeric: true },
      { name: 'κ', numeric: true }
    ],
    rows: rows.map(i => [
      data.text[i]!.slice(0, 120),
      label[i] ?? '(masked)',
      `${data.domain[i]} ${data.fold[i]}`,
      Number(columns.pValue[i]!.toPrecision(2)),
      Number(columns.kappa[i]!.toPrecision(3))
    ])
  };
}
