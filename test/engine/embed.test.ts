/** The default encoder through the engine: sentence-transformers' vectors, and what batches must not change. */
import assert from 'node:assert/strict';
import {
  copyFileSync,
  mkdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  truncateSync,
  writeFileSync
} from 'node:fs';
import { join } from 'node:path';
import { after, test, type TestContext } from 'node:test';
import { ModelError } from '../../common/errors.js';
import { createEngine, DEFAULT_ENCODER_SHA256, defaultEncoderFolder } from '../../kernel/engine/index.js';
import { ROOT } from '../paths.js';
import { temporaryFolder } from '../temporary.js';

const engine = createEngine();
after(() => engine.stop());

interface Golden {
  entries: { text: string; tokens: number; vector: string }[];
}
const golden = JSON.parse(readFileSync(join(ROOT, 'test/golden/minilm.json'), 'utf8')) as Golden;
const texts = golden.entries.map(({ text }) => text);
const expected = golden.entries.map(({ vector }) => {
  const bytes = Buffer.from(vector, 'base64');
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
});

test('vectors of real headers are within 1e-5 of sentence-transformers', async () => {
  const out = await engine.run('embed', { folder: defaultEncoderFolder(), texts });
  assert.equal(out.dimension, 384);
  assert.equal(out.sha256, DEFAULT_ENCODER_SHA256);
  assert.deepEqual(
    [...out.tokens],
    golden.entries.map(({ tokens }) => tokens)
  );
  expected.forEach((vector, i) => {
    const ours = out.vectors.subarray(i * 384, (i + 1) * 384);
    const worst = Math.max(...vector.map((number, k) => Math.abs(number - ours[k]!)));
    assert.ok(worst < 1e-5, `${texts[i]}: differs by ${worst}`);
  });
});

test('a text has the same vector alone, in any batch and twice', async () => {
  const folder = defaultEncoderFolder();
  const some = texts.slice(0, 8);
  const together = await engine.run('embed', { folder, texts: [...some, texts.at(-1)!, ...some] });
  const alone = await engine.run('embed', { folder, texts: some, batchSize: 1 });
  assert.deepEqual(
    together.vectors.subarray(0, 8 * 384),
    together.vectors.subarray(9 * 384),
    'equal texts are equal'
  );
  const worst = Math.max(...alone.vectors.map((number, i) => Math.abs(number - together.vectors[i]!)));
  assert.ok(worst < 1e-6, `differs by ${worst}`);
});

test('no texts give no vectors, and an empty text has one', async () => {
  const none = await engine.run('embed', { folder: defaultEncoderFolder(), texts: [] });
  assert.equal(none.vectors.length, 0);
  const empty = await engine.run('embed', { folder: defaultEncoderFolder(), texts: [''] });
  assert.deepEqual([...empty.tokens], [2]);
  assert.ok(Math.abs(Math.hypot(...empty.vectors) - 1) < 1e-5);
});

test('texts are cut at maxTokens with their special tokens kept', async () => {
  const folder = defaultEncoderFolder();
  const cut = await engine.run('embed', { folder, texts: ['apparent volume of distribution'], maxTokens: 4 });
  const short = await engine.run('embed', { folder, texts: ['apparent volume'] });
  assert.deepEqual([...cut.tokens], [4]);
  assert.ok(cut.vectors.every((number, i) => Math.abs(number - short.vectors[i]!) < 1e-6));
});

/** A copy of the encoder's folder; its large weights are linked. */
async function copied(context: TestContext): Promise<string> {
  const folder = join(await temporaryFolder(context), 'model');
  const source = defaultEncoderFolder();
  mkdirSync(join(folder, '1_Pooling'), { recursive: true });
  for (const name of [
    'modules.json',
    'config.json',
    'sentence_bert_config.json',
    'tokenizer.json',
    'tokenizer_config.json'
  ]) {
    copyFileSync(join(source, name), join(folder, name));
  }
  copyFileSync(join(source, '1_Pooling/config.json'), join(folder, '1_Pooling/config.json'));
  symlinkSync(join(source, 'model.safetensors'), join(folder, 'model.safetensors'));
  return folder;
}

function edit(path: string, change: (json: Record<string, unknown>) => void): void {
  const json = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
  change(json);
  writeFileSync(path, JSON.stringify(json));
}

const damages: [string, (folder: string) => void, string, RegExp][] = [
  [
    'has no tokenizer.json',
    folder => renameAway(folder, 'tokenizer.json'),
    'tokenizer.json',
    /cannot be read/
  ],
  ['has no modules.json', folder => renameAway(folder, 'modules.json'), 'modules.json', /cannot be read/],
  [
    'has no model.safetensors',
    folder => renameAway(folder, 'model.safetensors'),
    'model.safetensors',
    /cannot be read/
  ],
  [
    'has a config.json of another width',
    folder => edit(join(folder, 'config.json'), json => (json.hidden_size = 768)),
    'model.safetensors',
    /word_embeddings.weight is F32 \[30522, 384\]/
  ],
  [
    'is of another kind of model',
    folder => edit(join(folder, 'config.json'), json => (json.model_type = 'llama')),
    'config.json',
    /llama; only bert/
  ],
  [
    'pools by maximum',
    folder =>
      edit(join(folder, '1_Pooling/config.json'), json =>
        Object.assign(json, { pooling_mode_max_tokens: true })
      ),
    'config.json',
    /max_tokens is not supported/
  ],
  [
    'has a damaged tokenizer.json',
    folder => truncateSync(join(folder, 'tokenizer.json'), 1000),
    'tokenizer.json',
    /not JSON/
  ]
];

function renameAway(folder: string, name: string): void {
  symlinkSync('nowhere', join(folder, 'link'));
  // Replaces the file with a link to nothing, whatever it was.
  renameSync(join(folder, 'link'), join(folder, name));
}

for (const [name, damage, file, says] of damages) {
  test(`a folder that ${name} is a ModelError that names the file`, async context => {
    const folder = await copied(context);
    damage(folder);
    await assert.rejects(
      engine.run('embed', { folder, texts: ['Cmax'] }),
      (error: Error) => error instanceof ModelError && error.path.endsWith(file) && says.test(error.message)
    );
  });
}

test('the folder named in HYSIM_ENCODER is the default, and one that does not exist is a ModelError', context => {
  const before = process.env.HYSIM_ENCODER;
  context.after(() => {
    if (before === undefined) delete process.env.HYSIM_ENCODER;
    else process.env.HYSIM_ENCODER = before;
  });
  process.env.HYSIM_ENCODER = ROOT;
  assert.equal(defaultEncoderFolder(), ROOT);
  process.env.HYSIM_ENCODER = join(ROOT, 'absent');
  assert.throws(() => defaultEncoderFolder(), ModelError);
});
