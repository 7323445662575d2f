/** The whole analysis on the sample, once; each test looks at one part of it. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import '../uncached.js';
import { tableFromIPC } from 'apache-arrow';
import * as hysim from '../../kernel/stages/index.js';
import { DISPLAY } from '../../common/host.js';
import { MIME, parsePayload } from '../../common/views/index.js';
import { defaultEncoderFolder } from '../../kernel/engine/index.js';
import { openSafetensors, readFloat32 } from '../../kernel/onnx/index.js';
import { paperMeans } from '../../kernel/theory/index.js';
import { ROOT, SAMPLE } from '../paths.js';
import { temporaryFolder } from '../temporary.js';

const SHIFT = { source: { table_kind: 'nca' }, target: { table_kind: 'poppk' } };
const QUICK = { epochs: 8, patience: 8 };

let data: hysim.Data;
let space: hysim.Space;
let clean: hysim.Denoised;
let weights: hysim.Weights;
let base: hysim.Model;
let model: hysim.Model;

before(async () => {
  const tables = await hysim.load({ path: SAMPLE });
  const samples = await hysim.samples({ tables });
  data = await hysim.split({ samples }, { ...SHIFT, seed: 1 });
  space = await hysim.embed({ data }, { encoder: 'minilm' });
  clean = await hysim.denoise({ space });
  weights = await hysim.weigh({ space, clean });
  base = await hysim.finetune({ data }, QUICK);
  model = await hysim.finetune({ data, weights, clean }, QUICK);
});

after(() => hysim.engine().stop());

describe('a value', () => {
  it('shows itself as our payload, as a picture and as words', async () => {
    for (const value of [data, space, clean, weights, model]) {
      const bundle = await value[DISPLAY]();
      assert.ok('payload' in parsePayload(bundle[MIME]), value.kind);
      assert.ok((bundle['image/png'] as string).startsWith('iVBOR'), value.kind);
      assert.ok((bundle['text/plain'] as string).length > 20, value.kind);
      assert.ok(JSON.stringify(bundle[MIME]).length < 1e6, value.kind);
    }
  });

  it('tells how it was made', () => {
    const { provenance } = weights;
    assert.equal(provenance!.stage, 'weigh');
    assert.deepEqual(provenance!.inputs, { space: space.id, clean: clean.id });
    assert.equal(provenance!.params['method'], 'auto');
    assert.ok(provenance!.seconds > 0);
  });

  it('is the same to the last bit when it is made again, and has the same id', async () => {
    const again = await hysim.denoise({ space });
    assert.equal(again.id, clean.id);
    const retrained = await hysim.finetune({ data, weights, clean }, QUICK);
    assert.equal(retrained.id, model.id);
    assert.notEqual(base.id, model.id);
  });

  it('is saved as Arrow that can be read back, and a model as safetensors', async test => {
    const folder = await temporaryFolder(test);
    const file = join(folder, 'space.arrow');
    await space.save(file);
    const table = tableFromIPC(await readFile(file));
    assert.equal(table.numRows, data.length);
    assert.deepEqual([...table.getChild('embedding')!.get(3)], [...space.vectors.subarray(3 * 384, 4 * 384)]);
    const head = join(folder, 'head.safetensors');
    await model.save(head);
    const opened = openSafetensors(head);
    assert.deepEqual([...readFloat32(opened, 'input.mean')], [...model.head.mean]);
  });
});

describe('weights', () => {
  it('have mean 1 over the papers of source fold F, before cleaning and cap', () => {
    const rows = data.rows('source', 'F');
    const means = paperMeans(
      rows.map(i => weights.columns.ratio[i]!),
      rows.map(i => data.paper[i]!)
    );
    const mean = means.reduce((a, b) => a + b, 0) / means.length;
    assert.ok(Math.abs(mean - 1) < 0.2, `${mean}`);
  });

  it('certify with min(w, W) kappa and train with its tempered form', async () => {
    // A large shift without a cap: few papers would own the training, so the gate tempers and the columns part.
    const far = await hysim.simulate({ source_papers: 120, target_papers: 80, shift: 2.5 });
    const farSpace = await hysim.embed({ data: far });
    const farClean = await hysim.denoise({ space: farSpace });
    const uncapped = await hysim.weigh(
      { space: farSpace, clean: farClean },
      { cap: 10_000, method: 'logit-quad' }
    );
    assert.ok(uncapped.summary.gamma < 1, `gamma ${uncapped.summary.gamma}`);
    assert.ok(uncapped.summary.ess >= uncapped.summary.gate - 1e-6);
    for (const { columns, summary, clean: cleaning } of [weights, uncapped]) {
      columns.ratio.forEach((w, i) => {
        const kappa = cleaning.columns.kappa[i]!;
        const capped = Math.min(w, summary.cap);
        assert.ok(Math.abs(columns.certify[i]! - capped * kappa) < 1e-9);
        assert.ok(Math.abs(columns.train[i]! - capped ** summary.gamma * kappa) < 1e-9);
      });
    }
  });

  it('are uniform when asked, and then nothing is said of the target', async test => {
    const uniform = await hysim.weigh({ space, clean }, { method: 'uniform' });
    assert.ok(uniform.columns.certify.every((w, i) => w === clean.columns.kappa[i]));
    const ledger = await temporaryFolder(test);
    const proof = await hysim.certify({ data, weights: uniform, model, baseline: base }, { ledger });
    assert.deepEqual(
      proof.parts.blocks.map(block => block.title),
      ['Source, risk', 'Source, improvement']
    );
    assert.ok(proof.parts.blocks.every(block => !block.headline.includes('L_T')));
  });
});

describe('a review', () => {
  it('without a log passes its input on', async test => {
    const log = join(await temporaryFolder(test), 'none.jsonl');
    assert.equal(await hysim.review({ clean }, { log }), clean);
  });

  it('drops, keeps and relabels in F and C, and leaves V and U alone', async test => {
    const log = join(await temporaryFolder(test), 'decisions.jsonl');
    const [f, g] = data.rows('source', 'F');
    const [v] = data.rows('source', 'V');
    const lines = [
      { sample: data.ids[f!], decision: 'drop' },
      { sample: data.ids[g!], decision: 'relabel', label: 'mrt' },
      { sample: data.ids[v!], decision: 'drop' },
      { sample: 'elsewhere', decision: 'keep' }
    ];
    await writeFile(log, lines.map(line => JSON.stringify(line)).join('\n'));
    const decided = await hysim.review({ clean }, { log });
    assert.equal(decided.columns.kappa[f!], 0);
    assert.equal(decided.columns.kappa[g!], 1);
    assert.equal(decided.relabel(g!, 'auc'), 'mrt');
    assert.equal(decided.columns.kappa[v!], clean.columns.kappa[v!]);
    assert.deepEqual([decided.review.heldOut, decided.review.elsewhere], [1, 1]);
    assert.notEqual(decided.id, clean.id);
    await assert.rejects(
      hysim.finetune({ data, weights, clean: decided }, QUICK),
      /made from another denoising/
    );
  });
});

describe('the encoder of a model', () => {
  it('is that of the embedding which its weights were made on, unless a person names another', async () => {
    const known = await hysim.simulate({ source_papers: 30, target_papers: 30, contamination: 0 });
    const words = await hysim.embed({ data: known }, { encoder: 'minilm' });
    const cleaned = await hysim.denoise({ space: words }, { neighbors: 8 });
    const weighed = await hysim.weigh({ space: words, clean: cleaned }, { method: 'uniform' });
    const own = await hysim.finetune({ data: known, weights: weighed }, QUICK);
    assert.equal(own.head.encoder, 'minilm');
    const named = await hysim.finetune({ data: known, weights: weighed }, { ...QUICK, encoder: 'vectors' });
    assert.equal(named.head.encoder, 'vectors');
  });
});

describe('scores', () => {
  it('compare all arms on the same held-out target papers, and tell the share without source support', async () => {
    const report = await hysim.ablate({ data, weights, clean }, { ...QUICK, seeds: 1, repeats: 100 });
    assert.deepEqual(
      report.parts.arms.map(arm => arm.name),
      ['uniform', 'weights', 'clean', 'hybrid', 'target labels']
    );
    const rows = data.rows('target', 'U');
    const truth = data.labelsFor('evaluate');
    const known = new Set(data.labelsFor('fit'));
    const share = rows.filter(i => !known.has(truth[i]!)).length / rows.length;
    assert.equal(report.parts.noOverlap, share);
    assert.ok(share > 0);
    for (const arm of report.parts.arms) {
      assert.ok(arm.accuracy.low <= arm.accuracy.value && arm.accuracy.value <= arm.accuracy.high);
      const counted = arm.confusion.flat().reduce((a, b) => a + b, 0);
      assert.ok(Math.abs(counted - rows.length) < 1e-9);
    }
  });

  it('of one model agree with the same arm of the ablation', async () => {
    const one = await hysim.evaluate({ data, model: base }, { repeats: 100 });
    const report = await hysim.ablate({ data, weights, clean }, { ...QUICK, seeds: 1, repeats: 100 });
    assert.equal(one.parts.arms[0]!.accuracy.value, report.parts.arms[0]!.accuracy.value);
  });
});

describe('a certificate', () => {
  it('says that seven target papers are too few, with the papers needed', async test => {
    const ledger = await temporaryFolder(test);
    const proof = await hysim.certify({ data, weights, clean, model, baseline: base }, { ledger });
    const risk = proof.parts.blocks.find(block => block.title === 'Theorem 1B, risk')!;
    assert.equal(risk.verdict, 'vacuous');
    assert.equal(risk.headline, 'Says nothing');
    assert.match(risk.words, /papers in V|collect target labels/);
    const sum = risk.terms.reduce((total, term) => total + term.number.value!, 0);
    assert.ok(Math.abs(sum - risk.bound.value!) < 1e-9);
    for (const term of risk.terms) assert.ok(term.number.label);
  });

  it('notes each different look at V, and repeats the same look free', async test => {
    const ledger = await temporaryFolder(test);
    const look = async (delta: number): Promise<number> =>
      (await hysim.certify({ data, weights, clean, model }, { ledger, delta })).parts.look.position;
    assert.deepEqual([await look(0.05), await look(0.1), await look(0.05)], [1, 2, 1]);
  });

  it('of another split of the same tables is a further look on the same ledger', async test => {
    const ledger = await temporaryFolder(test);
    const positions: number[] = [];
    for (const seed of [1, 2]) {
      const tables = await hysim.load({ path: SAMPLE });
      const samples = await hysim.samples({ tables }, { text: ['text'] });
      const other = await hysim.split({ samples }, { ...SHIFT, seed });
      const otherSpace = await hysim.embed({ data: other });
      const otherClean = await hysim.denoise({ space: otherSpace });
      const otherWeights = await hysim.weigh({ space: otherSpace, clean: otherClean }, { method: 'uniform' });
      const otherModel = await hysim.finetune({ data: other }, QUICK);
      const proof = await hysim.certify(
        { data: other, weights: otherWeights, model: otherModel },
        { ledger }
      );
      positions.push(proof.parts.look.position);
    }
    assert.deepEqual(positions, [1, 2]);
  });

  it('is not made when its look cannot be noted', async test => {
    const ledger = join(await temporaryFolder(test), 'ledger');
    await writeFile(ledger, 'a file where the folder should be');
    await assert.rejects(hysim.certify({ data, weights, clean, model }, { ledger }), hysim.LedgerError);
  });
});

describe('bad input', () => {
  it('from different splits is named with both ports', async () => {
    const tables = await hysim.load({ path: SAMPLE });
    const samples = await hysim.samples({ tables });
    const other = await hysim.split({ samples }, { ...SHIFT, seed: 2 });
    await assert.rejects(hysim.finetune({ data: other, weights, clean }, QUICK), (error: unknown) => {
      assert.ok(error instanceof hysim.InputError);
      assert.match(error.message, /"data" and "weights" come from different splits/);
      return true;
    });
  });

  it('names the file that a model folder lacks', async test => {
    const folder = await temporaryFolder(test);
    await mkdir(join(folder, 'model'));
    await cp(join(defaultEncoderFolder(), 'config.json'), join(folder, 'model', 'config.json'));
    await assert.rejects(hysim.embed({ data }, { encoder: join(folder, 'model') }), (error: unknown) => {
      assert.ok(error instanceof hysim.ModelError, String(error));
      assert.match(error.message, /modules\.json|model\.safetensors|tokenizer\.json|1_Pooling/);
      return true;
    });
    await rm(join(folder, 'model'), { recursive: true });
    await assert.rejects(hysim.embed({ data }, { encoder: join(folder, 'model') }), hysim.ModelError);
  });

  it('NaN in given vectors is named with its row', async () => {
    const values = new Float32Array(data.length * 2).fill(1);
    values[2 * 5 + 1] = NaN;
    const bad = new hysim.Data({
      ids: data.ids,
      text: data.text,
      label: data.ids.map(() => 'x'),
      paper: data.paper,
      table: data.table,
      domain: data.domain,
      fold: data.fold,
      columns: {},
      vectors: { dimension: 2, values }
    });
    await assert.rejects(hysim.embed({ data: bad }), (error: unknown) => {
      assert.ok(error instanceof hysim.DataError);
      assert.ok(error.message.includes(data.ids[5]!), error.message);
      return true;
    });
  });

  it('vectors asked of data that has texts, and parameters out of range, are named', async () => {
    await assert.rejects(hysim.embed({ data }, { encoder: 'vectors' }), hysim.ParameterError);
    await assert.rejects(
      hysim.denoise({ space }, { neighbors: 2 }),
      /neighbors must be an integer from 4 to 512, or null, not 2/
    );
    await assert.rejects(
      hysim.weigh({ space, clean }, { method: 'kde' as never }),
      /one of "auto", "logit-quad"/
    );
    const few = await hysim.simulate({ source_papers: 6, target_papers: 6 });
    const narrow = await hysim.embed({ data: few });
    await assert.rejects(hysim.denoise({ space: narrow }, { neighbors: 200 }), /too few for 200 neighbors/);
  });
});

describe('simulated data', () => {
  it('are certified with a bound that holds and is not vacuous; hybrid beats each idea alone', async test => {
    const ledger = await temporaryFolder(test);
    const known = await hysim.simulate({ source_papers: 900, target_papers: 600, seed: 3 });
    const simSpace = await hysim.embed({ data: known });
    const simClean = await hysim.denoise({ space: simSpace }, { reference: 'target' });
    const foreign = known.truth!.contaminated;
    const mean = (wanted: number): number => {
      const kappas = simClean.columns.kappa.filter((_, i) => foreign[i] === wanted);
      return kappas.reduce((a, b) => a + b, 0) / kappas.length;
    };
    assert.ok(mean(1) < 0.05, `foreign rows keep ${mean(1)}`);
    assert.ok(mean(0) > 0.95, `clean rows keep ${mean(0)}`);
    const simWeights = await hysim.weigh({ space: simSpace, clean: simClean });
    const plain = await hysim.finetune({ data: known });
    const hybrid = await hysim.finetune({ data: known, weights: simWeights, clean: simClean });
    const proof = await hysim.certify(
      { data: known, weights: simWeights, clean: simClean, model: hybrid, baseline: plain },
      { ledger }
    );
    const risk = proof.parts.blocks.find(block => block.title === 'Theorem 1B, risk')!;
    assert.ok(risk.bound.value! < 0.6, `risk bound ${risk.bound.value}`);
    assert.ok(risk.bound.value! >= risk.truth!.value!, 'the bound holds');
    assert.equal(risk.truth!.label, 'ORACLE');
    const gain = proof.parts.blocks.find(block => block.title === 'Theorem 1B, improvement')!;
    assert.ok(gain.truth!.value! < -0.1);
    assert.ok(gain.bound.value! >= gain.truth!.value!);
  });
});

describe('the package', () => {
  it('works from a plain Node script, which ends by itself', async () => {
    const script = `
      import * as hysim from 'hysim-lab';
      import { trueChiSquare, SIMULATION_DEFAULTS } from 'hysim-lab/theory';
      import { Graph } from 'hysim-lab/onnx';
      const data = await hysim.simulate({ source_papers: 30, target_papers: 30, contamination: 0 });
      const space = await hysim.embed({ data });
      const clean = await hysim.denoise({ space }, { neighbors: 8 });
      console.log(String(clean), trueChiSquare(SIMULATION_DEFAULTS) > 0, typeof Graph);
    `;
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
      cwd: ROOT,
      timeout: 60_000
    });
    assert.match(stdout, /^Denoised: .* true function\n$/);
  });
});
