/** Names against the kernel: what later cells can read is what the analysis says that a cell defines. */
import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { analyse } from '../../common/dataflow/index.js';
import { makeInterpreter } from '../kernel/interpreter.js';
import { notebook } from './programs.js';

const { run } = makeInterpreter('dataflow-names');

/** Whether a later cell may read the name: as a value, or at least as a type. */
async function isBound(name: string): Promise<boolean> {
  for (const code of [`void ${name};`, `{ let seen: ${name} | undefined; }`]) {
    const outcome = await run(code);
    // Anything else, such as a value used as a type, shows that the name is there.
    if (outcome.ok || !/Cannot find (name|namespace)/.test(String(outcome.error))) return true;
  }
  return false;
}

const CELLS = [
  'const { k1, x: [k2 = 1], ...k3 }: any = { k1: 1, x: [] }; { const no1 = 1; }',
  'for (var k4 of [1]) { var k5 = k4; let no2 = 2; } label1: for (;;) break label1;',
  'function k6(no3: number): number { return no3; } class k7<no4> { no5?: no4 }',
  'enum k8 { no6 } namespace k9 { export const no7 = 1; } interface k10 { no8: 1 } type k11 = 1; const enum k12 { no9 }',
  'import { join as k13 } from "node:path"; import k14, * as k15 from "node:fs"; import k16 = require("node:os");',
  'import type { Stats as k17 } from "node:fs"; import { type Dirent as k18 } from "node:fs";',
  'export const k19 = 1; export function k20() {} export default class k21 {}',
  'declare const k22: number; function k23(x: string): void; function k23(x: any) {}',
  'let k24 = function no10() { return no10; }; const k25 = class no11 {}; try { throw 1; } catch (no12) { no12; }',
  'var k26 = 1, k27; switch (1 as number) { case 1: let no13 = 1; var k28 = no13; }',
  'abstract class k29 { abstract no14: number } let [, k30] = [1, 2]; const fn1 = (no15 = 1) => no15;'
];

test('a cell of each kind of declaration leaves the names that the analysis says', async () => {
  for (const source of CELLS) {
    const outcome = await run(source);
    assert.ok(outcome.ok, `${source}: ${outcome.ok ? '' : String(outcome.error)}`);
    const { defines } = analyse(source);
    for (const name of new Set(source.match(/\b(k|no|fn|label)\d+\b/g)))
      assert.equal(await isBound(name), defines.includes(name), `${name} of: ${source}`);
  }
});

test('random cells leave the names that the analysis says', async () => {
  let programs = 0;
  let checked = 0;
  await fc.assert(
    fc.asyncProperty(notebook, async cells => {
      // Names of their own, so that nothing is left from the last one.
      const prefix = `p${programs++}_`;
      const made = new Set<string>();
      const unsure = new Set<string>();
      for (const cell of cells) {
        const named = cell.replace(/\b[a-h]\b/g, found => prefix + found);
        // The type checker's opinion of random code is not asked for.
        const source = named.replace(/^/gm, '// @ts-ignore\n');
        const { defines } = analyse(source);
        if (!(await run(source)).ok) {
          // What a cell left that failed half way is not asked for.
          defines.forEach(name => unsure.add(name));
          continue;
        }
        defines.forEach(name => made.add(name));
        const others = ['a', 'h'].map(each => prefix + each);
        for (const name of new Set([...defines, ...others])) {
          if (unsure.has(name)) continue;
          checked++;
          assert.equal(await isBound(name), made.has(name), `${name} of: ${source}`);
        }
      }
    }),
    { numRuns: 20, endOnFailure: true }
  );
  assert.ok(checked > 10, `only ${checked} names were looked at`);
});
