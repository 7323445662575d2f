/** How cells hang together: edges, faults, cycles and the order to run in. */
import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { buildDataflow, DataflowReader, type Dataflow, type FaultKind } from '../../common/dataflow/index.js';

/** Cells `a`, `b`, `c`, … in this order. */
const read = (...sources: string[]): Dataflow =>
  buildDataflow(sources.map((source, i) => ({ id: String.fromCharCode(97 + i), source })));

const edges = ({ edges: all }: Dataflow): string[] =>
  all.map(({ from, to, name }) => `${from}-${name}->${to}`);

function faults(flow: Dataflow, kind: FaultKind): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  for (const { id, faults: all } of flow.nodes)
    for (const fault of all) if (fault.kind === kind) (found[id] ??= []).push(fault.message);
  return found;
}

test('a name goes from the cell that makes it to those that read it', () => {
  const flow = read('const x = 1', 'const y = x', 'console.log(x + y + unknown)');
  assert.deepEqual(edges(flow), ['a-x->b', 'a-x->c', 'b-y->c']);
  assert.deepEqual(flow.order, ['a', 'b', 'c']);
  assert.deepEqual(
    flow.nodes.flatMap(node => node.faults),
    []
  );
});

test('a name that a cell makes itself is its own', () => {
  assert.deepEqual(edges(read('const x = 1', 'const x = 2; x', 'for (const x of [1]) x')), []);
});

test('a cell that is too long is not read, and says so', () => {
  const flow = read(`const x = [${'1, '.repeat(40_000)}];`, 'const y = x');
  assert.deepEqual(edges(flow), []);
  assert.match(faults(flow, 'unread')['a']!.join(), /more than 100,000 characters/);
});

test('types make edges that say so', () => {
  const flow = read(
    'interface T { n: number }',
    'const t: T = { n: 1 }',
    'type U = typeof t',
    'declare const d: 1',
    'd'
  );
  assert.deepEqual(
    flow.edges.map(({ name, type }) => [name, type]),
    [
      ['T', true],
      ['t', true],
      ['d', true]
    ]
  );
});

test('an edge knows the ports of the stage calls that it goes into', () => {
  const flow = read(
    'import * as hy from "hysim-lab"',
    'const space = await hy.embed({ data })',
    'const clean = await hy.denoise({ space });\nconst w = await hy.weigh({ space, clean: other ?? clean })'
  );
  const edge = flow.edges.find(({ name }) => name === 'space');
  assert.deepEqual(edge?.ports, [
    { call: 0, port: 'space' },
    { call: 1, port: 'space' }
  ]);
  assert.deepEqual(
    flow.nodes.map(({ calls }) => calls.map(({ stage }) => stage)),
    [[], ['embed'], ['denoise', 'weigh']]
  );
  const library = flow.edges.find(({ name }) => name === 'hy');
  assert.deepEqual([library?.ports, library?.imported, edge?.imported], [[], true, undefined]);
});

test('of two cells that make a name, a reader takes the nearest above; both are told', () => {
  const flow = read('x', 'const x = 1', 'x', 'const x = 2', 'x');
  assert.deepEqual(edges(flow), ['b-x->a', 'b-x->c', 'd-x->e']);
  assert.deepEqual(faults(flow, 'duplicate'), {
    b: ['x is made by cell 4 as well: only one cell should make a name'],
    d: ['x is made by cell 2 as well: only one cell should make a name']
  });
  assert.deepEqual(flow.nodes[1]!.faults[0]!.cells, ['d']);
});

test('cells that import the same from the same module make no fault of it', () => {
  const flow = read('import * as fs from "node:fs"', 'import * as fs from "node:fs"; fs', 'fs');
  assert.deepEqual(faults(flow, 'duplicate'), {});
  assert.deepEqual(Object.keys(faults(read('import fs from "fs"', 'import fs from "other"'), 'duplicate')), [
    'a',
    'b'
  ]);
  assert.deepEqual(Object.keys(faults(read('import fs from "fs"', 'const fs = 1'), 'duplicate')), ['a', 'b']);
});

