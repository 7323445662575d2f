// Is there a software Vulkan for the WebGPU tests? Those tests skip themselves where there is none; in CI they
// must run, so there its absence is a failure.
import fs from 'node:fs';
import { result } from './result.mjs';

/** Chromium carries SwiftShader; this is its driver's description. */
const DRIVERS = [
  '/usr/lib/chromium/vk_swiftshader_icd.json',
  '/usr/lib64/chromium-browser/vk_swiftshader_icd.json',
  '/usr/lib/chromium-browser/vk_swiftshader_icd.json',
  '/opt/google/chrome/vk_swiftshader_icd.json'
];

/**
 * @param {NodeJS.ProcessEnv} [env]
 * @param {(file: string) => boolean} [exists]
 * @returns {import('./result.mjs').Check}
 */
export function vulkanCheck(env = process.env, exists = fs.existsSync) {
  return {
    name: 'vulkan',
    title: 'Software Vulkan for the WebGPU tests',
    async run() {
      if (DRIVERS.some(exists)) return result({ passed: 1 });
      const reason =
        'SwiftShader (Debian: in the package chromium) was not found, so the WebGPU tests cannot run.';
      return env['CI'] === 'true'
        ? result({ failed: 1, failures: [reason] })
        : result({ skipped: 1, notes: [reason] });
    }
  };
}
