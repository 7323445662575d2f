import assert from 'node:assert/strict';
import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { utils, write, type WorkBook } from '@e965/xlsx';
import type { PkTable } from '../../common/tables.js';
import { readTables } from '../../kernel/pk/index.js';
import { ROOT, SAMPLE } from '../paths.js';
import { temporaryFolder } from '../temporary.js';
import { tableError } from './table-error.js';

const FORMATS = join(ROOT, 'examples', 'data', 'formats');
const CELLS = '<tr><th>x</th><th>Cmax</th></tr><tr><td>A</td><td>1.2</td></tr>';

/** The tables of one file with this content. */
async function read(test: TestContext, name: string, content: string | Uint8Array): Promise<PkTable[]> {
  const path = join(await temporaryFolder(test), name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
  return (await readTables(path)).tables;
}

const article = (body: string, id = ''): string =>
  `<article><front><article-meta>${id}</article-meta></front><body>${body}</body></article>`;

function workbook(rows: unknown[][], merges: string[] = []): { book: WorkBook; bytes: () => Uint8Array } {
  const sheet = utils.aoa_to_sheet(rows);
  sheet['!merges'] = merges.map(range => utils.decode_range(range));
  const book = utils.book_new();
  utils.book_append_sheet(book, sheet, 'Sheet1');
  return { book, bytes: () => write(book, { type: 'buffer', bookType: 'xlsx' }) as Uint8Array };
}

describe('one table in six formats', () => {
  it('is the same table in each', async () => {
    const { tables } = await readTables(FORMATS);
    assert.deepEqual(
      tables.map(table => table.table_id),
      ['csv', 'html', 'md', 'tsv', 'xlsx', 'xml'].map(ending => `oral-dose.${ending}#T1`)
    );
    const [first, ...others] = tables.map(table => ({ ...table, table_id: '', paper_id: '' }));
    for (const other of others) assert.deepEqual(other, first);
    assert.equal(first!.caption, 'Table 1. Pharmacokinetics of one oral dose of 40 mg');
    assert.deepEqual(first!.header_rows, [
      ['Parameter', 'Unit', 'Fasted (n = 12)', 'Fasted (n = 12)', 'Fed (n = 11)', 'Fed (n = 11)'],
      ['Parameter', 'Unit', 'Mean ± SD', '90% CI', 'Mean ± SD', '90% CI']
    ]);
    assert.deepEqual(first!.rows[0], ['Plasma', '', '', '', '', '']);
    assert.deepEqual(first!.rows[1]!.slice(0, 3), ['Cmax', 'ng/mL', '18.4 ± 5.1']);
    assert.deepEqual(first!.footnotes, ['a Median (range).', '* p < 0.05 against fasted.']);
  });

  it('is of the paper that the file names, else of its base name', async () => {
    const { tables } = await readTables(FORMATS);
    assert.deepEqual(
      tables.map(table => table.paper_id),
      ['oral-dose', 'example-2026', 'example-2026', 'oral-dose', 'oral-dose', 'example-2026']
    );
  });
});

describe('a folder of files', () => {
  it('is read with the folders in it, by name; READMEs, hidden files and other kinds are passed over', async test => {
    const folder = await temporaryFolder(test);
    await mkdir(join(folder, 'b', '.git'), { recursive: true });
    await writeFile(join(folder, 'c.html'), `<table>${CELLS}</table><table>${CELLS}</table>`);
    await writeFile(join(folder, 'b', 'a.md'), '| x | Cmax |\n|-|-|\n| A | 1.2 |\n');
    for (const name of ['README.md', 'b/.git/d.md', 'notes.txt'])
      await cp(join(folder, 'b', 'a.md'), join(folder, name));
    await writeFile(join(folder, 'e.md'), 'No table here.\n');
    const { tables, without } = await readTables(folder);
    assert.deepEqual(
      tables.map(table => [table.table_id, table.paper_id]),
      [
        ['b/a.md#T1', 'a'],
        ['c.html#T1', 'c'],
        ['c.html#T2', 'c']
      ]
    );
    assert.deepEqual(without, ['e.md']);
  });

  it('without any table names the files that were looked at', async test => {
    const folder = await temporaryFolder(test);
    await writeFile(join(folder, 'e.md'), 'No table here.\n');
    await assert.rejects(readTables(folder), tableError({ file: folder }, '1 files', 'e.md'));
  });

  it('gives headers the columns of papers.csv beside the files', async test => {
    const folder = await temporaryFolder(test);
    await writeFile(join(folder, 'a.md'), '| x | Cmax |\n|-|-|\n| A | 1.2 |\n');
    await writeFile(join(folder, 'papers.csv'), 'paper_id,area\na,cns\n');
    const { parts } = await readTables(folder);
    assert.deepEqual(
      parts.header!.map(part => [part.fields['text'], part.fields['area'], part.fields['label']]),
      [
        ['x', 'cns', ''],
        ['Cmax', 'cns', ''],
        ['A', 'cns', '']
      ]
    );
  });

  it('is another one when a file has another name, because papers are named after files', async test => {
    const folder = await temporaryFolder(test);
    const bytes = async (name: string): Promise<string> => {
      const path = join(folder, name);
      await writeFile(path, '| x | Cmax |\n|-|-|\n| A | 1.2 |\n');
      return Buffer.concat((await readTables(path)).bytes).toString();
    };
    assert.notEqual(await bytes('a.md'), await bytes('b.md'));
  });
});

describe('Markdown', () => {
  const TABLE = '| x | Cmax |\n|---|---|\n| A\\|B | 1.2 |\n';

  it('takes the nearest heading, bold line or "Table N" as the caption, and joins a bare number with its words', async test => {
    const [a, b, c, d] = await read(
      test,
      'a.md',
      `# Results\n\nText.\n\n${TABLE}\n## Table 2.\n\nMean values\n\n${TABLE}\n**Bold words**\n\nText.\n\n${TABLE}\nTable 4: Last\n\n${TABLE}`
    );
    assert.deepEqual(
      [a, b, c, d].map(table => table!.caption),
      ['Results', 'Table 2. Mean values', 'Bold words', 'Table 4: Last']
    );
    assert.deepEqual(a!.rows, [['A|B', '1.2']]);
  });

  it('keeps the text of links, code, emphasis, entities and superscripts', async test => {
    const [table] = await read(
      test,
      'a.md',
      '| **C**<sub>max</sub> | [t](http://x.invalid/) `n` |\n|---|---|\n| &alpha;&nbsp;*b* | 10<sup>3</sup><sup>a</sup> |\n'
    );
    assert.deepEqual(
      [...table!.header_rows, ...table!.rows],
      [
        ['Cmax', 't n'],
        ['α b', '10³a']
      ]
    );
  });

  it('takes lines below that start with a mark as footnotes, as a list or typed into the table, too', async test => {
    const [a, b] = await read(
      test,
      'a.md',
      `${TABLE}\n* p < 0.05\n\nAbbreviations: CL, clearance\n\nText goes on.\n\n${TABLE}| \\* p < 0.01 | |\n`
    );
    assert.deepEqual(a!.footnotes, ['* p < 0.05', 'Abbreviations: CL, clearance']);
    assert.deepEqual(b!.footnotes, ['* p < 0.01']);
    assert.equal(b!.rows.length, 1);
  });

  it('reads HTML tables that stand in the Markdown', async test => {
    const [table] = await read(test, 'a.md', `# Results\n\n<table>\n${CELLS}\n</table>\n`);
    assert.deepEqual(table!.header_rows, [['x', 'Cmax']]);
    assert.equal(table!.caption, 'Results');
  });

  it('refuses a row that is longer than its header, which Markdown would cut', async test => {
    await assert.rejects(
      read(test, 'a.md', '| x | y |\n|-|-|\n| 1 | 2 |\n| 1 | 2 | 3 |\n'),
      tableError({ table: 'a.md#T1', row: 3 }, 'a.md', 'row 3', '3 cells')
    );
  });
});

describe('HTML', () => {
  it('takes a figure’s caption, and a foot of single cells as footnotes', async test => {
    const [table] = await read(
      test,
      'a.html',
      `<figure><figcaption>Exposure</figcaption><table>${CELLS}<tfoot><tr><td colspan=2><sup>1</sup> Mean.</td></tr></tfoot></table></figure>`
    );
    assert.equal(table!.caption, 'Exposure');
    assert.deepEqual(table!.footnotes, ['¹ Mean.']);
    assert.deepEqual(table!.rows, [['A', '1.2']]);
  });

  it('repeats a spanned cell to the right and down, but not out of its head', async test => {
    const [table] = await read(
      test,
      'a.html',
      '<table><thead><tr><th rowspan=9>P</th><th colspan=2>Fed</th></tr><tr><th>m</th><th>s</th></tr></thead><tr><td rowspan=2>Day 1</td><td>1</td><td>2</td></tr><tr><td colspan=2>3</td></tr></table>'
    );
    assert.deepEqual(table!.header_rows, [
      ['P', 'Fed', 'Fed'],
      ['P', 'm', 's']
    ]);
    assert.deepEqual(table!.rows, [
      ['Day 1', '1', '2'],
      ['Day 1', '3', '3']
    ]);
  });

  it('fills short rows and drops columns that only spans make', async test => {
    const [table] = await read(
      test,
      'a.html',
      '<table><tr><th colspan=4>a</th><th colspan=1000000>b</th></tr><tr><td colspan=2>1</td></tr></table>'
    );
    assert.deepEqual(
      [...table!.header_rows, ...table!.rows],
      [
        ['a', 'b'],
        ['1', '']
      ]
    );
  });
});

describe('JATS', () => {
  const WRAP = `<table-wrap><label>Table 1</label><caption><title>Exposure</title><p>By day.</p></caption><table>${CELLS}</table><table-wrap-foot><p>Mean.</p></table-wrap-foot></table-wrap>`;

  it('names the paper by PMCID, else DOI, else PubMed id', async test => {
    const paper = async (...ids: [string, string][]): Promise<string> => {
      const xml = ids.map(([type, id]) => `<article-id pub-id-type="${type}">${id}</article-id>`).join('');
      return (await read(test, 'a.xml', article(WRAP, xml)))[0]!.paper_id;
    };
    assert.equal(await paper(['pmid', '7'], ['doi', '10.1/x'], ['pmc', '12']), 'PMC12');
    assert.equal(await paper(['pmid', '7'], ['doi', '10.1/x']), '10.1/x');
    assert.equal(await paper(['pmid', '7']), 'PMID7');
    assert.equal(await paper(), 'a');
  });

  it('takes label, caption and foot, of each article in a set', async test => {
    const ids = ['1', '2'].map(n => `<article-id pub-id-type="pmcid">PMC${n}</article-id>`);
    const tables = await read(test, 'a.nxml', `<set>${ids.map(id => article(WRAP, id)).join('')}</set>`);
    assert.deepEqual(
      tables.map(table => [table.paper_id, table.caption, table.footnotes]),
      ['PMC1', 'PMC2'].map(id => [id, 'Table 1 Exposure By day.', ['Mean.']])
    );
  });

  it('says of a file that it is not XML, not JATS, or without tables', async test => {
    await assert.rejects(
      read(test, 'a.xml', '<article>\n<b></article>'),
      tableError({ line: 2 }, 'line 2', 'not XML')
    );
    await assert.rejects(read(test, 'a.xml', '<svg/>'), tableError({}, 'no JATS article', '<svg>'));
    await assert.rejects(read(test, 'a.xml', article('<p>x</p>')), tableError({}, 'a.xml', 'no table'));
  });
});

describe('Excel', () => {
  it('reads what the visible sheets show, where the tables begin, with numbers as formatted', async test => {
    const { book, bytes } = workbook([[], [null, 'Drug', 'Cmax'], [null, 'A', 1.25], [null, 'B', 2]]);
    book.Sheets['Sheet1']!['C3'].z = '0.00';
    utils.book_append_sheet(book, utils.aoa_to_sheet([['hidden', 1]]), 'Secret');
    utils.book_append_sheet(
      book,
      utils.aoa_to_sheet([
        ['x', 'AUC'],
        ['A', 7]
      ]),
      'Exposure'
    );
    book.Workbook = { Sheets: [{ Hidden: 0 }, { Hidden: 1 }, { Hidden: 0 }] };
    const [first, second, third] = await read(test, 'a.xlsx', bytes());
    assert.deepEqual(first!.rows, [
      ['A', '1.25'],
      ['B', '2']
    ]);
    assert.deepEqual(first!.header_rows, [['Drug', 'Cmax']]);
    assert.equal(second!.caption, 'Exposure');
    assert.equal(third, undefined);
  });

  it('repeats merged cells, and divides a sheet where "Table N" stands below an empty row', async test => {
    const [first, second] = await read(
      test,
      'a.xlsx',
      workbook(
        [
          ['Table 1. Fed'],
          ['x', 'Fed', ''],
          ['', 'Mean', 'SD'],
          ['Cmax', '1', '2'],
          [],
          ['Values by day'],
          [],
          ['Table 2'],
          ['x', 'y'],
          ['A', '3']
        ],
        ['B2:C2', 'A2:A3']
      ).bytes()
    );
    assert.deepEqual(first!.header_rows, [
      ['x', 'Fed', 'Fed'],
      ['x', 'Mean', 'SD']
    ]);
    assert.deepEqual(first!.footnotes, ['Values by day']);
    assert.deepEqual([second!.caption, second!.rows[0]!.slice(0, 2)], ['Table 2', ['A', '3']]);
  });

  it('with a column paper_id is a file of records', async test => {
    const path = join(await temporaryFolder(test), 'a.xlsx');
    await writeFile(
      path,
      workbook([
        ['text', 'label', 'paper_id'],
        ['Cmax', 'cmax', 'p']
      ]).bytes()
    );
    const { parts } = await readTables(path);
    assert.deepEqual(
      parts.row!.map(part => [part.fields['text'], part.fields['label'], part.paper]),
      [['Cmax', 'cmax', 'p']]
    );
  });

  it('says of a file that it is not a workbook, an old one, or has a password', async test => {
    await assert.rejects(read(test, 'a.xlsx', 'x,y\n'), tableError({}, 'a.xlsx', 'not an Excel workbook'));
    const old = Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]);
    await assert.rejects(read(test, 'a.xlsx', old), tableError({}, 'old Excel file'));
    const locked = Buffer.concat([old, Buffer.from('EncryptedPackage', 'utf16le')]);
    await assert.rejects(read(test, 'a.xlsx', locked), tableError({}, 'password'));
  });
});

