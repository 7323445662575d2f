import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import '../uncached.js';
import { DataError, ParameterError } from '../../common/errors.js';
import { load } from '../../kernel/stages/load.js';
import { samples } from '../../kernel/stages/samples.js';
import { ROOT } from '../paths.js';
import { temporaryFolder } from '../temporary.js';

const FORMATS = join(ROOT, 'examples', 'data', 'formats');

describe('tables without labels', () => {
  it('give samples with a null label, their unit, and columns to split by', async () => {
    const tables = await load({ path: join(FORMATS, 'oral-dose.xml') });
    const made = await samples({ tables });
    const { text, label, columns, paper } = made.rows;
    assert.ok(label.every(value => value === null));
    assert.equal(text[text.length - 1], 'fe < 24 h | %');
    assert.ok(text.includes('Fasted (n = 12) | Mean ± SD'));
    assert.deepEqual([...new Set(columns['table_kind_guess'])], ['nca']);
    assert.deepEqual([...new Set(paper)], ['example-2026']);
  });

  it('say that a field for labels does not exist, and which ones do', async () => {
    const tables = await load({ path: FORMATS });
    await assert.rejects(samples({ tables }, { label: 'class' }), (error: unknown) => {
      assert.ok(error instanceof ParameterError);
      assert.match(error.message, /no field "class" for label.*printed.*empty column "label"/);
      return true;
    });
    await assert.rejects(samples({ tables }, { unit: 'row' }), DataError);
  });

  it('of a lone CSV file can be read a sample a row', async test => {
    const path = join(await temporaryFolder(test), 'a.csv');
    await writeFile(path, 'drug,class\nA,x\nB,y\n');
    const made = await samples(
      { tables: await load({ path }) },
      { unit: 'row', label: 'class', text: ['drug'] }
    );
    assert.deepEqual(made.rows.text, ['A', 'B']);
    assert.deepEqual(made.rows.label, ['x', 'y']);
  });
});
