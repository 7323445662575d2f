/** What certify prints for each kind of weights, unit and extra theorem, and what it refuses. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import '../uncached.js';
import { parsePayload, weakestClaim } from '../../common/views/index.js';
import * as hysim from '../../kernel/stages/index.js';
import { temporaryFolder } from '../temporary.js';

let data: hysim.Data;
/** The same rows without their law: what is true of them takes most of the time. */
let bare: hysim.Data;
let space: hysim.Space;
let clean: hysim.Denoised;
let weights: hysim.Weights;
let tilt: hysim.Weights;
let uniform: hysim.Weights;
let base: hysim.Model;
let model: hysim.Model;

before(async () => {
  data = await hysim.simulate({ source_papers: 500, target_papers: 400, contamination: 0 });
  const { ids, text, paper, table, domain, fold, columns, vectors } = data;
  const seen = (['fit', 'certify', 'evaluate'] as const).map(use => data.labelsFor(use));
  const label = ids.map((_, i) => seen.find(labels => labels[i] !== null)![i]!);
  bare = new hysim.Data({ ...{ ids, text, paper, table, domain, fold, columns, vectors }, label });
  space = await hysim.embed({ data });
  clean = await hysim.denoise({ space }, { reference: 'target' });
  weights = await hysim.weigh({ space, clean }, { method: 'logit-quad' });
  tilt = await hysim.weigh({ space, clean }, { method: 'kernel' });
  uniform = await hysim.weigh({ space, clean }, { method: 'uniform' });
  base = await hysim.finetune({ data }, { epochs: 4 });
  model = await hysim.finetune({ data, weights }, { epochs: 4 });
});

after(() => hysim.engine().stop());

type Test = Parameters<typeof temporaryFolder>[0];

async function certify(
  test: Test,
  params: hysim.CertifyParams,
  own: Partial<Parameters<typeof hysim.certify>[0]> = {}
): Promise<hysim.Certificate> {
  const ledger = await temporaryFolder(test);
  return hysim.certify({ data: bare, weights, model, baseline: base, ...own }, { ledger, ...params });
}

const titles = (proof: hysim.Certificate): string[] => proof.parts.blocks.map(block => block.title);

function factOf(proof: hysim.Certificate, name: string): string | undefined {
  return proof.parts.facts.find(fact => fact.name === name)?.text;
}

describe('every theorem', () => {
  it('is one block a quantity, each term a number that says what it claims', async test => {
    const proof = await certify(test, { pac_bayes: true, kernel: true, target_labels: true }, { data });
    assert.deepEqual(
      titles(proof),
      ['risk', 'improvement'].flatMap(what =>
        ['Theorem 1B', 'Theorem 1B-tilt', 'Theorem 1A', 'Theorem 1C', 'Target labels'].map(
          theorem => `${theorem}, ${what}`
        )
      )
    );
    assert.ok('payload' in parsePayload(proof.view()));
    for (const block of proof.parts.blocks) {
      const sum = block.terms.reduce((total, term) => total + term.number.value!, 0);
      assert.ok(Math.abs(sum - block.bound.value!) < 1e-9, block.title);
      for (const { name, number } of block.terms) {
        assert.ok(number.help, `${block.title}, ${name}`);
        // A number from data says how many papers and of which fold; an assumption names what is assumed.
        const counted = number.n !== undefined && number.fold !== undefined && number.unit === 'papers';
        assert.ok(counted || number.assumptions!.length > 0, `${block.title}, ${name}`);
      }
      if (block.truth) assert.ok(block.bound.value! >= block.truth.value!, `${block.title} holds`);
    }
    const centres = proof.parts.blocks.flatMap(({ terms }) => terms.filter(term => term.name === 'centre'));
    const fixedOn = new Set(data.rows('source', 'C').map(row => data.paper[row])).size;
    assert.deepEqual(
      [...new Set(centres.map(({ number }) => number.n))],
      [fixedOn],
      'c is of the papers of C'
    );
    const labels = proof.bound('Target labels, risk')!;
    assert.deepEqual([labels.label, labels.fold], ['CERTIFIED', 'U']);
    assert.equal(
      proof.bound('Theorem 1C')!.assumptions?.some(a => a.startsWith('A3-K, R =')),
      true
    );
    assert.match(factOf(proof, 'theorem 1A')!, /200 draws, KL/);
    assert.equal(weakestClaim(proof.parts.blocks), 'VACUOUS', '1A needs more papers than these');
  });

  it('of denoising stands beside them where the denoising is given', async test => {
    const proof = await certify(test, { together: true }, { clean });
    const block = proof.parts.blocks.at(-1)!;
    assert.equal(block.title, 'Theorem 2, denoising');
    assert.deepEqual([block.bound.label, block.verdict], ['CERTIFIED', 'information']);
    assert.equal(block.bound.value, clean.manifold.theorem2[0]!.number.value);
    assert.equal(block.facts.length, clean.manifold.theorem2.length - 1);
    assert.equal(proof.parts.together!.numbers, 4, 'what is deterministic shares no delta');
    assert.ok('payload' in parsePayload(proof.view()));
  });

  it('holds together with the others when delta is shared', async test => {
    const apart = await certify(test, {});
    const proof = await certify(test, { together: true });
    assert.deepEqual(titles(proof), titles(apart));
    const { numbers, delta } = proof.parts.together!;
    assert.equal(numbers, 4);
    assert.ok(Math.abs(delta - proof.parts.look.delta / 4) < 1e-15);
    assert.ok(proof.bound('Theorem 1B, risk')!.value > apart.bound('Theorem 1B, risk')!.value);
    assert.match(proof.view().note, /All 4 numbers hold together/);
    assert.match(apart.view().note, /Each number holds with its own probability/);
  });
});

