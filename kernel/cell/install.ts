/** Where this package is installed, and the node_modules folders that serve it. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

export interface Install {
  name: string;
  version: string;
  /** Folder of package.json. */
  root: string;
  /** Nearest first; only those that exist. */
  nodeModules: string[];
}

/** @throws Error when no package.json lies above this file. */
export function findInstall(): Install {
  const here = dirname(fileURLToPath(import.meta.url));
  for (let folder = here; ; folder = dirname(folder)) {
    const file = join(folder, 'package.json');
    if (existsSync(file)) {
      const { name, version } = JSON.parse(readFileSync(file, 'utf8')) as { name: string; version: string };
      return { name, version, root: folder, nodeModules: nodeModulesAbove(folder) };
    }
    if (folder === dirname(folder)) throw new Error(`no package.json above ${here}`);
  }
}

function nodeModulesAbove(start: string): string[] {
  const found: string[] = [];
  for (let folder = start; ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules');
    if (existsSync(candidate)) found.push(candidate);
    if (folder === dirname(folder)) return found;
  }
}

/** The version of the TypeScript that cells are written in, without loading it. */
export function typescriptVersion(): string {
  const require = createRequire(import.meta.url);
  const fromTslab = createRequire(require.resolve('tslab/package.json'));
  return (fromTslab('@tslab/typescript-for-tslab/package.json') as { version: string }).version;
}
