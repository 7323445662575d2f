/** The code of a new stage cell takes the variables that a person would take, and is found again as it was meant. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { Ajv } from 'ajv';
import fc from 'fast-check';
import {
  analysisCells,
  findStageCalls,
  missingInputs,
  readImports,
  readNotebook,
  stageCode,
  stageNamed,
  STAGES
} from '../../common/stagecell/index.js';

const insert = (name: string, sources: readonly string[], above?: number): string =>
  stageCode(stageNamed(name)!, readNotebook(sources, above));

/** Inserts stage after stage below each other. */
const build = (...names: string[]): string[] =>
  names.reduce((cells, name) => [...cells, insert(name, cells)], analysisCells());

const call = (cell: string | undefined): string =>
  (cell ?? '')
    .split('\n')
    .slice(0, -1)
    .join(' ')
    .replace(/\( +/, '(')
    .replace(/ +\)/, ')')
    .replace(/ +/g, ' ');

test('a whole analysis inserts itself, each stage on what the ones above made', () => {
  const cells = build('embed', 'denoise', 'review', 'finetune', 'weigh', 'finetune', 'certify', 'ablate');
  assert.equal(cells[0], 'import * as hysim from "hysim-lab";');
  assert.deepEqual(cells.slice(1, 11).map(call), [
    'const tables = await hysim.load({ path: "data/pk-sample" });',
    'const samples = await hysim.samples({ tables }, {});',
    'const data = await hysim.split({ samples }, { source: { table_kind: "nca" }, target: { table_kind: "poppk" } });',
    'const space = await hysim.embed({ data }, {});',
    'const clean = await hysim.denoise({ space }, {});',
    'const decided = await hysim.review({ clean }, {});',
    'const base = await hysim.finetune({ data, clean: decided }, {});',
    'const weights = await hysim.weigh({ space, clean: decided }, {});',
    'const model = await hysim.finetune({ data, weights, clean: decided }, {});',
    'const proof = await hysim.certify({ data, weights, clean: decided, model, baseline: base }, {});'
  ]);
});

test('variables of two splits are not mixed', () => {
  const cells = [...build('embed', 'denoise', 'review'), 'const simulated = await hysim.simulate({});'];
  assert.match(insert('embed', cells), /hysim\.embed\(\{ data: simulated \}/);
  cells.push('const simSpace = await hysim.embed({ data: simulated });');
  // The new space was not denoised yet, so the pair that goes together is the older one.
  assert.match(insert('weigh', cells), /weigh\(\{ space, clean: decided \}/);
  cells.push('const simClean = await hysim.denoise({ space: simSpace });');
  assert.match(insert('weigh', cells), /weigh\(\{ space: simSpace, clean: simClean \}/);
});

test('only cells above count, and a name is never taken twice', () => {
  const cells = build('embed', 'denoise');
  assert.deepEqual(missingInputs(stageNamed('denoise')!, readNotebook(cells, 4)), [
    { port: 'space', kind: 'space', makers: ['Embed'] }
  ]);
  assert.match(insert('embed', cells, 4), /^const space2 = await hysim\.embed\(\{ data \}/);
  assert.match(insert('load', ['const tables = 1, tables2 = 2']), /const tables3 = /);
});

test('a notebook’s own name for the library is used, and the import is added only where there is none', () => {
  assert.match(insert('load', ['import * as hs from "hysim-lab"']), /^const tables = await hs\.load\(/);
  assert.match(insert('load', ['import { load as read } from "hysim-lab"']), /^const tables = await read\(/);
  assert.match(
    insert('simulate', ['import { load } from "hysim-lab"']),
    /^import \* as hysim from "hysim-lab";\n/
  );
  assert.match(insert('load', []), /^import \* as hysim from "hysim-lab";\n\nconst tables/);
});

test('a parameter that a person wants is written where it says something, and nowhere else', () => {
  const code = readNotebook(analysisCells());
  const embed = (encoder: unknown): string => stageCode(stageNamed('embed')!, code, { encoder });
  assert.match(embed('minilm'), /hysim\.embed\(\{ data \}, \{ encoder: "minilm" \}\)/);
  assert.match(embed('a "b"\u202e'), /\{ encoder: "a \\"b\\"\\u202e" \}/);
  for (const nothing of ['auto', '', undefined]) assert.match(embed(nothing), /embed\(\{ data \}, \{\}\)/);
  assert.match(stageCode(stageNamed('denoise')!, code, { encoder: 'x' }), /\{\}\)/);
});

test('what is written for required parameters passes the stage’s own schema', () => {
  const ajv = new Ajv({ strict: false });
  for (const stage of STAGES) {
    const source = insert(stage.name, []);
    const [found] = findStageCalls(source);
    const text = source.slice(found!.params!.from, found!.params!.to);
    const literal = JSON.parse(text.replace(/(\w+):/g, '"$1":')) as unknown;
    assert.ok(ajv.validate(stage.params, literal), `${stage.name}: ${ajv.errorsText()} in ${text}`);
  }
});

test('what was inserted is found again with the ports, the variables and the output that were meant', () => {
  const names = fc.constantFrom(...STAGES.map(stage => stage.name));
  fc.assert(
    fc.property(fc.array(names, { maxLength: 14 }), list => {
      let cells: string[] = [];
      for (const name of list) {
        const stage = stageNamed(name)!;
        const code = readNotebook(cells);
        const source = stageCode(stage, code);
        cells = [...cells, source];
        const [found, ...others] = findStageCalls(source, readImports(cells));
        assert.equal(found?.stage, name);
        assert.deepEqual(others, []);
        assert.ok(found.output && !code.names.has(found.output.name));
        const ports = found.inputs.map(input => input.port);
        const required = Object.entries(stage.inputs).filter(([, spec]) => !spec.optional);
        assert.ok(required.every(([port]) => ports.includes(port)));
        if (missingInputs(stage, code).length > 0) continue;
        for (const { port, variable } of found.inputs) {
          const made = code.made.find(other => other.name === variable);
          assert.equal(made?.kind, stage.inputs[port]!.kind, source);
        }
      }
    }),
    { numRuns: 200 }
  );
});
