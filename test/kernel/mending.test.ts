/** Source and output of tslab's converter are mended: what the text becomes, and that it still runs. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runInNewContext } from 'node:vm';
import { completeness } from '../../kernel/cell/compiler.js';
import { partialDeclarations } from '../../kernel/cell/declarations.js';
import { createGuard } from '../../kernel/cell/guard.js';
import { mendOutput } from '../../kernel/cell/output.js';
import { mendSource } from '../../kernel/cell/source.js';

test('shorthand, renamed bindings and export are mended, and offsets find their way back', () => {
  const source = 'export const a = { id }, { k: b = 1 } = r; f({ id = 2 } = q)';
  const { text, toOriginal } = mendSource(source);
  assert.equal(text, '       const a = { id: id }, { "k": b = 1 } = r; f({ id: id = 2 } = q)');
  for (const word of ['const', '= r', 'f(', '= q'])
    assert.equal(toOriginal(text.indexOf(word)), source.indexOf(word), word);
  assert.equal(toOriginal(text.length), source.length);
});

test('source that needs no mending is left as it is', () => {
  const source = 'const { a } = b; ({ __proto__ }); export default 3; x ? { y: 1 } : z';
  assert.equal(mendSource(source).text, source);
});

function run(js: string, exports: Record<string, unknown> = {}): Record<string, unknown> {
  runInNewContext(`(function(exports) {${mendOutput(js)}\n})(exports)`, { exports });
  return exports;
}

test('a variable that a function closes over lives in the scope', () => {
  const scope = run(
    'exports.n = exports.get = void 0;\nlet n = 1, { a, k: [b] } = { a: 2, k: [3] };\nexports.n = n;\nexports.a = a;\nexports.b = b;\n' +
      'const get = () => ({ n, a, b, own: (n => n)(9), property: { n: 8 }.n });\nexports.get = get;'
  );
  assert.deepEqual({ ...(scope.get as () => object)() }, { n: 1, a: 2, b: 3, own: 9, property: 8 });
  Object.assign(scope, { n: 10, a: 20, b: 30 });
  assert.deepEqual({ ...(scope.get as () => object)() }, { n: 10, a: 20, b: 30, own: 9, property: 8 });
});

test('a call through the scope does not hand it over as this', () => {
  const scope = run('let f = function () { "use strict"; return this; };\nexports.f = f;\nexports.r = f();');
  assert.equal(scope.r, undefined);
});

test('a cell that stops half-way leaves what it had not reached', () => {
  const scope: Record<string, unknown> = { x: 'old' };
  assert.throws(() =>
    run('exports.x = void 0;\nthrow new Error("stop");\nconst x = 1;\nexports.x = x;', scope)
  );
  assert.equal(scope.x, 'old');
});

test('an imported name becomes a plain property', () => {
  const js =
    'const p = { join: 5 };\nObject.defineProperty(exports, "join", { enumerable: true, get: function () { return p.join; } });';
  const scope = run(js);
  scope.join = 6;
  assert.equal(scope.join, 6);
});

test('only awaits of the cell itself are guarded', () => {
  assert.equal(
    mendOutput('await a;\nfor await (const x of y) { }\nasync () => await b;'),
    'await __hysimAwait(a);\nfor await (const x of __hysimAwait.each(y)) { }\nasync () => await b;'
  );
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
