/** Parameters are written into a call as a person would write them, and nothing else of the cell changes. */
import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { parser } from '@lezer/javascript';
import {
  applyEdits,
  editParameters,
  findStageCalls,
  readParameters,
  type Changes
} from '../../common/stagecell/index.js';

/** The cell after the edit, or the reason why there is none. */
function edited(source: string, changes: Changes): string {
  const edits = editParameters(source, findStageCalls(source)[0]!, changes);
  return 'reason' in edits ? edits.reason : applyEdits(source, edits);
}

function read(source: string): Record<string, unknown> {
  const found = readParameters(source, findStageCalls(source)[0]!);
  return Object.fromEntries(
    [...found].map(([name, given]) => [name, 'value' in given ? given.value : given.code])
  );
}

const call = (params: string): string => `const clean = await hysim.denoise({ space }, ${params});\nclean`;
const becomes = (before: string, changes: Changes, after: string): void =>
  assert.equal(edited(call(before), changes), call(after));

test('a literal is replaced where it stands', () => {
  becomes('{ neighbors: 20, fdr: 0.1 }', { neighbors: 30 }, '{ neighbors: 30, fdr: 0.1 }');
  becomes('{neighbors:20}', { neighbors: 30 }, '{neighbors:30}');
  becomes('{ "neighbors": 20 }', { neighbors: 30 }, '{ "neighbors": 30 }');
  becomes('{ ["neighbors"]: 20 }', { neighbors: 30 }, '{ ["neighbors"]: 30 }');
  becomes('{ neighbors: /* few */ (20) }', { neighbors: 30 }, '{ neighbors: /* few */ (30) }');
  becomes('{ method: "auto" as const }', { method: 'kmm' }, '{ method: "kmm" as const }');
  becomes('{ shift: -1 }', { shift: 2.5 }, '{ shift: 2.5 }');
  becomes('{ ...options, neighbors: 20 }', { neighbors: 30 }, '{ ...options, neighbors: 30 }');
  becomes('{ neighbors: 10, neighbors: 20 }', { neighbors: 30 }, '{ neighbors: 10, neighbors: 30 }');
});

test('a new parameter goes to the end, in the literal’s own style', () => {
  becomes('{}', { neighbors: 30 }, '{ neighbors: 30 }');
  becomes('{ }', { neighbors: 30, fdr: 0.2 }, '{ neighbors: 30, fdr: 0.2 }');
  becomes('{ fdr: 0.1 }', { neighbors: 30 }, '{ fdr: 0.1, neighbors: 30 }');
  becomes('{ fdr: 0.1, }', { neighbors: 30 }, '{ fdr: 0.1, neighbors: 30, }');
  becomes('{\n  fdr: 0.1\n}', { neighbors: 30 }, '{\n  fdr: 0.1,\n  neighbors: 30\n}');
  becomes('{\n    fdr: 0.1,\n}', { neighbors: 30 }, '{\n    fdr: 0.1,\n    neighbors: 30,\n}');
  becomes('{ fdr: 0.1, // strict\n}', { neighbors: 3 }, '{ fdr: 0.1, // strict\n  neighbors: 3,\n}');
  becomes('{\n  fdr: 0.1 // strict\n}', { neighbors: 3 }, '{\n  fdr: 0.1, // strict\n  neighbors: 3\n}');
  becomes('{ fdr: 0.1 /* strict */ }', { neighbors: 3 }, '{ fdr: 0.1 /* strict */, neighbors: 3 }');
  becomes('{ ...options }', { neighbors: 30 }, '{ ...options, neighbors: 30 }');
});

test('a call without parameters gets them', () => {
  assert.equal(edited('hysim.denoise({ space })', { fdr: 0.2 }), 'hysim.denoise({ space }, { fdr: 0.2 })');
  assert.equal(edited('hysim.denoise({ space },)', { fdr: 0.2 }), 'hysim.denoise({ space }, { fdr: 0.2 },)');
  assert.equal(
    edited('hysim.denoise({ space }, undefined)', { fdr: 0.2 }),
    'hysim.denoise({ space }, { fdr: 0.2 })'
  );
  assert.equal(
    edited('hysim.denoise(\n  { space } // all\n)', { fdr: 0.2 }),
    'hysim.denoise(\n  { space }, // all\n  { fdr: 0.2 }\n)'
  );
  assert.equal(edited('await hysim.simulate()', { shift: 2 }), 'await hysim.simulate({ shift: 2 })');
  assert.equal(edited('hysim.denoise()', { fdr: 0.2 }), 'denoise has no inputs yet');
});

