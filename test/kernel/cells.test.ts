/** Cells one after the other, in an interpreter without Jupyter around it: names over several cells, and errors. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { describeFailure } from '../../kernel/cell/index.js';
import { makeInterpreter } from './interpreter.js';

const { folder, run, ran } = makeInterpreter('cells');

async function value(source: string): Promise<unknown> {
  const outcome = await run(source);
  if (!outcome.ok) throw outcome.error;
  return outcome.value;
}

async function failure(source: string): Promise<string[]> {
  const outcome = await run(source);
  assert.ok(!outcome.ok, `the cell ran: ${source}`);
  return describeFailure(outcome.error, source).traceback;
}

const plain = (given: unknown): unknown => JSON.parse(JSON.stringify(given));
const pause = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms));

test('a constant, variable, function, class, enum and namespace can each be declared again', async () => {
  for (const [first, second, use, expected] of [
    ['const a = 1', 'const a = "two"', 'a.length', 3],
    ['let b = 1', 'let b = [2]', 'b[0]', 2],
    ['var c = 1', 'const c = { d: 4 }', 'c.d', 4],
    ['function f() { return 1 }', 'function f(x: string) { return x + "!" }', 'f("hey")', 'hey!'],
    ['class K { one = 1 }', 'class K { two = 2 }', 'new K().two', 2],
    ['enum E { A }', 'enum E { B = 5 }', 'E.B', 5],
    ['const enum CE { A = 1 }', 'const enum CE { B = 6 }', 'CE.B', 6],
    ['namespace N { export const p = 1 }', 'namespace N { export const q = 7 }', 'N.q', 7],
    ['const g = 1', 'function g() { return 8 }', 'g()', 8],
    ['function h() { return 1 }', 'let h = 9', 'h', 9],
    ['import { join } from "path"', 'const join = 10', 'join', 10]
  ] as const) {
    await value(first);
    await value(second);
    assert.equal(await value(use), expected, second);
    // And the types of before are forgotten.
    await value(first);
  }
});

test('a function calls the newest version of a helper that a later cell declares again', async () => {
  await value(
    'const rate = 2; function scale(x: number) { return x * rate } class Tool { use() { return scale(1) } }'
  );
  await value('const all = () => [scale(10), new Tool().use()]');
  assert.deepEqual(plain(await value('all()')), [20, 2]);
  await value('const rate = 3');
  assert.deepEqual(plain(await value('all()')), [30, 3]);
  await value('function scale(x: number) { return x + rate }');
  assert.deepEqual(plain(await value('all()')), [13, 4]);
});

test('a closure sees what a later cell assigns, and a later cell sees what a closure assigns', async () => {
  await value(
    'let n = 1, { m, k: [j] } = { m: 2, k: [3] }; const read = () => ({ n, m, j }); const bump = () => { n++; [m, j] = [m * 10, j * 10] }'
  );
  await value('n = 5; bump()');
  assert.deepEqual(plain(await value('({ ...read(), own: n })')), { n: 6, m: 20, j: 30, own: 6 });
  await value('let n = 100');
  assert.equal(((await value('read()')) as { n: number }).n, 100);
});

test('a name inside a function that hides a shared one is left alone', async () => {
  await value('let x = 1; const s = 2');
  assert.deepEqual(
    plain(
      await value(
        'function local(x: number) { const s = 9; { let x = 7; s; } return [x, s, ((s: number) => s)(4)] } [...local(3), x, s]'
      )
    ),
    [3, 9, 4, 1, 2]
  );
  assert.deepEqual(plain(await value('const box = { x: 8, s }; [box.x, box["s"], { x }.x]')), [8, 2, 1]);
});

test('the shorthand works for every kind of name, also when it is assigned to', async () => {
  await value(
    'const id = "p"; let tag = "t"; function fn() { return 3 } class Cl {} import { sep } from "path"'
  );
  assert.deepEqual(Object.keys((await value('({ id, tag, fn, Cl, sep })')) as object), [
    'id',
    'tag',
    'fn',
    'Cl',
    'sep'
  ]);
  await value('({ tag } = { tag: "u" }); ({ tag: tag } = { tag: tag + "v" })');
  assert.equal(await value('tag'), 'uv');
  await value('({ tag = "w" } = {} as { tag?: string })');
  assert.equal(
    await value('const own = 1; let mine = 2; ({ own, mine, tag }).own + ({ mine }).mine + tag'),
    '3w'
  );
});

test('records are taken apart by keys that are names of earlier cells', async () => {
  await value('const key = "dyn"; const record = { id: 1, key: 2, dyn: 3, nested: { id: 4 } }');
  assert.deepEqual(
    plain(
      await value(
        'const { id: one, key: two, [key]: three, nested: { id: four }, ...others } = record; [one, two, three, four, others]'
      )
    ),
    [1, 2, 3, 4, {}]
  );
});

test('var in a block, and a loop variable of a var, are seen by later cells', async () => {
  await value(
    'for (var i = 0; i < 3; i++) { var inner = i } for (var key2 in { q: 1 }) {} for (var item of [7]) { var untouched }'
  );
  assert.deepEqual(plain(await value('[i, inner, key2, item, untouched === undefined]')), [
    3,
    2,
    'q',
    7,
    true
  ]);
});

test('functions keep their names, and are called without the scope as this', async () => {
  assert.equal(
    await value('let arrow = () => 1; var expression = function () {}; arrow.name + expression.name'),
    'arrowexpression'
  );
  await value('const self = function (this: unknown) { "use strict"; return this }');
  assert.equal(await value('self()'), undefined);
  assert.equal(
    await value(
      'const tagged = function (this: unknown, s: TemplateStringsArray) { "use strict"; return this ?? s[0] }; tagged`x`'
    ),
    'x'
  );
});

test('an async function that ends after its cell works with the variables of now', async () => {
  await value(
    'let total = 0; const add = async (by: number) => { await new Promise(r => setTimeout(r, 30)); total += by; return total }; const promise = add(1); undefined'
  );
  await value('total = 10');
  assert.equal(await value('await promise'), 11);
  assert.equal(await value('total'), 11);
});

test('a timer goes on after its cell and sees what later cells assign', async () => {
  await value('let ticks = 0, step = 1; const timer = setInterval(() => { ticks += step }, 5); undefined');
  await pause(40);
  await value('const before = ticks; step = 1000');
  await pause(40);
  assert.equal(await value('clearInterval(timer); before > 0 && ticks > 1000'), true);
});

test('a cell that fails keeps what it had made and what was there before', async () => {
  await value('let kept = 1; const fixed = 2');
  await failure('const made = 5; let kept = 3; throw new Error("stop"); const unreached = 1; let fixed = 4');
  assert.deepEqual(plain(await value('[made, kept, fixed]')), [5, 3, 2]);
  assert.match((await failure('unreached'))[0]!, /TS2304/);
});

test('the last expression is the result, also before types, and also when it is an assignment', async () => {
  assert.equal(await value('1 + 1; interface Later { a: 1 }'), 2);
  assert.equal(await value('let w = 1; w = 7'), 7);
  assert.equal(await value('"use strict"'), 'use strict');
  assert.equal(await value('const tsLastExpr = 4; tsLastExpr + 1'), 5);
  assert.equal(await value('if (true) { 3 }'), undefined);
});

test('awaits at the top, in a loop, in for await and in a template', async () => {
  assert.equal(
    await value(
      'let sum = 0; for await (const x of [1, Promise.resolve(2)]) sum += x; sum + (await Promise.resolve(4)); '
    ),
    7
  );
  assert.equal(await value('`${await Promise.resolve("a")}b`'), 'ab');
  assert.match((await failure('function notAsync() { await 1 }'))[0]!, /TS1308/);
});

test('names that are types are imported without a trace, and values with one', async () => {
  await value(
    'import fs, { type Stats, existsSync as exists } from "fs"; import type { Dirent } from "fs"; import * as os from "os"'
  );
  assert.equal(
    await value(
      'const st: Stats | undefined = undefined; const de: Dirent[] = []; [typeof fs.statSync, typeof exists, typeof os.cpus].join()'
    ),
    'function,function,function'
  );
});

test('a module beside the notebook is compiled again when its file changes', async () => {
  writeFileSync(
    join(folder, 'helper.ts'),
    'import { deep } from "./deep";\nexport const half = (x: number): number => x / 2 + deep;'
  );
  writeFileSync(join(folder, 'deep.ts'), 'export const deep = 0;');
  assert.equal(await value('import { half } from "./helper"; half(4)'), 2);
  await pause(20);
  writeFileSync(join(folder, 'deep.ts'), 'export const deep: number = 100;');
  assert.equal(await value('import { half } from "./helper"; half(4)'), 102);
  writeFileSync(
    join(folder, 'helper.ts'),
    'export const half = (x: string): string => x;\nexport const wrong: string = 1;'
  );
  assert.match(
    (await failure('import { half } from "./helper"; half("a")'))[0]!,
    /^helper\.ts line 2:14 - .* \(TS2322\)$/
  );
  assert.match(
    (await failure('import "./nothing-here"; import { z } from "./nothing-here"; z'))[0]!,
    /TS2307/
  );
});

test('a cell defines a module, and another imports it', async () => {
  await value('/** @module tools */\nexport const tool = (x: number) => x * 2;');
  assert.equal(await value('import { tool } from "./tools"; tool(21)'), 42);
  await value('/** @module tools */\nexport const tool = (x: number) => x * 3;');
  assert.equal(await value('import { tool } from "./tools"; tool(21)'), 63);
  assert.match(
    (await failure('/** @module tools */\nexport const tool: string = 3;'))[0]!,
    /^line 2:14 - .*TS2322/
  );
});

