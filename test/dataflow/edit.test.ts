/** An edit of the graph changes the one argument, moves what must move, or says why it cannot be. */
import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { parser } from '@lezer/javascript';
import {
  connect,
  disconnect,
  insertStage,
  palette,
  remove,
  tidyOrder,
  type Proposal
} from '../../common/dataflow/index.js';
import { STAGES, stageNamed } from '../../common/stagecell/index.js';
import { after, applied, cellsOf, flowOf, subjectOf, type Cell } from './notebook.js';

const ANALYSIS = [
  '# An analysis',
  'import * as hysim from "hysim-lab";\nconst tables = await hysim.load({ path: "data/pk-sample" });',
  'const samples = await hysim.samples({ tables }, {});',
  'const data = await hysim.split({ samples }, { source: { table_kind: "nca" }, target: { table_kind: "poppk" } });',
  'const space = await hysim.embed({ data }, {});',
  'const clean = await hysim.denoise({ space }, { neighbors: 20 /* few */ });',
  'const decided = await hysim.review({ clean }, {});',
  'const weights = await hysim.weigh({\n  space, // all\n  clean\n}, { method: "auto" });',
  'const model = await hysim.finetune({ data }, { method: "head" });'
] as const;

const analysis = (): Cell[] => cellsOf(...ANALYSIS);
const input = (cell: string, port: string, call = 0): { cell: string; call: number; port: string } => ({
  cell,
  call,
  port
});

/** Where the sources differ from what they were, in order. */
function differs(cells: readonly Cell[], proposal: Proposal): unknown {
  const now = after(cells, proposal);
  if (typeof now === 'string') return now;
  assert.equal(now.length, cells.length);
  return now.filter((source, i) => source !== cells[i]!.source);
}

test('an edge writes the variable into the call, shorthand where it has the port’s name, and keeps all else', () => {
  const cells = analysis();
  const subject = subjectOf(cells);
  assert.deepEqual(differs(cells, connect(subject, { cell: 'g', name: 'decided' }, input('h', 'clean'))), [
    'const weights = await hysim.weigh({\n  space, // all\n  clean: decided\n}, { method: "auto" });'
  ]);
  assert.deepEqual(differs(cells, connect(subject, { cell: 'h', name: 'weights' }, input('i', 'weights'))), [
    'const model = await hysim.finetune({ data, weights }, { method: "head" });'
  ]);
  assert.deepEqual(differs(cells, connect(subject, { cell: 'g', name: 'decided' }, input('i', 'clean'))), [
    'const model = await hysim.finetune({ data, clean: decided }, { method: "head" });'
  ]);
  assert.deepEqual(connect(subject, { cell: 'f', name: 'clean' }, input('h', 'clean')), { edits: [] });
});

test('back to the port’s name, the argument is shorthand again, unless a comment or a quoted key is in the way', () => {
  const to = (argument: string): unknown => {
    const cells = cellsOf(
      ...ANALYSIS.slice(0, 7),
      `const weights = await hysim.weigh({ space, ${argument} }, {});`
    );
    return differs(cells, connect(subjectOf(cells), { cell: 'f', name: 'clean' }, input('h', 'clean')));
  };
  const becomes = (argument: string): string[] => [
    `const weights = await hysim.weigh({ space, ${argument} }, {});`
  ];
  assert.deepEqual(to('clean: decided'), becomes('clean'));
  assert.deepEqual(to('clean: /* mine */ decided'), becomes('clean: /* mine */ clean'));
  assert.deepEqual(to('"clean": decided'), becomes('"clean": clean'));
});

test('a call that has no inputs yet gets them', () => {
  const cells = cellsOf(...ANALYSIS.slice(0, 5), 'const clean = await hysim.denoise();');
  assert.deepEqual(
    differs(cells, connect(subjectOf(cells), { cell: 'e', name: 'space' }, input('f', 'space'))),
    ['const clean = await hysim.denoise({ space });']
  );
});

