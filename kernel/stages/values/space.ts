/** An embedding aligned to the rows of Data, and the coordinates of its picture, which nothing is decided by. */
import { Field, FixedSizeList, Float32, makeData, Table, Vector, vectorFromArray } from 'apache-arrow';
import type { EmbeddingPayload, Fact } from '../../../common/views/payload.js';
import { packCategories } from '../../../common/views/pack.js';
import type { PictureCoordinates } from '../../engine/index.js';
import { contentHash } from '../../store/index.js';
import type { Data } from './data.js';
import { ownColumns } from './own-columns.js';
import { evenly, packAs, rowsOf, wordsOf, type Extent } from './extent.js';
import { PARTS, type Parts } from './parts.js';
import { axesOf, factsOf, fittedWords, notShown, writePicture } from './space-picture.js';
import { Value, type Told } from './value.js';

/** How a picture of the embedding is coloured, titled and annotated. */
export interface PictureOptions {
  title: string;
  subtitle?: string;
  colour: string;
  /** Further columns of numbers to colour by, one entry a row of Data. */
  columns?: {
    name: string;
    label: string;
    values: ArrayLike<number>;
    scale: 'linear' | 'log';
  }[];
  /** 1 where a row is drawn as a cross. */
  flagged?: ArrayLike<number>;
  facts?: Fact[];
  /** Leaves folds V and U out: a picture by which weights may be chosen must not show what certifies them. */
  openFolds?: boolean;
  /** The rows to take, where these are not all that may be drawn. */
  rows?: readonly number[];
  extent?: Extent;
}

export class Space extends Value {
  override readonly kind = 'space';
  override readonly id: string;

  constructor(
    readonly data: Data,
    readonly encoder: string,
    readonly dimension: number,
    /** Row-major [n, dimension]. */
    readonly vectors: Float32Array,
    /** Where rows are drawn, and nothing else: another picture makes no other Space. */
    readonly picture: PictureCoordinates
  ) {
    super();
    this.id = contentHash({ kind: 'space', data: data.id, encoder, dimension, vectors });
  }

  override [PARTS](): Parts {
    const { data, encoder, dimension, vectors, picture } = this;
    const aside = { picture: writePicture(picture) };
    return { content: { data, encoder, dimension, vectors }, aside, facts: { encoder } };
  }

  override get dataId(): string {
    return this.data.id;
  }

  override toArrow(): Table {
    const column = (dimension: number, values: Float32Array): Vector => {
      const type = new FixedSizeList(dimension, new Field('item', new Float32(), false));
      const child = makeData({ type: new Float32(), data: values });
      return new Vector([makeData({ type, length: this.data.length, child })]);
    };
    return new Table({
      id: vectorFromArray([...this.data.ids]),
      embedding: column(this.dimension, this.vectors),
      picture: column(this.picture.dimensions, this.picture.values)
    });
  }

  override get told(): Told {
    return { data: this.data, openFolds: false };
  }

  /** Rows of folds F and C, rising: those that may be looked at while weights are chosen. */
  openRows(): number[] {
    const { fold } = this.data;
    return Array.from(fold.keys()).filter(i => fold[i] === 'F' || fold[i] === 'C');
  }

  /** A picture of the embedding with further columns to colour by. */
  embedding(options: PictureOptions): EmbeddingPayload {
    const { data, picture } = this;
    const { extent = 'some', openFolds = false } = options;
    const rows = options.rows ?? (openFolds ? this.openRows() : Array.from(data.fold.keys()));
    const shown = evenly(rows, extent);
    const pick = <T>(values: ArrayLike<T>): T[] => shown.map(i => values[i]!);
    const label = data.labelsFor('fit').map(value => value ?? '(masked)');
    const along = (axis: number): number[] => shown.map(i => picture.values[picture.dimensions * i + axis]!);
    const axes = axesOf(picture);
    return {
      kind: 'embedding',
      version: 1,
      title: options.title,
      subtitle: options.subtitle,
      note: `${notShown(picture)} No flag, distance or weight is computed from these coordinates.${openFolds ? ' Folds V and U, which certify.' : ''}`,
      facts: [...(options.facts ?? []), ...factsOf(picture)],
      n: rows.length,
      shown: shown.length,
      x: packAs(extent, along(0)),
      y: packAs(extent, along(1)),
      axes: [axes[0]!, axes[1]!],
      domain: packCategories(pick(data.domain)),
      flagged:
        options.flagged && packCategories(pick(options.flagged).map(flag => (flag ? 'flagged' : 'kept'))),
      columns: [
        ...(options.columns ?? []).map(column => ({
          ...column,
          values: packAs(extent, pick(column.values))
        })),
        { name: 'domain', label: 'domain', values: packCategories(pick(data.domain)) },
        { name: 'label', label: 'label (target masked)', values: packCategories(pick(label)) },
        { name: 'fold', label: 'fold', values: packCategories(pick(data.fold)) },
        // A third axis goes into the page: seen as a colour.
        ...axes.slice(2).map(({ label }, k) => ({
          name: 'depth',
          label,
          values: packAs(extent, along(2 + k)),
          scale: 'linear' as const
        })),
        ...ownColumns(data, shown, extent)
      ],
      colour: options.colour,
      rows: rowsOf(data, shown, extent),
      ...wordsOf(data, shown, extent)
    };
  }

  override view(extent?: Extent): EmbeddingPayload {
    return this.embedding({
      extent,
      title: 'Embedding',
      subtitle: `${this.encoder}, ${this.data.length} rows, ${this.dimension} dimensions${fittedWords(this.picture)}`,
      colour: 'domain'
    });
  }

  override toString(): string {
    return `Space: ${this.data.length} rows in ${this.dimension} dimensions (${this.encoder})`;
  }
}
