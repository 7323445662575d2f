/**
 * Names against what execution shows. Cells are run with every name that is not their own looked up in an object that
 * takes note; whole notebooks are run with and without the cells that the graph says do not matter.
 */
import assert from 'node:assert/strict';
import test from 'node:test';
import vm from 'node:vm';
import fc from 'fast-check';
import ts from 'typescript';
import { analyse, buildDataflow } from '../../common/dataflow/index.js';
import { cell, name, notebook } from './programs.js';

const toJavaScript = (source: string): string =>
  ts.transpileModule(source, {
    compilerOptions: {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.None,
      verbatimModuleSyntax: false
    }
  }).outputText;

/** Names that the cell looked for outside itself. */
function lookups(source: string): Set<string> {
  const seen = new Set<string>();
  const outside = new Proxy(Object.create(null) as object, {
    has: (_, key) => {
      if (typeof key !== 'string' || !/^[a-h]$/.test(key)) return false;
      seen.add(key);
      return true;
    },
    get: (_, key) => (key === Symbol.unscopables ? undefined : 1),
    set: () => true
  });
  try {
    vm.runInNewContext(`with (outside) { (function () { 'use strict'; ${toJavaScript(source)} })(); }`, {
      outside
    });
  } catch {
    // A cell that fails has looked up what it has.
  }
  return seen;
}

test('no name that a running cell looks up outside itself is missed', () => {
  fc.assert(
    fc.property(fc.uniqueArray(name, { maxLength: 2 }).chain(cell), source => {
      const { uses, assigns, problem } = analyse(source);
      // Two declarations of one name, which no cell may have.
      fc.pre(problem === undefined);
      const known = new Set([...uses, ...assigns]);
      for (const found of lookups(source)) assert.ok(known.has(found), `${found} of: ${source}`);
    }),
    { numRuns: 400 }
  );
});

/** What each cell left under its names, or that it failed. */
function run(sources: readonly (string | undefined)[]): string[] {
  const context = vm.createContext({});
  return sources.map(source => {
    if (source === undefined) return 'not run';
    try {
      vm.runInContext(`'use strict'; ${toJavaScript(source)}`, context);
      const own = analyse(source).defines.map(
        each => `typeof ${each} === 'object' ? JSON.stringify(${each}) : String(${each})`
      );
      return JSON.stringify(vm.runInContext(`[${own.join(', ')}]`, context));
    } catch (error) {
      return `failed: ${(error as Error).message}`;
    }
  });
}

test('a cell gives the same without the cells that the graph says it does not need', () => {
  let compared = 0;
  fc.assert(
    fc.property(notebook, fc.nat(), (sources, which) => {
      const cells = sources.map((source, i) => ({ id: String(i), source }));
      const flow = buildDataflow(cells);
      const faulty = flow.nodes.some(({ faults }) => faults.some(({ kind }) => kind !== 'order'));
      fc.pre(!faulty);
      const target = cells[which % cells.length]!.id;
      const needed = new Set([target]);
      for (const id of [...flow.order].reverse())
        if (needed.has(id)) for (const edge of flow.edges) if (edge.to === id) needed.add(edge.from);
      const inOrder = flow.order.map(id => sources[Number(id)]!);
      const at = flow.order.indexOf(target);
      const all = run(inOrder)[at];
      const some = run(flow.order.map((id, i) => (needed.has(id) ? inOrder[i] : undefined)))[at];
      assert.equal(some, all);
      if (needed.size < cells.length && needed.size > 1) compared++;
    }),
    { numRuns: 100 }
  );
  assert.ok(compared > 10, `only ${compared} notebooks told anything`);
});