test('what does not fit is refused, with the reason', () => {
  const refused = (from: string, name: string, to: string, port: string, more: string[] = []): unknown => {
    const cells = cellsOf(...ANALYSIS, ...more);
    return differs(cells, connect(subjectOf(cells), { cell: from, name }, input(to, port)));
  };
  assert.equal(
    refused('b', 'tables', 'h', 'space'),
    'weigh takes space: space (from Embed or Project); `tables` is tables'
  );
  assert.equal(refused('b', 'tables', 'h', 'tables'), 'weigh has no input `tables`: it takes space, clean');
  assert.equal(refused('b', 'tabels', 'h', 'space'), 'tables does not make `tabels`');
  assert.equal(refused('g', 'decided', 'g', 'clean'), 'review cannot take what it makes');
  assert.equal(
    refused('g', 'decided', 'j', 'clean', ['const again = await hysim.review({ ...inputs }, {});']),
    'the inputs of review may be set in code: ...inputs'
  );
  assert.equal(
    refused('g', 'decided', 'j', 'clean', ['const again = await hysim.review(inputs, {});']),
    'the inputs of review are set in code: inputs'
  );
  assert.equal(
    refused('g', 'decided', 'j', 'clean', ['const again = await hysim.review({ clean: pick(clean) }, {});']),
    'clean of review is set in code: pick(clean)'
  );
  assert.equal(
    refused('j', 'clean', 'h', 'clean', ['const clean = await hysim.denoise({ space }, { neighbors: 9 });']),
    '`clean` is made by 2 cells: rename all but one first'
  );
  assert.equal(refused('j', 'T', 'h', 'clean', ['type T = number;']), '`T` is a type, not a value');
});

test('an edge that would close a cycle is refused, with its path', () => {
  const cells = cellsOf(
    'const a = await hysim.review({ clean: z }, {});',
    'const b = await hysim.review({ clean: a }, {});',
    'const c = await hysim.review({ clean: b }, {});'
  );
  const proposal = connect(subjectOf(cells), { cell: 'c', name: 'c' }, input('a', 'clean'));
  assert.deepEqual(proposal, { reason: 'that would close a cycle: a → b → c → a' });
  // Taking the edge to b away opens the way for one back.
  const turned = cellsOf(
    'const a = await hysim.review({ clean: z }, {});',
    'const b = await hysim.review({ clean: a }, {});',
    'const c = await hysim.review({ clean: y }, {});'
  );
  assert.ok(!('reason' in connect(subjectOf(turned), { cell: 'c', name: 'c' }, input('b', 'clean'))));
});

test('what comes from different splits does not go into one stage', () => {
  const cells = cellsOf(
    ...ANALYSIS.slice(0, 9),
    'const other = await hysim.split({ samples }, { source: { a: "b" }, target: { a: "c" } });'
  );
  // Nothing that model takes would go together with `other`.
  const weighted = cells.map(cell =>
    cell.id === 'i' ? { ...cell, source: 'const model = await hysim.finetune({ data, weights }, {});' } : cell
  );
  assert.deepEqual(connect(subjectOf(weighted), { cell: 'j', name: 'other' }, input('i', 'data')), {
    reason: 'finetune (`model`) cannot take both: `other` comes from `other`, `weights` from `data`'
  });
});

test('a change that makes a later stage take from two splits is made, and says so', () => {
  const cells = cellsOf(
    ...ANALYSIS.slice(0, 8),
    'const model = await hysim.finetune({ data, weights }, {});',
    'const other = await hysim.split({ samples }, { source: { a: "b" }, target: { a: "c" } });'
  );
  const proposal = connect(subjectOf(cells), { cell: 'j', name: 'other' }, input('e', 'data'));
  assert.ok('edits' in proposal);
  assert.deepEqual(proposal.warnings, [
    'finetune (`model`) cannot take both: `data` comes from `data`, `weights` from `other`'
  ]);
  // All that descends from it goes below as well, or it goes up: the latter is one move.
  assert.deepEqual(proposal.edits.slice(1), [{ do: 'move', cell: 'j', after: 'd' }]);
});

test('a reader above what it now reads is moved below it, with nothing else', () => {
  const cells = cellsOf(
    '# t',
    'const b = await hysim.review({ clean: z }, {});',
    '# h',
    ANALYSIS[5],
    ANALYSIS[6]
  );
  const proposal = connect(subjectOf(cells), { cell: 'd', name: 'clean' }, input('b', 'clean'));
  assert.deepEqual(after(cells, proposal), [
    '# t',
    '# h',
    ANALYSIS[5],
    'const b = await hysim.review({ clean }, {});',
    ANALYSIS[6]
  ]);
});

