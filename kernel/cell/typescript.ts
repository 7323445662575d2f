/**
 * TypeScript as tslab has it: its own fork, with the compiler's internals exported. The kernel uses this one
 * alone, so that nodes and `ts.sys` are shared with tslab's converter. The project itself is built by another.
 */
import { createRequire } from 'node:module';
import type TypeScript from '@tslab/typescript-for-tslab';

const require = createRequire(import.meta.url);

/** Resolves from tslab's folder, wherever the package manager put its dependencies. */
export const requireFromTslab: NodeJS.Require = createRequire(require.resolve('tslab/package.json'));

export const ts = requireFromTslab('@tslab/typescript-for-tslab') as typeof TypeScript;
export type { TypeScript };
