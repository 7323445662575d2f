/**
 * One TypeScript interpreter: compiler, scope and runner put together for a notebook's folder. Knows nothing of
 * Jupyter's protocol. There is one a process, because the type checker's file system and Node's resolution are
 * the process's own.
 */
import type { MimeBundle } from '../../common/host.js';
import { complete, inspect, type Completions } from './assist.js';
import { Compiler, completeness, type Completeness } from './compiler.js';
import { toBundle } from './display.js';
import type { Install } from './install.js';
import { installOverlay } from './overlay.js';
import { installResolution } from './resolve.js';
import { Runner, type Outcome } from './runner.js';
import { Scope, type WriteDisplay } from './scope.js';
import type { Lookup } from './stagedoc.js';
import { ts } from './typescript.js';

export interface InterpreterOptions {
  install: Install;
  /** The notebook's folder: the process's working directory. */
  folder: string;
  writeDisplay: WriteDisplay;
  compiling(now: boolean): void;
}

let made = false;

export class Interpreter {
  private readonly compiler: Compiler;
  private readonly runner: Runner;
  private readonly lookup: Lookup;
  private readonly compiling: (now: boolean) => void;
  private readonly scope: Scope;
  /** Texts whose completion is asked for. */
  private readonly warming: string[];

  /** Takes about a second: the checker reads its libraries. */
  constructor(options: InterpreterOptions) {
    if (made) throw new Error('a process has one interpreter');
    made = true;
    installOverlay(options.install, options.folder);
    installResolution(options.install);
    this.compiling = options.compiling;
    const own = `import * as own from ${JSON.stringify(options.install.name)};\n`;
    this.warming = [own, `${own}own.`];
    this.compiler = this.guarded(() => new Compiler(options.folder));
    const scope = (this.scope = new Scope(options.folder, options.writeDisplay));
    this.lookup = (name, member) => this.compiler.peek(scope.variables, name, member);
    this.runner = new Runner(this.compiler, scope, options.compiling);
  }

  static readonly typescriptVersion: string = ts.version;

  private guarded<T>(work: () => T): T {
    this.compiling(true);
    try {
      return work();
    } finally {
      this.compiling(false);
    }
  }

  /** The cells' variables as they are now. */
  get variables(): Readonly<Record<string, unknown>> {
    return this.scope.variables;
  }

  /** Loads a module as a cell's import would, whether or not one has. */
  load(module: string): unknown {
    return this.scope.require(module);
  }

  /** Runs a cell as the `count`-th and calls `done` once. */
  execute(source: string, count: number, done: (outcome: Outcome) => void): void {
    if (source.trim() === '') done({ ok: true, value: undefined });
    else this.runner.run(source, `cell[${count}]`, done);
  }

  /** Evaluates an expression, for user_expressions; declares nothing. */
  evaluate(expression: string): Promise<Outcome> {
    return new Promise(resolve => this.runner.run(`(${expression}\n)`, 'expression', resolve, false));
  }

  /**
   * Reads what a notebook is likely to import, and uses the parts of the checker that completion uses, so that
   * neither waits for it later. In steps; returns whether there is another.
   */
  warm(): boolean {
    const step = this.warming.shift();
    if (step !== undefined) this.guarded(() => complete(this.compiler.look(step), step.length, this.lookup));
    return this.warming.length > 0;
  }

  interrupt(message?: string): void {
    this.runner.interrupt(message);
  }

  complete(source: string, offset: number): Completions {
    return this.guarded(() => complete(this.compiler.look(source), offset, this.lookup));
  }

  /** What the name at `offset` is, as text and as Markdown; undefined when nothing is known. */
  inspect(source: string, offset: number): MimeBundle | undefined {
    const found = this.guarded(() => inspect(this.compiler.look(source), offset, this.lookup));
    if (!found) return undefined;
    const { signature, prose } = found;
    return {
      'text/plain': `${signature}\n\n${prose}`.trim(),
      'text/markdown': `\`\`\`typescript\n${signature}\n\`\`\`\n\n${prose}`.trim()
    };
  }

  completeness(source: string): Completeness {
    return completeness(source);
  }

  display(value: unknown, complain: (error: unknown) => void): Promise<MimeBundle> {
    return toBundle(value, complain);
  }
}
