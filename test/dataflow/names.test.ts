/** Which names a cell binds and reads, case by case. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { analyse, type CellCode } from '../../common/dataflow/index.js';

type Named = Partial<Record<'defines' | 'types' | 'uses' | 'typeUses' | 'assigns' | 'mutates', string>>;

/** Names are given in alphabetical order; what is left out is empty. */
function holds(source: string, names: Named): CellCode {
  const code = analyse(source);
  for (const kind of ['defines', 'types', 'uses', 'typeUses', 'assigns', 'mutates'] as const)
    assert.equal([...code[kind]].sort().join(' '), names[kind] ?? '', `${kind} of ${source}`);
  return code;
}

test('declarations of every kind bind their names', () => {
  holds('const a = 1; let b = 2; var c = 3;', { defines: 'a b c' });
  holds('function f() {} class C {} enum E { A }', { defines: 'C E f' });
  holds('import d, * as n from "m"; import { x as y, z } from "m";', { defines: 'd n y z' });
  holds('import fs = require("fs");', { defines: 'fs' });
  holds('export const a = 1; export function f() {} export default class K {}', { defines: 'K a f' });
  holds('namespace N { export const a = b; }', { defines: 'N', uses: 'b' });
});

test('what an import binds is known with its module, and no other name is', () => {
  const { imports } = analyse('import d, * as n from "m"; import { x as y } from "./z"; const own = 1;');
  assert.deepEqual(imports, { d: 'm', n: 'm', y: './z' });
});

test('a pattern binds its targets and reads its defaults and computed keys', () => {
  holds('const { a, b: c = d, [e]: f, ...g } = h;', { defines: 'a c f g', uses: 'd e h' });
  holds('const [a, , [b = a], ...c] = d;', { defines: 'a b c', uses: 'd' });
  holds('function f({ a = b }, [c] = d) { return a + c + e; }', { defines: 'f', uses: 'b d e' });
});

test('an inner name hides an outer one, where it does', () => {
  holds('const f = (x: number) => x + y; { let y = 1; y; }', { defines: 'f', uses: 'y' });
  holds('function f() { const y = 1; return () => y + z; }', { defines: 'f', uses: 'z' });
  holds('{ const y = 1; } y;', { uses: 'y' });
  holds('try { a(); } catch (e) { e.m; } e;', { uses: 'a e' });
  holds('const f = function g() { return g; };', { defines: 'f' });
  holds('class A { static s = A.t; m(A: number) { return A; } }', { defines: 'A' });
  holds('const f = (x = x1, x1 = 2) => x;', { defines: 'f' });
});

test('var belongs to the cell from within blocks and loops; let and functions in blocks do not', () => {
  holds('for (var i = 0; i < n; i++) { var seen = i; }', { defines: 'i seen', uses: 'n' });
  holds('for (let i = 0; i < n; i++) { let seen = i; }', { uses: 'n' });
  holds('if (a) { var b = 1; } else { function c() {} }', { defines: 'b', uses: 'a' });
  holds('function f() { var inner = 1; return inner; }', { defines: 'f' });
});

test('a function can be used above its declaration without being read from elsewhere', () => {
  holds('f(); function f() { return g; }', { defines: 'f', uses: 'g' });
});

test('labels, keys, members and methods are no names', () => {
  holds('outer: for (const x of xs) { for (;;) continue outer; }', { uses: 'xs' });
  holds('const o = { key: value, short, method() { return 1; } }; o.member; o?.other;', {
    defines: 'o',
    uses: 'short value'
  });
  holds('class C { field = init; #p = 1; get g() { return this.#p; } }', { defines: 'C', uses: 'init' });
  holds('const m = import.meta.url; new.target;', { defines: 'm' });
});

test('shorthand properties are read, and assigned in a pattern', () => {
  holds('f({ a, b: c });', { uses: 'a c f' });
  holds('({ a, b: c } = d);', { assigns: 'a c', uses: 'd' });
});

test('types bind and read names as types alone', () => {
  holds('type T = A | B[]; interface I extends J { x: K }', {
    defines: 'I T',
    types: 'I T',
    uses: 'A B J K',
    typeUses: 'A B J K'
  });
  holds('import type { A } from "a"; import { type B, C } from "b";', { defines: 'A B C', types: 'A B' });
  holds('type Q = typeof value; const v = x as T satisfies U;', {
    defines: 'Q v',
    types: 'Q',
    uses: 'T U value x',
    typeUses: 'T U value'
  });
  holds('let a: T; new T();', { defines: 'a', uses: 'T' });
  holds('function f<T extends A>(x: T): x is T { return b; }', { defines: 'f', uses: 'A b', typeUses: 'A' });
  holds('type M = { [K in keyof A]: A[K] }; type I = A extends infer U ? U : never;', {
    defines: 'I M',
    types: 'I M',
    uses: 'A',
    typeUses: 'A'
  });
  holds('class C<X> implements I { constructor(private readonly p: P) {} }', {
    defines: 'C',
    uses: 'I P',
    typeUses: 'I P'
  });
});

test('what is only declared binds its name and leaves no value', () => {
  holds('declare const a: number; declare function f(): void; declare class C {}', {
    defines: 'C a f',
    types: 'C a f'
  });
  holds('function f(x: string): void; function f(x: unknown) {}', { defines: 'f' });
  holds('const enum E { A = 1 } namespace N { export type T = 1; }', { defines: 'E N', types: 'E N' });
  holds('declare global { interface Window { x: Foo } }', { uses: 'Foo', typeUses: 'Foo' });
  holds('declare module "m" { export const a: number; }', {});
});

