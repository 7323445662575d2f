/**
 * Which folder results are kept in, and how much of it: `.hysim/cache` in the working directory, which is the notebook's
 * folder. HYSIM_CACHE=off keeps nothing and finds nothing.
 */
import { join, resolve } from 'node:path';
import { Cache, limitOf } from '../../store/index.js';
import { tellOnce, warnOnce } from './notices.js';

const caches = new Map<string, Cache>();

let asked: number | undefined;

/** The cache of the folder that the program works in now; it is not made before something is kept. */
export function cacheHere(): Cache {
  const folder = resolve(join('.hysim', 'cache'));
  let cache = caches.get(folder);
  if (!cache) caches.set(folder, (cache = new Cache(folder)));
  return cache;
}

export function isOff(): boolean {
  return /^(off|0|no|false)$/i.test(process.env.HYSIM_CACHE?.trim() ?? '');
}

/** @returns undefined where the cache is switched off */
export function currentCache(): Cache | undefined {
  if (!isOff()) return cacheHere();
  tellOnce('off', 'Results are not kept and none are found: HYSIM_CACHE is off.');
  return undefined;
}

/** Bytes that the folder may take. */
export function currentLimit(): number {
  if (asked !== undefined) return asked;
  try {
    return limitOf(process.env);
  } catch (error) {
    warnOnce(
      'limit',
      `${(error as Error).message} Until then the limit is ${limitOf({}).toLocaleString('en')} bytes.`
    );
    return limitOf({});
  }
}

/** Sets the limit for this program; undefined goes back to the environment's. */
export function askLimit(bytes: number | undefined): void {
  asked = bytes;
}
