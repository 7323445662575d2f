/**
 * Loads one large CommonJS file with the code that V8 made of it the last time: reading eight megabytes of
 * compiler anew is a good part of a kernel's start. The cache is V8's own (`vm.Script`, cachedData), which
 * refuses what another version or other flags made; a digest refuses what was not written whole. It is only
 * ever a help: whatever goes wrong with it, the file is loaded as usual.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Script } from 'node:vm';

const DIGEST = 32;

const digestOf = (data: Uint8Array): Buffer => createHash('sha256').update(data).digest();

export interface Loaded {
  exports: unknown;
  /** True when V8 took the cache. */
  cached: boolean;
  /** Keeps the code that has been compiled so far for the next process; false when it could not. */
  save(): boolean;
}

function readCache(path: string): Buffer | undefined {
  try {
    const file = readFileSync(path);
    const data = file.subarray(DIGEST);
    return digestOf(data).equals(file.subarray(0, DIGEST)) ? data : undefined;
  } catch {
    return undefined;
  }
}

function writeCache(path: string, data: Uint8Array): boolean {
  const whole = `${path}.${process.pid}`;
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(whole, Buffer.concat([digestOf(data), data]));
    // Another kernel may start at this moment: it sees the old file or the new.
    renameSync(whole, path);
    return true;
  } catch {
    try {
      rmSync(whole, { force: true });
    } catch {
      // There was no place to write it.
    }
    return false;
  }
}

/**
 * Loads `filename` as `require` would, and leaves it in require's cache.
 * @param folder - where the caches lie; it need not exist, nor be writable.
 */
export function loadCached(filename: string, folder: string): Loaded {
  const source = readFileSync(filename, 'utf8');
  const key = [filename, source.length, process.version, process.arch, process.platform].join('\n');
  const path = join(folder, `${createHash('sha256').update(key).digest('hex').slice(0, 16)}.bin`);
  const cachedData = readCache(path);
  const script = new Script(Module.wrap(source), { filename, ...(cachedData && { cachedData }) });
  const require = createRequire(filename);
  const module = new Module(filename);
  module.filename = filename;
  module.paths = (Module as unknown as { _nodeModulePaths(from: string): string[] })._nodeModulePaths(
    dirname(filename)
  );
  require.cache[filename] = module;
  try {
    const body = script.runInThisContext() as (...parts: unknown[]) => void;
    body.call(module.exports, module.exports, require, module, filename, dirname(filename));
  } catch (error) {
    delete require.cache[filename];
    throw error;
  }
  module.loaded = true;
  return {
    exports: module.exports,
    cached: cachedData !== undefined && script.cachedDataRejected === false,
    save: () => writeCache(path, script.createCachedData())
  };
}
