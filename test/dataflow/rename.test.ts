/** A name changes wherever it means the same and nowhere else; a copy of a cell makes names of its own. */
import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { analyse, duplicate, rename, toggleBypass, type Proposal } from '../../common/dataflow/index.js';
import { after, applied, cellsOf, flowOf, subjectOf } from './notebook.js';

const renamed = (sources: readonly string[], cell: string, name: string, next: string): unknown => {
  const cells = cellsOf(...sources);
  return after(cells, rename(subjectOf(cells), { cell, name }, next));
};

test('a name changes in its cell and in those that read it, not where another has it', () => {
  assert.deepEqual(
    renamed(
      [
        'let x = 1; const f = (x) => x; { const x = 2; x; }',
        'x + f(x); ({ y: o.x }).x; "x"; // x',
        'const o = {};'
      ],
      'a',
      'x',
      'rows'
    ),
    [
      'let rows = 1; const f = (x) => x; { const x = 2; x; }',
      'rows + f(rows); ({ y: o.x }).x; "x"; // x',
      'const o = {};'
    ]
  );
});

test('where a name is a property’s too, the property keeps it', () => {
  assert.deepEqual(renamed(['const clean = 1;', 'f({ clean }, { clean: clean });'], 'a', 'clean', 'kept'), [
    'const kept = 1;',
    'f({ clean: kept }, { clean: kept });'
  ]);
  assert.deepEqual(renamed(['const { a, b = 2, c: [d] } = o;', 'a + b + d;'], 'a', 'b', 'e'), [
    'const { a, b: e = 2, c: [d] } = o;',
    'a + e + d;'
  ]);
  assert.deepEqual(renamed(['import { x, y as z } from "m";', 'x + z;'], 'a', 'x', 'w'), [
    'import { x as w, y as z } from "m";',
    'w + z;'
  ]);
  assert.deepEqual(renamed(['const x = 1;\nexport { x };'], 'a', 'x', 'w'), [
    'const w = 1;\nexport { w as x };'
  ]);
});

test('classes, functions, enumerations and types are known inside themselves by the same name', () => {
  assert.deepEqual(
    renamed(['class A { static of(): A { return new A(); } }', 'let a: A = new A();'], 'a', 'A', 'B'),
    ['class B { static of(): B { return new B(); } }', 'let a: B = new B();']
  );
  assert.deepEqual(renamed(['function f(n) { return n ? f(n - 1) : 0; }', 'f(1)'], 'a', 'f', 'g'), [
    'function g(n) { return n ? g(n - 1) : 0; }',
    'g(1)'
  ]);
  assert.deepEqual(renamed(['type T = { next?: T };', 'let t: T;'], 'a', 'T', 'U'), [
    'type U = { next?: U };',
    'let t: U;'
  ]);
});

test('of two cells that make one name, each keeps its readers', () => {
  assert.deepEqual(renamed(['const x = 1;', 'x;', 'const x = 2;', 'x;'], 'c', 'x', 'y'), [
    'const x = 1;',
    'x;',
    'const y = 2;',
    'y;'
  ]);
});

test('through a cell that assigns the name anew, all change', () => {
  assert.deepEqual(renamed(['let x = 1;', 'x++;', 'x;'], 'a', 'x', 'y'), ['let y = 1;', 'y++;', 'y;']);
});

test('what is no free name, or cannot be read, is refused', () => {
  const sources = ['const x = 1;', 'const g = (y) => x + y;', 'x +'];
  assert.equal(renamed(sources.slice(0, 2), 'a', 'x', 'y'), '`y` is a name already: choose another');
  assert.equal(renamed(sources.slice(0, 2), 'a', 'x', '2y'), '`2y` is not a name');
  assert.equal(renamed(sources.slice(0, 2), 'a', 'x', 'await'), '`await` is not a name');
  assert.equal(renamed(sources.slice(0, 2), 'a', 'z', 'w'), 'x does not make `z`');
  assert.match(String(renamed(sources, 'a', 'x', 'w')), /does not parse: mend line 1/);
});

const PROGRAMS = [
  'const a = { b: 1 };\nlet c = a.b;',
  'function d(c) { const { b } = c; return { b, a, d }; }',
  'class E<T> { #c = c; m(): E<T> { c: for (;;) break c; return new E<T>(); } }',
  'const { f = c, ...g } = d({ ...a });\nvar h = ({ c }) => c + f;',
  'c = g.c ?? f;\nenum K { c, d = c }\nconst k = K.c;',
  'type L = typeof a & { c: number };\nconst l = <L>h({ c }), m = [c, k, l0] as L[];',
  'try { throw c; } catch (c) { show(c, f, E); } finally { label(`${c} ${m}`); }'
];

