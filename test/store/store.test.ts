import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { promisify } from 'node:util';
import { LedgerError, TableError } from '../../common/errors.js';
import { contentHash, openFoldV, readDecisions, writeWhole } from '../../kernel/store/index.js';
import { temporaryFolder } from '../temporary.js';

describe('contentHash', () => {
  it('is the same whatever the order of keys, and differs with the content', () => {
    assert.equal(contentHash({ a: 1, b: 'x' }), contentHash({ b: 'x', a: 1 }));
    assert.notEqual(contentHash({ a: 1 }), contentHash({ a: 2 }));
    assert.notEqual(contentHash({ a: 1 }), contentHash({ a: '1' }));
  });

  it('does not run neighbouring parts together', () => {
    assert.notEqual(contentHash({ a: ['x', 'yz'] }), contentHash({ a: ['xy', 'z'] }));
    assert.notEqual(contentHash({ a: [['x'], 'y'] }), contentHash({ a: [['x', 'y']] }));
    assert.notEqual(
      contentHash({ a: new Float32Array([1]), b: new Float32Array([]) }),
      contentHash({ a: new Float32Array([]), b: new Float32Array([1]) })
    );
  });

  it('sees a change in the last bit of a number', () => {
    const a = new Float64Array([1, 2, 3]);
    const b = a.slice();
    b[2]! += Number.EPSILON * 2;
    assert.notEqual(contentHash({ a }), contentHash({ a: b }));
  });
});

describe('writeWhole', () => {
  it('replaces a file and leaves nothing else beside it', async test => {
    const folder = await temporaryFolder(test);
    const path = join(folder, 'deep', 'x.txt');
    await writeWhole(path, 'one');
    await writeWhole(path, 'two');
    assert.equal(await readFile(path, 'utf8'), 'two');
    assert.deepEqual(await readdir(join(folder, 'deep')), ['x.txt']);
  });

  it('leaves the old file and no temporary one when it cannot write', async test => {
    const folder = await temporaryFolder(test);
    const path = join(folder, 'x.txt');
    await writeWhole(path, 'old');
    await assert.rejects(writeWhole(path, { not: 'bytes' } as never));
    assert.equal(await readFile(path, 'utf8'), 'old');
    assert.deepEqual(await readdir(folder), ['x.txt']);
  });
});

describe('the decision log', () => {
  it('lets the last decision on a sample count, and skip take it back', async test => {
    const path = join(await temporaryFolder(test), 'd.jsonl');
    const lines = [
      { sample: 'a', decision: 'keep' },
      { sample: 'b', decision: 'drop' },
      { sample: 'a', decision: 'relabel', label: 'auc' },
      { sample: 'b', decision: 'skip' }
    ];
    await writeFile(path, lines.map(line => JSON.stringify(line)).join('\n'));
    const decisions = await readDecisions(path);
    assert.deepEqual([...decisions.keys()], ['a']);
    assert.equal(decisions.get('a')!.label, 'auc');
  });

  it('holds nothing when there is no file', async test => {
    assert.equal((await readDecisions(join(await temporaryFolder(test), 'none.jsonl'))).size, 0);
  });

  it('names the line of a decision that is none, and of a relabel without label', async test => {
    const path = join(await temporaryFolder(test), 'd.jsonl');
    await writeFile(path, '{"sample": "a", "decision": "keep"}\n{"sample": "a", "decision": "maybe"}\n');
    await assert.rejects(
      readDecisions(path),
      (error: unknown) => error instanceof TableError && error.place.line === 2
    );
    await writeFile(path, '{"sample": "a", "decision": "relabel"}\n');
    await assert.rejects(readDecisions(path), /line 1: relabel needs a label/);
  });
});

describe('the ledger of fold V', () => {
  const PAPERS = ['p1', 'p2'];

  it('counts different looks at the same papers and lets the same look be repeated free', async test => {
    const folder = await temporaryFolder(test);
    const at = async (papers: string[], query: string): Promise<number> =>
      (await openFoldV(folder, papers, query, 'a test')).position;
    assert.equal(await at(PAPERS, 'q1'), 1);
    assert.equal(await at(PAPERS, 'q2'), 2);
    assert.equal(await at(PAPERS, 'q1'), 1);
    // Other papers are another matter; one shared paper is enough to count.
    assert.equal(await at(['p8', 'p9'], 'q3'), 1);
    assert.equal(await at(['p2', 'p7'], 'q4'), 3);
    assert.equal(await at(['p9', 'p2'], 'q5'), 5);
    assert.equal(await at(PAPERS, 'q2'), 2);
  });

  it('gives looks at the same moment different positions', async test => {
    const folder = await temporaryFolder(test);
    const looks = await Promise.all(
      ['a', 'b', 'c', 'd'].map(query => openFoldV(folder, PAPERS, query, query))
    );
    assert.deepEqual(looks.map(look => look.position).sort(), [1, 2, 3, 4]);
  });

  it('gives looks of different processes at the same moment different positions', async test => {
    const folder = await temporaryFolder(test);
    const script = `
      const { openFoldV } = await import(${JSON.stringify(new URL('../../kernel/store/index.js', import.meta.url).href)});
      const looks = [];
      for (let i = 0; i < 8; i++) looks.push((await openFoldV(process.argv[1], ['p'], process.argv[2] + i, 'x')).position);
      console.log(JSON.stringify(looks));
    `;
    const run = async (name: string): Promise<number[]> => {
      const { stdout } = await promisify(execFile)(process.execPath, [
        '--input-type=module',
        '-e',
        script,
        folder,
        name
      ]);
      return JSON.parse(stdout) as number[];
    };
    const positions = (await Promise.all(['a', 'b', 'c'].map(run))).flat();
    assert.deepEqual(
      positions.sort((a, b) => a - b),
      Array.from({ length: 24 }, (_, i) => i + 1)
    );
  });

  it('counts a look whose file was damaged', async test => {
    const folder = await temporaryFolder(test);
    for (const query of ['q1', 'q2', 'q3']) await openFoldV(folder, PAPERS, query, query);
    await writeFile(join(folder, 'look-2.json'), '{"que');
    assert.equal((await openFoldV(folder, PAPERS, 'q2', 'again')).position, 4);
    assert.equal((await openFoldV(folder, ['other'], 'q6', 'other papers')).position, 2);
  });

  it('keeps V shut when a look cannot be noted', async test => {
    const folder = join(await temporaryFolder(test), 'ledger');
    await writeFile(folder, 'a file where the folder should be');
    await assert.rejects(openFoldV(folder, PAPERS, 'q1', 'first'), (error: unknown) => {
      assert.ok(error instanceof LedgerError);
      assert.match(error.message, /fold V stays shut/);
      return true;
    });
  });
});
