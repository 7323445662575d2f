/** What a plan says of calls is what the calls then do. */
import assert from 'node:assert/strict';
import { cp, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, it } from 'node:test';
import * as hysim from '../../kernel/stages/index.js';
import { forgetAlive } from '../../kernel/stages/cache/identity.js';
import { engine } from '../../kernel/engine/index.js';
import { ROOT, SAMPLE } from '../paths.js';
import { uncached, workingFolder } from './working-folder.js';

after(() => engine().stop());

const SHIFT = { source: { table_kind: 'nca' }, target: { table_kind: 'poppk' } };
const TINY = join(ROOT, 'test', 'golden', 'tiny-bert');
const EPOCHS = { epochs: 2 };

/** The calls of an analysis: load, samples, split, embed, denoise, review, weigh, finetune, evaluate. */
function calls(change: Record<string, object> = {}): hysim.PlannedCall[] {
  const step = (number: number): hysim.PlannedInput => ({ step: number });
  const list: hysim.PlannedCall[] = [
    { stage: 'load', inputs: {}, params: { path: 'data' } },
    { stage: 'samples', inputs: { tables: step(0) }, params: {} },
    { stage: 'split', inputs: { samples: step(1) }, params: SHIFT },
    { stage: 'embed', inputs: { data: step(2) }, params: { encoder: 'encoder' } },
    { stage: 'denoise', inputs: { space: step(3) }, params: { neighbors: 8 } },
    { stage: 'review', inputs: { clean: step(4) }, params: {} },
    { stage: 'weigh', inputs: { space: step(3), clean: step(5) }, params: { method: 'uniform' } },
    { stage: 'finetune', inputs: { data: step(2), weights: step(6), clean: step(5) }, params: EPOCHS },
    { stage: 'evaluate', inputs: { data: step(2), model: step(7) }, params: { repeats: 100 } }
  ];
  return list.map(call => ({ ...call, ...change[call.stage] }));
}

async function run(): Promise<hysim.Value[]> {
  const tables = await hysim.load({ path: 'data' });
  const samples = await hysim.samples({ tables });
  const data = await hysim.split({ samples }, SHIFT);
  const space = await hysim.embed({ data }, { encoder: 'encoder' });
  const clean = await hysim.denoise({ space }, { neighbors: 8 });
  const decided = await hysim.review({ clean });
  const weights = await hysim.weigh({ space, clean: decided }, { method: 'uniform' });
  const model = await hysim.finetune({ data, weights, clean: decided }, EPOCHS);
  return [
    ...[tables, samples, data, space, clean, decided, weights, model],
    await hysim.evaluate({ data, model }, { repeats: 100 })
  ];
}

const cachedOf = async (list: readonly hysim.PlannedCall[]): Promise<boolean[]> =>
  (await hysim.planStages(list)).map(({ cached }) => cached);

/** True for the first `count` of nine. */
const upTo = (count: number): boolean[] => Array.from({ length: 9 }, (_, i) => i < count);

it('a plan names what is kept of an analysis, and what a change makes due', async test => {
  await workingFolder(test);
  await cp(SAMPLE, 'data', { recursive: true });
  await cp(TINY, 'encoder', { recursive: true });
  assert.deepEqual(await cachedOf(calls()), upTo(0));
  const values = await run();
  forgetAlive();
  const planned = await hysim.planStages(calls());
  assert.deepEqual(
    planned.map(({ cached, id }) => [cached, id]),
    values.map(({ id }) => [true, id])
  );
  for (const { seconds, bytes, at } of planned) assert.ok(seconds! >= 0 && bytes! > 0 && Date.parse(at!));
  // Nothing was read but the entries: nothing lives.
  assert.deepEqual(await cachedOf(calls({ denoise: { params: { neighbors: 9 } } })), [...upTo(4)]);
  assert.deepEqual(await cachedOf(calls({ evaluate: { params: undefined } })), upTo(8));
  assert.deepEqual(await cachedOf(calls({ evaluate: { params: { repeats: 1 } } })), upTo(8));
  assert.deepEqual(await cachedOf(calls({ evaluate: { stage: 'later' } })), upTo(8));
  assert.deepEqual(
    await cachedOf(calls({ finetune: { inputs: { data: { step: 2 }, clean: undefined } } })),
    upTo(7)
  );
  assert.deepEqual(await uncached(() => cachedOf(calls())), upTo(0));

  await writeFile(
    'decisions.jsonl',
    JSON.stringify({ sample: (values[2] as hysim.Data).ids[0], decision: 'drop' })
  );
  assert.deepEqual(await cachedOf(calls()), upTo(5));
  await writeFile('decisions.jsonl', 'no line');
  assert.deepEqual(await cachedOf(calls()), upTo(5));
  await rm('decisions.jsonl');
  assert.deepEqual(await cachedOf(calls()), upTo(9));

  const config = join('encoder', 'sentence_bert_config.json');
  await writeFile(config, '{"max_seq_length": 16, "do_lower_case": false}');
  assert.deepEqual(await cachedOf(calls()), upTo(3));
  await writeFile(join('data', 'papers.csv'), 'paper_id\n');
  assert.equal((await hysim.planStages(calls()))[0]!.cached, false);
});

it('a plan goes on from values that are there, and does not count on files that are gone', async test => {
  await workingFolder(test);
  const data = await hysim.simulate({ source_papers: 30, target_papers: 30 });
  const space = await hysim.embed({ data });
  const call = { stage: 'embed', inputs: { data: { value: data } }, params: {} };
  const [planned] = await hysim.planStages([call]);
  assert.deepEqual([planned!.cached, planned!.id], [true, space.id]);
  const tensors = join('.hysim', 'cache', 'tensors');
  for (const name of await readdir(tensors)) await writeFile(join(tensors, name), 'short');
  assert.deepEqual(await cachedOf([call]), [false]);
});

it('what a plan says is what is then done', async test => {
  await workingFolder(test);
  const simulate = { source_papers: 30, target_papers: 30 };
  const list: hysim.PlannedCall[] = [
    { stage: 'simulate', inputs: {}, params: simulate },
    { stage: 'embed', inputs: { data: { step: 0 } }, params: {} },
    { stage: 'denoise', inputs: { space: { step: 1 } }, params: { neighbors: 8 } }
  ];
  for (const kept of [0, 1, 2, 3]) {
    await rm('.hysim', { recursive: true, force: true });
    forgetAlive();
    const data = kept > 0 ? await hysim.simulate(simulate) : undefined;
    const space = kept > 1 ? await hysim.embed({ data: data! }) : undefined;
    if (kept > 2) await hysim.denoise({ space: space! }, { neighbors: 8 });
    forgetAlive();
    const said = await cachedOf(list);
    const done = await hysim.simulate(simulate);
    const embedded = await hysim.embed({ data: done });
    const values = [done, embedded, await hysim.denoise({ space: embedded }, { neighbors: 8 })];
    assert.deepEqual(
      values.map(({ provenance }) => provenance!.cached ?? false),
      said
    );
  }
});
