/** Tables as printed, with the parts of them that are labelled. */
import { tableFromArrays, type Table } from 'apache-arrow';
import type { PartUnit, PkTable, TablePart } from '../../../common/tables.js';
import type { TablePayload } from '../../../common/views/payload.js';
import { contentHash } from '../../store/index.js';
import { PARTS, type Parts } from './parts.js';
import { Value } from './value.js';

export class Tables extends Value {
  override readonly kind = 'tables';
  override readonly id: string;

  constructor(
    readonly tables: readonly PkTable[],
    /** Labelled parts that came with the tables, by unit. */
    readonly parts: Readonly<Partial<Record<PartUnit, readonly TablePart[]>>>,
    /** The files' bytes: they, and not their path, are what the tables are. Or the id that was made of them. */
    bytes: readonly Uint8Array[] | string,
    readonly path: string
  ) {
    super();
    this.id = typeof bytes === 'string' ? bytes : contentHash({ kind: 'tables', bytes: [...bytes] });
  }

  get papers(): string[] {
    return [...new Set(this.tables.map(table => table.paper_id))];
  }

  override [PARTS](): Parts {
    const { id, tables, parts, path } = this;
    return { content: { id, tables, parts }, aside: { path } };
  }

  override toArrow(): Table {
    return tableFromArrays({
      table: this.tables.map(table => table.table_id),
      paper: this.tables.map(table => table.paper_id),
      kind: this.tables.map(table => table.table_kind ?? ''),
      caption: this.tables.map(table => table.caption ?? ''),
      cells: this.tables.map(table => JSON.stringify([...table.header_rows, ...table.rows]))
    });
  }

  override view(): TablePayload {
    const count = (unit: PartUnit): string => `${this.parts[unit]?.length ?? 0}`;
    return {
      kind: 'table',
      version: 1,
      title: 'Tables',
      subtitle: `${this.tables.length} tables of ${this.papers.length} papers`,
      note: 'the cells of the tables; only their size and captions are listed.',
      facts: [
        { name: 'labelled headers', text: count('header') },
        { name: 'labelled rows', text: count('row') }
      ],
      n: this.tables.length,
      columns: [
        { name: 'table', numeric: false },
        { name: 'kind', numeric: false },
        { name: 'rows', numeric: true },
        { name: 'columns', numeric: true },
        { name: 'caption', numeric: false }
      ],
      rows: this.tables
        .slice(0, 8)
        .map(table => [
          table.table_id,
          table.table_kind ?? '',
          table.rows.length,
          table.rows[0]?.length ?? 0,
          (table.caption ?? '').slice(0, 200)
        ])
    };
  }

  override toString(): string {
    return `Tables: ${this.tables.length} tables of ${this.papers.length} papers`;
  }
}