describe('real tables written as HTML without spans', () => {
  const escape = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;');
  const row = (cells: string[], tag: string): string =>
    `<tr>${cells.map(cell => `<${tag}>${escape(cell)}</${tag}>`).join('')}</tr>`;

  it('come back equal, every one of the sample', async test => {
    const folder = await temporaryFolder(test);
    const lines = (await readFile(join(SAMPLE, 'tables.jsonl'), 'utf8')).trim().split('\n');
    const printed = lines.map(line => JSON.parse(line) as PkTable);
    await Promise.all(
      printed.map((table, i) =>
        writeFile(
          join(folder, `${String(i).padStart(3, '0')}.html`),
          `<table><caption>${escape(table.caption ?? '')}</caption><thead>${table.header_rows.map(cells => row(cells, 'th')).join('')}</thead>${table.rows.map(cells => row(cells, 'td')).join('')}</table>`
        )
      )
    );
    const { tables } = await readTables(folder);
    assert.equal(tables.length, printed.length);
    tables.forEach((table, i) => {
      const { header_rows, rows, caption } = printed[i]!;
      assert.deepEqual([table.header_rows, table.rows], [header_rows, rows], printed[i]!.table_id);
      assert.equal(table.caption ?? '', caption ?? '');
    });
  });
});

describe('the parsers', () => {
  it('are loaded only when a file of their kind is met', async () => {
    const heavy = ['parse5', 'marked', '@e965/xlsx', '@rgrove/parse-xml', 'fflate'];
    const folder = join(ROOT, 'lib', 'kernel', 'pk');
    const names = (await readdir(folder, { recursive: true })).filter(name => name.endsWith('.js'));
    const code = (await Promise.all(names.map(name => readFile(join(folder, name), 'utf8')))).join('\n');
    for (const name of heavy) {
      assert.ok(code.includes(`import('${name}')`), name);
      assert.ok(!code.includes(`from '${name}'`), name);
    }
  });
});
