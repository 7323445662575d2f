/**
 * Opens ONNX Runtime sessions on a chosen device. Runs inside the engine process only: a session's run() blocks
 * its thread. Device trouble becomes a DeviceError that says what is missing.
 */
import { createRequire } from 'node:module';
import type * as ORT from 'onnxruntime-node';
import { DeviceError } from '../../common/errors.js';

// The package is CommonJS; a plain require also lets a worker load it after another worker did.
const ort = createRequire(import.meta.url)('onnxruntime-node') as typeof ORT;

export type Device = 'cpu' | 'webgpu';

export interface SessionOptions {
  /** Default 'cpu'. On 'webgpu' every node must run there: nothing falls back to the CPU. */
  device?: Device;
  /** Threads within an operator. Default 1. CPU results are the same bits for any number. */
  threads?: number;
  /** Folder of the files that weights with external data lie in. */
  folder?: string;
  /**
   * Whether constant weights are kept a second time in the order that products read them in. Default true. Without,
   * sessions on the same weights' file share its pages. Changes the last bits of results.
   */
  prepack?: boolean;
}

/** Numbers in, by the names of the graph's inputs. */
export type Feeds = Record<string, { data: Float32Array | Int32Array; shape: readonly number[] }>;
/** Numbers out, by the names of the graph's outputs; all outputs are float32. */
export type Results = Record<string, Float32Array>;

export interface Session {
  /** @param into where outputs are written, by name, instead of into memory of their own; not shared memory */
  run(feeds: Feeds, into?: Feeds): Promise<Results>;
  /** Frees the session's memory; safe to call twice. */
  dispose(): Promise<void>;
}

/** Throws DeviceError when the device is not there or cannot run the whole graph. */
export async function openSession(model: Uint8Array, options: SessionOptions = {}): Promise<Session> {
  const { device = 'cpu', threads = 1, folder, prepack = true } = options;
  const settings: Record<string, string> = {};
  if (folder !== undefined) settings['model_external_initializers_file_folder_path'] = folder;
  if (!prepack) settings['disable_prepacking'] = '1';
  if (device === 'webgpu') settings['disable_cpu_ep_fallback'] = '1';
  // Threads that spin while they wait steal the core from the kernel on small machines.
  const extra = { session: { ...settings, intra_op: { allow_spinning: '0' } } };
  let session: ORT.InferenceSession | undefined;
  try {
    session = await ort.InferenceSession.create(model, {
      executionProviders: [device],
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      logSeverityLevel: 3,
      extra
    });
  } catch (error) {
    throw device === 'cpu' ? error : new DeviceError(explainWebGpu((error as Error).message));
  }
  const open = session;
  return {
    async run(feeds, into) {
      const results = into
        ? await open.run(tensorsOf(feeds), tensorsOf(into))
        : await open.run(tensorsOf(feeds));
      return Object.fromEntries(
        Object.entries(results).map(([name, tensor]) => [name, tensor.data as Float32Array])
      );
    },
    async dispose() {
      if (!session) return;
      session = undefined;
      await open.release();
    }
  };
}

function tensorsOf(feeds: Feeds): Record<string, ORT.Tensor> {
  return Object.fromEntries(
    Object.entries(feeds).map(([name, { data, shape }]) => [
      name,
      data instanceof Float32Array
        ? new ort.Tensor('float32', data, [...shape])
        : new ort.Tensor('int32', data, [...shape])
    ])
  );
}

function explainWebGpu(reason: string): string {
  const what = /fallback|assigned to the default CPU/i.test(reason)
    ? 'a part of the graph has no WebGPU kernel, and falling back to the CPU is off'
    : /adapter|vulkan|instance|device/i.test(reason)
      ? 'no WebGPU adapter was found: install a Vulkan driver and libvulkan1, or name a driver in VK_ICD_FILENAMES'
      : 'WebGPU did not start';
  return `Device webgpu: ${what}. Choose device "cpu" otherwise. ONNX Runtime said: ${reason.slice(0, 400)}`;
}
