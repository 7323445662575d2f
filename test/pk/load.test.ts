import assert from 'node:assert/strict';
import { chmod, cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { headerParts, readTables } from '../../kernel/pk/index.js';
import { SAMPLE } from '../paths.js';
import { temporaryFolder } from '../temporary.js';
import { tableError } from './table-error.js';

describe('the sample folder', () => {
  it('has the tables, headers and rows that its README counts', async () => {
    const { tables, parts } = await readTables(SAMPLE);
    assert.equal(tables.length, 145);
    assert.equal(new Set(tables.map(table => table.paper_id)).size, 28);
    assert.equal(parts.header?.length, 1316);
    assert.equal(parts.row?.length, 2550);
  });

  it('gives each part its paper, its table kind and the columns of papers.csv', async () => {
    const { parts } = await readTables(SAMPLE);
    const part = parts.header!.find(({ fields }) => fields['text'] === 'Cmax')!;
    assert.equal(part.fields['table_kind'], 'nca');
    assert.equal(part.paper, 'PMC10532907');
    assert.match(part.fields['doi']!, /^10\./);
    assert.equal(part.fields['label'], 'cmax');
  });

  it('gives every part an id of its own', async () => {
    const { parts } = await readTables(SAMPLE);
    for (const list of Object.values(parts)) {
      assert.equal(new Set(list.map(part => part.id)).size, list.length);
    }
  });

  it('gives headers and row labels also without headers.jsonl, with the classes of the tables', async () => {
    const { tables } = await readTables(SAMPLE);
    const parts = headerParts(tables);
    const cmax = parts.find(part => part.id === 'PMC10532907#T1:C1')!;
    assert.equal(cmax.fields['text'], 'Test Product | AUC0–t');
    assert.equal(cmax.fields['label'], 'auc');
    assert.ok(parts.every(part => part.fields['text'] !== ''));
  });
});

describe('what cannot be read', () => {
  it('names a path that does not exist', async () => {
    await assert.rejects(
      readTables('no/such/place'),
      tableError({ file: 'no/such/place' }, 'there is no such')
    );
  });

  it('names a folder without tables, what was looked for, and what to do', async test => {
    const folder = await temporaryFolder(test);
    await assert.rejects(
      readTables(folder),
      tableError({ file: folder }, 'tables.jsonl', '.md', '.xlsx', '.xml', 'Point `path`')
    );
  });

  it('names file and line of a line that is not JSON', async test => {
    const folder = await temporaryFolder(test);
    await cp(SAMPLE, folder, { recursive: true });
    const file = join(folder, 'headers.jsonl');
    const lines = (await readFile(file, 'utf8')).split('\n');
    lines[6] = lines[6]!.slice(0, 40);
    await writeFile(file, lines.join('\n'));
    await assert.rejects(
      readTables(folder),
      tableError({ file, line: 7 }, 'headers.jsonl, line 7', 'not JSON')
    );
  });

  it('names file, line and field of a table that lacks one', async test => {
    const folder = await temporaryFolder(test);
    const file = join(folder, 'tables.jsonl');
    const good = { table_id: 't', paper_id: 'p', header_rows: [['a']], rows: [['1']] };
    await writeFile(
      file,
      `${JSON.stringify(good)}\n{"table_id": "u", "paper_id": "p", "header_rows": [[1]], "rows": []}\n`
    );
    await assert.rejects(readTables(folder), tableError({ line: 2 }, 'line 2', 'header_rows.0.0'));
  });

  it('names a table that stands twice', async test => {
    const folder = await temporaryFolder(test);
    const line = JSON.stringify({ table_id: 't', paper_id: 'p', header_rows: [['a']], rows: [['1']] });
    await writeFile(join(folder, 'tables.jsonl'), `${line}\n${line}\n`);
    await assert.rejects(readTables(folder), tableError({ line: 2, table: 't' }, 'stands twice'));
  });

  it('names a header that belongs to no table', async test => {
    const folder = await temporaryFolder(test);
    const line = JSON.stringify({ table_id: 't', paper_id: 'p', header_rows: [['a']], rows: [['1']] });
    await writeFile(join(folder, 'tables.jsonl'), `${line}\n`);
    await writeFile(join(folder, 'headers.jsonl'), '{"table_id": "x", "text": "Cmax"}\n');
    await assert.rejects(readTables(folder), tableError({ line: 1, table: 'x' }, 'no table x'));
  });

  it('names the line of a ragged CSV file, and a column that stands twice', async test => {
    const folder = await temporaryFolder(test);
    const file = join(folder, 'x.csv');
    await writeFile(file, 'text,label\na,b\nc\n');
    await assert.rejects(readTables(file), tableError({ line: 3 }, 'line 3'));
    await writeFile(file, 'text,text\na,b\n');
    await assert.rejects(readTables(file), tableError({ column: 'text' }, 'stands twice'));
  });

  it('names a file that is not UTF-8, and a kind of file that is not read', async test => {
    const folder = await temporaryFolder(test);
    const file = join(folder, 'x.csv');
    await writeFile(file, Buffer.from([0x74, 0x0a, 0xff, 0xfe]));
    await assert.rejects(readTables(file), tableError({ file }, 'not UTF-8'));
    const other = join(folder, 'x.parquet');
    await writeFile(other, 'x');
    await assert.rejects(readTables(other), tableError({ file: other }, '.parquet'));
  });

  it(
    'names a file that may not be read',
    { skip: process.getuid?.() === 0 ? 'root reads everything' : false },
    async test => {
      const folder = await temporaryFolder(test);
      const file = join(folder, 'x.csv');
      await writeFile(file, 'text\na\n');
      await chmod(file, 0);
      await assert.rejects(readTables(file), tableError({ file }, 'cannot be read'));
    }
  );
});

describe('a CSV file', () => {
  it('is one table whose rows are samples of the papers it names', async test => {
    const folder = await temporaryFolder(test);
    const file = join(folder, 'x.csv');
    await writeFile(file, '\ufefftext,label,paper_id\n"a, b",1,p\nc,2,q\n');
    const { parts, tables } = await readTables(file);
    assert.equal(tables.length, 1);
    assert.deepEqual(
      parts.row!.map(part => [part.fields['text'], part.fields['label'], part.paper]),
      [
        ['a, b', '1', 'p'],
        ['c', '2', 'q']
      ]
    );
  });
});
