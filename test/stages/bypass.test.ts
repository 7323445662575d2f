/** What a stage gives that is left out: as if it were not there, and saying so wherever it is shown. */
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import '../uncached.js';
import { DISPLAY } from '../../common/host.js';
import { MIME, parsePayload } from '../../common/views/index.js';
import * as hysim from '../../kernel/stages/index.js';
import { forgetAlive } from '../../kernel/stages/cache/identity.js';
import { engine } from '../../kernel/engine/index.js';
import { temporaryFolder } from '../temporary.js';
import { workingFolder } from './working-folder.js';

after(() => engine().stop());

const QUICK = { epochs: 3 };
let data: hysim.Data;
let space: hysim.Space;
let clean: hysim.Denoised;
let none: hysim.Denoised;

before(async () => {
  data = await hysim.simulate({ source_papers: 60, target_papers: 40, contamination: 0.2, seed: 4 });
  space = await hysim.embed({ data });
  clean = await hysim.denoise({ space }, { neighbors: 8 });
  none = await hysim.denoise({ space }, { bypass: true });
});

async function shows(value: hysim.Value | hysim.Picture): Promise<string> {
  const bundle = await value[DISPLAY]();
  assert.ok('payload' in parsePayload(bundle[MIME]));
  return bundle['text/plain'] as string;
}

describe('bypassed denoising', () => {
  it('keeps every row, flags none, and measured nothing', () => {
    const { kappa, distance, pValue, flagged } = none.columns;
    assert.ok(
      clean.columns.kappa.some(k => k < 1),
      'there is something to clean'
    );
    assert.ok(kappa.every(k => k === 1) && pValue.every(p => p === 1));
    assert.ok(flagged.every(flag => flag === 0) && distance.every(Number.isNaN));
    assert.equal(none.provenance!.params['bypass'], true);
    assert.equal(none.tuning, undefined);
  });

  it('says so in every view', async () => {
    for (const view of [none, none.embedding(), none.strangest(5)]) assert.ok(await shows(view));
    assert.match(await shows(none), /bypassed/i);
    assert.match(await shows(none.embedding()), /bypassed/i);
    assert.match(String(none), /bypassed/);
  });

  it('can still be reviewed, and tells what was dropped', async test => {
    const log = `${await temporaryFolder(test)}/log`;
    const row = data.rows('source', 'F')[0]!;
    await writeFile(log, JSON.stringify({ sample: data.ids[row], decision: 'drop' }));
    const decided = await hysim.review({ clean: none }, { log });
    assert.equal(decided.columns.kappa[row], 0);
    assert.match(String(decided), /bypassed.*1 decided by a person/);
    assert.match(await shows(decided), /1 decided/);
    const model = await hysim.finetune({ data, clean: decided }, QUICK);
    assert.equal(model.training.arm, 'clean');
  });
});

