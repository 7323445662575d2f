/** One row a sample: what a model reads, what it should answer, and the columns to split by. */
import { tableFromArrays, type Table } from 'apache-arrow';
import type { TablePayload } from '../../../common/views/payload.js';
import { DataError } from '../../../common/errors.js';
import { contentHash } from '../../store/index.js';
import { countBy } from './count.js';
import { PARTS, type Parts } from './parts.js';
import { Value } from './value.js';

export interface SampleColumns {
  readonly ids: readonly string[];
  readonly text: readonly string[];
  /** null where a sample has no label. */
  readonly label: readonly (string | null)[];
  /** Where each label came from, e.g. "rule". */
  readonly labelSource: readonly string[];
  readonly paper: readonly string[];
  readonly table: readonly string[];
  /** Further columns by name, to split and colour by. */
  readonly columns: Readonly<Record<string, readonly string[]>>;
}

export class Samples extends Value {
  override readonly kind = 'samples';
  override readonly id: string;

  /** @throws DataError when two samples have the same id: decisions are kept by it */
  constructor(readonly rows: SampleColumns) {
    super();
    const seen = new Set<string>();
    for (const id of rows.ids) {
      if (seen.has(id)) throw new DataError(`samples: two samples have the id "${id}". Give each its own.`);
      seen.add(id);
    }
    this.id = contentHash({ kind: 'samples', ...rows });
  }

  override [PARTS](): Parts {
    return { content: { ...this.rows } };
  }

  get length(): number {
    return this.rows.ids.length;
  }

  override toArrow(): Table {
    const { ids, text, label, labelSource, paper, table, columns } = this.rows;
    return tableFromArrays({
      ...Object.fromEntries(Object.entries(columns).map(([name, values]) => [`column.${name}`, [...values]])),
      id: [...ids],
      text: [...text],
      label: [...label],
      label_source: [...labelSource],
      paper: [...paper],
      table: [...table]
    });
  }

  override view(): TablePayload {
    const { text, label, paper, table } = this.rows;
    const classes = countBy(label.map(value => value ?? '(none)'));
    return {
      kind: 'table',
      version: 1,
      title: 'Samples',
      subtitle: `${this.length} samples of ${new Set(paper).size} papers`,
      note: 'how good the labels are; they are taken as they came.',
      facts: [
        { name: 'classes', text: `${classes.length}` },
        {
          name: 'most frequent',
          text: classes
            .slice(0, 6)
            .map(([name, n]) => `${name} ${n}`)
            .join(', ')
        },
        { name: 'label source', text: [...new Set(this.rows.labelSource)].join(', ') || '(none)' }
      ],
      n: this.length,
      columns: ['text', 'label', 'table'].map(name => ({ name, numeric: false })),
      rows: Array.from({ length: Math.min(8, this.length) }, (_, i) => [
        text[i]!.slice(0, 200),
        label[i] ?? null,
        table[i]!
      ])
    };
  }

  override toString(): string {
    return `Samples: ${this.length} samples of ${new Set(this.rows.paper).size} papers`;
  }
}
