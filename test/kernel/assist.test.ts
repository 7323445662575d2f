/** What completion and hover offer, in an interpreter without Jupyter around it. Not how long they take. */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type { Completions, Match } from '../../kernel/cell/index.js';
import { makeInterpreter } from './interpreter.js';

const started = makeInterpreter('assist');
const { interpreter } = started;

async function run(source: string): Promise<void> {
  const outcome = await started.run(source);
  if (!outcome.ok) throw outcome.error;
}

/** Completion where the text has a bar. */
function at(text: string): Completions {
  const offset = text.indexOf('|');
  return interpreter.complete(text.replace('|', ''), offset);
}

const names = (text: string): string[] => at(text).matches.map(match => match.text);
const match = (text: string, name: string): Match | undefined => at(text).matches.find(m => m.text === name);

function hover(text: string): string {
  const found = interpreter.inspect(text.replace('|', ''), text.indexOf('|'));
  return String(found?.['text/markdown'] ?? '');
}

before(async () => {
  await run('import * as hysim from "hysim-lab";\nimport { denoise as clean } from "hysim-lab";');
  await run(
    'const data = undefined as unknown as hysim.Data; let space: hysim.Space = undefined as any;\n' +
      '/** How many rats. */\nconst rats = 12;\nconst settings = { neighbors: 5, deep: { er: 1 } };'
  );
});

const NEIGHBORS =
  'Rows that fit each tangent plane; null takes the number with the largest predicted gain. ' +
  'An integer from 4 to 512 or null. Default: `null`.';

test('after hysim. all stages are offered, each with its title and its type', () => {
  const offered = names('hysim.|');
  for (const stage of ['load', 'simulate', 'split', 'embed', 'denoise', 'weigh', 'finetune', 'certify'])
    assert.ok(offered.includes(stage), stage);
  const denoise = match('hysim.den|', 'denoise')!;
  assert.equal(denoise.type, 'function');
  assert.equal(match('hysim.Dat|', 'Data')!.type, 'class');
  assert.equal(match('rat|', 'rats')!.type, 'const');
  assert.match(denoise.signature!, /^hysim\.Stage<\{ space: hysim\.Space; \}/);
  assert.match(denoise.documentation!, /^Denoise on the manifold\. /);
});

test('the parameters of a stage are offered inside its literal, with type, default and range', () => {
  assert.deepEqual(names('await hysim.denoise({ space }, { nei|'), ['neighbors']);
  const { signature, documentation } = match('hysim.denoise({ space }, { nei|', 'neighbors')!;
  assert.match(signature!, /number/);
  assert.equal(documentation, NEIGHBORS);
  assert.deepEqual(names('hysim.denoise({ space }, { neighbors: 4, | })').sort(), [
    'bypass',
    'contamination',
    'fdr',
    'method',
    'rank',
    'reference',
    'seed',
    'trusted'
  ]);
  assert.match(match('clean({ space }, { f|', 'fdr')!.documentation!, /from 0\.001 to 0\.5/);
  assert.match(match('hysim.simulate({ source_p|', 'source_papers')!.documentation!, /^Source papers\./);
});

test('the inputs of a stage are offered in its first literal', () => {
  assert.deepEqual(names('hysim.denoise({ |'), ['space']);
  assert.equal(
    match('hysim.denoise({ sp|', 'space')!.documentation,
    'an embedding. A value of kind `space`.'
  );
});

test('a parameter that takes words offers them, and a match replaces what is between the quotes', () => {
  const { matches, start, end } = at('hysim.denoise({ space }, { reference: "so|me" })');
  assert.deepEqual(
    matches.map(m => m.text),
    ['source']
  );
  assert.deepEqual([start, end], [39, 43]);
  assert.deepEqual(names("hysim.denoise({ space }, { reference: '|' })"), ['source', 'target']);
});

test('members of a value of an earlier cell are offered, with their documentation', () => {
  const rows = match('data.ro|', 'rows')!;
  assert.equal(rows.type, 'method');
  assert.match(rows.signature!, /=> number\[\]$/);
  assert.match(rows.documentation!, /Row numbers/);
  assert.deepEqual(names('settings.deep.|'), ['er']);
});

test('what begins with the typed letters comes first, and the whole word is replaced', () => {
  const { matches, start, end } = at('const r = ra|ts + 1');
  assert.equal(matches[0]!.text, 'rats');
  assert.equal(matches[0]!.documentation, 'How many rats.');
  assert.deepEqual([start, end], [10, 14]);
});

test('names of the cell itself are offered before it has run, names of a cell that has not run are not', () => {
  assert.deepEqual(names('const fresh = { inner: 1 };\nfresh.|'), ['inner']);
  assert.deepEqual(names('import * as path from "path"; path.join|'), ['join']);
  assert.equal(names('notYet|').includes('notYet'), false);
});

test('libraries are documented, though their comments are read only when asked for', () => {
  assert.match(match('Math.sqr|', 'sqrt')!.documentation!, /square root/);
  assert.match(hover('[1].ma|p(x => x)'), /Calls a defined callback function on each element of an array/);
  assert.match(hover('set|Timeout'), /after `delay` milliseconds/);
  assert.match(hover('import { readFile|Sync } from "fs"'), /Returns the contents of the `path`/);
});

test('hover on a stage tells what it does, its inputs and its parameters', () => {
  for (const text of ['hysim.den|oise({ space })', 'hysim.denoise|', 'hysim.denoise(|', 'cle|an']) {
    const told = hover(text);
    assert.match(told, /\*\*Denoise on the manifold\.\*\*/, text);
    assert.match(told, /- `space`: an embedding \(space\)/, text);
    assert.ok(told.includes(`- \`neighbors\`: ${NEIGHBORS}`), text);
    assert.match(told, /Gives a value of kind `denoised`/);
  }
});

test('hover on a parameter in the literal tells its type, description, default and range', () => {
  const told = hover('await hysim.denoise({ space }, { neigh|bors: 20 })');
  assert.match(told, /neighbors\?: number/);
  assert.ok(told.includes(NEIGHBORS));
  assert.match(hover('hysim.denoise({ spa|ce })'), /an embedding/);
  assert.match(hover('hysim.denoise({ space }, { refer|ence: "source" })'), /"source" or "target"/);
});

test('a name that is like a parameter but stands elsewhere is not documented as one', () => {
  assert.doesNotMatch(hover('const other = { neigh|bors: 20 }'), /tangent plane/);
  assert.doesNotMatch(hover('settings.neigh|bors'), /tangent plane/);
});

test('asking calls no getter of the person', async () => {
  await run('let called = 0; const trap = { get denoise() { called++; return hysim.denoise } };');
  at('trap.den|');
  hover('trap.den|oise({ space })');
  at('trap.denoise({ space }, { nei|');
  const seen = await started.run('called');
  assert.deepEqual(seen, { ok: true, value: 0 });
});

test('nothing is known of an empty place, and asking there is no error', () => {
  assert.equal(interpreter.inspect('', 0), undefined);
  assert.equal(interpreter.inspect('   ', 2), undefined);
  assert.ok(at('|').matches.length > 50);
  assert.deepEqual(at('"a text |"').matches, []);
  assert.deepEqual(at('// a comment ra|').matches, []);
});