test('the name under which the library is imported decides what is a stage, also when it changes', () => {
  const call = 'const s = await hy.load({ path: "x" })';
  const stages = (first: string): number => read(first, call).nodes[1]!.calls.length;
  assert.equal(stages('import * as hy from "hysim-lab"'), 1);
  assert.equal(stages('import * as other from "hysim-lab"'), 0);
  assert.equal(stages('import * as hy from "hysim-lab"'), 1);
});

test('a cell that assigns a name comes after the one that declares it, and before those that read it', () => {
  const flow = read('let x = 0', 'x = 5', 'x += 1', 'x');
  assert.deepEqual(edges(flow), ['a-x->b', 'b-x->c', 'c-x->d']);
  assert.deepEqual(faults(flow, 'duplicate'), {
    a: ['x is changed by cell 2 and cell 3 as well'],
    b: ['changes x, which cell 1 makes'],
    c: ['changes x, which cell 1 makes']
  });
  assert.deepEqual(edges(read('implicit = 1', 'implicit')), ['a-implicit->b']);
});

test('a change in place is a note on the cell that makes it, for names of other cells only', () => {
  const flow = read('const rows = []', 'rows.push(1)', 'process.env.X = "1"');
  assert.deepEqual(faults(flow, 'mutation'), {
    b: ['may change rows in place, which cell 1 makes: other cells that read it are not told']
  });
});

test('a cell that reads from below is told, and runs after it', () => {
  const flow = read('const top = 1', 'use(late)', 'const mid = 1', 'const late = mid', 'const end = 1');
  assert.deepEqual(faults(flow, 'order'), { b: ['reads late, which a cell below makes (cell 4)'] });
  assert.deepEqual(flow.order, ['a', 'c', 'd', 'b', 'e']);
});

test('a cycle is named by its path on every cell of it; the rest keeps its order', () => {
  const flow = read(
    'const start = 1',
    'const p = r + start',
    'const q = p',
    'const r = q',
    'const after = r'
  );
  assert.deepEqual(flow.cycles, [['b', 'c', 'd']]);
  const message = 'goes round in a circle: p → q → r → p';
  assert.deepEqual(faults(flow, 'cycle'), { b: [message], c: [message], d: [message] });
  assert.deepEqual(flow.order, ['a', 'b', 'c', 'd', 'e']);
});

test('two cycles that share a cell are both named', () => {
  const flow = read('const h = l + r', 'const l = h', 'const r = h', 'const alone = 1');
  assert.deepEqual(flow.cycles, [
    ['a', 'b'],
    ['a', 'c']
  ]);
  assert.deepEqual(Object.keys(faults(flow, 'cycle')), ['a', 'b', 'c']);
});

test('a stage that this version does not have is named', () => {
  const flow = read(
    'import * as hysim from "hysim-lab"',
    'const g = await hysim.graft({ space })',
    '// hysim.nothing()\nhysim.load({ path: "hysim.other()" }); new hysim.TableError("x")',
    'other.graft()'
  );
  assert.deepEqual(faults(flow, 'unknown-stage'), {
    b: ['hysim.graft is no stage of this version: the cell is shown as it is and kept untouched']
  });
});

test('a cell that does not parse keeps its edges and is marked', () => {
  const reader = new DataflowReader();
  const cells = [
    { id: 'a', source: 'const x = 1' },
    { id: 'b', source: 'const y = x' },
    { id: 'c', source: 'y' }
  ];
  const before = reader.read(cells);
  const broken = reader.read(
    cells.map(cell => (cell.id === 'b' ? { ...cell, source: 'const y = x +' } : cell))
  );
  assert.deepEqual(edges(broken), edges(before));
  assert.match(faults(broken, 'syntax').b![0]!, /^line 1: /);
  const again = reader.read([...cells.slice(0, 1), ...cells.slice(2)]);
  assert.deepEqual(edges(again), []);
  // An undo of the deletion brings the broken cell back with what it had.
  assert.deepEqual(
    edges(reader.read([cells[0]!, { id: 'b', source: 'const y = x + +' }, cells[2]!])),
    edges(before)
  );
});

test('reading the same cells again gives the same object', () => {
  const reader = new DataflowReader();
  const cells = [{ id: 'a', source: 'const x = 1' }];
  const flow = reader.read(cells);
  assert.equal(reader.read([{ ...cells[0]! }]), flow);
  assert.notEqual(reader.read([{ id: 'a', source: 'const x = 2' }]), flow);
});