test('a parameter whose value is undefined is taken out', () => {
  const gone = { neighbors: undefined };
  becomes('{ neighbors: 20 }', gone, '{}');
  becomes('{ neighbors: 20, fdr: 0.1 }', gone, '{ fdr: 0.1 }');
  becomes('{ fdr: 0.1, neighbors: 20 }', gone, '{ fdr: 0.1 }');
  becomes('{ fdr: 0.1, neighbors: 20, }', gone, '{ fdr: 0.1, }');
  becomes('{\n  neighbors: 20, // few\n  fdr: 0.1\n}', gone, '{\n  // few\n  fdr: 0.1\n}');
  becomes('{\n  fdr: 0.1, // strict\n  neighbors: 20\n}', gone, '{\n  fdr: 0.1 // strict\n}');
  becomes('{ neighbors: 20 /* few */ }', gone, '{ /* few */ }');
  becomes('{ neighbors: 10, fdr: 0.1, neighbors: 20 }', gone, '{ fdr: 0.1 }');
  becomes('{ fdr: 0.1 }', gone, '{ fdr: 0.1 }');
});

test('what code decides is refused in words', () => {
  const refuses = (params: string, reason: string, ...value: unknown[]): void =>
    assert.equal(edited(call(params), { neighbors: value.length > 0 ? value[0] : 30 }), reason);
  refuses('{ neighbors: k * 2 }', 'neighbors is set in code: k * 2');
  refuses('{ neighbors }', 'neighbors is set in code: neighbors');
  refuses('{ get neighbors() { return 1 } }', 'neighbors is set in code: get neighbors() { return 1 }');
  refuses('{ neighbors: 20, ...options }', 'neighbors may be set in code: ...options');
  refuses('{ neighbors: 20, [name]: 3 }', 'neighbors may be set in code: [name]: 3');
  refuses('{ ...options }', 'neighbors may be set in code: ...options', undefined);
  refuses('options', 'the parameters of denoise are set in code: options');
  refuses('{ neighbors: }', 'the parameters have a syntax error');
  refuses('{ fdr: 0.1 }', 'neighbors has no literal for its value', NaN);
  assert.equal(edited('hysim.denoise(...all)', { fdr: 1 }), 'what denoise takes is set in code: (...all)');
  assert.equal(edited('hysim.denoise({ space }, {', { fdr: 1 }), 'the call of denoise is not finished');
  assert.equal(
    edited('hysim.denoise({ space }, f({}))', { fdr: 1 }),
    'the parameters of denoise are set in code: f({})'
  );
});

test('numbers are short, strings stand in the cell’s quotes, and marks that hide are escaped', () => {
  becomes('{}', { fdr: Math.fround(0.1) }, '{ fdr: 0.1 }');
  becomes('{}', { fdr: 0.1 + 0.2 }, '{ fdr: 0.3 }');
  becomes(
    '{}',
    { seed: 2 ** 53 - 1, a: 1e-9, b: -0, c: 1e21 },
    '{ seed: 9007199254740991, a: 1e-9, b: 0, c: 1e21 }'
  );
  becomes('{}', { log: 'a "b"\u202e' }, '{ log: "a \\"b\\"\\u202e" }');
  assert.equal(
    edited("hysim.load({ path: 'x' })", { path: 'it’s "y"' }),
    'hysim.load({ path: \'it’s "y"\' })'
  );
  assert.equal(
    edited("const a = 'b', c = 'd'; hysim.simulate()", { law: "e'" }),
    "const a = 'b', c = 'd'; hysim.simulate({ law: 'e\\'' })"
  );
  becomes(
    '{}',
    { source: { table_kind: ['nca', 'x'], 'a b': null } },
    '{ source: { table_kind: ["nca", "x"], "a b": null } }'
  );
  assert.deepEqual(read(edited(call('{}'), { a: 'a "b"\u202e\\', __proto__: null })), { a: 'a "b"\u202e\\' });
});

test('nothing is edited where nothing differs, however the literal is written', () => {
  becomes(
    '{ neighbors: 0x14, text: [`a`, "b"] }',
    { neighbors: 20, text: ['a', 'b'] },
    '{ neighbors: 0x14, text: [`a`, "b"] }'
  );
});

test('parameters are read as they run', () => {
  assert.deepEqual(
    read(
      call(
        '{ a: 1_000, "b": -0.5, c: `x`, d: [1, { e: true }], f: null, g: k + 1, h, i: [1, , 2], ...rest, a: 2 }'
      )
    ),
    { a: 2, b: -0.5, c: 'x', d: [1, { e: true }], f: null, g: 'k + 1', h: 'h', i: '[1, , 2]' }
  );
  assert.deepEqual(read('hysim.denoise(/* in */ { space }, /* how */ { fdr: 0.1 })'), { fdr: 0.1 });
  assert.deepEqual(read('hysim.denoise({ space }, options)'), {});
  assert.deepEqual(read(call('{ s: "\\u{1F600}\\x41\\u0042\\n\\\\" }')), { s: '\u{1F600}AB\n\\' });
});

