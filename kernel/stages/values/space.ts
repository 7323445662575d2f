/** An embedding aligned to the rows of Data, and the coordinates of its picture, which nothing is decided by. */
import { Field, FixedSizeList, Float32, makeData, Table, Vector, vectorFromArray } from 'apache-arrow';
import type { ColourColumn, EmbeddingPayload, Fact } from '../../../common/views/payload.js';
import { packCategories, packNumbers } from '../../../common/views/pack.js';
import { contentHash } from '../../store/index.js';
import type { Data } from './data.js';
import { Value } from './value.js';

/** Coordinates for a picture: two principal components, row-major [n, 2], and the variance each keeps. */
export interface PictureCoordinates {
  readonly values: Float32Array;
  readonly shares: readonly [number, number];
}

/** How a picture of the embedding is coloured, titled and annotated. */
export interface PictureOptions {
  title: string;
  subtitle?: string;
  colour: string;
  columns?: ColourColumn[];
  /** 1 where a row is drawn as a cross. */
  flagged?: ArrayLike<number>;
  facts?: Fact[];
  /** Leaves folds V and U out: a picture by which weights may be chosen must not show what certifies them. */
  openFolds?: boolean;
}

/** More points than this are subsampled evenly: a payload stays below about 1 MB. */
const SHOWN = 4000;

export class Space extends Value {
  override readonly kind = 'space';
  override readonly id: string;

  constructor(
    readonly data: Data,
    readonly encoder: string,
    readonly dimension: number,
    /** Row-major [n, dimension]. */
    readonly vectors: Float32Array,
    readonly picture: PictureCoordinates
  ) {
    super();
    this.id = contentHash({ kind: 'space', data: data.id, encoder, dimension, vectors });
  }

  override get dataId(): string {
    return this.data.id;
  }

  override toArrow(): Table {
    const type = new FixedSizeList(this.dimension, new Field('item', new Float32(), false));
    const child = makeData({ type: new Float32(), data: this.vectors });
    const embedding = new Vector([makeData({ type, length: this.data.length, child })]);
    return new Table({
      id: vectorFromArray([...this.data.ids]),
      embedding
    });
  }

  /** The rows that a picture shows: all, or an even subsample. */
  shownRows(openFolds: boolean = false): number[] {
    const { fold } = this.data;
    const rows = Array.from(fold.keys()).filter(i => !openFolds || fold[i] === 'F' || fold[i] === 'C');
    if (rows.length <= SHOWN) return rows;
    return Array.from({ length: SHOWN }, (_, k) => rows[Math.floor((k * rows.length) / SHOWN)]!);
  }

  /** A picture of the embedding with further columns to colour by; the columns have one entry a row. */
  embedding(options: PictureOptions): EmbeddingPayload {
    const { data, picture } = this;
    const shown = this.shownRows(options.openFolds);
    const pick = <T>(values: ArrayLike<T>): T[] => shown.map(i => values[i]!);
    const label = data.labelsFor('fit').map(value => value ?? '(masked)');
    return {
      kind: 'embedding',
      version: 1,
      title: options.title,
      subtitle: options.subtitle,
      note: `${Math.round(100 * (1 - picture.shares[0] - picture.shares[1]))} % of the variance. No flag, distance or weight is computed from these two coordinates.${options.openFolds ? ' Folds V and U, which certify.' : ''}`,
      facts: options.facts ?? [],
      n: options.openFolds ? data.fold.filter(fold => fold === 'F' || fold === 'C').length : data.length,
      shown: shown.length,
      x: packNumbers(shown.map(i => picture.values[2 * i]!)),
      y: packNumbers(shown.map(i => picture.values[2 * i + 1]!)),
      axes: [
        { label: 'PC 1', share: picture.shares[0] },
        { label: 'PC 2', share: picture.shares[1] }
      ],
      domain: packCategories(pick(data.domain)),
      flagged:
        options.flagged && packCategories(pick(options.flagged).map(flag => (flag ? 'flagged' : 'kept'))),
      columns: [
        ...(options.columns ?? []),
        { name: 'domain', label: 'domain', values: packCategories(pick(data.domain)) },
        { name: 'label', label: 'label (target masked)', values: packCategories(pick(label)) },
        { name: 'fold', label: 'fold', values: packCategories(pick(data.fold)) }
      ],
      colour: options.colour,
      text: pick(data.text).map(text => text.slice(0, 120)),
      place: shown.map(i => `${data.table[i]} · ${data.domain[i]} ${data.fold[i]}`.slice(0, 120))
    };
  }

  /** A column of numbers for an `embedding` of the open folds, taken at the rows that are shown. */
  numbers(name: string, label: string, values: ArrayLike<number>, scale: 'linear' | 'log'): ColourColumn {
    return { name, label, values: packNumbers(this.shownRows(true).map(i => values[i]!)), scale };
  }

  override view(): EmbeddingPayload {
    return this.embedding({
      title: 'Embedding',
      subtitle: `${this.encoder}, ${this.data.length} rows, ${this.dimension} dimensions`,
      colour: 'domain'
    });
  }

  override toString(): string {
    return `Space: ${this.data.length} rows in ${this.dimension} dimensions (${this.encoder})`;
  }
}