test('an optional argument is taken out, a required one is not', () => {
  const cells = cellsOf(
    ...ANALYSIS.slice(0, 8),
    'const model = await hysim.finetune({ data, weights }, {});'
  );
  const { edges } = flowOf(cells);
  const edge = (to: string, name: string): (typeof edges)[number] =>
    edges.find(each => each.to === to && each.name === name)!;
  assert.deepEqual(differs(cells, disconnect(subjectOf(cells), edge('i', 'weights'))), [
    'const model = await hysim.finetune({ data }, {});'
  ]);
  assert.equal(
    differs(cells, disconnect(subjectOf(cells), edge('i', 'data'))),
    'finetune needs data: connect another data to it, or delete the cell'
  );
  const plain = cellsOf(ANALYSIS[1], 'console.log(tables);');
  assert.equal(
    differs(plain, disconnect(subjectOf(plain), flowOf(plain).edges[0]!)),
    'console.log(tables); reads `tables` in its code: it can only be taken out there'
  );
});

test('a stage is inserted with its inputs filled, below what it takes', () => {
  const cells = analysis();
  const put = (...[stage, where]: [string, Parameters<typeof insertStage>[2]?]): unknown => {
    const proposal = insertStage(subjectOf(cells), stage, where);
    return 'reason' in proposal ? proposal.reason : proposal.edits[0];
  };
  assert.deepEqual(put('denoise', { from: { cell: 'e', name: 'space' } }), {
    do: 'insert',
    after: 'e',
    source: 'const clean2 = await hysim.denoise({ space }, {});\nclean2'
  });
  assert.deepEqual(put('denoise', { after: 'h' }), {
    do: 'insert',
    after: 'h',
    source: 'const clean2 = await hysim.denoise({ space }, {});\nclean2'
  });
  // What the place has not yet is taken from below, and the cell goes there.
  assert.deepEqual(put('embed', { after: 'a' }), {
    do: 'insert',
    after: 'd',
    source: 'const space2 = await hysim.embed({ data }, {});\nspace2'
  });
  // Not what was reviewed, which it would prefer, but what was asked for.
  assert.deepEqual(put('weigh', { from: { cell: 'f', name: 'clean' } }), {
    do: 'insert',
    after: 'f',
    source: 'const weights2 = await hysim.weigh({ space, clean }, {});\nweights2'
  });
  assert.equal(put('weigh', { from: { cell: 'b', name: 'tables' } }), 'Weigh by similarity takes no tables');
  assert.equal(put('nonesuch'), 'no stage is called nonesuch');
  const empty = insertStage(subjectOf([]), 'weigh');
  assert.ok('reason' in empty);
  assert.match(empty.reason, /^Weigh by similarity needs space \(from Embed\)/);
  assert.ok('edits' in insertStage(subjectOf([]), 'load'));
});

