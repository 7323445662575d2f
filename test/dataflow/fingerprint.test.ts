/**
 * Fingerprints: the same for two cells that differ in comments and blanks, never the same for two that differ in what
 * they mean. The judge is another parser, TypeScript's.
 */
import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import * as prettier from 'prettier';
import ts from 'typescript';
import { analyse } from '../../common/dataflow/index.js';
import { cell, name } from './programs.js';

const same = (a: string, b: string): void =>
  assert.equal(analyse(a).fingerprint, analyse(b).fingerprint, `${a}\n---\n${b}`);
const differ = (a: string, b: string): void =>
  assert.notEqual(analyse(a).fingerprint, analyse(b).fingerprint, `${a}\n---\n${b}`);

test('comments, blanks, last commas and semicolons at the end of a line say nothing', () => {
  same('const a = 1;', 'const a=1 // one\n');
  same('f(a, b)', '/* x */ f(\n  a,\n  b,\n);\n');
  same('const o = { a: 1 }; g(o)', 'const o = {\n  a: 1,\n};\n\ng(o);');
  same('x\n  .map(f)\n  .sum()', 'x.map(f).sum();');
  same('import { a, b } from "m"', 'import {\n  a,\n  b,\n} from "m";');
  same('if (a) { b }', 'if (a) {\n  b;\n}');
  same('interface I { a: 1; b: 2 }', 'interface I {\n  a: 1,\n  b: 2\n}');
  same('class C { a = 1; b = 2 }', 'class C {\n  a = 1\n  b = 2\n}');
  same('[a,]', '[a]');
  same(';[a].b()', '[a].b();;');
  same('do x(); while (y) z()', 'do x()\nwhile (y);\nz()');
});

test('what may look like a blank but is none counts', () => {
  differ('return a', 'return\na');
  differ('a\n++b', 'a++\nb');
  differ('if (a);\nb()', 'if (a)\nb()');
  differ('for (;;) {;}', 'for (;;);');
  differ('a;\n[b]', 'a\n[b]');
  differ('a;\n(b)', 'a\n(b)');
  differ('a;\n`b`', 'a\n`b`');
  differ('async;\nfunction f() {}', 'async function f() {}');
  differ('[a,,]', '[a,]');
  differ('[,]', '[]');
  differ('"a b"', '"a  b"');
  differ('`a\nb`', '`a b`');
  differ('/a b/', '/a  b/');
  differ('"// a"', '"// b"');
  differ('class C { static; x }', 'class C { static\n x }');
  differ('class C { get; x() {} }', 'class C { get\n x() {} }');
  differ('a - -b', 'a-- -b');
  differ('type\nA = 1', 'type A = 1');
  differ('for (a; b; c) d', 'for (a; b;) c, d');
  differ('let a = 1', 'const a = 1');
  differ("'a'", '"a"');
});

test('a comment that the type checker obeys counts, and so do the lines around it', () => {
  differ('// @ts-ignore\nf(1)', 'f(1)');
  differ('// @ts-expect-error\nf(1)\ng(1)', '// @ts-expect-error\n\nf(1)\ng(1)');
  same('// ts-ignore is not used here\nf(1)', 'f(1)');
});

test('a cell that does not parse is its own text', () => {
  assert.equal(analyse('const a = (').fingerprint, 'const a = (');
});

/** The tree as TypeScript reads it, without positions; undefined where it does not parse. */
function meaning(source: string): string | undefined {
  const file = ts.createSourceFile('cell.ts', source, ts.ScriptTarget.ES2022, false);
  if ((file as unknown as { parseDiagnostics: unknown[] }).parseDiagnostics.length > 0) return undefined;
  const write = (node: ts.Node): string => {
    const parts: string[] = [];
    // An empty statement means something as a loop's body alone.
    const list = ts.isSourceFile(node) || ts.isBlock(node) || ts.isCaseOrDefaultClause(node);
    ts.forEachChild(node, child => {
      if (!(list && ts.isEmptyStatement(child))) parts.push(write(child));
    });
    const { text, flags } = node as ts.Node & { text?: string };
    const own =
      ts.isLiteralExpression(node) || ts.isTemplateLiteralToken(node) || ts.isIdentifier(node) ? text : '';
    const bound = ts.isVariableDeclarationList(node) ? flags & ts.NodeFlags.BlockScoped : 0;
    const operator = (node as unknown as { operator?: number }).operator ?? '';
    return `${node.kind}${own}${bound}${operator}(${parts.join()})`;
  };
  return write(file);
}

/** Texts that may be put anywhere: most change nothing, some end a statement, make a hole or hide what follows. */
const STRAY = ['\n', ' ', ';', ',', '/**/', '//', '\n\n', ';\n', '+', '(', '`'];

test('two texts of one fingerprint mean the same to another parser', () => {
  let equal = 0;
  let unequal = 0;
  const snippet = fc.oneof(
    fc.uniqueArray(name, { maxLength: 2 }).chain(cell),
    fc.constantFrom(
      'class C { static x\n get; y() {} z = 1 }',
      'return a\nb\n++c\n[d]',
      'if (a) b; else c\nd',
      'do a; while (b) c',
      '[a,, b,]; f(a, b,)\n(c)',
      'type A = { a: 1; b(): 2, c: 3 }\ndeclare const x: A',
      'async\nfunction f() { yield\nx; throw a }',
      'a\n`b ${c} d`\n/e/g',
      'for (a; b; c) d;\nlet e = f\n(g)'
    )
  );
  const change = fc.record({
    at: fc.nat(),
    text: fc.constantFrom(...STRAY),
    cut: fc.integer({ min: 0, max: 1 })
  });
  fc.assert(
    fc.property(snippet, fc.array(change, { minLength: 1, maxLength: 2 }), (source, changes) => {
      let other = source;
      for (const { at, text, cut } of changes) {
        const where = at % (other.length + 1);
        // Cuts only what may stand between tokens.
        const gone = cut && /[\s;,]/.test(other[where] ?? '') ? 1 : 0;
        other = other.slice(0, where) + text + other.slice(where + gone);
      }
      const [one, two] = [meaning(source), meaning(other)];
      const [left, right] = [analyse(source), analyse(other)];
      if (one === undefined || two === undefined || left.problem || right.problem) return;
      if (left.fingerprint === right.fingerprint) {
        equal++;
        assert.equal(two, one, `${source}\n---\n${other}`);
      } else unequal++;
    }),
    { numRuns: 3000 }
  );
  assert.ok(equal > 100 && unequal > 20, `${equal} equal, ${unequal} not: too few to tell anything`);
});

test('a cell that a formatter has laid out anew is the same', async () => {
  const layouts = [
    { semi: true, trailingComma: 'all', printWidth: 40 },
    { semi: false, trailingComma: 'none', printWidth: 40, bracketSpacing: false },
    { semi: true, trailingComma: 'none', printWidth: 200, tabWidth: 8 }
  ] as const;
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(name, { minLength: 1, maxLength: 2 }).chain(cell), async source => {
      if (analyse(source).problem) return;
      const [first, ...rest] = await Promise.all(
        layouts.map(layout => prettier.format(source, { parser: 'babel-ts', ...layout }))
      );
      // Where it breaks a long return it also puts parentheses around: that is other code, and may count as such.
      const parentheses = (text: string): number => text.split('(').length;
      for (const other of rest) if (parentheses(other) === parentheses(first!)) same(first!, other);
    }),
    { numRuns: 60 }
  );
});
