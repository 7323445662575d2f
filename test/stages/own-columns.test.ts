/** What a picture of an embedding can be coloured by, beside what stages add. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import '../uncached.js';
import { unpackCodes, unpackNumbers } from '../../common/views/pack.js';
import { ownColumns } from '../../kernel/stages/values/own-columns.js';
import type { Data } from '../../kernel/stages/values/data.js';

function dataWith(columns: Record<string, string[]>, n: number): Data {
  return { columns, paper: Array.from({ length: n }, (_, i) => `P${i % 3}`) } as unknown as Data;
}

test('every column of the samples can colour, and so can the paper', () => {
  const data = dataWith({ table_kind: ['nca', 'poppk', 'nca'], fold: ['x', 'y', 'z'] }, 3);
  const columns = ownColumns(data, [2, 1], 'some');
  assert.deepEqual(
    columns.map(column => column.name),
    ['table_kind', 'paper'],
    'what the picture has already is not offered twice'
  );
  const kind = columns[0]!.values;
  assert.ok(kind.type === 'codes');
  assert.deepEqual(
    [...unpackCodes(kind)].map(code => kind.categories[code]),
    ['nca', 'poppk'],
    'in the order of the rows drawn'
  );
});

test('a column of many numbers is a scale, one of few is categories', () => {
  const n = 40;
  const dose = Array.from({ length: n }, (_, i) => (i === 7 ? '' : String(i / 2)));
  const arm = Array.from({ length: n }, (_, i) => String(i % 3));
  const mixed = dose.map((value, i) => (i === 3 ? 'n/a' : value));
  const columns = ownColumns(dataWith({ dose, arm, mixed }, n), [...dose.keys()], 'all');
  const [numbers, few, words] = columns.map(column => column.values);
  assert.ok(numbers!.type === 'float32');
  const values = unpackNumbers(numbers);
  assert.equal(values[4], 2);
  assert.ok(Number.isNaN(values[7]), 'a cell without a number has no colour');
  assert.equal(few!.type, 'codes');
  assert.equal(words!.type, 'codes', 'one word among numbers makes it no scale');
});

test('a table with more columns than a picture may offer still makes one', () => {
  const many = Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`c${i}`, ['a']]));
  const columns = ownColumns(dataWith(many, 1), [0], 'some');
  assert.ok(columns.length <= 14);
  assert.equal(columns.at(-1)!.name, 'paper');
});
