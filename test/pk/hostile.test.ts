import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { zipSync } from 'fflate';
import { readTables, type ReadTables } from '../../kernel/pk/index.js';
import { temporaryFolder } from '../temporary.js';
import { tableError } from './table-error.js';

async function read(test: TestContext, name: string, content: string | Uint8Array): Promise<ReadTables> {
  const path = join(await temporaryFolder(test), name);
  await writeFile(path, content);
  return readTables(path);
}

const html = (cell: string): string =>
  `<table><tr><th>x</th><th>y</th></tr><tr><td>A</td><td>${cell}</td></tr></table>`;
const jats = (cell: string, before = ''): string =>
  `${before}<article><table-wrap>${html(cell)}</table-wrap></article>`;

describe('hostile files', () => {
  it('leave no script, style, handler or frame behind, in HTML or Markdown', async test => {
    const cell =
      '<script>globalThis.hit = 1</script><style>a{}</style><img src=x onerror="globalThis.hit = 1"><svg><script>1</script></svg><iframe src="http://x.invalid/"></iframe>1.2';
    for (const [name, content] of [
      ['a.html', html(cell)],
      ['a.md', `| x | y |\n|-|-|\n| A | ${cell} |\n`]
    ] as const) {
      const { tables } = await read(test, name, content);
      assert.deepEqual(tables[0]!.rows, [['A', '1.2']], name);
    }
    assert.equal((globalThis as { hit?: number }).hit, undefined);
  });

  it('keep markup that is escaped as the text that it is', async test => {
    const { tables } = await read(test, 'a.html', html('&lt;script&gt;alert(1)&lt;/script&gt;'));
    assert.equal(tables[0]!.rows[0]![1], '<script>alert(1)</script>');
  });

  it('lose marks that turn text around or hide in it', async test => {
    const marks = '\u202e\u2066\u200b\ufeff\u00ad\u061c';
    for (const [name, content] of [
      ['a.html', html(`1${marks}8.4`)],
      ['a.xml', jats(`1${marks}8.4`)],
      ['a.md', `| x | y |\n|-|-|\n| A | 1${marks}8.4 |\n`],
      ['a.csv', `x,y\nA,1${marks}8.4\n`]
    ] as const) {
      const { tables } = await read(test, name, content);
      assert.equal(tables[0]!.rows[0]![1], '18.4', name);
    }
  });

  it('with entity bombs or external entities are refused, and open nothing', async test => {
    const bomb =
      '<!DOCTYPE article [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>';
    await assert.rejects(read(test, 'a.xml', jats('&c;', bomb)), tableError({ line: 1 }, 'not XML', 'a.xml'));
    const external = '<!DOCTYPE article [<!ENTITY x SYSTEM "file:///etc/hostname">]>';
    await assert.rejects(read(test, 'a.xml', jats('&x;', external)), tableError({ line: 1 }, 'Entities'));
  });

  it('with a table inside a cell are refused by row and column', async test => {
    const inner = '<div><table><tr><td>1</td></tr></table></div>';
    for (const [name, content] of [
      ['a.html', html(inner)],
      ['a.xml', jats(inner)]
    ] as const) {
      await assert.rejects(
        read(test, name, content),
        tableError({ table: `${name}#T1`, row: 2, column: '2' }, name, 'row 2, column 2', 'inside this cell')
      );
    }
  });

  it('with a cell of a megabyte are refused by file, table, row and column', async test => {
    const long = 'x'.repeat(1 << 20);
    for (const [name, content] of [
      ['a.html', html(long)],
      ['a.csv', `x,y\nA,${long}\n`],
      ['a.md', `| x | y |\n|-|-|\n| A | ${long} |\n`]
    ] as const) {
      await assert.rejects(
        read(test, name, content),
        tableError(
          { table: `${name}#T1`, row: 2, column: '2' },
          name,
          'row 2, column 2',
          '1048576 characters'
        )
      );
    }
  });

  it('with a caption of a megabyte are refused', async test => {
    const page = html('1').replace('<tr>', `<caption>${'x'.repeat(1 << 20)}</caption><tr>`);
    await assert.rejects(read(test, 'a.html', page), tableError({ table: 'a.html#T1' }, 'caption'));
  });

  it('with spans beyond measure are read as HTML reads them, or refused', async test => {
    const { tables } = await read(
      test,
      'a.html',
      '<table><tr><td colspan=1000000 rowspan=1000000>x</td></tr><tr><td>y</td></tr></table>'
    );
    assert.deepEqual(tables[0]!.header_rows, [['x', '']]);
    const wide = '<td colspan=1000>x</td>'.repeat(3000);
    await assert.rejects(
      read(test, 'a.html', `<table><tr>${wide}</tr></table>`),
      tableError({ table: 'a.html#T1', row: 1 }, 'more than')
    );
  });

  it('with elements beyond number in one another are refused', async test => {
    await assert.rejects(
      read(test, 'a.html', `${'<div>'.repeat(5000)}${html('1')}`),
      tableError({}, 'a.html', 'deep')
    );
    await assert.rejects(
      read(test, 'a.xml', `<article>${'<sec>'.repeat(20000)}${'</sec>'.repeat(20000)}</article>`),
      tableError({}, 'a.xml', 'deep')
    );
  });

  it('of a workbook that unpacks to too much are refused before they are unpacked', async test => {
    const bytes = Buffer.from(zipSync({ 'xl/worksheets/sheet1.xml': new Uint8Array(1000) }));
    // The directory at the end of a zip file says how large its files are.
    bytes.writeUInt32LE(300 * 2 ** 20, bytes.indexOf('PK\x01\x02', 0, 'latin1') + 24);
    await assert.rejects(read(test, 'a.xlsx', bytes), tableError({}, 'a.xlsx', '300 MB'));
  });

  it('of half a million cells are read in time that grows with their number', async test => {
    const head = Array.from({ length: 50 }, (_, c) => `Head ${c}`);
    const big = (n: number): string =>
      [
        head,
        head.map(() => '---'),
        ...Array.from({ length: n }, (_, r) => head.map((_h, c) => `${r}.${c} ± 1`))
      ]
        .map(row => `| ${row.join(' | ')} |`)
        .join('\n');
    const before = process.cpuUsage();
    const { tables } = await read(test, 'a.md', big(10_000));
    const { user } = process.cpuUsage(before);
    assert.equal(tables[0]!.rows.length, 10_000);
    assert.equal(tables[0]!.rows[9_999]![49], '9999.49 ± 1');
    // Alone on a core it takes below one second; the limit is wide because tests share the machine.
    assert.ok(user < 4e6, `${user / 1e6} s`);
  });
});
