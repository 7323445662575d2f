// Fine-tunes the sample with LoRA and saves the adapter, with our logits of some texts: what lora.py holds peft to.
// Not run by `npm test`. Needs a set-up clone:
//     node scripts/golden/lora.mjs FOLDER     then     python scripts/golden/lora.py peft ENCODER FOLDER/adapter FOLDER/predictions.json

import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { defaultEncoderFolder } from '../../lib/kernel/engine/index.js';
import * as hysim from '../../lib/kernel/stages/index.js';

const ROOT = path.join(path.dirname(fileURLToPath(import.meta.url)), '..', '..');
const folder = process.argv[2];
if (!folder) {
  console.error('Name the folder to write to: node scripts/golden/lora.mjs FOLDER');
  process.exit(1);
}

const tables = await hysim.load({ path: path.join(ROOT, 'examples', 'data', 'pk-sample') });
const samples = await hysim.samples({ tables });
const data = await hysim.split(
  { samples },
  { source: { table_kind: 'nca' }, target: { table_kind: 'poppk' }, seed: 1 }
);
const model = await hysim.finetune(
  { data },
  { method: 'lora', lora_epochs: 1, hidden: 16, target_modules: ['query', 'value', 'intermediate.dense'] }
);
mkdirSync(folder, { recursive: true });
await model.save(path.join(folder, 'adapter'));

const { head, adapter } = model;
if (!adapter) throw new Error('The model has no adapter.');
const texts = [...new Set(data.text)].slice(0, 100);
const parameters = new Float32Array(adapter.parameters.length + head.parameters.length);
parameters.set(adapter.parameters);
parameters.set(head.parameters, adapter.parameters.length);
const { logits } = await hysim.engine().run('lora-forward', {
  folder: defaultEncoderFolder(),
  texts,
  lora: adapter.spec,
  head: { features: head.dimension, classes: head.classes.length, hidden: head.hidden },
  parameters,
  centre: head.mean,
  spread: head.scale
});
const rows = texts.map((_, i) => [
  ...logits.subarray(i * head.classes.length, (i + 1) * head.classes.length)
]);
writeFileSync(path.join(folder, 'predictions.json'), JSON.stringify({ texts, logits: rows }));
await hysim.engine().stop();
console.log(
  `python scripts/golden/lora.py peft ${defaultEncoderFolder()} ${folder}/adapter ${folder}/predictions.json`
);