describe('bypassed weighing', () => {
  it('has every ratio 1 and leaves the clean weights', async () => {
    const weights = await hysim.weigh({ space, clean }, { bypass: true, method: 'rulsif' });
    const { ratio, train, certify } = weights.columns;
    assert.ok(ratio.every(w => w === 1));
    assert.deepEqual([...train], [...clean.columns.kappa]);
    assert.deepEqual([...certify], [...clean.columns.kappa]);
    assert.equal(weights.provenance!.params['bypass'], true);
    assert.equal(weights.tuning, undefined);
    for (const view of [weights, weights.embedding()]) assert.match(await shows(view), /bypassed/i);
    assert.match(String(weights), /bypassed/);
    const other = await hysim.embed({ data: await hysim.simulate({ source_papers: 30, target_papers: 30 }) });
    await assert.rejects(hysim.weigh({ space: other, clean }, { bypass: true }), hysim.InputError);
  });

  it('trains the very model that no weighing trains, and with both bypassed that of neither', async () => {
    const cleaned = await hysim.weigh({ space, clean }, { bypass: true });
    const [left, plain] = [
      await hysim.finetune({ data, weights: cleaned, clean }, QUICK),
      await hysim.finetune({ data, clean }, QUICK)
    ];
    assert.deepEqual([left.id, left.training.arm], [plain.id, plain.training.arm]);
    const nothing = await hysim.weigh({ space, clean: none }, { bypass: true });
    const [both, uniform] = [
      await hysim.finetune({ data, weights: nothing, clean: none }, QUICK),
      await hysim.finetune({ data }, QUICK)
    ];
    assert.deepEqual([both.id, both.training.arm], [uniform.id, 'uniform']);
    const weighed = await hysim.weigh({ space, clean: none });
    assert.equal((await hysim.finetune({ data, weights: weighed }, QUICK)).training.arm, 'weights');
  });

  it('makes the arms of an ablation alike that differ by it alone', async () => {
    const ask = { ...QUICK, seeds: 1, repeats: 100 };
    const weights = await hysim.weigh({ space, clean }, { bypass: true, method: 'logit-quad' });
    const arms = (await hysim.ablate({ data, weights, clean }, ask)).parts.arms;
    const of = (name: string): unknown => ({
      ...arms.find(arm => arm.name === name)!,
      name: '',
      difference: 0
    });
    assert.deepEqual(of('weights'), of('uniform'));
    assert.deepEqual(of('hybrid'), of('clean'));
  });

  it('certifies the source alone; bypassed denoising is no assumption of a bound', async test => {
    const ledger = await temporaryFolder(test);
    const weights = await hysim.weigh({ space, clean }, { bypass: true });
    const model = await hysim.finetune({ data, weights }, QUICK);
    const proof = await hysim.certify({ data, weights, clean, model }, { ledger });
    assert.deepEqual(
      proof.parts.blocks.map(({ title }) => title),
      ['Source, risk', 'Theorem 2, denoising']
    );
    assert.ok(proof.parts.facts.some(({ name }) => name === 'no number for the target'));
    const words = async (cleaning: hysim.Denoised): Promise<string> => {
      const weighed = await hysim.weigh({ space, clean: cleaning }, { method: 'logit-quad' });
      const trained = await hysim.finetune({ data, weights: weighed }, QUICK);
      return JSON.stringify(
        (await hysim.certify({ data, weights: weighed, clean: cleaning, model: trained }, { ledger })).parts
      );
    };
    assert.match(await words(clean), /no contamination survives κ.*Theorem 2, denoising/);
    assert.doesNotMatch(await words(none), /no contamination survives κ|Theorem 2, denoising/);
  });
});

describe('a bypassed review', () => {
  it('passes its input on and does not read the log', async test => {
    const log = `${await temporaryFolder(test)}/log`;
    await writeFile(log, 'no decisions at all');
    assert.equal(await hysim.review({ clean }, { log, bypass: true }), clean);
    await assert.rejects(hysim.review({ clean }, { log }), hysim.TableError);
  });
});

it('what is bypassed is kept under a key of its own', async test => {
  await workingFolder(test);
  const make = (bypass: boolean): Promise<hysim.Denoised> =>
    hysim.denoise({ space }, { neighbors: 8, bypass });
  const first = [await make(true), await make(false)];
  forgetAlive();
  const again = [await make(true), await make(false)];
  assert.deepEqual(
    again.map(({ id, provenance }) => [id, provenance!.cached]),
    first.map(({ id }) => [id, true])
  );
  assert.deepEqual([again[0]!.id, again[1]!.id], [none.id, clean.id]);
  assert.equal(again[0]!.tuning, undefined);
  const [planned] = await hysim.planStages([
    { stage: 'denoise', inputs: { space: { value: space } }, params: { neighbors: 8, bypass: true } }
  ]);
  assert.deepEqual([planned!.cached, planned!.id], [true, none.id]);
});
