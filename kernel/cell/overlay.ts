/**
 * Makes the kernel's own packages visible to the type checker from every notebook folder. Node's resolution
 * ends at `/node_modules`; there, and only there, packages that do not really exist are shown as the kernel's
 * own. So whatever lies beside the notebook or above it wins, and nothing is written to disk. Also declares
 * the cells' ambient global. Run time has its own counterpart, resolve.ts.
 */
import { existsSync } from 'node:fs';
import { join, parse } from 'node:path';
import type { Install } from './install.js';
import { ts } from './typescript.js';

/** The package under @types that declares what every cell sees. */
const AMBIENT = 'hysim-cell';

const ambientSource = (name: string): string =>
  `import type { JupyterApi } from '${name}/lib/kernel/cell/api.js';
declare global {
  /** Display, input and comms of this notebook. */
  const jupyter: JupyterApi;
  // The library of TypeScript 5.0 lacks these; Node.js has them.
  interface ReadonlyArray<T> {
    toReversed(): T[];
    toSorted(compare?: (a: T, b: T) => number): T[];
    toSpliced(start: number, deleteCount?: number, ...items: T[]): T[];
    with(index: number, value: T): T[];
  }
  interface Array<T> {
    toReversed(): T[];
    toSorted(compare?: (a: T, b: T) => number): T[];
    toSpliced(start: number, deleteCount?: number, ...items: T[]): T[];
    with(index: number, value: T): T[];
  }
}
`;

const slashes = (path: string): string => path.replaceAll('\\', '/');

/** Where a path of the overlay really lies. */
type Place = { kind: 'disk'; path: string } | { kind: 'text'; text: string } | { kind: 'folder' };

class Overlay {
  private readonly base: string;
  private readonly packages = new Map<string, string | null>();

  constructor(
    private readonly install: Install,
    folder: string
  ) {
    this.base = slashes(join(parse(folder).root, 'node_modules'));
  }

  /** Undefined when the path is none of ours, or when the package really exists there. */
  find(path: string): Place | undefined {
    if (!path.startsWith(this.base)) return undefined;
    if (path.length === this.base.length) return { kind: 'folder' };
    if (path[this.base.length] !== '/') return undefined;
    const [first = '', second = '', ...rest] = path.slice(this.base.length + 1).split('/');
    if (first === '@types' && second === AMBIENT) return this.ambient(rest);
    const scoped = first.startsWith('@');
    if (scoped && !second) return { kind: 'folder' };
    const name = scoped ? `${first}/${second}` : first;
    const real = this.locate(name);
    if (!real) return undefined;
    const inner = scoped ? rest : [second, ...rest].filter(Boolean);
    // Its dependencies are found as siblings: one identity for each package.
    if (name === this.install.name && inner[0] === 'node_modules') return undefined;
    return { kind: 'disk', path: [real, ...inner].join('/') };
  }

  private ambient(rest: string[]): Place | undefined {
    if (rest.length === 0) return { kind: 'folder' };
    if (rest.join('/') === 'index.d.ts') return { kind: 'text', text: ambientSource(this.install.name) };
    return undefined;
  }

  private locate(name: string): string | null {
    let real = this.packages.get(name);
    if (real === undefined) {
      const folders = this.install.nodeModules.map(folder => join(folder, name));
      if (existsSync(join(this.base, name))) real = null;
      else if (name === this.install.name) real = slashes(this.install.root);
      else real = slashes(folders.find(folder => existsSync(folder)) ?? '') || null;
      this.packages.set(name, real);
    }
    return real;
  }

  /** Of all the kernel's @types only these are for cells: the rest serves its own build. */
  typePackages(path: string): string[] | undefined {
    return path === `${this.base}/@types` ? ['node', AMBIENT] : undefined;
  }
}

/** Changes `ts.sys`, on which tslab's converter builds; call before the converter is made. */
export function installOverlay(install: Install, folder: string): void {
  const overlay = new Overlay(install, folder);
  const sys = ts.sys;
  const real = { ...sys };
  const own = slashes(install.root) + '/';
  const trim = (path: string): string => (path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path);
  /** Path on disk, or undefined for what exists only in memory. */
  const onDisk = (path: string): string | undefined => {
    const place = overlay.find(trim(path));
    return place === undefined ? path : place.kind === 'disk' ? place.path : undefined;
  };
  const inert = { close: (): void => undefined };
  // Packages do not change under a running kernel: thousands of watchers less.
  const fixed = (path: string): boolean =>
    overlay.find(trim(path)) !== undefined || (path.startsWith(own) && path.includes('/node_modules/'));

  sys.fileExists = path => {
    const place = overlay.find(trim(path));
    if (place === undefined) return real.fileExists(path);
    return place.kind === 'text' || (place.kind === 'disk' && real.fileExists(place.path));
  };
  sys.directoryExists = path => {
    const place = overlay.find(trim(path));
    if (place === undefined) return real.directoryExists(path);
    return place.kind === 'folder' || (place.kind === 'disk' && real.directoryExists(place.path));
  };
  sys.readFile = (path, encoding) => {
    const place = overlay.find(path);
    if (place?.kind === 'text') return place.text;
    const text = place?.kind === 'folder' ? undefined : real.readFile(place?.path ?? path, encoding);
    // tslab caps the library at ES2022; the Node.js that runs the cells has ES2023's arrays.
    return text && path.endsWith('/lib.es2022.d.ts') ? `/// <reference lib="es2023" />\n${text}` : text;
  };
  sys.getDirectories = path => {
    const names = overlay.typePackages(trim(path));
    if (names) return names;
    const disk = onDisk(path);
    return disk === undefined ? [] : real.getDirectories(disk);
  };
  sys.readDirectory = (path, ...rest) => {
    const disk = onDisk(path);
    return disk === undefined ? [] : real.readDirectory(disk, ...rest);
  };
  // A path of the overlay is its own real path: declarations then name packages, not places on this disk.
  sys.realpath = path => (overlay.find(trim(path)) ? path : (real.realpath?.(path) ?? path));
  sys.getModifiedTime = path => {
    const disk = onDisk(path);
    return disk === undefined ? new Date(0) : real.getModifiedTime?.(disk);
  };
  sys.watchFile = (path, ...rest) => (fixed(path) ? inert : (real.watchFile?.(path, ...rest) ?? inert));
  sys.watchDirectory = (path, ...rest) =>
    fixed(path) ? inert : (real.watchDirectory?.(path, ...rest) ?? inert);
}
