/** Stage calls are found in whatever a cell holds, and nothing else is taken for one. */
import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { findStageCalls, readImports, readNotebook, STAGES } from '../../common/stagecell/index.js';

const stagesIn = (source: string, ...others: string[]): string[] =>
  findStageCalls(source, readImports([source, ...others])).map(call => call.stage);

test('a call tells its stage, its ports, its output and where they stand', () => {
  const source = 'const weights = await hysim.weigh({ space, clean: decided }, { method: "auto" });\nweights';
  const [call] = findStageCalls(source);
  assert.ok(call);
  const at = (range?: { from: number; to: number }): string | undefined =>
    range && source.slice(range.from, range.to);
  assert.equal(call.stage, 'weigh');
  assert.equal(at(call), 'hysim.weigh({ space, clean: decided }, { method: "auto" })');
  assert.equal(call.output?.name, 'weights');
  assert.equal(at(call.output), 'weights');
  assert.equal(at(call.params), '{ method: "auto" }');
  assert.deepEqual(
    call.inputs.map(input => [input.port, input.variable, at(input)]),
    [
      ['space', 'space', 'space'],
      ['clean', 'decided', 'decided']
    ]
  );
});

test('the library goes by the name that any cell of the notebook imported it under', () => {
  assert.deepEqual(stagesIn('x = hs.load({ path })', 'import * as hs from "hysim-lab"'), ['load']);
  assert.deepEqual(
    stagesIn('const a = await w({ space, clean })', "import { weigh as w } from 'hysim-lab'"),
    ['weigh']
  );
  assert.deepEqual(stagesIn('denoise({ space })', 'import { load, denoise } from "hysim-lab"'), ['denoise']);
  assert.deepEqual(stagesIn('h.embed({ data })', 'const h = await import("hysim-lab")'), ['embed']);
  assert.deepEqual(stagesIn('hysim.load({ path })', 'import * as hs from "hysim-lab"'), []);
  assert.deepEqual(stagesIn('hysim.load({ path })', 'import * as fs from "fs"'), ['load']);
});

test('comments, strings, members that are no stages, and names without a call do not count', () => {
  for (const source of [
    '// hysim.load({ path: "x" })',
    '/* await hysim.denoise({ space }) */ 1',
    'const text = "hysim.denoise({ space })"',
    'const text = `hysim.denoise({ space })`',
    'hysim.engine()',
    'hysim.toString()',
    'hysim.constructor()',
    'other.hysim.denoise({ space })',
    'hysim.denoise',
    'hysim.denoise.spec'
  ]) {
    assert.deepEqual(stagesIn(source), [], source);
  }
  assert.deepEqual(stagesIn('const text = `${await hysim.denoise({ space })}`'), ['denoise']);
});

test('an output is found through types, parentheses and assignment, and not where there is none', () => {
  const output = (source: string): string | undefined => findStageCalls(source)[0]?.output?.name;
  assert.equal(output('const a: hysim.Tables = await hysim.load({ path })'), 'a');
  assert.equal(output('let b = (await hysim.load({ path })) as hysim.Tables'), 'b');
  assert.equal(output('c = hysim.load({ path })'), 'c');
  assert.equal(output('const d = 1, e = await hysim.load({ path })'), 'e');
  assert.equal(output('await hysim.load({ path })'), undefined);
  assert.equal(output('const { tables } = await hysim.load({ path })'), undefined);
  assert.equal(output('const f = [await hysim.load({ path })]'), undefined);
});

test('every call of a cell is found, also half-typed and within other code', () => {
  assert.deepEqual(
    stagesIn('const a = await hysim.finetune({ data });\nconst b = await hysim.finetune({ data, weights })'),
    ['finetune', 'finetune']
  );
  assert.deepEqual(stagesIn('for (const s of seeds) all.push(await hysim.simulate({ seed: s }))'), [
    'simulate'
  ]);
  assert.deepEqual(stagesIn('const a = await hysim.denoise({ space, '), ['denoise']);
  assert.deepEqual(stagesIn('const a = = ;\nconst b = await hysim.denoise({ space })'), ['denoise']);
});

const code = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        'hysim',
        '.',
        'denoise',
        '(',
        ')',
        '{',
        '}',
        'space',
        ':',
        ',',
        '`',
        '${',
        '"',
        '//',
        '\n'
      ),
      fc.constantFrom(
        'const ',
        'await ',
        '=',
        '/*',
        '*/',
        'import * as ',
        ' from "hysim-lab"',
        '<',
        '>',
        '\u2028'
      ),
      fc.string({ unit: 'binary', maxLength: 4 })
    ),
    { maxLength: 40 }
  )
  .map(parts => parts.join(''));

test('no text makes it throw, and what it returns lies within the text', () => {
  fc.assert(
    fc.property(fc.oneof(code, fc.string({ unit: 'binary', maxLength: 200 })), source => {
      const names = new Set(STAGES.map(stage => stage.name));
      for (const call of findStageCalls(source, readImports([source]))) {
        assert.ok(names.has(call.stage));
        for (const range of [call, ...call.inputs, call.output ?? call, call.params ?? call])
          assert.ok(0 <= range.from && range.from < range.to && range.to <= source.length);
        for (const { code, from, to } of call.inputs) assert.equal(source.slice(from, to), code);
      }
    }),
    { numRuns: 500 }
  );
});

test('a long cell is read in an instant, and one that nobody typed is not read at all', () => {
  const milliseconds = (lines: number, expected: string[]): number => {
    const source =
      'const x = { a: [1, 2, 3] };\n'.repeat(lines) + 'const y = await hysim.denoise({ space });';
    const started = process.cpuUsage();
    assert.deepEqual(stagesIn(source), expected);
    readNotebook([source]);
    return process.cpuUsage(started).user / 1000;
  };
  // Measured 200 ms of the processor for 98 kB, and 1.4 s for a megabyte when it was read.
  assert.ok(milliseconds(3_500, ['denoise']) < 1500);
  assert.ok(milliseconds(350_000, []) < 300);
});
