/** A cell is fresh exactly when its result is what running everything anew would give; else it says why it is not. */
import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { SUMMARY } from '../../common/host.js';
import { execute, FakeKernel, World } from './world.js';

const chain = (): World => new World({ a: 'const a = 1', b: 'const b = a + 1', c: 'const c = b * 2' });

test('cells that never ran are stale or wait for one that is', () => {
  const world = chain();
  assert.equal(world.state('a'), 'stale: has not run in this kernel');
  assert.equal(world.state('b'), 'waiting: for a');
  assert.equal(world.state('c'), 'waiting: for a');
  assert.deepEqual(world.runStale(), ['a', 'b', 'c']);
  assert.equal(world.names(), 'fresh fresh fresh');
  assert.deepEqual(world.runStale(), []);
});

test('an edit makes its cell stale and those behind it wait; blanks and comments do not', () => {
  const world = chain();
  world.runStale();
  world.edit('b', 'const b =  a + 1 // the next');
  assert.equal(world.names(), 'fresh fresh fresh');
  world.edit('b', 'const b = a + 2');
  assert.equal(world.names(), 'fresh stale waiting');
  assert.match(world.state('b'), /code has changed since it ran/);
  world.edit('b', 'const b = a + 1');
  assert.equal(world.names(), 'fresh fresh fresh');
});

test('of a stage it says which parameter has changed', () => {
  const world = new World({
    i: 'import * as hysim from "hysim-lab"',
    d: 'const clean = await hysim.denoise({ space }, { neighbors: 20 })'
  });
  world.kernel.log.end(world.kernel.log.begin({}, world.cells.get('i')!, 'i'), { hysim: {} }, 'done');
  world.kernel.log.end(
    world.kernel.log.begin({ hysim: {} }, world.cells.get('d')!, 'd'),
    { hysim: {}, clean: {} },
    'done'
  );
  world.edit('d', 'const clean = await hysim.denoise({ space }, { neighbors: 30, fdr: 0.2 })');
  assert.equal(world.state('d'), 'stale: neighbors 20 → 30, fdr 0.1 → 0.2 since it ran');
});

test('an input that was made anew makes stale, unless it came out the same', () => {
  const world = chain();
  world.runStale();
  world.edit('a', 'const a = 2 - 1');
  world.run('a');
  assert.equal(world.names(), 'fresh fresh fresh');
  world.edit('a', 'const a = 5');
  world.run('a');
  assert.equal(world.state('b'), 'stale: a was made anew by a');
  assert.equal(world.state('c'), 'waiting: for b');
  assert.deepEqual(world.runStale(), ['b', 'c']);
});

test('a second notebook on the same kernel that takes a name is told of', () => {
  const world = chain();
  world.runStale();
  const other = new World({ x: 'const b = 100' }, world.kernel);
  other.runStale();
  assert.match(world.state('b'), /^stale: b was overwritten by a cell of another notebook/);
  assert.equal(world.state('c'), 'waiting: for b');
  world.runStale();
  assert.equal(world.names(), 'fresh fresh fresh');
  assert.match(other.state('x'), /^stale: b was overwritten/);
});

test('a cell that was deleted and comes back by undo is what it was', () => {
  const world = chain();
  world.runStale();
  const { order } = world;
  world.remove('b');
  world.order = order;
  assert.equal(world.names(), 'fresh fresh fresh');
});

test('moved cells keep their state; a part that was split off has not run', () => {
  const world = new World({ a: 'const a = 1\nconst z = 3', b: 'const b = a + z' });
  world.runStale();
  world.order.reverse();
  assert.equal(world.names(), 'fresh fresh');
  world.edit('a', 'const a = 1');
  world.add('n', 'const z = 3');
  assert.equal(world.state('a'), 'stale: its code has changed since it ran');
  assert.equal(world.state('n'), 'stale: has not run in this kernel');
});

test('what failed and what was stopped say so, and are due', () => {
  const world = new World({ a: 'const a = nothing', b: 'const b = 1' });
  world.run('a');
  world.kernel.run('b', 'const b = 1', true);
  assert.match(world.state('a'), /^failed: ReferenceError/);
  assert.equal(world.state('b'), 'stale: was stopped before it ended');
  assert.ok(world.states.get('a')!.due && world.states.get('b')!.due);
});

test('after a restart what the cache has is cached, not waiting', () => {
  const world = chain();
  world.runStale();
  world.kernel = new FakeKernel();
  world.cached.add('b');
  assert.equal(world.names(), 'stale cached waiting');
  assert.ok(world.states.get('b')!.due);
});

test('a cell that counts up reads what it had read, and leaves both cells fresh', () => {
  const world = new World({ a: 'let n = 0', b: 'n = n + 1', c: 'const c = n * 10' });
  world.runStale();
  assert.equal(world.kernel.variables['n'], 1);
  assert.equal(world.names(), 'fresh fresh fresh');
  assert.deepEqual(world.runStale(), []);
});

test('a cell that counted up twice has its start made anew before it, and is fresh then', () => {
  const world = new World({ a: 'let n = 0', b: 'n = n + 1', c: 'const c = n * 10' });
  world.runStale();
  world.run('b');
  assert.equal(world.state('b'), 'stale: it had changed n itself before it ran again');
  assert.equal(world.state('a'), 'stale: n was changed since, and n = n + 1 needs it as it was');
  // What c had read comes out the same: it need not run.
  assert.deepEqual(world.runStale(), ['a', 'b']);
  assert.equal(world.kernel.variables['c'], 10);
  assert.equal(world.names(), 'fresh fresh fresh');
});

