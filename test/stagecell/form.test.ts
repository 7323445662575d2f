/** A form shows what the code gives, and what it may not change; values are checked as the kernel checks them. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { allowed, fits } from '../../common/schema.js';
import {
  applyEdits,
  differences,
  editParameters,
  findStageCalls,
  pathKind,
  readForm,
  STAGES,
  type CallForm,
  type FormParameter
} from '../../common/stagecell/index.js';

function formOf(source: string): CallForm {
  return readForm(source, findStageCalls(source)[0]!);
}

const clean = (params: string): CallForm =>
  formOf(`const clean = await hysim.denoise({ space }, ${params});`);
const given = (
  form: CallForm,
  name: string
): Omit<FormParameter, 'schema' | 'name' | 'required' | 'range'> => {
  const {
    schema: _,
    name: __,
    required: ___,
    range: ____,
    ...rest
  } = form.parameters.find(parameter => parameter.name === name)!;
  return rest;
};

test('a parameter is a literal, code, or its default', () => {
  const form = clean('{ neighbors: 30, fdr: strict ? 0.1 : 0.2 }');
  assert.deepEqual(given(form, 'neighbors'), { given: 'literal', value: 30 });
  assert.deepEqual(given(form, 'fdr'), { given: 'code', code: 'strict ? 0.1 : 0.2' });
  assert.deepEqual(given(form, 'rank'), { given: 'default', value: 64 });
  assert.deepEqual(given(clean('{ neighbors: undefined }'), 'neighbors'), { given: 'default', value: null });
  assert.deepEqual(given(formOf('await hysim.load()'), 'path'), { given: 'missing' });
  assert.equal(form.output, 'clean');
  assert.equal(form.title, 'Denoise on the manifold');
  assert.equal(form.broken, false);
});

test('what a spread may bring in is the code’s, and what stands after it is not', () => {
  const form = clean('{ fdr: 0.2, ...options, neighbors: 30 }');
  assert.deepEqual(given(form, 'neighbors'), { given: 'literal', value: 30 });
  assert.deepEqual(given(form, 'fdr'), { given: 'code', code: '...options' });
  assert.deepEqual(given(form, 'rank'), { given: 'code', code: '...options' });
});

test('parameters that are a variable close the form, with the reason', () => {
  assert.equal(clean('options').closed, 'the parameters of denoise are set in code: options');
  assert.equal(formOf('hysim.denoise(...all)').closed, 'what denoise takes is set in code: (...all)');
  assert.equal(clean('{}').closed, undefined);
  assert.equal(clean('undefined').closed, undefined);
});

test('a call that does not parse says so, and one that is not known lists it', () => {
  for (const params of ['{ neighbors: }', '{ neighbors: 3', '{ neighbors: 3 fdr: 1 }', '{ neighbors: 3 +  }'])
    assert.equal(clean(params).broken, true, params);
  assert.deepEqual(clean('{ neighbours: 30, fdr: 0.1 }').unknown, ['neighbours']);
});

test('two readings differ in words, with the place in the later one', () => {
  const source = 'const clean = await hysim.denoise({ space }, { neighbors: 30, rank: most });';
  const found = differences(clean('{ fdr: 0.2 }'), formOf(source));
  assert.deepEqual(
    found.map(({ name, was, is, range }) => [name, was, is, range && source.slice(range.from, range.to)]),
    [
      ['neighbors', 'null', '30', '30'],
      ['fdr', '0.2', '0.1', undefined],
      ['rank', '64', 'most', 'most']
    ]
  );
  assert.deepEqual(differences(clean('{ neighbors: null }'), clean('{}')), []);
});

test('a form that a literal closes can be written by editParameters, and one that it says is closed cannot', () => {
  const params = fc.constantFrom(
    '{}',
    '{ neighbors: 9 }',
    '{ ...o }',
    'o',
    '{ neighbors: f() }',
    '{ ...o, neighbors: 9 }'
  );
  fc.assert(
    fc.property(params, fc.integer({ min: 4, max: 512 }), (text, value) => {
      const source = `await hysim.denoise({ space }, ${text})`;
      const form = formOf(source);
      const edits = editParameters(source, findStageCalls(source)[0]!, { neighbors: value });
      const { given: how } = given(form, 'neighbors');
      if (form.closed !== undefined) assert.ok('reason' in edits);
      else if (how !== 'code') {
        assert.ok(!('reason' in edits));
        assert.deepEqual(given(formOf(applyEdits(source, edits)), 'neighbors'), { given: 'literal', value });
      }
    })
  );
});

/** Values near what a schema is about: of every type, at its bounds and beside them. */
function near(schema: Readonly<Record<string, unknown>>): fc.Arbitrary<unknown> {
  const bounds = ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'default']
    .map(name => schema[name])
    .filter(value => typeof value === 'number');
  const words = JSON.stringify(schema).match(/(?<="const":")[^"]+/g) ?? [];
  const word = fc.constantFrom('', 'a', '𝔸', ...words);
  return fc.oneof(
    fc.constantFrom(...bounds.flatMap(bound => [bound - 1, bound - 0.5, bound, bound + 0.5, bound + 1]), 0),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    word,
    fc.array(word, { maxLength: 3 }),
    fc.dictionary(word, fc.oneof(word, fc.array(word, { maxLength: 2 }), fc.integer()), { maxKeys: 2 }),
    fc.constantFrom(null, true, false, {}, [], undefined)
  );
}

test('a value fits a schema in the browser exactly when it does in the kernel', () => {
  const ajv = new Ajv({ strict: false });
  const seen = { good: 0, bad: 0 };
  for (const stage of STAGES) {
    for (const [name, schema] of Object.entries(stage.params.properties)) {
      const validate = ajv.compile(schema);
      fc.assert(
        fc.property(near(schema), value => {
          if (value === undefined) return;
          const right = validate(value);
          seen[right ? 'good' : 'bad']++;
          assert.equal(fits(schema, value), right, `${stage.name}.${name}: ${JSON.stringify(value)}`);
        }),
        { numRuns: 120 }
      );
      if ('default' in schema) assert.ok(fits(schema, schema['default']), `${stage.name}.${name}`);
      assert.match(allowed(schema), /^(an? |one of|true or false)/);
    }
  }
  assert.ok(seen.good > 500 && seen.bad > 500, JSON.stringify(seen));
});

test('parameters that name files or folders say so', () => {
  const kinds = STAGES.flatMap(stage =>
    Object.entries(stage.params.properties).flatMap(([name, schema]) => {
      const kind = pathKind(schema);
      return kind ? [`${stage.name}.${name} ${kind}`] : [];
    })
  );
  assert.deepEqual(kinds, [
    'load.path either',
    'embed.encoder folder',
    'review.log file',
    'finetune.encoder folder',
    'ablate.encoder folder',
    'certify.ledger folder'
  ]);
});