describe('weights that are no ratio', () => {
  it('of a tilt get the tilt certificate alone, and no number for the target', async test => {
    assert.equal(tilt.summary.kind, 'tilt');
    const proof = await certify(test, {}, { weights: tilt });
    assert.deepEqual(titles(proof), ['Theorem 1B-tilt, risk', 'Theorem 1B-tilt, improvement']);
    assert.match(factOf(proof, 'no number for the target')!, /tilt and no density ratio/);
    assert.deepEqual(proof.bound('Theorem 1B-tilt')!.assumptions, ['for S_w']);
    for (const params of [{ gamma: 2 }, { pac_bayes: true }, { contamination: 0.1 }])
      await assert.rejects(certify(test, params, { weights: tilt }), hysim.ParameterError);
  });

  it('that are uniform give the source’s own risk, CERTIFIED, and theorem 1C if it is asked for', async test => {
    const proof = await certify(test, { kernel: true, rkhs_norm: 0.2 }, { weights: uniform });
    assert.deepEqual(titles(proof).slice(0, 2), ['Source, risk', 'Theorem 1C, risk']);
    assert.match(
      factOf(proof, 'no number for the target')!,
      /only the source’s own risk is certified by the/
    );
    assert.deepEqual(proof.bound('Source')!.label, 'CERTIFIED');
    await assert.rejects(certify(test, { pac_bayes: true }, { weights: uniform }), /pac_bayes says nothing/);
  });
});

describe('the average row', () => {
  it('has its own certificates, and none for the target by a ratio of papers', async test => {
    const proof = await certify(test, { unit: 'row', target_labels: true });
    assert.deepEqual(titles(proof).slice(0, 2), ['Theorem 1B-tilt, risk', 'Target labels, risk']);
    assert.match(factOf(proof, 'no number for the target')!, /fitted for the average paper/);
    assert.match(factOf(proof, 'rows that a paper counts')!, /at most \d+, fixed on fold C/);
    assert.match(proof.view().subtitle!, /average row/);
    assert.match(proof.parts.blocks[1]!.words, /of the average row of the target/);
    const capped = await certify(test, { unit: 'row', rows_per_paper: 1 });
    assert.match(factOf(capped, 'rows that a paper counts')!, /at most 1,/);
    await assert.rejects(certify(test, { unit: 'row', kernel: true }), /Set unit to "paper"/);
    const plan = await certify(test, { unit: 'row', plan: true });
    assert.match(plan.parts.blocks[0]!.words, /tilted source/);
  });
});

describe('wrong labels', () => {
  it('are taken off each bound, and named', async test => {
    const plain = await certify(test, {});
    const proof = await certify(test, { label_noise: 0.05 });
    for (const title of ['Theorem 1B, risk', 'Theorem 1B-tilt, risk']) {
      const [before, corrected] = [plain.bound(title)!, proof.bound(title)!];
      assert.ok(Math.abs(corrected.value - (before.value - 0.05) / 0.9) < 1e-9, title);
      assert.equal(corrected.label, 'CONDITIONAL');
      assert.ok(corrected.assumptions!.includes('ϱ = 0.05'));
    }
    await assert.rejects(certify(test, { label_noise: 0.5 }), /from 0 to below 0.5/);
    await assert.rejects(certify(test, { label_noise: 0.1, kernel: true }), /no correction for wrong labels/);
  });
});

describe('declared looks', () => {
  it('share delta evenly, end after the last, and cannot be declared after a look', async test => {
    const ledger = await temporaryFolder(test);
    const inputs = { data: bare, weights, model };
    const look = (params: hysim.CertifyParams): Promise<hysim.Certificate> =>
      hysim.certify(inputs, { ledger, ...params });
    const first = await look({ looks: 2 });
    assert.deepEqual(first.parts.look, { position: 1, delta: 0.025, declared: 2 });
    const second = await look({ looks: 2, label_noise: 0.01 });
    assert.deepEqual(second.parts.look, { position: 2, delta: 0.025, declared: 2 });
    assert.deepEqual((await look({ looks: 2 })).parts.look.position, 1, 'the same look is free');
    await assert.rejects(look({ looks: 2, label_noise: 0.02 }), /2 looks at these papers .* all were made/);
    await assert.rejects(look({ label_noise: 0.02 }), /declaration made after a look is void/);
    await assert.rejects(look({ looks: 5 }), hysim.LedgerError);
  });

  it('count the papers of U whose labels were used', async test => {
    const ledger = await temporaryFolder(test);
    const other = await hysim.finetune({ data }, { epochs: 2 });
    await hysim.certify({ data: bare, weights, model }, { ledger, target_labels: true });
    const again = await hysim.certify({ data: bare, weights, model: other }, { ledger, target_labels: true });
    assert.equal(again.parts.look.position, 2);
  });
});

describe('what was fitted on other folds', () => {
  it('cannot reach a certificate: each input from another split of the same rows is refused', async test => {
    const other = await hysim.simulate({
      ...{ source_papers: 500, target_papers: 400, contamination: 0, seed: 9 }
    });
    const theirs = {
      space: await hysim.embed({ data: other }),
      base: await hysim.finetune({ data: other }, { epochs: 1 })
    };
    const denoised = await hysim.denoise({ space: theirs.space });
    const weighed = await hysim.weigh({ space: theirs.space, clean: denoised }, { method: 'uniform' });
    const trained = await hysim.finetune({ data: other, weights: weighed, clean: denoised }, { epochs: 1 });
    for (const swapped of [
      { weights: weighed },
      { model: trained },
      { baseline: theirs.base },
      { clean: denoised },
      { data: other }
    ])
      await assert.rejects(certify(test, {}, swapped), hysim.InputError);
  });
});