const names = ['neighbors', 'fdr', 'method', 'a b', '__proto__', 'constructor'];
const json = fc.oneof(
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(x => Number(x.toPrecision(9)) + 0),
  fc.string({ unit: 'binary', maxLength: 8 }),
  fc.boolean(),
  fc.constant(null),
  fc.array(fc.integer(), { maxLength: 3 }),
  fc.dictionary(fc.string({ maxLength: 4 }), fc.integer(), { maxKeys: 3, noNullPrototype: true })
);
const gap = fc.constantFrom('', ' ', '\n', '\n  ', ' /* c */ ', ' // d\n', '\t', ' /* e\n */ // f\n  ');
/** Within a property: gone with it. */
const inside = fc.constantFrom('', ' ', '\n', ' /* in */ ', ' // in\n');
const key = (name: string): string => (/^\w+$/.test(name) && name !== '__proto__' ? name : `["${name}"]`);
const member = fc.record({
  name: fc.constantFrom(...names),
  value: json,
  gaps: fc.tuple(gap, inside, inside, gap),
  code: fc.constantFrom('', '', '', '', 'k * 2', '...')
});
/** A cell whose call has the members, spaced and commented at random. */
const cell = fc
  .record({
    members: fc.uniqueArray(member, { selector: one => one.name, maxLength: 4 }),
    trailing: fc.boolean(),
    before: gap,
    after: gap
  })
  .map(({ members, trailing, before, after }) => {
    const inner = members.map(({ name, value, gaps, code }) => {
      const [a, b, c, d] = gaps;
      const text = code === '...' ? '...rest' : `${key(name)}${b}:${c}${code || JSON.stringify(value)}`;
      return `${a}${text}${d}`;
    });
    const end = trailing && members.length > 0 ? ',' : '';
    return `const a = 1; // hysim\nconst x = await hysim.denoise({ space },${before}{${inner.join(',')}${end}${after}})\nx`;
  });
const changesOf = fc.uniqueArray(fc.tuple(fc.constantFrom(...names), fc.option(json, { nil: undefined })), {
  selector: ([name]) => name,
  minLength: 1,
  maxLength: 3
});

const errorsIn = (source: string): number => {
  let errors = 0;
  parser
    .configure({ dialect: 'ts' })
    .parse(source)
    .iterate({ enter: node => void (errors += node.type.isError ? 1 : 0) });
  return errors;
};
const comments = (source: string): number => source.match(/\/\* c \*\/|\/\/ d|\/\* e/g)?.length ?? 0;

test('an edited call parses, reads back as it was set, and is otherwise as it was', () => {
  let done = 0;
  fc.assert(
    fc.property(cell, changesOf, (source, pairs) => {
      const changes = Object.fromEntries(pairs);
      const edits = editParameters(source, findStageCalls(source)[0]!, changes);
      if ('reason' in edits) {
        assert.match(edits.reason, /set in code/, source);
        return;
      }
      done++;
      for (const [i, { from, to }] of edits.entries())
        assert.ok((edits[i - 1]?.to ?? 0) <= from && from <= to && to <= source.length);
      const after = applyEdits(source, edits);
      assert.equal(errorsIn(after), 0, after);
      assert.equal(comments(after), comments(source), after);
      assert.ok(after.startsWith(source.slice(0, source.indexOf('{ space }') + 9)) && after.endsWith(')\nx'));
      const [was, is] = [read(source), read(after)];
      const expected = { ...was };
      for (const [name, value] of pairs) {
        if (value === undefined) delete expected[name];
        else
          Object.defineProperty(expected, name, {
            value,
            enumerable: true,
            configurable: true,
            writable: true
          });
      }
      assert.deepEqual(is, expected, `${source}\n${after}`);
    }),
    { numRuns: 1500 }
  );
  assert.ok(done > 700, `only ${done} were edited`);
});

test('no text makes it throw', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '...',
      '(',
      ')',
      'a',
      '"b"',
      '//c\n',
      '/*',
      '*/',
      '`',
      '${',
      '\\',
      ' as const',
      '-',
      '1',
      'get '
    ),
    fc.string({ unit: 'binary', maxLength: 3 })
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 20 }), json, (parts, value) => {
      const source = `hysim.denoise({ space }, {${parts.join('')}})`;
      for (const found of findStageCalls(source)) {
        readParameters(source, found);
        const edits = editParameters(source, found, { a: value, b: undefined });
        if ('reason' in edits) continue;
        const after = applyEdits(source, edits);
        assert.ok(errorsIn(after) <= errorsIn(source), after);
      }
    }),
    { numRuns: 1000 }
  );
});