test('of two cells that make a name, each reader is judged by its own', () => {
  const world = new World({ a: 'const x = 1', b: 'const b = x', c: 'const x = 2', d: 'const d = x' });
  world.runStale();
  assert.equal(world.names(), 'fresh fresh fresh fresh');
  world.edit('b', 'const b = x + 10');
  assert.deepEqual(world.runStale(), ['a', 'b']);
  assert.equal(world.kernel.variables['b'], 11);
  assert.equal(world.names(), 'fresh fresh fresh fresh');
});

test('a value with the same content, made anew, leaves what was made of it fresh', () => {
  const world = new World({ a: 'const a = 1', b: 'const b = a' });
  const value = (id: string): unknown => ({ [SUMMARY]: () => ({ id, kind: 'data', summary: '' }) });
  const run = (cell: string, made: Record<string, unknown>): void => {
    const begun = world.kernel.log.begin(world.kernel.variables, world.cells.get(cell)!, cell);
    Object.assign(world.kernel.variables, made);
    world.kernel.log.end(begun, world.kernel.variables, 'done');
  };
  run('a', { a: value('one') });
  run('b', { b: value('two') });
  run('a', { a: value('one') });
  assert.equal(world.names(), 'fresh fresh');
  run('a', { a: value('other') });
  assert.equal(world.names(), 'fresh stale');
});

test('a function that is declared again, by the same code over the same values, leaves fresh what uses it', () => {
  const world = new World({
    k: 'const k = 2',
    f: 'const f = x => x * k',
    o: 'const o = [() => 1]',
    uses: 'const u = f(3)',
    other: 'const v = o[0]()'
  });
  world.runStale();
  world.run('f');
  world.run('o');
  assert.equal(world.states.get('uses')!.name, 'fresh');
  // An array may have been changed in place: what it holds is not known.
  assert.equal(world.states.get('other')!.name, 'stale');
  world.edit('k', 'const k = 3');
  world.run('k');
  world.run('f');
  assert.equal(world.states.get('uses')!.name, 'stale');
});

test('what runs now is queued or running, whatever it was', () => {
  const world = chain();
  world.live.set('a', 'running').set('b', 'queued');
  assert.equal(world.names(), 'running queued waiting');
});

test('a cell that does not parse says in which line', () => {
  const world = chain();
  world.runStale();
  world.edit('b', 'const b = a +\nconst');
  assert.match(world.state('b'), /^stale: line 2 does not parse/);
  assert.match(world.state('c'), /^waiting/);
});

test('blank cells and cells in another language take no part', () => {
  const world = new World({ a: '  \n', b: '%%html\n<b>x</b>' });
  assert.equal(world.names(), 'fresh fresh');
});

// Each cell makes one name from those of the cells before it in this list, wherever it stands.
const NAMES = ['p', 'q', 'r', 's', 't'] as const;
const expression = (i: number): fc.Arbitrary<string> =>
  fc
    .record({
      reads: fc.subarray(NAMES.slice(0, i)),
      number: fc.integer({ min: 0, max: 3 })
    })
    .map(({ reads, number }) => [...reads, String(number)].join(' + '));
const cellSource = (i: number): fc.Arbitrary<string> =>
  expression(i).map(code => `const ${NAMES[i]} = ${code}`);

type Action =
  | { do: 'edit'; cell: number; source: string }
  | { do: 'run' | 'stop' | 'steal' | 'move'; cell: number }
  | { do: 'stale' | 'restart' | 'undo' };

const action: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .nat(4)
      .chain(cell => cellSource(cell).map(source => ({ do: 'edit' as const, cell, source })))
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom('run' as const, 'stop' as const, 'steal' as const, 'move' as const),
      cell: fc.nat(4)
    })
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom('stale' as const, 'restart' as const, 'undo' as const) })
  }
);

test('whatever is edited, run, moved, stolen or restarted: what is fresh is what a clean run gives', () => {
  fc.assert(
    fc.property(
      fc.tuple(...NAMES.map((_, i) => cellSource(i))),
      fc.array(action, { minLength: 1, maxLength: 25 }),
      (sources, actions) => {
        const world = new World(Object.fromEntries(sources.map((source, i) => [`c${i}`, source])));
        const past: [string, string][] = [];
        for (const step of actions) {
          if (step.do === 'edit') {
            const id = `c${step.cell}`;
            past.push([id, world.cells.get(id)!]);
            world.edit(id, step.source);
          } else if (step.do === 'run') world.run(`c${step.cell}`);
          else if (step.do === 'stop')
            world.kernel.run(`c${step.cell}`, world.cells.get(`c${step.cell}`)!, true);
          else if (step.do === 'steal') world.kernel.run('elsewhere', `const ${NAMES[step.cell]} = 77`);
          else if (step.do === 'move')
            world.order = [...world.order.slice(step.cell), ...world.order.slice(0, step.cell)];
          else if (step.do === 'restart') world.kernel = new FakeKernel();
          else if (step.do === 'undo') {
            const last = past.pop();
            if (last) world.edit(...last);
          } else world.runStale();
          check(world);
        }
        world.runStale();
        check(world);
        assert.ok([...world.states.values()].every(state => !state.due));
      }
    ),
    { numRuns: 300 }
  );
});

function check(world: World): void {
  const clean: Record<string, unknown> = {};
  for (const id of world.flow.order) execute(world.cells.get(id)!, clean);
  for (const [id, state] of world.states) {
    const name = NAMES[Number(id.slice(1))]!;
    if (state.name === 'fresh') assert.equal(world.kernel.variables[name], clean[name], `${id} is not fresh`);
  }
}
