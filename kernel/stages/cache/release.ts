/**
 * The code that results depend on beside a stage's own version: this package's release, and what computes, whose next
 * release may give other bits. Part of every key.
 */
import { readFileSync } from 'node:fs';

interface Manifest {
  version: string;
  dependencies: Record<string, string>;
}

// Compiled files lie three folders below lib/.
const manifest = JSON.parse(
  readFileSync(new URL('../../../../package.json', import.meta.url), 'utf8')
) as Manifest;

export const RELEASE = {
  hysim: manifest.version,
  onnxruntime: manifest.dependencies['onnxruntime-node'] ?? '',
  machine: process.arch,
  v8: process.versions.v8
} as const;
