/**
 * TypeScript as tslab has it: its own fork, with the compiler's internals exported. The kernel uses this one
 * alone, so that nodes and `ts.sys` are shared with what it takes of tslab. The project itself is built by
 * another.
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type TypeScript from '@tslab/typescript-for-tslab';
import { loadCached } from './codecache.js';
import { findInstall } from './install.js';

const require = createRequire(import.meta.url);

/** Resolves from tslab's folder, wherever the package manager put its dependencies. */
export const requireFromTslab: NodeJS.Require = createRequire(require.resolve('tslab/package.json'));

const loaded = loadCached(
  requireFromTslab.resolve('@tslab/typescript-for-tslab'),
  join(findInstall().root, '.cache', 'kernel')
);

export const ts = loaded.exports as typeof TypeScript;
export type { TypeScript };

/** Makes the next kernel's start faster, unless this one's was. Takes a tenth of a second. */
export function saveCompiledTypeScript(): void {
  if (!loaded.cached) loaded.save();
}
