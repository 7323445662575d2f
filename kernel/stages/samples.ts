/** samples: from tables to one row a sample. */
import { Type, type Static } from '@sinclair/typebox';
import { DataError, ParameterError } from '../../common/errors.js';
import type { PartUnit, TablePart } from '../../common/tables.js';
import { headerParts } from '../pk/index.js';
import { defineStage, type Stage } from './define/index.js';
import { Samples } from './values/samples.js';
import type { Tables } from './values/tables.js';

const DEFAULT_TEXT = ['text', 'unit'];

const Params = Type.Object({
  unit: Type.Optional(
    Type.Union([Type.Literal('header'), Type.Literal('row')], {
      default: 'header',
      description: 'What a sample is: a header or row label, or a whole row.'
    })
  ),
  label: Type.Optional(
    Type.String({ default: 'label', minLength: 1, description: 'The field that holds the label.' })
  ),
  text: Type.Optional(
    Type.Array(Type.String({ minLength: 1 }), {
      default: DEFAULT_TEXT,
      minItems: 1,
      description: 'The fields that the model reads, joined in this order; empty ones are left out.'
    })
  )
});

export type SamplesParams = Static<typeof Params>;

function partsOf(tables: Tables, unit: PartUnit): readonly TablePart[] {
  const given = tables.parts[unit];
  if (given) return given;
  if (unit === 'header') return headerParts(tables.tables);
  throw new DataError(
    `samples: ${tables.path} has no labelled rows (rows.jsonl, or a .csv file). Use unit: "header", or load a folder with rows.jsonl.`
  );
}

function checkField(parts: readonly TablePart[], parameter: string, field: string): void {
  if (parts.some(part => Object.hasOwn(part.fields, field))) return;
  const known = [...new Set(parts.flatMap(part => Object.keys(part.fields)))].sort();
  throw new ParameterError(
    'samples',
    parameter,
    `samples: there is no field "${field}" for ${parameter}. The fields are ${known.join(', ')}.${
      parameter === 'label'
        ? ' Name the one that holds the labels; for data without labels add an empty column "label".'
        : ''
    }`
  );
}

export const samples: Stage<{ tables: Tables }, SamplesParams, Samples> = defineStage({
  name: 'samples',
  version: 2,
  title: 'Samples',
  description:
    'Makes one sample of each header or row, with its text, label, paper, and columns to split by.',
  inputs: { tables: { kind: 'tables', description: 'tables as loaded' } },
  output: 'samples',
  params: Params,
  deterministic: true,
  cache: true,
  async run({ tables }: { tables: Tables }, params) {
    const parts = partsOf(tables, params.unit);
    checkField(parts, 'label', params.label);
    // Tables without a unit column are fine with the default; a field that a person named must be there.
    const named = params.text.join() === DEFAULT_TEXT.join() ? params.text.slice(0, 1) : params.text;
    for (const field of named) checkField(parts, 'text', field);
    for (const field of params.text) {
      if (field !== params.label) continue;
      throw new ParameterError(
        'samples',
        'text',
        `samples: text may not hold "${field}", which is the label: the model would read its own answer.`
      );
    }
    const text = parts.map(part =>
      params.text
        .map(field => part.fields[field]?.trim() ?? '')
        .filter(value => value !== '')
        .join(' | ')
    );
    const kept = parts.map((_, i) => i).filter(i => text[i] !== '');
    if (kept.length === 0) {
      throw new DataError(`samples: no part of ${tables.path} has any text in ${params.text.join(', ')}.`);
    }
    const used = new Set([params.label, 'text', 'label_source', 'entry_id', 'table_id', 'paper_id', 'id']);
    const names = new Set(kept.flatMap(i => Object.keys(parts[i]!.fields)).filter(name => !used.has(name)));
    const column = (name: string): string[] => kept.map(i => parts[i]!.fields[name] ?? '');
    return new Samples({
      ids: kept.map(i => parts[i]!.id),
      text: kept.map(i => text[i]!),
      label: column(params.label).map(label => (label === '' ? null : label)),
      labelSource: column('label_source'),
      paper: kept.map(i => parts[i]!.paper),
      table: kept.map(i => parts[i]!.table),
      columns: Object.fromEntries([...names].map(name => [name, column(name)]))
    });
  }
});
