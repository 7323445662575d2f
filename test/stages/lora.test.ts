/** Fine-tuning with method "lora" through the stages, on a tiny random encoder: what goes in, what comes out, what is saved. */
import assert from 'node:assert/strict';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import '../uncached.js';
import { MIME, parsePayload } from '../../common/views/index.js';
import { DISPLAY } from '../../common/host.js';
import { openSafetensors, readFloat32 } from '../../kernel/onnx/index.js';
import * as hysim from '../../kernel/stages/index.js';
import { ROOT, SAMPLE } from '../paths.js';
import { temporaryFolder } from '../temporary.js';

const encoder = join(ROOT, 'test/golden/tiny-bert');
const QUICK = { encoder, epochs: 5, lora_epochs: 2, rank: 2, alpha: 4 };
const LORA = { ...QUICK, method: 'lora' } as const;

let data: hysim.Data;
let clean: hysim.Denoised;
let weights: hysim.Weights;
let base: hysim.Model;
let model: hysim.Model;

before(async () => {
  const tables = await hysim.load({ path: SAMPLE });
  const samples = await hysim.samples({ tables });
  data = await hysim.split(
    { samples },
    { source: { table_kind: 'nca' }, target: { table_kind: 'poppk' }, seed: 1 }
  );
  const space = await hysim.embed({ data }, { encoder });
  clean = await hysim.denoise({ space });
  weights = await hysim.weigh({ space, clean });
  base = await hysim.finetune({ data }, QUICK);
  model = await hysim.finetune({ data, weights, clean }, LORA);
});

after(() => hysim.engine().stop());

describe('a LoRA model', () => {
  it('holds adapters under peft’s names, trained away from zero, and tells of them', async () => {
    const { adapter } = model;
    assert.equal(adapter!.layout.length, 2 * 2 * 2, 'A and B of query and value in two layers');
    for (const { name, shape, offset } of adapter!.layout) {
      assert.match(
        name,
        /^base_model\.model\.encoder\.layer\.[01]\.attention\.self\.(query|value)\.lora_[AB]\.weight$/
      );
      const size = shape[0]! * shape[1]!;
      assert.ok(
        adapter!.parameters.subarray(offset, offset + size).some(value => value !== 0),
        name
      );
    }
    assert.equal(base.adapter, undefined);
    assert.equal(model.training.curves.length, 2);
    const bundle = await model[DISPLAY]();
    assert.ok('payload' in parsePayload(bundle[MIME]));
    assert.match(bundle['text/plain'] as string, /LoRA of rank 2 on query, value/);
  });

  it('is the same to the last bit when it is trained again; other weights or ranks make another', async () => {
    const again = await hysim.finetune({ data, weights, clean }, LORA);
    assert.equal(again.id, model.id);
    const uniform = await hysim.finetune({ data }, LORA);
    const wider = await hysim.finetune({ data, weights, clean }, { ...LORA, rank: 3 });
    assert.equal(new Set([model.id, uniform.id, wider.id, base.id]).size, 4);
  });

  it('can be evaluated and certified as a head can', async test => {
    const report = await hysim.evaluate({ data, model });
    assert.equal(report.kind, 'report');
    const ledger = await temporaryFolder(test);
    const proof = await hysim.certify({ data, weights, clean, model, baseline: base }, { ledger });
    assert.ok(proof.parts.blocks.length >= 2);
  });

  it('is saved as a folder that peft reads: its configuration, its adapters, and the head', async test => {
    const folder = join(await temporaryFolder(test), 'adapter');
    await model.save(folder);
    await model.save(folder);
    assert.deepEqual((await readdir(folder)).sort(), [
      'adapter_config.json',
      'adapter_model.safetensors',
      'head.safetensors'
    ]);
    const config = JSON.parse(await readFile(join(folder, 'adapter_config.json'), 'utf8')) as Record<
      string,
      unknown
    >;
    assert.deepEqual(
      [config.peft_type, config.r, config.lora_alpha, config.target_modules, config.use_rslora],
      ['LORA', 2, 4, ['query', 'value'], false]
    );
    const saved = openSafetensors(join(folder, 'adapter_model.safetensors'));
    const flat = [...saved.tensors.keys()].flatMap(name => [...readFloat32(saved, name)]);
    assert.deepEqual(flat, [...model.adapter!.parameters]);
    const head = openSafetensors(join(folder, 'head.safetensors'));
    assert.deepEqual([...readFloat32(head, 'output.weight')].slice(0, 5), [
      ...model.head.parameters.slice(0, 5)
    ]);
  });

  it('does not write over what is not an adapter', async test => {
    const path = join(await temporaryFolder(test), 'notes.txt');
    await writeFile(path, 'mine');
    await assert.rejects(model.save(path), /is there already and is no adapter folder/);
    assert.equal(await readFile(path, 'utf8'), 'mine');
  });
});

describe('method "lora"', () => {
  it('serves every arm of an ablation', async () => {
    const report = await hysim.ablate({ data, weights, clean }, { ...LORA, lora_epochs: 1, seeds: 1 });
    assert.equal(report.parts.arms.length, 5);
  });

  it('is refused on simulated data, which has no texts', async () => {
    const simulated = await hysim.simulate({ source_papers: 12, target_papers: 12, dimension: 9 });
    await assert.rejects(
      hysim.finetune({ data: simulated }, { method: 'lora' }),
      (error: Error) =>
        error instanceof hysim.ParameterError &&
        /trains the encoder on texts.*Use method "head"/.test(error.message)
    );
  });

  it('names a parameter that is wrong', async () => {
    const wrong = (params: object): Promise<unknown> => hysim.finetune({ data }, { ...LORA, ...params });
    await assert.rejects(wrong({ rank: 0 }), /rank/);
    await assert.rejects(wrong({ target_modules: ['q_proj'] }), /target_modules.*"query"/s);
    await assert.rejects(wrong({ target_modules: [] }), /target_modules/);
  });
});