test('a cell in another language takes no part', () => {
  const flow = read('const x = 1', '%%js\nhysim.graft(hysim.load({ path: x }))', 'x');
  assert.deepEqual(edges(flow), ['a-x->c']);
  assert.deepEqual([flow.nodes[1]!.faults, flow.nodes[1]!.calls], [[], []]);
});

const LINES = [
  'const a = 1;',
  'let b = a;',
  'b = c;',
  'const c = b;',
  'function d() { return a + c; }',
  'type A = number;',
  'const e: A = d();',
  'const A = 3;',
  'let f: A;',
  'let f = A;',
  'await hysim.embed({ space: a });',
  'a.push(c);',
  'import { a } from "a";',
  'import { a } from "other";',
  'import * as hysim from "hysim-lab";',
  'import * as h from "hysim-lab";',
  'await hysim.embed({ data: a });',
  'await h.denoise({ space: d });',
  'await hysim.graft({ data: a });',
  '// a note',
  'const broken = ;',
  '%%html'
];

test('a graph that is built on the one before an edit is the graph built anew', () => {
  const place = fc.nat({ max: 7 });
  // Few lines at a time: what one edit says differently from another is often a matter of one word.
  const story = fc.subarray(LINES, { minLength: 2, maxLength: 5 }).chain(lines => {
    const source = fc.array(fc.constantFrom(...lines), { maxLength: 2 }).map(own => own.join('\n'));
    const what = fc.constantFrom('edit', 'edit', 'edit', 'insert', 'remove', 'move');
    return fc.record({
      sources: fc.array(source, { minLength: 4, maxLength: 8 }),
      steps: fc.array(fc.record({ what, place, source }), { maxLength: 12 })
    });
  });
  fc.assert(
    fc.property(story, ({ sources, steps }) => {
      const reader = new DataflowReader();
      let cells = sources.map((source, i) => ({ id: `cell-${i}`, source }));
      let made = cells.length;
      reader.read(cells);
      for (const { what, place: at, source } of steps) {
        const i = Math.min(at, cells.length - 1);
        const others = cells.filter((_, j) => j !== i);
        if (what === 'edit') cells = cells.map((cell, j) => (j === i ? { ...cell, source } : cell));
        else if (what === 'insert')
          cells = [...cells.slice(0, i), { id: `cell-${made++}`, source }, ...cells.slice(i)];
        else if (cells.length > 1) cells = what === 'move' ? [...others, cells[i]!] : others;
        const flow = reader.read(cells);
        const codes = flow.nodes.map(({ code }) => code);
        assert.deepEqual(flow, buildDataflow(cells, codes));
      }
    }),
    { numRuns: 500 }
  );
});

/** Cells, and the one that is edited: from this, to that. */
const EDITS: [name: string, others: string[], before: string, after: string][] = [
  ['a value becomes a type', ['let f = A;'], 'const A = 3;', 'type A = number;'],
  ['a name is read as a type', ['const A = 3;'], 'let f = A;', 'let f: A;'],
  ['an object is changed in place', ['const a = [1];'], 'a.length;', 'a.length = 0;'],
  ['another thing is wrong', ['const a = 1;'], 'const b = ;', '\nconst b = ;'],
  ['a stage is no stage', ['const a = 1;'], 'hysim.embed({ data: a });', 'hysim.graft({ data: a });']
];

for (const [name, others, before, after] of EDITS)
  test(`built on the one before, where ${name}`, () => {
    const cells = (source: string): { id: string; source: string }[] =>
      [...others, source].map((text, i) => ({ id: String(i), source: text }));
    const reader = new DataflowReader();
    const first = reader.read(cells(before));
    const flow = reader.read(cells(after));
    const codes = flow.nodes.map(({ code }) => code);
    assert.deepEqual(flow, buildDataflow(cells(after), codes));
    // The two say different things: else this would test nothing.
    const told = ({ nodes, edges: all }: Dataflow): unknown => [nodes.map(({ faults: own }) => own), all];
    assert.notDeepEqual(told(first), told(flow));
  });
