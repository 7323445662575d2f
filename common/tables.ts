/**
 * A table as it was printed, and the labelled parts of it. This is the shape that every reader produces and
 * that the review screen shows; nothing is normalised here.
 */
import { Type, type Static } from '@sinclair/typebox';

/** One printed table. `header_rows` and `rows` are rectangular; headers may span several rows. */
export const PkTable = Type.Object({
  table_id: Type.String({ minLength: 1 }),
  paper_id: Type.String({ minLength: 1 }),
  caption: Type.Optional(Type.String()),
  header_rows: Type.Array(Type.Array(Type.String())),
  rows: Type.Array(Type.Array(Type.String())),
  footnotes: Type.Optional(Type.Array(Type.String())),
  table_kind: Type.Optional(Type.String()),
  param_axis: Type.Optional(Type.String()),
  header_class: Type.Optional(Type.Array(Type.String())),
  row_class: Type.Optional(Type.Array(Type.String()))
});
export type PkTable = Static<typeof PkTable>;

/** A part of a table that can become a sample: a header, a row label, a row. Every field is text as printed. */
export interface TablePart {
  id: string;
  table: string;
  paper: string;
  /** All of the part's fields by name: text, unit, caption, label, table_kind, ... */
  fields: Readonly<Record<string, string>>;
}

/** What kinds of part a folder of tables can give. */
export type PartUnit = 'header' | 'row';