test('the palette says of each stage whether it takes what is chosen, and what it lacks', () => {
  const cells = cellsOf(...ANALYSIS.slice(0, 5));
  const entries = palette(subjectOf(cells), 'e');
  assert.deepEqual(
    entries.map(entry => entry.stage),
    STAGES.map(stage => stage.name)
  );
  assert.deepEqual(
    entries.filter(entry => entry.takes).map(entry => entry.stage),
    STAGES.filter(stage => Object.values(stage.inputs).some(({ kind }) => kind === 'space')).map(s => s.name)
  );
  const entry = (name: string): (typeof entries)[number] => entries.find(({ stage }) => stage === name)!;
  assert.equal(entry('denoise').obstacle, '');
  assert.match(entry('review').obstacle, /^needs clean \(from Denoise/);
  assert.equal(palette(subjectOf(cells)).find(({ stage }) => stage === 'denoise')!.takes, false);
});

test('a cell that goes leaves others without something, and they are told', () => {
  const cells = analysis();
  assert.deepEqual(remove(subjectOf(cells), 'e'), {
    edits: [{ do: 'delete', cell: 'e' }],
    warnings: ['clean then lacks `space`', 'weights then lacks `space`']
  });
  assert.deepEqual(remove(subjectOf(cells), 'i'), { edits: [{ do: 'delete', cell: 'i' }] });
});

test('a notebook upside down is put in order, and what makes or changes one name keeps its order', () => {
  const cells = [...analysis()].reverse();
  const proposal = tidyOrder(subjectOf(cells));
  assert.ok('edits' in proposal);
  assert.ok(runsDown(applied(cells, proposal.edits)));
  const changing = cellsOf('log(x);', 'let x = 1;', 'x = 2;', 'show(x);');
  assert.deepEqual(after(changing, tidyOrder(subjectOf(changing))), [
    'let x = 1;',
    'log(x);',
    'x = 2;',
    'show(x);'
  ]);
});

function runsDown(cells: readonly Cell[]): boolean {
  const { nodes, edges } = flowOf(cells);
  const index = new Map(nodes.map(node => [node.id, node.index]));
  return edges.every(({ from, to }) => index.get(from)! < index.get(to)!);
}

function parses(source: string): boolean {
  let good = true;
  parser
    .configure({ dialect: 'ts' })
    .parse(source)
    .iterate({ enter: node => void (good &&= !node.type.isError) });
  return good;
}

test('after any sequence of edits all cells parse, no other cell has changed, and what was connected is found', () => {
  const op = fc.record({
    kind: fc.constantFrom('connect', 'connect', 'connect', 'disconnect', 'insert', 'remove', 'tidy'),
    a: fc.nat(),
    b: fc.nat(),
    c: fc.nat()
  });
  let connections = 0;
  fc.assert(
    fc.property(fc.array(op, { minLength: 1, maxLength: 12 }), fc.boolean(), (ops, reversed) => {
      let cells = analysis();
      if (reversed) cells.reverse();
      let serial = 0;
      for (const { kind, a, b, c } of ops) {
        const subject = subjectOf(cells);
        const { nodes, edges } = subject.flow;
        const makers = nodes.flatMap(node => node.code.defines.map(name => ({ cell: node.id, name })));
        const from = makers[a % Math.max(1, makers.length)];
        const takers = nodes.filter(
          node => Object.keys(stageNamed(node.calls[0]?.stage ?? '')?.inputs ?? {}).length > 0
        );
        const target = takers[b % Math.max(1, takers.length)];
        const ports = Object.keys(stageNamed(target?.calls[0]?.stage ?? '')?.inputs ?? {});
        const to = target && input(target.id, ports[c % ports.length]!);
        const edge = edges[b % Math.max(1, edges.length)];
        const cell = nodes[b % Math.max(1, nodes.length)];
        const proposal: Proposal | false | undefined =
          kind === 'connect'
            ? from && to && connect(subject, from, to)
            : kind === 'disconnect'
              ? edge && disconnect(subject, edge)
              : kind === 'insert'
                ? insertStage(
                    subject,
                    STAGES[a % STAGES.length]!.name,
                    cell && c % 2 ? { after: cell.id } : {}
                  )
                : kind === 'remove'
                  ? // Without the import all else hangs in the air.
                    cell && cell.id !== 'b' && remove(subject, cell.id)
                  : tidyOrder(subject);
        if (!proposal || 'reason' in proposal) continue;
        const down = runsDown(cells);
        const next = applied(cells, proposal.edits).map(each =>
          each.id.startsWith('new') ? { ...each, id: `made${serial++}` } : each
        );
        const edited = new Set(proposal.edits.flatMap(edit => (edit.do === 'edit' ? [edit.cell] : [])));
        for (const { id, source } of next) {
          const old = cells.find(each => each.id === id);
          if (old && !edited.has(id)) assert.equal(source, old.source);
          if (!id.startsWith('a')) assert.ok(parses(source), source);
        }
        if (kind !== 'remove' && kind !== 'insert') assert.equal(next.length, cells.length);
        if (kind === 'connect' && from && to) {
          connections++;
          const call = flowOf(next).nodes.find(node => node.id === to.cell)!.calls[to.call]!;
          assert.equal(call.inputs.find(each => each.port === to.port)?.variable, from.name);
        }
        // Nothing that ran from top to bottom does so no longer.
        if (down && kind !== 'remove')
          assert.ok(runsDown(next), next.map(each => each.source).join('\n---\n'));
        if (kind === 'tidy') assert.ok(runsDown(next));
        cells = next;
      }
    }),
    { numRuns: 150 }
  );
  assert.ok(connections > 50, `${connections} connections`);
});
