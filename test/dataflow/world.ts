/**
 * A notebook and a kernel without Jupyter, for tests of states: cells of the form `const b = a + 1` are really
 * evaluated, and noted by the kernel's own run log.
 */
import { runInNewContext } from 'node:vm';
import { DataflowReader, judgeCells, type CellState, type Dataflow } from '../../common/dataflow/index.js';
import { RunLog } from '../../kernel/jupyter/runlog.js';

const DECLARATION = /^(const|let)\s+(\w+)\s*=\s*([^;]+);?$/;
const ASSIGNMENT = /^(\w+)\s*=\s*([^;]+);?$/;

/** What a kernel holds; several notebooks may share one. */
export class FakeKernel {
  readonly log = new RunLog();
  readonly variables: Record<string, unknown> = {};

  /** Runs a cell's statements; a name that is not there fails it, as in TypeScript. */
  run(cell: string, source: string, stop = false): void {
    const begun = this.log.begin(this.variables, source, cell);
    try {
      execute(source, this.variables);
      this.log.end(begun, this.variables, stop ? 'cancelled' : 'done');
    } catch (error) {
      this.log.end(begun, this.variables, 'failed', String(error));
    }
  }
}

export function execute(source: string, variables: Record<string, unknown>): void {
  for (const line of source.split('\n')) {
    const code = line.replace(/\/\/.*$/, '').trim();
    if (code === '') continue;
    const [, , declared, value] = DECLARATION.exec(code) ?? [];
    const [, assigned, expression] = ASSIGNMENT.exec(code) ?? [];
    const result: unknown = runInNewContext(`(${value ?? expression ?? code})`, { ...variables });
    const name = declared ?? assigned;
    if (name !== undefined) variables[name] = result;
  }
}

export class World {
  readonly cells = new Map<string, string>();
  readonly cached = new Set<string>();
  readonly live = new Map<string, 'queued' | 'running'>();
  order: string[] = [];
  private readonly reader = new DataflowReader();

  constructor(
    sources: Record<string, string>,
    public kernel: FakeKernel = new FakeKernel()
  ) {
    for (const [id, source] of Object.entries(sources)) this.add(id, source);
  }

  add(id: string, source: string): void {
    this.cells.set(id, source);
    this.order.push(id);
  }

  edit(id: string, source: string): void {
    this.cells.set(id, source);
  }

  remove(id: string): void {
    this.order = this.order.filter(other => other !== id);
  }

  get flow(): Dataflow {
    return this.reader.read(this.order.map(id => ({ id, source: this.cells.get(id)! })));
  }

  get states(): Map<string, CellState> {
    return judgeCells(this.flow, {
      runs: this.kernel.log.recall(),
      live: this.live,
      planned: new Set(),
      cached: this.cached
    });
  }

  state(id: string): string {
    const { name, why } = this.states.get(id)!;
    return why ? `${name}: ${why}` : name;
  }

  names(): string {
    const { states } = this;
    return this.order.map(id => states.get(id)!.name).join(' ');
  }

  run(...ids: string[]): void {
    for (const id of ids) this.kernel.run(id, this.cells.get(id)!);
  }

  /** Runs what is due, each cell once, as the runner does. */
  runStale(): string[] {
    const done: string[] = [];
    for (;;) {
      const { states, flow } = this;
      const next = flow.order.find(id => !done.includes(id) && states.get(id)!.due);
      if (next === undefined) return done;
      this.run(next);
      done.push(next);
      if (this.states.get(next)!.name === 'failed') return done;
    }
  }
}