test('every type error is told, each with line, column, number and as many carets as the fault is long', async () => {
  await value('const one = 1; const record2 = { one }');
  const traceback = await failure(
    'const both = { one };\nexport const bad: string = 2;\n\tboth.nothing; "\u{1f600}".nowhere\nmissing(one, {\n  one\n});'
  );
  assert.deepEqual(traceback, [
    "line 2:14 - Type 'number' is not assignable to type 'string'. (TS2322)",
    '   2 | export const bad: string = 2;',
    '     |              ^^^',
    "line 3:7 - Property 'nothing' does not exist on type '{ one: number; }'. (TS2339)",
    '   3 | \tboth.nothing; "\u{1f600}".nowhere',
    '     | \t     ^^^^^^^',
    "line 3:21 - Property 'nowhere' does not exist on type '\"\u{1f600}\"'. (TS2339)",
    '   3 | \tboth.nothing; "\u{1f600}".nowhere',
    '     | \t                   ^^^^^^^',
    "line 4:1 - Cannot find name 'missing'. (TS2304)",
    '   4 | missing(one, {',
    '     | ^^^^^^^'
  ]);
});

test('what explains a type error stands in its entry, and the excerpt right below', async () => {
  const traceback = await failure(
    'const deep: { a: { b: number } } = { a: { b: 1 } };\nconst other: { a: { b: string } } = deep;'
  );
  assert.equal(traceback.length, 3);
  assert.match(
    traceback[0]!,
    /^line 2:7 - Type [^]*\n[^]*'number' is not assignable to type 'string'\. \(TS2322\)$/
  );
  assert.deepEqual(traceback.slice(1), [
    '   2 | const other: { a: { b: string } } = deep;',
    '     |       ^^^^^'
  ]);
});

test('a syntax error is told at its place, also at the end, and nothing runs', async () => {
  await value('let touched = 0');
  assert.deepEqual(await failure('touched = 1;\nfunction open( {'), [
    "line 2:17 - '}' expected. (TS1005)",
    '   2 | function open( {',
    '     |                 ^'
  ]);
  assert.equal(await value('touched'), 0);
});

test('a runtime error points to the line and column of the cell', async () => {
  const traceback = await failure(
    'interface Ignored { a: number }\nlet seen: number[] = [];\nfor (const item of [1]) {\n  seen.push(item);\n  (seen as any).nothing.at(item);\n}'
  );
  assert.ok(
    traceback.some(line => line.endsWith(`cell[${ran()}]:5:25`)),
    traceback.join('\n')
  );
});

test('a type whose name cannot be written does not fail the cell', async () => {
  assert.equal(
    await value(
      'function make() { const secret = Symbol("s"); class Hidden { [secret] = 1 } return new Hidden() } const hidden = make(); typeof hidden'
    ),
    'object'
  );
  assert.equal(await value('typeof hidden'), 'object');
});
