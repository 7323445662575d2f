/** What a person can turn in a picture without the kernel: another Γ of a certificate, another arm of a report. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import '../uncached.js';
import { parsePayload } from '../../common/views/index.js';
import * as hysim from '../../kernel/stages/index.js';

let data: hysim.Data;
let weights: hysim.Weights;
let clean: hysim.Denoised;
let base: hysim.Model;
let model: hysim.Model;
let ledger: string;

before(async () => {
  ledger = await mkdtemp(join(tmpdir(), 'hysim-test-'));
  data = await hysim.simulate({ source_papers: 120, target_papers: 80 });
  const space = await hysim.embed({ data });
  clean = await hysim.denoise({ space });
  weights = await hysim.weigh({ space, clean }, { method: 'logit-quad' });
  base = await hysim.finetune({ data }, { epochs: 5 });
  model = await hysim.finetune({ data, weights }, { epochs: 5 });
});

after(async () => {
  await rm(ledger, { recursive: true, force: true });
  await hysim.engine().stop();
});

async function ledgerText(): Promise<string> {
  const files = (await readdir(ledger)).sort();
  return (await Promise.all(files.map(name => readFile(join(ledger, name), 'utf8')))).join('\n');
}

describe('another Γ', () => {
  it('read in the picture says what the certificate with that Γ says, and spends nothing', async () => {
    const certify = (params: hysim.CertifyParams): Promise<hysim.Certificate> =>
      hysim.certify({ data, weights, model, baseline: base }, { ledger, ...params });
    const params = { contamination: 0.05, false_keep: 0.2 };
    const proof = await certify(params);
    assert.ok('payload' in parsePayload(proof.view()));
    const spent = await ledgerText();
    for (const gamma of [1.3, 4]) {
      const other = await certify({ ...params, gamma });
      assert.equal(other.parts.look.position, proof.parts.look.position);
      for (const [b, block] of proof.parts.blocks.entries()) {
        if (!block.gamma) continue;
        assert.equal(block.gamma.at!.length, block.gamma.grid.length);
        const at = block.gamma.at![block.gamma.grid.indexOf(gamma)]!;
        const { headline, words, verdict, terms, bound } = other.parts.blocks[b]!;
        assert.deepEqual(at, { headline, words, verdict, terms: terms.map(t => t.number.value) });
        const read = block.gamma.bound[block.gamma.grid.indexOf(gamma)]!;
        assert.ok(Math.abs(read - bound.value!) < 1e-12, `${read} against ${bound.value}`);
      }
    }
    assert.equal(await ledgerText(), spent);
    const blocks = proof.parts.blocks.filter(block => block.gamma);
    assert.deepEqual(
      blocks.map(block => block.title),
      ['Theorem 1B, risk', 'Theorem 1B, improvement']
    );
    const headlines = new Set(blocks[0]!.gamma!.at!.map(at => at.headline));
    assert.ok(headlines.size > 1, [...headlines].join());
  });
});

describe('a report', () => {
  it('has every arm’s mistakes over the same classes, the first drawn among them', async () => {
    const report = await hysim.ablate({ data, weights, clean }, { epochs: 3, seeds: 2, repeats: 100 });
    const { confusion, confusions } = report.view();
    assert.deepEqual(
      confusions!.map(({ arm }) => arm),
      report.parts.arms.map(({ name }) => name)
    );
    assert.equal(confusion!.arm, 'hybrid');
    assert.ok(confusions!.includes(confusion!));
    for (const [a, { classes, counts }] of confusions!.entries()) {
      assert.deepEqual(classes, confusion!.classes);
      classes.forEach((truth, i) =>
        classes.forEach((predicted, j) => {
          const at = (name: string): number => report.parts.classes.indexOf(name);
          const exact = report.parts.arms[a]!.confusion[at(truth)]![at(predicted)]!;
          assert.ok(Math.abs(counts[i]![j]! - exact) < 1e-3);
        })
      );
    }
  });

  it('gives every arm the classes that any arm knows', () => {
    const sure = { value: 0.5, low: 0.4, high: 0.6 };
    const arm = (name: string, confusion: number[][]): hysim.Arm => ({
      ...{ name, confusion, accuracy: sure, macroF1: sure }
    });
    const { confusions } = new hysim.Report('data', {
      ...{ fold: 'U', rows: 4, papers: 2, seeds: 1, noOverlap: 0, noOverlapClasses: [] },
      classes: ['a', 'b', 'never', 'c'],
      arms: [
        arm('uniform', [
          [2, 0, 0, 0],
          [1, 1, 0, 0],
          [0, 0, 0, 0],
          [0, 0, 0, 0]
        ]),
        arm('hybrid', [
          [1, 0, 0, 1],
          [0, 2 / 3, 0, 4 / 3],
          [0, 0, 0, 0],
          [0, 0, 0, 0]
        ])
      ]
    }).view();
    assert.deepEqual(confusions, [
      {
        arm: 'uniform',
        classes: ['a', 'b', 'c'],
        counts: [
          [2, 0, 0],
          [1, 1, 0],
          [0, 0, 0]
        ]
      },
      {
        arm: 'hybrid',
        classes: ['a', 'b', 'c'],
        counts: [
          [1, 0, 1],
          [0, 0.667, 1.333],
          [0, 0, 0]
        ]
      }
    ]);
  });
});
