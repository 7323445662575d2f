/**
 * What cells share at run time: the object that holds their variables, and the `require` that their imports
 * become. Loads modules beside the notebook as the compiler made them, and tslab itself with its display bound
 * to this kernel.
 */
import Module, { createRequire } from 'node:module';
import { dirname, extname, isAbsolute, join } from 'node:path';
import type { SideOutput } from './compiler.js';
import { requireFromTslab } from './typescript.js';
import type { MimeBundle } from '../../common/host.js';

/** Where tslab's display helpers write. */
export type WriteDisplay = (
  bundle: MimeBundle,
  metadata: Record<string, unknown>,
  id: string | undefined,
  update: boolean
) => void;

interface CommonJs extends NodeJS.Module {
  _compile(code: string, filename: string): void;
}

interface TslabDisplayData {
  data: MimeBundle;
  metadata?: Record<string, unknown>;
  transient?: { display_id?: string };
}

const slashes = (path: string): string => path.replaceAll('\\', '/');

/**
 * Variables of all cells. It inherits nothing, because a cell may name a variable `toString`; and it is made by a
 * constructor, because V8 keeps what `Object.create(null)` makes in a slow hash table.
 */
const Variables = function () {
  // Empty: cells fill it.
} as unknown as { new (): Record<string, unknown>; prototype: object };
Variables.prototype = Object.create(null) as object;

export class Scope {
  readonly variables: Record<string, unknown> = new Variables();
  readonly require: (id: string) => unknown;
  private readonly outputs = new Map<string, string>();
  private readonly loaded = new Map<string, CommonJs>();

  constructor(
    folder: string,
    private readonly writeDisplay: WriteDisplay
  ) {
    this.require = this.requireIn(folder, createRequire(join(folder, 'cell.js')));
  }

  /** Takes newly compiled modules; those loaded from older text are loaded anew at their next import. */
  update(modules: readonly SideOutput[]): void {
    // Whoever imported an older one holds on to it: let them load again too.
    if (modules.some(({ path }) => this.outputs.has(path))) this.loaded.clear();
    for (const { path, data } of modules) this.outputs.set(path, data);
  }

  private requireIn(folder: string, real: (id: string) => unknown): (id: string) => unknown {
    return id => {
      if (id === 'tslab') return this.tslab();
      if (id.startsWith('.') || isAbsolute(id)) {
        const path = slashes(isAbsolute(id) ? id : join(folder, id));
        for (const candidate of [
          path,
          `${path}.js`,
          `${path}/index.js`,
          path.replace(/\.[mc]?[tj]sx?$/, '.js')
        ])
          if (this.outputs.has(candidate) && extname(candidate) === '.js') return this.load(candidate);
      }
      return real(id);
    };
  }

  private load(path: string): unknown {
    const cached = this.loaded.get(path);
    if (cached) return cached.exports;
    const module = new Module(path) as CommonJs;
    module.filename = path;
    module.paths = (Module as unknown as { _nodeModulePaths(from: string): string[] })._nodeModulePaths(
      dirname(path)
    );
    module.require = this.requireIn(dirname(path), createRequire(path)) as NodeJS.Require;
    // Before it runs: modules may import each other.
    this.loaded.set(path, module);
    try {
      module._compile(this.outputs.get(path)!, path);
    } catch (error) {
      this.loaded.delete(path);
      throw error;
    }
    return module.exports;
  }

  private tslab(): unknown {
    const jupyter = requireFromTslab('tslab/dist/jupyter.js') as {
      lastWriteDisplayData: ((data: TslabDisplayData, update?: boolean) => void) | null;
    };
    jupyter.lastWriteDisplayData = (data, update) =>
      this.writeDisplay(data.data, data.metadata ?? {}, data.transient?.display_id, update ?? false);
    return requireFromTslab('tslab');
  }
}
