/**
 * The training graphs of heads and adapters on the WebGPU provider with no CPU fall-back, through software Vulkan where there
 * is no GPU: they must stay trainable on GPUs. Correctness only; software Vulkan says nothing about speed.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { DeviceError } from '../../common/errors.js';
import {
  createEngine,
  type Engine,
  type TrainHeadInput,
  type TrainLoraInput
} from '../../kernel/engine/index.js';
import { Random } from '../../kernel/onnx/index.js';
import { ROOT } from '../paths.js';
import { temporaryFolder } from '../temporary.js';

/** The JSON file that names SwiftShader's driver: it comes with Chromium. */
function softwareVulkan(): string | undefined {
  const usual = [
    '/usr/lib/chromium',
    '/usr/lib64/chromium-browser',
    '/usr/lib/chromium-browser',
    '/opt/google/chrome'
  ];
  const candidates = usual.map(folder => join(folder, 'vk_swiftshader_icd.json'));
  for (const name of ['chromium', 'chromium-common']) {
    try {
      const listed = execFileSync('dpkg', ['-L', name], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore']
      });
      candidates.push(...listed.split('\n').filter(line => line.endsWith('vk_swiftshader_icd.json')));
    } catch {
      // Not Debian, or not that package: the usual places remain.
    }
  }
  return candidates.find(existsSync);
}

const driver = softwareVulkan();
const skip = driver ? false : 'no software Vulkan: vk_swiftshader_icd.json was not found (install chromium)';

const source = new Random(9);
const rows = 40;
const features = 16;
const input: TrainHeadInput = {
  x: Float32Array.from({ length: rows * features }, () => 4 * source.uniform() - 2),
  y: Int32Array.from({ length: rows }, (_, i) => i % 4),
  weights: Float32Array.from({ length: rows }, () => source.uniform() + 0.2),
  classes: 4,
  hidden: 12,
  activation: 'gelu',
  clipNorm: 0.5,
  // 16 + 16 + 8 rows: the last batch is padded.
  batchSize: 16,
  epochs: 7,
  lr: 0.01,
  schedule: { kind: 'cosine', warmUp: 0.2 },
  seed: 2
};

async function withEngine<T>(env: NodeJS.ProcessEnv, use: (engine: Engine) => Promise<T>): Promise<T> {
  const engine = createEngine({ env: { ...process.env, ...env } });
  try {
    return await use(engine);
  } finally {
    await engine.stop();
  }
}

test('21 training steps all on WebGPU end within 1e-5 of the CPU', { skip }, async context => {
  const env = { VK_ICD_FILENAMES: driver!, XDG_RUNTIME_DIR: await temporaryFolder(context) };
  const [gpu, cpu] = await withEngine(env, async engine => [
    await engine.run('train-head', { ...input, device: 'webgpu' }),
    await engine.run('train-head', input)
  ]);
  assert.equal(gpu!.state.step, 21);
  const worst = Math.max(...gpu!.parameters.map((number, i) => Math.abs(number - cpu!.parameters[i]!)));
  context.diagnostic(`largest difference ${worst}`);
  assert.ok(worst < 1e-5, `differs by ${worst}`);
  assert.notDeepEqual(
    gpu!.parameters,
    cpu!.parameters,
    'another device rounds otherwise: it really was used'
  );
  const moved = Math.max(...gpu!.curves.map(point => point.train)) - gpu!.curves.at(-1)!.train;
  assert.ok(moved > 0.01, 'the loss fell');
});

const LORA: TrainLoraInput = {
  folder: join(ROOT, 'test/golden/tiny-bert'),
  // One length, so one session: compiling its shaders is what takes the time.
  texts: Array.from({ length: 12 }, (_, i) => `w${5 + (i % 3)} w${10 + i} w${20 + i}`),
  y: Int32Array.from({ length: 12 }, (_, i) => i % 3),
  weights: Float32Array.from({ length: 12 }, (_, i) => 0.5 + i / 12),
  classes: 3,
  lora: { rank: 3, alpha: 6, targetModules: ['query', 'value', 'intermediate.dense'] },
  centre: new Float32Array(12),
  spread: new Float32Array(12).fill(0.3),
  // 8 + 4 rows: the last batch is padded.
  batchSize: 8,
  epochs: 2,
  lr: 0.01,
  seed: 1
};

test('four LoRA steps all on WebGPU end within 1e-4 of the CPU', { skip }, async context => {
  const env = { VK_ICD_FILENAMES: driver!, XDG_RUNTIME_DIR: await temporaryFolder(context) };
  const [gpu, cpu] = await withEngine(env, async engine => [
    await engine.run('train-lora', { ...LORA, device: 'webgpu' }),
    await engine.run('train-lora', LORA)
  ]);
  assert.equal(gpu!.state.step, 4);
  const worst = Math.max(...gpu!.parameters.map((number, i) => Math.abs(number - cpu!.parameters[i]!)));
  context.diagnostic(`largest difference ${worst}`);
  // AdamW divides by the gradient's own size: a step may differ by more than the gradients do.
  assert.ok(worst < 1e-4, `differs by ${worst}`);
  assert.notDeepEqual(gpu!.parameters, cpu!.parameters, 'it really was another device');
});

const FALL_BACK = `
  import { Graph, encodeModel } from ${JSON.stringify(join(ROOT, 'lib/kernel/onnx/index.js'))};
  import { openSession } from ${JSON.stringify(join(ROOT, 'lib/kernel/engine/session.js'))};
  const graph = new Graph();
  const x = graph.input('x', [2, 3]);
  graph.output('y', graph.node('LogSoftmax', [x], [{ shape: [2, 3] }])[0]);
  const opened = openSession(encodeModel(graph), { device: 'webgpu' });
  console.log(await opened.then(() => 'opened', error => error.name + ': ' + error.message));
`;

test(
  'a graph with an operator that WebGPU lacks is a DeviceError: nothing falls back to the CPU',
  { skip },
  async context => {
    const env = {
      ...process.env,
      VK_ICD_FILENAMES: driver!,
      XDG_RUNTIME_DIR: await temporaryFolder(context)
    };
    const said = execFileSync(process.execPath, ['--input-type=module', '-e', FALL_BACK], {
      encoding: 'utf8',
      env
    });
    assert.match(said, /DeviceError: .*a part of the graph has no WebGPU kernel/);
  }
);

test('without a Vulkan driver, device webgpu is a DeviceError that says what is missing', async context => {
  const env = { VK_ICD_FILENAMES: '/nowhere.json', XDG_RUNTIME_DIR: await temporaryFolder(context) };
  await withEngine(env, async engine => {
    await assert.rejects(
      engine.run('train-head', { ...input, device: 'webgpu' }),
      (error: Error) => error instanceof DeviceError && /Vulkan/.test(error.message)
    );
    // The engine survives, and the same job runs on the CPU.
    assert.equal((await engine.run('train-head', input)).state.step, 21);
  });
});
