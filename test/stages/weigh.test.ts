/** weigh as a stage: which methods it has, what it calls them, and what it refuses. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import '../uncached.js';
import * as hysim from '../../kernel/stages/index.js';

let space: hysim.Space;
let clean: hysim.Denoised;

before(async () => {
  const data = await hysim.simulate({ source_papers: 60, target_papers: 60, seed: 4 });
  space = await hysim.embed({ data });
  clean = await hysim.denoise({ space });
});
after(() => hysim.engine().stop());

const weigh = (params: hysim.WeighParams): Promise<hysim.Weights> => hysim.weigh({ space, clean }, params);

describe('weigh', () => {
  it('prints J of every ratio, the rank, the cap, the effective papers and what fold C bears out', async () => {
    const weights = await weigh({ method: 'auto' });
    assert.equal(weights.summary.kind, 'ratio');
    const { facts, subtitle } = weights.view();
    const said = new Map(facts!.map(fact => [fact.name, 'text' in fact ? fact.text : fact.number]));
    assert.match(String(said.get('held-out J')), /logit-quad .*rulsif .*ulsif .*kliep .*uniform -0\.500/);
    for (const name of ['effective sample size', 'cap W', 'principal components', 'χ² that fold C bears out'])
      assert.ok(said.has(name), name);
    assert.match(subtitle!, /J on fold C|uniform|reach/);
  });

  it('calls a tilt a tilt wherever it is shown, and warns that it is no ratio', async () => {
    for (const method of ['kernel', 'cosine'] as const) {
      const weights = await weigh({ method });
      assert.equal(weights.summary.kind, 'tilt');
      assert.match(String(weights), /\(a tilt\)/);
      const words = JSON.stringify([weights.view(), weights.embedding().payload]);
      assert.match(words, /imilarity tilt/);
      assert.match(words, /no importance weights/);
      assert.doesNotMatch(words, /density ratio/);
    }
  });

  it('refuses a method that it has not, and an alpha out of range', async () => {
    await assert.rejects(weigh({ method: 'kmm' as 'auto' }), hysim.ParameterError);
    await assert.rejects(weigh({ alpha: 1 }), hysim.ParameterError);
  });
});
