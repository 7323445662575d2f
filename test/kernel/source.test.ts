/** What becomes of a cell's text before it is checked, and of its declarations afterwards. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { completeness } from '../../kernel/cell/compiler.js';
import { partialDeclarations } from '../../kernel/cell/declarations.js';
import { createGuard } from '../../kernel/cell/guard.js';
import { readSource } from '../../kernel/cell/source.js';

test('export in front of a declaration is blanked out, and every offset stays', () => {
  const source = 'export const a = 1;\n  export async function f() {}\nexport default 3;\nexport { a as b };';
  const { text } = readSource(source);
  assert.equal(text.length, source.length);
  assert.equal(
    text,
    '       const a = 1;\n         async function f() {}\nexport default 3;\nexport { a as b };'
  );
});

test('the names of a top level are those of its declarations, also of var in blocks', () => {
  const { names, values } = readSource(
    'import d, { x as y } from "m"; import * as n from "m"; interface I {} type T = 1;' +
      'const { a, b: [c, ...e] } = r, g = 1; class K { m() { var inside } } enum E {} namespace N { const hidden = 1 }' +
      'for (var i = 0; ;) { let local = 1; if (i) { var j = 2 } } function f() { var deep }'
  );
  const own = ['a', 'c', 'e', 'g', 'K', 'E', 'N', 'i', 'j', 'f'];
  assert.deepEqual([...values].sort(), [...own].sort());
  assert.deepEqual([...names].sort(), ['d', 'y', 'n', 'I', 'T', ...own].sort());
});

test('syntax errors are told at the offsets of the cell', () => {
  const { faults } = readSource('const a = 1;\nconst = 3');
  assert.equal(faults[0]!.start, 'const a = 1;\nconst '.length);
});

test('a stopped guard throws at the pending await, and then lets a cell tidy up', async () => {
  const guard = createGuard();
  const pending = guard(new Promise(() => undefined));
  guard.stop(new Error('stopped'));
  await assert.rejects(pending, /stopped/);
  assert.equal(await guard(3), 3);
});

test('a guard that is stopped between awaits throws at the next', async () => {
  const guard = createGuard();
  guard.stop(new Error('stopped'));
  await assert.rejects(guard(1), /stopped/);
});

test('of a cell that stopped half-way, only names with a value are kept, and lost names get their old type back', () => {
  const before = 'declare const a: number, b: string;\ninterface T { x: 1 }\n';
  const after = 'declare const a: boolean, c: Date;\ndeclare const b: string;\ninterface T { x: 1 }\n';
  const kept = partialDeclarations(before, after, new Set(['a', 'c']), name => name === 'c');
  assert.match(kept, /declare const c: Date/);
  assert.match(kept, /declare const a: number/);
  assert.match(kept, /declare const b: string/);
  assert.doesNotMatch(kept, /boolean/);
});

test('Enter runs what is complete or wrong and continues what is open', () => {
  const statuses = ['await f()', 'if (a) {', '`open', '/* open', 'a b c', 'x = )'].map(
    s => completeness(s).status
  );
  assert.deepEqual(statuses, ['complete', 'incomplete', 'incomplete', 'incomplete', 'invalid', 'invalid']);
  assert.deepEqual(completeness('function f() {'), { status: 'incomplete', indent: '  ' });
});
