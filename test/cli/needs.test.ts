/** Which cells a run without a screen sends, and in which order. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { buildDataflow, type RunRecord, type Written } from '../../common/dataflow/index.js';
import { Needs } from '../../kernel/cli/needs.js';
import { joinNotes } from '../../kernel/cli/notes.js';

type Cells = Record<string, string>;

const flowOf = (cells: Cells): ReturnType<typeof buildDataflow> =>
  buildDataflow(Object.entries(cells).map(([id, source]) => ({ id, source })));

/** A kernel that gives each name a value whose content is what `contents` says, else the cell's own code. */
class Kernel {
  readonly runs: RunRecord[] = [];
  private readonly now = new Map<string, Written>();

  constructor(
    private readonly cells: Cells,
    private readonly contents: Record<string, string | undefined> = {}
  ) {}

  run(id: string): RunRecord[] {
    const code = flowOf(this.cells).nodes.find(node => node.id === id)!.code;
    const run = this.runs.length + 1;
    const reads = Object.fromEntries(
      code.uses.flatMap(name => (this.now.has(name) ? [[name, this.now.get(name)!]] : []))
    );
    const writes = Object.fromEntries(
      [...code.defines, ...code.assigns].map((name): [string, Written] => {
        const content = name in this.contents ? this.contents[name] : `${this.cells[id]!}`;
        return [name, { run, cell: id, ...(content === undefined ? {} : { id: content }) }];
      })
    );
    for (const [name, written] of Object.entries(writes)) this.now.set(name, written);
    this.runs.push({
      run,
      cell: id,
      source: this.cells[id]!,
      status: 'done',
      started: 0,
      seconds: 0,
      reads,
      writes
    });
    return this.runs;
  }
}

function runAll(cells: Cells, contents?: Record<string, string | undefined>): readonly RunRecord[] {
  const kernel = new Kernel(cells, contents);
  for (const id of flowOf(cells).order) kernel.run(id);
  return kernel.runs;
}

/** The cells that a run sends to a kernel that begins with nothing. */
function sent(
  cells: Cells,
  earlier: readonly RunRecord[],
  options: { contents?: Record<string, string | undefined>; all?: boolean } = {}
): string {
  const needs = new Needs(flowOf(cells), earlier, options.all);
  const kernel = new Kernel(cells, options.contents);
  const order: string[] = [];
  for (let id = needs.next(); id !== undefined; id = needs.next()) {
    order.push(id);
    needs.ran(id, joinNotes(earlier, kernel.run(id)));
  }
  return order.join('');
}

const CELLS: Cells = {
  a: 'const x = 1',
  b: 'const y = x + 1',
  c: 'const z = y + 1',
  d: 'const other = 1',
  e: 'z'
};

test('what has run and is the same is not run; without a record everything is', () => {
  const earlier = runAll(CELLS);
  assert.equal(sent(CELLS, earlier), '');
  assert.equal(sent(CELLS, []), 'abcde');
  assert.equal(sent({ ...CELLS, a: 'const x = 1 // said' }, earlier), '');
});

test('a cell that has changed is run after what it needs, then what hangs on it', () => {
  assert.equal(sent({ ...CELLS, c: 'const z = y + 2' }, runAll(CELLS)), 'abce');
  assert.equal(sent({ ...CELLS, d: 'const other = 2' }, runAll(CELLS)), 'd');
});

test('a cell that gave the same as before has nothing behind it to run', () => {
  const contents = { z: 'same' };
  assert.equal(sent({ ...CELLS, c: 'const z = 1 + y + 1' }, runAll(CELLS, contents), { contents }), 'abc');
});

test('a value that is known by its run alone makes what reads it run again', () => {
  const contents = { x: undefined };
  assert.equal(sent({ ...CELLS, c: 'const z = y + 2' }, runAll(CELLS, contents), { contents }), 'abce');
  const apart = { ...CELLS, f: 'x' };
  assert.equal(sent({ ...apart, c: 'const z = y + 2' }, runAll(apart, contents), { contents }), 'abcef');
});

test('a cell that failed or was stopped is run again', () => {
  const earlier = runAll(CELLS);
  for (const status of ['failed', 'cancelled'] as const)
    assert.equal(
      sent(
        CELLS,
        earlier.map(run => (run.cell === 'd' ? { ...run, status } : run))
      ),
      'd'
    );
});

test('a change in place comes with what it changes, and before what reads it', () => {
  const cells: Cells = { a: 'const rows = []', b: 'rows.push(1)', c: 'rows.length', d: 'const n = 1' };
  const earlier = runAll(cells);
  assert.equal(sent(cells, earlier), '');
  assert.equal(sent({ ...cells, c: 'rows.length + 1' }, earlier), 'abc');
  assert.equal(sent({ ...cells, b: 'rows.push(2)' }, earlier), 'abc');
});

test('a cell that reads from below is run after it', () => {
  assert.equal(sent({ a: 'use(late)', b: 'const late = 1' }, []), 'ba');
});

test('empty cells and those in another language are not sent', () => {
  assert.equal(sent({ a: '', b: '%%html\n<b>', c: '1' }, []), 'c');
});

test('all means all, whatever is on record', () => {
  assert.equal(sent(CELLS, runAll(CELLS), { all: true }), 'abcde');
});

test('notes of two kernels are one account: numbers go on, and of each cell the last counts', () => {
  const earlier = runAll({ a: 'const x = 1', b: 'x' });
  const joined = joinNotes(earlier, runAll({ b: 'const q = 1', c: 'q' }));
  assert.deepEqual(
    joined.map(({ run, cell }) => [cell, run]),
    [
      ['a', 1],
      ['b', 3],
      ['c', 4]
    ]
  );
  assert.equal(joined.at(-1)!.reads.q?.run, 3);
});
