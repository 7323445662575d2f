/**
 * Runs compiled cells, one at a time, and settles each exactly once: it ends, it throws, it is interrupted, or
 * its JavaScript is terminated from outside. Settling never relies on a promise of the cell, because an
 * interrupt must work when that promise is lost.
 */
import { Script } from 'node:vm';
import { partialDeclarations } from './declarations.js';
import { KeyboardInterrupt } from './errors.js';
import { rememberCell } from './frames.js';
import { createGuard, GUARD, type Guard } from './guard.js';
import type { Compiled, Compiler } from './compiler.js';
import type { Scope } from './scope.js';

export type Outcome = { ok: true; value: unknown } | { ok: false; error: unknown };

interface Running {
  compiled: Compiled;
  /** Values of the cell's names before it began, for those that had one. */
  before: ReadonlyMap<string, unknown>;
  guard: Guard;
  settle(outcome: Outcome): void;
}

/** Under which the cell's wrapper finds its arguments, so that the cell is one script from end to end. */
const ARGUMENTS = Symbol.for('hysim.cell');

export class Runner {
  private running: Running | null = null;

  constructor(
    private readonly compiler: Compiler,
    private readonly scope: Scope,
    /** Told when the compiler begins and ends: it must not be terminated half-way. */
    private readonly compiling: (now: boolean) => void
  ) {}

  get busy(): boolean {
    return this.running !== null;
  }

  /**
   * Compiles and runs a cell; calls `done` once, perhaps before it returns.
   * @param label - stands for the file in stacks, e.g. `cell[3]`.
   * @param keep - false for an expression that must leave no trace in what later cells may name.
   */
  run(source: string, label: string, done: (outcome: Outcome) => void, keep = true): void {
    if (this.running) throw new Error('a cell is running');
    let compiled: Compiled | undefined;
    try {
      compiled = this.compile(source);
    } catch (error) {
      return done({ ok: false, error });
    }
    if (!compiled) return done({ ok: true, value: undefined });
    this.scope.update(compiled.modules);
    const { variables } = this.scope;
    const names = [...compiled.names].filter(name => name in variables);
    const running: Running = {
      compiled,
      before: new Map(names.map(name => [name, variables[name]])),
      guard: createGuard(),
      settle: outcome => {
        if (this.running !== running) return;
        this.running = null;
        if (keep) this.declare(running, outcome.ok);
        done(outcome);
      }
    };
    this.running = running;
    this.start(running, source, label);
  }

  private compile(source: string): Compiled | undefined {
    this.compiling(true);
    try {
      return this.compiler.compile(source);
    } finally {
      this.compiling(false);
    }
  }

  private start(running: Running, source: string, label: string): void {
    const { compiled, settle } = running;
    const head = `(${compiled.async ? 'async ' : ''}function(exports, require, ${GUARD}) {`;
    // On one line with the cell's first: line numbers stay the cell's.
    const text = `${head}${compiled.js}\n})(...globalThis[Symbol.for("hysim.cell")])`;
    const { variables, require } = this.scope;
    (globalThis as Record<symbol, unknown>)[ARGUMENTS] = [variables, require, running.guard];
    rememberCell(label, source, text);
    let returned: unknown;
    try {
      returned = new Script(text, { filename: label }).runInThisContext();
    } catch (error) {
      return settle({ ok: false, error });
    }
    if (!compiled.async) return settle({ ok: true, value: this.take(compiled) });
    (returned as Promise<unknown>).then(
      () => settle({ ok: true, value: this.take(compiled) }),
      (error: unknown) => settle({ ok: false, error })
    );
  }

  /** The last expression's value. The property is emptied, not deleted: the scope stays fast. */
  private take(compiled: Compiled): unknown {
    const name = compiled.resultName;
    if (!name) return undefined;
    const value = this.scope.variables[name];
    this.scope.variables[name] = undefined;
    return value;
  }

  private declare(running: Running, whole: boolean): void {
    const { compiled, before } = running;
    const { variables } = this.scope;
    const assigned = (name: string): boolean =>
      name in variables && !(before.has(name) && before.get(name) === variables[name]);
    this.compiler.declarations = whole
      ? compiled.declarations
      : partialDeclarations(this.compiler.declarations, compiled.declarations, compiled.names, assigned);
  }

  /** Ends the running cell as an error. Its own code is stopped where it awaits, if it still can run at all. */
  interrupt(message?: string): void {
    const { running } = this;
    if (!running) return;
    const error = new KeyboardInterrupt(message);
    running.settle({ ok: false, error });
    running.guard.stop(error);
  }
}
