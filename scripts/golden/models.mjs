/**
 * Writes the project's ONNX models to a folder, so that head.py can hold them against onnx.checker. Not run by
 * `npm test`. After a build:
 *     node scripts/golden/models.mjs FOLDER && python scripts/golden/head.py FOLDER/*.onnx
 */
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { defaultEncoderFolder } from '../../lib/kernel/engine/index.js';
import {
  headForwardGraph,
  headLossGraph,
  headTrainingGraph,
  loraForwardGraph,
  loraGradientGraph,
  loraModelLayout,
  openSentenceEncoder,
  optimiserGraph,
  parameterCount,
  sentenceEncoderGraph
} from '../../lib/kernel/onnx/index.js';

const folder = process.argv[2];
if (!folder) throw new Error('Name the folder to write to.');
mkdirSync(folder, { recursive: true });
const linear = { features: 384, classes: 20, hidden: 0 };
const hidden = { features: 384, classes: 20, hidden: 64, activation: 'gelu' };
const encoder = openSentenceEncoder(defaultEncoderFolder());
const adapted = {
  ...encoder,
  head: linear,
  lora: { rank: 8, alpha: 16, targetModules: ['query', 'value', 'dense'] }
};
const models = {
  'linear-training': headTrainingGraph(linear, 64),
  'linear-training-unweighted': headTrainingGraph(linear, 64, { weighted: false }),
  'hidden-training': headTrainingGraph(hidden, 64, { clipNorm: 1, gradient: true }),
  'hidden-loss': headLossGraph(hidden),
  'hidden-forward': headForwardGraph(hidden),
  'lora-gradient': loraGradientGraph(adapted, { batch: 16, tokens: 24 }),
  'lora-forward': loraForwardGraph(adapted),
  optimiser: optimiserGraph(parameterCount(loraModelLayout(adapted)), { clipNorm: 1 }),
  'bert-sentence': sentenceEncoderGraph(encoder)
};
for (const [name, bytes] of Object.entries(models)) writeFileSync(join(folder, `${name}.onnx`), bytes);
// The encoder's model points into its weights' file, which must lie beside it.
copyFileSync(encoder.weights.path, join(folder, 'model.safetensors'));
