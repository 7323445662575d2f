import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { PkTable } from '../../common/tables.js';
import { headerRows, isValue } from '../../kernel/pk/grid.js';
import { headerParts } from '../../kernel/pk/index.js';
import { isUnit, splitUnit } from '../../kernel/pk/units.js';

const table = (more: Partial<PkTable> = {}): PkTable => ({
  table_id: 't',
  paper_id: 'p',
  header_rows: [['x', 'Cmax (ng/mL)']],
  rows: [['A', '1']],
  ...more
});

describe('units', () => {
  it('are split off where they stand at the end in parentheses, brackets or after a comma', () => {
    for (const [printed, text, unit] of [
      ['Cmax (ng/mL)', 'Cmax', 'ng/mL'],
      ['AUC0–∞ (h ng−1 ml−1)', 'AUC0–∞', 'h ng−1 ml−1'],
      ['AUC [µg·h/mL]', 'AUC', 'µg·h/mL'],
      ['tmax (h)', 'tmax', 'h'],
      ['Body weight, kg', 'Body weight', 'kg'],
      ['CL/F (L/h/70 kg)', 'CL/F', 'L/h/70 kg'],
      ['CLCR (mL/min/1.73 m2)', 'CLCR', 'mL/min/1.73 m2'],
      ['Bioavailability (%)', 'Bioavailability', '%'],
      ['Albumin (g/dL)', 'Albumin', 'g/dL']
    ] as const)
      assert.deepEqual(splitUnit(printed), { text, unit }, printed);
  });

  it('are left where they may be something else', () => {
    for (const printed of [
      'n (%)',
      'Male (M)',
      'Patient(s)',
      'Median (min)',
      'AUC (d)',
      'Cmax (a)',
      'Fed (n = 12)',
      'Ratio (90% CI)',
      'Cmax (mean ± SD)',
      'Genotype (CC)',
      'kel (h−1) (fixed)',
      '(ng/mL)',
      'Yes, no'
    ])
      assert.equal(splitUnit(printed), undefined, printed);
    assert.ok(!isUnit('mean') && !isUnit('') && !isUnit('12'));
  });
});

describe('the header rule', () => {
  it('takes the first row, and rows that fill the places it left open', () => {
    const body = [
      ['Cmax', '1.2', '3 (1–4)'],
      ['AUC', '7', '8']
    ];
    assert.equal(headerRows([['x', 'Mean', 'SD'], ...body]), 1);
    assert.equal(headerRows([['x', 'Fed', ''], ['', 'Mean', 'SD'], ...body]), 2);
    assert.equal(headerRows([['x', 'Fed', 'Fed'], ['x', 'Mean', 'SD'], ...body]), 2);
    assert.equal(headerRows([['x', 'Cmax', 'AUC'], ['', '(ng/mL)', '(ng·h/mL)'], ...body]), 2);
    assert.equal(
      headerRows([
        ['x', 'Fed', '', ''],
        ['Mean', 'SD', '', ''],
        ['A', '1', '2', '3']
      ]),
      2
    );
  });

  it('leaves sections, text rows and numbers to the body', () => {
    const value = ['Cmax', '1.2', '3'];
    assert.equal(headerRows([['x', 'Fed', ''], ['Plasma', '', ''], value]), 1);
    assert.equal(headerRows([['x', 'Mean', 'SD'], ['Sex', 'Male', 'Female'], value]), 1);
    assert.equal(headerRows([['x', 'Fed', ''], value]), 1);
    assert.equal(headerRows([value, value]), 1);
    assert.equal(
      headerRows([
        ['a', '', ''],
        ['b', 'c', 'd'],
        ['e', 'f', 'g']
      ]),
      1
    );
  });

  it('knows values from doses, counts and names', () => {
    for (const text of [
      '1.2',
      '18.4 ± 5.1*',
      '1.5 (0.5–3.0)',
      '<0.001',
      '−4.3',
      '46 (38.3%)',
      '80.5a',
      'p < 0.05'
    ])
      assert.ok(isValue(text), text);
    for (const text of ['10 mg', 'n = 8', 'Day 1', '*1/*1', '', '2 h postdose', 'CC'])
      assert.ok(!isValue(text), text);
  });
});

describe('parts of tables without labels', () => {
  it('have text and unit apart, the printed text, and an empty label', () => {
    const [, column] = headerParts([table()]);
    assert.equal(column!.fields['text'], 'Cmax');
    assert.equal(column!.fields['unit'], 'ng/mL');
    assert.equal(column!.fields['printed'], 'Cmax (ng/mL)');
    assert.equal(column!.fields['label'], '');
  });

  it('take the unit from a column of units, or a header row of units', () => {
    const rows = headerParts([
      table({ header_rows: [['x', 'Unit', 'Fed']], rows: [['Cmax', 'ng/mL', '1']] })
    ]);
    assert.deepEqual(
      rows
        .filter(part => part.fields['axis'] === 'row')
        .map(part => [part.fields['text'], part.fields['unit']]),
      [['Cmax', 'ng/mL']]
    );
    const [, column] = headerParts([
      table({
        header_rows: [
          ['x', 'Cmax'],
          ['', '(ng/mL)']
        ]
      })
    ]);
    assert.deepEqual([column!.fields['text'], column!.fields['unit']], ['Cmax', 'ng/mL']);
  });

  it('say a text once that its cell repeats down the header', () => {
    const parts = headerParts([
      table({
        header_rows: [
          ['x', 'Fed', 'Fed'],
          ['x', 'Mean', 'SD']
        ],
        rows: []
      })
    ]);
    assert.deepEqual(
      parts.map(part => part.fields['text']),
      ['x', 'Fed | Mean', 'Fed | SD']
    );
  });

  it('have a guessed kind only where none is given', () => {
    const guess = (more: Partial<PkTable>): (string | undefined)[] => {
      const { fields } = headerParts([table(more)])[0]!;
      return [fields['table_kind'], fields['table_kind_guess']];
    };
    assert.deepEqual(guess({}), ['', 'nca']);
    assert.deepEqual(guess({ caption: 'Population pharmacokinetic estimates' }), ['', 'poppk']);
    assert.deepEqual(guess({ header_rows: [['x', 'Age']] }), ['', 'other']);
    assert.deepEqual(guess({ table_kind: 'other' }), ['other', undefined]);
  });
});
