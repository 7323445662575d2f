/** Faults are found where the compiler saw them, and only in the code that it saw. Needs no browser. */
import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { CompileError, describeFailure, type Diagnostic } from '../../kernel/cell/errors.js';

interface Fault {
  from: number;
  to: number;
  message: string;
}

// The extension is compiled for a browser in a project of its own, which tests do not reference.
const { readFaults } = (await import(new URL('../../src/diagnostics/faults.js', import.meta.url).href)) as {
  readFaults(traceback: readonly unknown[], source: string): Fault[];
};

const traceback = (source: string, ...diagnostics: Diagnostic[]): string[] =>
  describeFailure(new CompileError(diagnostics), source).traceback;

test('the kernel’s own tracebacks lead to the places that they name', () => {
  const source = 'const a = 1;\nconst b: string = a;\n\nconst c = nothing;';
  const found = readFaults(
    traceback(
      source,
      { line: 2, column: 7, message: "Type 'number' is not\n  assignable", code: 2322 },
      { line: 4, column: 11, message: "Cannot find name 'nothing'.", code: 2304 }
    ),
    source
  );
  assert.deepEqual(
    found.map(({ from, message }) => [source.slice(from, from + 1), from, message]),
    [
      ['b', 19, "Type 'number' is not\n  assignable (TS2322)"],
      ['n', 45, "Cannot find name 'nothing'. (TS2304)"]
    ]
  );
});

test('as many characters are marked as there are carets, within the line', () => {
  const source = 'let x: string = 12345;';
  const mark = (carets: string): string => {
    const [fault] = readFaults(['line 1:5 - m', `   1 | ${source}`, `     |     ${carets}`], source);
    return source.slice(fault!.from, fault!.to);
  };
  assert.equal(mark('^'), 'x');
  assert.equal(mark('^^^^^^^^^'), 'x: string');
  assert.equal(mark('^'.repeat(900)), 'x: string = 12345;');
  const [end] = readFaults(['line 1:23 - expected', `   1 | ${source}`, '     | ^'], source);
  assert.equal(source.slice(end!.from, end!.to), ';');
});

test('what was edited since, what is in another file and what is no excerpt is left alone', () => {
  const source = 'const a: string = 1;';
  const told = traceback(source, { line: 1, column: 7, message: 'm' });
  assert.equal(readFaults(told, source).length, 1);
  assert.deepEqual(readFaults(told, 'const b: string = 1;'), []);
  assert.deepEqual(readFaults(told, ''), []);
  assert.deepEqual(
    readFaults(traceback(source, { fileName: 'a.ts', line: 1, column: 7, message: 'm' }), source),
    []
  );
  assert.deepEqual(readFaults(['line 1:7 - m'], source), []);
  assert.deepEqual(readFaults([null, {}, 7, 'line 99:1 - m', '  99 | x'], source), []);
});

test('whatever a traceback holds, a place lies within the code and is not empty', () => {
  const entry = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc.tuple(fc.nat(4), fc.nat(30)).map(([line, column]) => `line ${line}:${column} - m`),
    fc.nat(4).map(line => `   ${line} | ab`),
    fc.nat(40).map(length => `     | ${'^'.repeat(length)}`)
  );
  fc.assert(
    fc.property(
      fc.array(entry, { maxLength: 12 }),
      fc.constantFrom('ab', 'ab\nab\n\nab', '', '\n'),
      (told, source) => {
        for (const { from, to } of readFaults(told, source))
          assert.ok(0 <= from && from < to && to <= source.length);
      }
    ),
    { numRuns: 1000 }
  );
});
