/**
 * Lets a cell, or a module beside the notebook, load the kernel's own packages when the notebook's folders
 * have none of that name. Packages that load packages are left alone. The type checker's counterpart is
 * overlay.ts.
 */
import Module, { createRequire, isBuiltin } from 'node:module';
import { join, sep } from 'node:path';
import type { Install } from './install.js';

type Resolve = (request: string, parent?: { filename?: string | null }, ...rest: unknown[]) => string;

const isBare = (request: string): boolean => !/^(\.{0,2}\/|\.{1,2}$|#|[A-Za-z]:[\\/]|file:)/.test(request);

/** Changes `Module._resolveFilename`: on Node 20 there is no other hook for require(). */
export function installResolution(install: Install): void {
  const loader = Module as unknown as { _resolveFilename: Resolve };
  const original = loader._resolveFilename;
  const own = createRequire(join(install.root, 'package.json'));
  loader._resolveFilename = (request, parent, ...rest) => {
    try {
      return original.call(loader, request, parent, ...rest);
    } catch (error) {
      const inPackage = parent?.filename?.includes(`${sep}node_modules${sep}`) ?? true;
      const missing = (error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND';
      if (!missing || inPackage || isBuiltin(request) || !isBare(request)) throw error;
      // The kernel's own resolver is asked as if from its root, and comes through here once more.
      if (parent?.filename === join(install.root, 'package.json')) throw error;
      try {
        return own.resolve(request);
      } catch (second) {
        // The first error names the notebook's folders, which is where a person would install it.
        if ((second as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND') throw error;
        throw second;
      }
    }
  };
}
