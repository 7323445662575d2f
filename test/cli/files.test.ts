/** Notebook files that are none, and what a stage's files are known by. */
import assert from 'node:assert/strict';
import { chmod, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'node:test';
import { filesRead } from '../../kernel/cli/files.js';
import { main } from '../../kernel/cli/index.js';
import { readNotebookFile } from '../../kernel/cli/notebook.js';
import { readRecords, recordsPath, writeRecords } from '../../kernel/cli/records.js';
import { ROOT } from '../paths.js';
import { temporaryFolder } from '../temporary.js';

const NO_PYTHON = { program: '/nonexistent/python', env: {}, root: ROOT };

async function hysim(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ['', ''];
  const code = await main(args, NO_PYTHON, { out: text => (out += text), err: text => (err += text) });
  return { code, out, err };
}

const notebook = (cells: object[], metadata: object = {}): string =>
  JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata, cells });

const code = (source: string | string[], id?: string, outputs: object[] = []): object => ({
  cell_type: 'code',
  metadata: {},
  execution_count: null,
  outputs,
  source,
  ...(id === undefined ? {} : { id })
});

test('a file that is no notebook is refused by a sentence that says why', async t => {
  const folder = await temporaryFolder(t);
  const files: [string, string, RegExp][] = [
    ['text.ipynb', 'hello', /is not JSON/],
    ['cut.ipynb', notebook([code('1')]).slice(0, -3), /is not JSON/],
    ['merge.ipynb', '{\n<<<<<<< HEAD\n}', /marks of a merge/],
    ['list.ipynb', '[1]', /no notebook: it has no "nbformat"/],
    ['old.ipynb', '{"nbformat": 3, "worksheets": []}', /of format 3; .*nbconvert/],
    ['new.ipynb', '{"nbformat": 5}', /newer than this program knows/],
    ['none.ipynb', '{"nbformat": 4}', /without "cells"/],
    ['cell.ipynb', notebook([[] as object]), /cell 1 is no object/],
    [
      'python.ipynb',
      notebook([], { kernelspec: { name: 'python3', language: 'python' } }),
      /is a python notebook/
    ]
  ];
  for (const [name, text, expected] of files) {
    const path = join(folder, name);
    await writeFile(path, text);
    for (const command of ['graph', 'run']) {
      const { code: exit, out, err } = await hysim(command, path);
      assert.deepEqual([exit, out], [1, ''], name);
      assert.match(err, expected);
      assert.ok(err.includes(path));
    }
    assert.equal(await readFile(path, 'utf8'), text);
  }
  assert.match((await hysim('graph', join(folder, 'missing.ipynb'))).err, /no such file/);
  assert.match((await hysim('graph', folder)).err, /is a folder/);
});

test('a file that may not be read is said to be so', { skip: process.getuid?.() === 0 }, async t => {
  const path = join(await temporaryFolder(t), 'secret.ipynb');
  await writeFile(path, notebook([]));
  await chmod(path, 0);
  assert.match((await hysim('graph', path)).err, /you may not read this file/);
});

test('a command that is not understood ends with 2 and the help', async () => {
  for (const args of [[], ['graph'], ['draw', 'x.ipynb'], ['graph', 'a', 'b'], ['run', 'x', '--fast']]) {
    const { code: exit, err } = await hysim(...args);
    assert.equal(exit, 2, args.join(' '));
    assert.match(err, /hysim graph <notebook\.ipynb>/);
  }
  assert.equal((await hysim('graph', 'x.ipynb', '--format', 'png')).code, 2);
  assert.deepEqual((await hysim('--help')).code, 0);
});

test('a cycle is refused by both commands with its path', async t => {
  const path = join(await temporaryFolder(t), 'round.ipynb');
  await writeFile(path, notebook([code('1'), code('const a = b', 'x'), code('const b = a', 'y')]));
  for (const command of ['graph', 'run']) {
    const { code: exit, out, err } = await hysim(command, path);
    assert.deepEqual([exit, out], [1, '']);
    assert.match(err, /a → b → a \(code cells 2 → 3 → 2\)/);
  }
});

