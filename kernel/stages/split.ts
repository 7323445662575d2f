/** split: which samples are source, which are target, and which fold each paper is in. */
import { Type, type Static } from '@sinclair/typebox';
import { DataError, ParameterError } from '../../common/errors.js';
import { defineStage, type Stage } from './define/index.js';
import { assignFolds } from './folds.js';
import { Data, type Domain } from './values/data.js';
import type { Samples } from './values/samples.js';

const where = (description: string) =>
  Type.Record(Type.String(), Type.Union([Type.String(), Type.Array(Type.String(), { minItems: 1 })]), {
    minProperties: 1,
    description
  });

const Params = Type.Object({
  source: where('Columns and the values that make a sample source, e.g. { table_kind: "nca" }.'),
  target: where('Columns and the values that make a sample target.'),
  fit: Type.Optional(
    Type.Number({ default: 0.5, minimum: 0.1, maximum: 0.8, description: 'Share of papers in fold F.' })
  ),
  choose: Type.Optional(
    Type.Number({ default: 0.2, minimum: 0.1, maximum: 0.5, description: 'Share of papers in fold C.' })
  ),
  seed: Type.Optional(Type.Integer({ default: 1, minimum: 0, description: 'Seed of the split.' }))
});

type Where = SplitParams['source'];

export type SplitParams = Static<typeof Params>;

function matcher(samples: Samples, domain: Domain, where: Where): (row: number) => boolean {
  const { columns } = samples.rows;
  const tests = Object.entries(where).map(([name, wanted]) => {
    const values =
      name === 'paper' ? samples.rows.paper : Object.hasOwn(columns, name) ? columns[name] : undefined;
    if (!values) {
      throw new ParameterError(
        'split',
        domain,
        `split: ${domain} asks for the column "${name}", which the samples do not have. They have ${['paper', ...Object.keys(columns)].join(', ')}.`
      );
    }
    const set = new Set(Array.isArray(wanted) ? wanted : [wanted]);
    return (row: number) => set.has(values[row]!);
  });
  return row => tests.every(test => test(row));
}

export const split: Stage<{ samples: Samples }, SplitParams, Data> = defineStage({
  name: 'split',
  version: 1,
  title: 'Split by paper',
  description:
    'Takes the source and the target out of the samples, and gives each paper one fold across both.',
  inputs: { samples: { kind: 'samples', description: 'samples to split' } },
  output: 'data',
  params: Params,
  deterministic: true,
  cache: true,
  async run({ samples }: { samples: Samples }, params) {
    if (params.fit + params.choose > 0.9) {
      throw new ParameterError(
        'split',
        'choose',
        `split: fit + choose must leave at least 0.1 of the papers for certifying; ${params.fit} + ${params.choose} leave ${(1 - params.fit - params.choose).toFixed(2)}.`
      );
    }
    const isSource = matcher(samples, 'source', params.source);
    const isTarget = matcher(samples, 'target', params.target);
    const rows: number[] = [];
    const domain: Domain[] = [];
    for (let i = 0; i < samples.length; i++) {
      const source = isSource(i);
      if (source && isTarget(i)) {
        throw new ParameterError(
          'split',
          'target',
          `split: the sample ${samples.rows.ids[i]} fits both source and target. Make the two exclude each other.`
        );
      }
      if (!source && !isTarget(i)) continue;
      rows.push(i);
      domain.push(source ? 'source' : 'target');
    }
    for (const wanted of ['source', 'target'] as const) {
      if (domain.includes(wanted)) continue;
      const asked = JSON.stringify(params[wanted]);
      throw new DataError(`split: no sample is ${wanted}: none has ${asked}. Check the column's values.`);
    }
    const pick = <T>(values: readonly T[]): T[] => rows.map(i => values[i]!);
    const paper = pick(samples.rows.paper);
    const label = pick(samples.rows.label);
    const classes = new Set(label.filter((value, i) => value !== null && domain[i] === 'source'));
    if (classes.size < 2) {
      throw new DataError(
        `split: the source has ${classes.size === 0 ? 'no labels' : `a single class, "${[...classes][0]}"`}. A model needs at least two; check the label field and the source.`
      );
    }
    return new Data({
      ids: pick(samples.rows.ids),
      text: pick(samples.rows.text),
      label,
      paper,
      table: pick(samples.rows.table),
      columns: Object.fromEntries(
        Object.entries(samples.rows.columns).map(([name, values]) => [name, pick(values)])
      ),
      domain,
      fold: assignFolds(paper, domain, params)
    });
  }
});
