/**
 * What state the cells of a notebook are in: which results still belong to the code as it stands, and why not. Judged
 * from what the kernel has noted of its runs; guesses nothing, runs nothing.
 *
 * A cell is fresh when it ran with this very code and each name that it read is, or has the content of, what the cell
 * that makes it now made last. So whatever happens to cells (moves, splits, a second notebook on the same kernel), a
 * result is either what running everything would give, or said not to be.
 */
import { readImports, stageNamed, type Imports } from '../stagecell/index.js';
import { describeChange } from './difference.js';
import { analyse } from './analyse.js';
import { isBypassed } from './edit/index.js';
import type { CellState, Dataflow, DataflowEdge, DataflowNode, RunRecord, Written } from './types.js';

export interface Known {
  /** What the kernel has noted, oldest first. */
  readonly runs: readonly RunRecord[];
  /** Cells that were sent to the kernel and have not come back. */
  readonly live: ReadonlyMap<string, 'queued' | 'running'>;
  /** Cells that a run of what is due will send, as far as can be told. */
  readonly planned: ReadonlySet<string>;
  /** Cells whose results the cache has. */
  readonly cached: ReadonlySet<string>;
}

/** Whether two notes are of the same value: the same run's, or equal in content. */
function sameValue(a: Written | undefined, b: Written | undefined): boolean {
  return a !== undefined && b !== undefined && (a.run === b.run || (a.id !== undefined && a.id === b.id));
}

/** A cell in a few words: its stages' titles, else the names that it makes, else its first line. */
export function titleOf(node: DataflowNode): string {
  if (node.calls.length > 0)
    return [...new Set(node.calls.map(({ stage }) => stageNamed(stage)?.title ?? stage))].join(' + ');
  const { defines } = node.code;
  if (defines.length > 0) return defines.slice(0, 3).join(', ') + (defines.length > 3 ? ', …' : '');
  const line = node.source.trim().split('\n', 1)[0]!;
  return line.length > 40 ? `${line.slice(0, 39)}…` : line || 'empty cell';
}

class Judge {
  readonly states = new Map<string, CellState>();
  private readonly nodes: ReadonlyMap<string, DataflowNode>;
  private readonly into = new Map<string, DataflowEdge[]>();
  private readonly last = new Map<string, RunRecord>();
  /** What is under each name now. */
  private readonly now = new Map<string, Written>();
  /** Read when a change is to be told. */
  private imports: Imports | undefined;

  constructor(
    private readonly flow: Dataflow,
    private readonly known: Known
  ) {
    this.nodes = new Map(flow.nodes.map(node => [node.id, node]));
    for (const edge of flow.edges) {
      const edges = this.into.get(edge.to);
      if (edges) edges.push(edge);
      else this.into.set(edge.to, [edge]);
    }
    for (const run of known.runs) {
      if (run.cell !== undefined) this.last.set(run.cell, run);
      for (const [name, written] of Object.entries(run.writes)) this.now.set(name, written);
    }
  }

  run(): Map<string, CellState> {
    for (const id of this.flow.order) {
      const state = this.judge(this.nodes.get(id)!);
      const planned = state.due && this.known.planned.has(id);
      this.states.set(id, planned ? { ...state, name: 'queued' } : state);
    }
    this.restore();
    return this.states;
  }

  /** What a due cell reads may have been changed since by a third cell: then its maker has to run again before it. */
  private restore(): void {
    for (const id of [...this.flow.order].reverse()) {
      const reader = this.states.get(id)!;
      if (!reader.due) continue;
      for (const { from, name } of this.into.get(id) ?? []) {
        const maker = this.states.get(from)!;
        const made = maker.run?.writes[name];
        const now = this.now.get(name);
        if (maker.due || !made || !now || sameValue(made, now)) continue;
        const why = `${name} was changed since, and ${titleOf(this.nodes.get(id)!)} needs it as it was`;
        this.states.set(from, { ...maker, name: 'stale', why, due: true });
      }
    }
  }

  private judge(node: DataflowNode): CellState {
    const run = this.last.get(node.id);
    const live = this.known.live.get(node.id);
    const state = (name: CellState['name'], why: string, due: boolean): CellState =>
      run ? { name, why, due, run } : { name, why, due };
    if (node.code.foreign) return state('fresh', 'in another language: it takes no part', false);
    if (live) return state(live, '', false);
    if (node.source.trim() === '') return state('fresh', '', false);
    if (node.code.problem) {
      const { message, line } = node.code.problem;
      return state('stale', `line ${line} does not parse: ${message}`, true);
    }
    if (!run && this.known.cached.has(node.id))
      return state('cached', 'the cache has its result: running it is instant', true);
    if (run && analyse(run.source).fingerprint !== node.code.fingerprint)
      return state('stale', `${this.change(run.source, node.source)} since it ran`, true);
    const waits = this.waitsFor(node);
    if (waits !== undefined) return state('waiting', `for ${waits}`, true);
    if (!run) return state('stale', 'has not run in this kernel', true);
    const changed = this.changedInput(node, run) ?? this.overwritten(node, run);
    if (changed !== undefined) return state('stale', changed, true);
    if (run.status === 'cancelled') return state('stale', 'was stopped before it ended', true);
    if (run.status === 'failed') return state('failed', run.reason ?? '', true);
    if (isBypassed(node)) return state('bypassed', 'passes its input on; B takes it in again', false);
    return state('fresh', '', false);
  }

  private change(before: string, now: string): string {
    this.imports ??= readImports(this.flow.nodes.map(({ source }) => source));
    return describeChange(before, now, this.imports);
  }

  /** The nearest cell above that has to run first, through however many others. */
  private waitsFor(node: DataflowNode): string | undefined {
    for (const { from } of this.into.get(node.id) ?? []) {
      const state = this.states.get(from);
      // A cycle's cells are judged before all that they read.
      if (!state || from === node.id) continue;
      if (state.name === 'waiting' && state.why.startsWith('for ')) return state.why.slice(4);
      if (state.due || state.name === 'queued' || state.name === 'running')
        return titleOf(this.nodes.get(from)!);
    }
    return undefined;
  }

  private changedInput(node: DataflowNode, run: RunRecord): string | undefined {
    for (const { from, name } of this.into.get(node.id) ?? []) {
      const made = this.last.get(from)?.writes[name];
      const read = run.reads[name];
      if (!made || sameValue(read, made)) continue;
      const title = titleOf(this.nodes.get(from)!);
      if (read && read.cell === node.id) return `it had changed ${name} itself before it ran again`;
      return read
        ? `${name} was made anew by ${title}`
        : `${name} was not there yet when it ran: ${title} makes it`;
    }
    return undefined;
  }

  /** Somebody else's value is under a name of this cell: another notebook's, or that of a cell that is gone. */
  private overwritten({ code }: DataflowNode, run: RunRecord): string | undefined {
    for (const name of code.defines) {
      const made = run.writes[name];
      const now = this.now.get(name);
      if (!made || !now || sameValue(now, made)) continue;
      const writer = now.cell;
      // Another cell of this notebook that makes or changes the name is a fault of the graph, and told there.
      if (writer === undefined || !this.nodes.has(writer))
        return `${name} was overwritten by a cell of another notebook, or by one that is gone`;
    }
    return undefined;
  }
}

/** The state of each code cell, by its id. */
export function judgeCells(flow: Dataflow, known: Known): Map<string, CellState> {
  return new Judge(flow, known).run();
}