test('graph prints Mermaid or SVG, or writes it', async t => {
  const folder = await temporaryFolder(t);
  const path = join(folder, 'n.ipynb');
  // Lines as a list, a cell without an id, a cell that is not code, and a mark at the file's beginning.
  const cells = [
    { cell_type: 'markdown', metadata: {}, source: 'x' },
    code(['const a =\n', ' 1']),
    code('a', 'i')
  ];
  await writeFile(path, `\ufeff${notebook(cells)}`);
  const mermaid = await hysim('graph', path);
  assert.match(mermaid.out, /cell1 -->\|"a"\| cell2/);
  assert.match((await hysim('graph', path, '--format', 'svg')).out, /^<svg /);
  assert.deepEqual(await hysim('graph', path, '-o', join(folder, 'n.svg')), { code: 0, out: '', err: '' });
  assert.match(await readFile(join(folder, 'n.svg'), 'utf8'), /^<svg /);
  assert.match((await hysim('graph', path, '-o', join(folder, 'no', 'n.svg'))).err, /cannot be written/);
});

test('a notebook for another kernel is not run', async t => {
  const path = join(await temporaryFolder(t), 'deno.ipynb');
  await writeFile(path, notebook([code('1')], { kernelspec: { name: 'deno', language: 'typescript' } }));
  assert.match((await hysim('run', path)).err, /is for the kernel "deno"/);
  assert.equal((await hysim('graph', path)).code, 0);
});

test('without Python the run says what to do', async t => {
  const path = join(await temporaryFolder(t), 'n.ipynb');
  await writeFile(path, notebook([code('1')]));
  const { code: exit, err } = await hysim('run', path);
  assert.equal(exit, 1);
  assert.match(err, /npm start/);
});

test('cells of one id, or without, are told apart; outputs are the same however they are written', async t => {
  const path = join(await temporaryFolder(t), 'n.ipynb');
  const lines = { output_type: 'stream', name: 'stdout', text: ['a\n', 'b'] };
  const joined = { text: 'a\nb', name: 'stdout', output_type: 'stream', execution_count: 3 };
  await writeFile(path, notebook([code('1', 'x', [lines]), code('2', 'x', [joined]), code('3')]));
  const { cells, places, outputs } = await readNotebookFile(path);
  assert.deepEqual(
    cells.map(({ id }) => id),
    ['x', '#2', '#3']
  );
  assert.deepEqual([...places.values()], [0, 1, 2]);
  assert.equal(outputs.get('x'), outputs.get('#2'));
  assert.notEqual(outputs.get('x'), outputs.get('#3'));
});

test('records that are damaged or of another format count as none', async t => {
  const path = join(await temporaryFolder(t), 'n.ipynb');
  const run = {
    run: 1,
    cell: 'a',
    source: '',
    status: 'done',
    started: 0,
    seconds: 0,
    reads: {},
    writes: {}
  } as const;
  const records = { runs: [run], outputs: { a: 'h' }, files: {} };
  assert.deepEqual((await readRecords(path)).runs, []);
  await writeRecords(path, records);
  assert.deepEqual(await readRecords(path), records);
  const text = await readFile(recordsPath(path), 'utf8');
  for (const damaged of [
    text.slice(0, -9),
    text.replace('"format":1', '"format":2'),
    text.replace('"run":1', '"run":"1"')
  ]) {
    await writeFile(recordsPath(path), damaged);
    assert.deepEqual((await readRecords(path)).runs, []);
  }
});

test('the files of a stage are known by what they hold, and those that no stage reads are not looked at', async t => {
  const folder = await temporaryFolder(t);
  await mkdir(join(folder, 'data', 'deep'), { recursive: true });
  await writeFile(join(folder, 'data', 'tables.jsonl'), '1');
  await writeFile(join(folder, 'data', 'deep', 'x.csv'), '1');
  await writeFile(join(folder, 'other.csv'), '1');
  const imports = { namespaces: ['hysim'], stages: new Map<string, string>() };
  const look = (source: string): Promise<Record<string, string>> => filesRead(source, imports, folder);
  const load = 'await hysim.load({ path: "data" }); "other.csv"';
  const before = await look(load);
  assert.deepEqual(Object.keys(before), ['data']);
  assert.deepEqual(await look(load), before);
  await writeFile(join(folder, 'data', '.hidden'), 'x');
  await writeFile(join(folder, 'data', 'a.ipynb'), 'x');
  assert.deepEqual(await look(load), before);
  await writeFile(join(folder, 'data', 'deep', 'x.csv'), '2');
  assert.notDeepEqual(await look(load), before);
  assert.deepEqual(await look('await hysim.load({ path: "missing" })'), {});
  await symlink(folder, join(folder, 'data', 'loop'));
  assert.deepEqual(Object.keys(await look(load)), ['data']);
});