test('decorators and computed members are read', () => {
  holds('@dec() class C { @prop x = 1; [key]() {} m(@inject p: P) {} }', {
    defines: 'C',
    uses: 'P dec inject key prop',
    typeUses: 'P'
  });
});

test('exported names are read; those of another module are not', () => {
  holds('export { a, b as c };', { uses: 'a b' });
  holds('export { a } from "m"; export * from "m";', {});
});

test('assigning a name that is not declared here makes it anew', () => {
  holds('x = 1;', { assigns: 'x' });
  holds('x += 1; y++;', { assigns: 'x y', uses: 'x y' });
  holds('[a, b.c] = d; for (e of f) ;', { assigns: 'a e', uses: 'b d f', mutates: 'b' });
  holds('function next() { count++; }', { defines: 'next', assigns: 'count', uses: 'count' });
  holds('let x = 0; x = 1; { let y; y = 2; }', { defines: 'x' });
});

test('changes in place are flagged on the name that holds the object', () => {
  holds('a.b = 1; c.d.e++; delete f.g; h[0] = 2; i!.j = 1; (k as any).l = 1;', {
    uses: 'a c f h i k',
    mutates: 'a c f h i k'
  });
  holds('a.push(1); b.c.sort(); d?.set(1, 2); e["add"](1);', { uses: 'a b d e', mutates: 'a b d e' });
  holds('Object.assign(a, b); Object.defineProperty(c, "x", {});', { uses: 'Object a b c', mutates: 'a c' });
  holds('[a.x, ...b.y] = c; ({ p: d.z = 1 } = e);', { uses: 'a b c d e', mutates: 'a b d' });
});

test('what changes a value of its own is not flagged', () => {
  holds('const a = []; a.push(1); a.x = 1;', { defines: 'a' });
  holds('a.filter(f).sort(); [...b].reverse(); c.map(x => x.y = 1); d.length;', { uses: 'a b c d f' });
  holds('function f(x) { x.y = 1; }', { defines: 'f' });
  holds('Object.keys(a); Object.assign({}, a);', { uses: 'Object a' });
});

test('names in comments, strings and templates are told apart', () => {
  holds('// const a = b\n/* c */ "d"; `e ${f} g`; /h/;', { uses: 'f' });
});

test('a cell in another language takes no part', () => {
  const code = holds('%%html\n<b id="x">{{ y }}</b>', {});
  assert.equal(code.foreign, true);
  assert.equal(code.problem, undefined);
  assert.equal(holds('\n%%bash\nls', {}).foreign, true);
  assert.equal(holds('const a = 100 %b;', { defines: 'a', uses: 'b' }).foreign, undefined);
});

test('a cell that does not parse keeps its last names and says why and where', () => {
  const last = analyse('const a = b;');
  const broken = analyse('const a = b;\nconst c = (;', last);
  assert.deepEqual([broken.defines, broken.uses], [['a'], ['b']]);
  assert.equal(broken.problem?.line, 2);
  assert.match(broken.problem.message, /Unexpected token/);
  assert.notEqual(broken.fingerprint, last.fingerprint);
  const guessed = analyse('const other = 1 b', last);
  assert.deepEqual(guessed.defines, ['a']);
  assert.match(guessed.problem!.message, /semicolon/);
});

test('without an earlier reading the statements that parse are read', () => {
  const code = analyse('const a = b;\nconst c = (;\nlet d = e;');
  assert.deepEqual(
    [code.defines, code.uses],
    [
      ['a', 'd'],
      ['b', 'e']
    ]
  );
  assert.equal(code.problem?.line, 2);
});

test('an error that leaves the tree whole keeps the names that stand there', () => {
  const code = analyse('let x = 1; let x = y;', analyse('const old = 1'));
  assert.deepEqual([code.defines, code.uses], [['x'], ['y']]);
  assert.match(code.problem!.message, /already been declared/);
});

test('JSX, which the kernel does not know, is a syntax error', () => {
  assert.ok(analyse('const v = <div>{x}</div>;').problem);
});

test('nesting that is too deep for the stack is a problem of the cell, not a crash', () => {
  const code = analyse(`const a = ${'['.repeat(45_000)}${']'.repeat(45_000)};`);
  assert.match(code.problem!.message, /nested too deeply/);
  const sum = analyse(`const a = ${'1 + '.repeat(20_000)}1;`);
  assert.ok(sum.problem ?? sum.defines.includes('a'));
});

test('a cell that only declares is settled by its code and what it reads; one that runs something is not', () => {
  const settled = (source: string): boolean => analyse(source).settled === true;
  for (const source of [
    'function f() { return k; }',
    'const f = (x: number) => x * k, n = -1, s = "a", t = `b`;',
    'import * as fs from "node:fs"; interface I {} type T = I; export const g = async () => fs;',
    'class A extends B { x = Math.random(); static m() { return 1; } }',
    'declare const x: number; function over(x: string): void; function over(x: any) {}'
  ])
    assert.ok(settled(source), source);
  for (const source of [
    'const x = f();',
    'let n = 0; function next() { return n++; }',
    'const o = {};',
    'const a = [1];',
    'const r = /x/g;',
    'class A { static n = 0; }',
    'class A { static { f(); } }',
    'class A extends mixin(B) {}',
    '@dec class A {}',
    'class A { [key()]() {} }',
    'const t = `${f()}`;',
    'f();',
    '',
    'const f = (;'
  ])
    assert.ok(!settled(source), source);
});
