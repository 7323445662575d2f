/** Folds V and U reach nothing but the certificate: changed beyond recognition, they leave the rest bit for bit. */
import assert from 'node:assert/strict';
import { after, it } from 'node:test';
import '../uncached.js';
import * as hysim from '../../kernel/stages/index.js';
import { temporaryFolder } from '../temporary.js';

after(() => hysim.engine().stop());

/** The same data with other vectors and labels in V and U. */
function disturbed(data: hysim.Data): hysim.Data {
  const { dimension, values } = data.vectors!;
  const held = (i: number): boolean => data.fold[i] === 'V' || data.fold[i] === 'U';
  const label = data
    .labelsFor('fit')
    .map((own, i) => own ?? data.labelsFor('certify')[i] ?? data.labelsFor('evaluate')[i]!);
  return new hysim.Data({
    ids: data.ids,
    text: data.text,
    label: label.map((own, i) => (held(i) ? String(1 - Number(own)) : own)),
    paper: data.paper,
    table: data.table,
    domain: data.domain,
    fold: data.fold,
    columns: data.columns,
    vectors: {
      dimension,
      values: values.map((value, k) => (held(Math.floor(k / dimension)) ? 40 - 3 * value : value))
    },
    truth: data.truth
  });
}

it('kappa, flags, ratio, cap, gate, models, c and the plan do not change with folds V and U', async test => {
  const ledger = await temporaryFolder(test);
  const run = async (data: hysim.Data): Promise<unknown> => {
    const space = await hysim.embed({ data });
    const clean = await hysim.denoise({ space }, { reference: 'target' });
    const weights = await hysim.weigh({ space, clean });
    const base = await hysim.finetune({ data }, { epochs: 6 });
    const model = await hysim.finetune({ data, weights, clean }, { epochs: 6 });
    const inputs = { data, weights, clean, model, baseline: base };
    const plan = await hysim.certify(inputs, { plan: true, ledger });
    const proof = await hysim.certify(inputs, { ledger });
    const open = data.fold.flatMap((fold, i) => (fold === 'F' || fold === 'C' ? [i] : []));
    const pick = (values: ArrayLike<number>): number[] => open.map(i => values[i]!);
    return {
      kappa: pick(clean.columns.kappa),
      flagged: pick(clean.columns.flagged),
      heldFlags: clean.columns.flagged.reduce((sum, flag) => sum + flag, 0),
      ratio: pick(weights.columns.ratio),
      summary: { ...weights.summary, facts: [] },
      model: [...model.head.parameters],
      base: [...base.head.parameters],
      plan: plan.parts.blocks,
      centre: proof.parts.blocks.map(block => block.terms.find(term => term.name === 'centre')?.number)
    };
  };
  const data = await hysim.simulate({ source_papers: 300, target_papers: 200, contamination: 0.1 });
  assert.deepEqual(await run(disturbed(data)), await run(data));
});

it('a plan opens nothing and takes no place on the ledger', async test => {
  const ledger = await temporaryFolder(test);
  const data = await hysim.simulate({ source_papers: 60, target_papers: 40 });
  const space = await hysim.embed({ data });
  const clean = await hysim.denoise({ space });
  const weights = await hysim.weigh({ space, clean });
  const model = await hysim.finetune({ data }, { epochs: 2 });
  const plan = await hysim.certify({ data, weights, clean, model }, { plan: true, ledger });
  assert.equal(plan.parts.look.position, 0);
  assert.deepEqual(
    plan.parts.blocks.map(block => block.title),
    ['Plan, risk']
  );
  assert.match(plan.parts.blocks[0]!.words, /fold V was not opened/);
  const proof = await hysim.certify({ data, weights, clean, model }, { ledger });
  assert.equal(proof.parts.look.position, 1);
});