test('whatever is renamed: the notebook hangs together as before, but for that name', () => {
  let changed = 0;
  fc.assert(
    fc.property(fc.shuffledSubarray(PROGRAMS, { minLength: 2 }), fc.nat(), (sources, pick) => {
      const cells = cellsOf(...sources);
      const { nodes, edges } = flowOf(cells);
      const outputs = nodes.flatMap(node => node.code.defines.map(name => ({ cell: node.id, name })));
      const output = outputs[pick % outputs.length]!;
      const proposal = rename(subjectOf(cells), output, 'fresh');
      assert.ok('edits' in proposal, 'reason' in proposal ? proposal.reason : '');
      changed += proposal.edits.length;
      const next = applied(cells, proposal.edits);
      const say = (name: string): string => (name === output.name ? 'fresh' : name);
      const now = flowOf(next);
      const told = (all: typeof edges, word: (name: string) => string): string[] =>
        all.map(({ from, to, name }) => `${from} ${word(name)} ${to}`).sort();
      assert.deepEqual(told(now.edges, String), told(edges, say));
      now.nodes.forEach((node, i) => {
        assert.equal(node.code.problem, undefined);
        assert.deepEqual([...node.code.defines].sort(), nodes[i]!.code.defines.map(say).sort());
        assert.deepEqual([...node.code.uses].sort(), nodes[i]!.code.uses.map(say).sort());
      });
      // And back again, to the letter or with a property written out.
      const back = rename(subjectOf(next), { ...output, name: 'fresh' }, output.name);
      if ('edits' in back)
        assert.deepEqual(told(flowOf(applied(next, back.edits)).edges, String), told(edges, String));
    }),
    { numRuns: 200 }
  );
  assert.ok(changed > 300);
});

function copyOf(proposal: Proposal): string {
  if ('reason' in proposal) return proposal.reason;
  assert.equal(proposal.edits.length, 1);
  const [edit] = proposal.edits;
  assert.equal(edit!.do, 'insert');
  return edit!.do === 'insert' ? `${edit.after}: ${edit.source}` : '';
}

test('a copy stands below, with fresh names for what it makes and the same for what it reads', () => {
  const copied = (cell: string, ...sources: string[]): string => {
    const cells = cellsOf(...sources);
    return copyOf(duplicate(subjectOf(cells), cell));
  };
  const weigh = 'const weights2 = await hysim.weigh({ space, clean }, {});\nweights2';
  assert.equal(
    copied('b', 'const weights3 = 1;', weigh),
    'b: const weights4 = await hysim.weigh({ space, clean }, {});\nweights4'
  );
  assert.equal(
    copied(
      'a',
      'import * as hysim from "hysim-lab";\n\nconst tables = await hysim.load({ path: "a" });\ntables'
    ),
    'a: const tables2 = await hysim.load({ path: "a" });\ntables2'
  );
  assert.equal(copied('a', 'import { x } from "m";'), 'the cell only imports, which holds for all cells');
  assert.equal(copied('a', 'console.log(1)'), 'a: console.log(1)');
  assert.equal(copied('a', '%%html\n<b>x</b>'), 'a: %%html\n<b>x</b>');
  assert.match(copied('a', 'const x = ('), /does not parse/);
});

test('a copied cell makes no name that another makes, and reads what the cell reads', () => {
  fc.assert(
    fc.property(fc.shuffledSubarray(PROGRAMS, { minLength: 1 }), fc.nat(), (sources, pick) => {
      const cells = cellsOf(...sources);
      const cell = cells[pick % cells.length]!;
      const proposal = duplicate(subjectOf(cells), cell.id);
      assert.ok('edits' in proposal);
      const copy = analyse(applied(cells, proposal.edits).find(({ id }) => id.startsWith('new'))!.source);
      const before = analyse(cell.source);
      assert.deepEqual([...copy.uses].sort(), [...before.uses].sort());
      assert.equal(copy.defines.length, before.defines.length);
      for (const name of copy.defines)
        assert.ok(!cells.some(({ source }) => analyse(source).defines.includes(name)));
    })
  );
});

test('a stage that can be bypassed is, by its parameter, and comes back', () => {
  const cells = cellsOf(
    'const clean = await hysim.denoise({ space }, { neighbors: 9 /* few */ });\nconst w = await hysim.weigh({ space, clean });',
    'const model = await hysim.finetune({ data }, {});'
  );
  const on = toggleBypass(subjectOf(cells), 'a');
  assert.ok('edits' in on);
  const bypassed = applied(cells, on.edits);
  assert.equal(
    bypassed[0]!.source,
    'const clean = await hysim.denoise({ space }, { neighbors: 9 /* few */, bypass: true });\nconst w = await hysim.weigh({ space, clean }, { bypass: true });'
  );
  const off = toggleBypass(subjectOf(bypassed), 'a');
  assert.ok('edits' in off);
  assert.equal(
    applied(bypassed, off.edits)[0]!.source,
    cells[0]!.source.replace('clean });', 'clean }, {});')
  );
  const not = toggleBypass(subjectOf(cells), 'b');
  assert.ok('reason' in not);
  assert.match(not.reason, /^Fine-tune cannot be bypassed/);
});
