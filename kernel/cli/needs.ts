/**
 * Which cells a run sends to a kernel that begins with nothing, and in what order: those whose saved result is out of
 * date, and those that they read from, whose values the kernel has to have (a cache gives them where it can). A change
 * in place is followed as far as the code says it: who changes a value comes before those below that read it.
 */
import {
  judgeCells,
  upstream,
  type CellState,
  type Dataflow,
  type RunRecord
} from '../../common/dataflow/index.js';

/** The flow with an edge from each cell that may change a value in place to the cells below that read it. */
export function withMutations(flow: Dataflow): Dataflow {
  const indexOf = new Map(flow.nodes.map(({ id, index }) => [id, index]));
  const makers = new Map(flow.edges.map(({ from, to, name }) => [`${to} ${name}`, from]));
  const extra = flow.nodes.flatMap(changer =>
    changer.code.mutates.flatMap(name => {
      const maker = makers.get(`${changer.id} ${name}`);
      return flow.edges
        .filter(edge => edge.from === maker && edge.name === name && indexOf.get(edge.to)! > changer.index)
        .map(edge => ({ ...edge, from: changer.id, ports: [] }));
    })
  );
  return { ...flow, edges: [...flow.edges, ...extra] };
}

export class Needs {
  /** Cells that have run in this kernel. */
  private readonly done = new Set<string>();
  /** Cells behind one that changed a value in place: no note tells whether they read the same. */
  private readonly forced = new Set<string>();
  private readonly flow: Dataflow;
  private judged: ReadonlyMap<string, CellState>;

  /**
   * @param runs notes of the saved results that can still be trusted; the notes of each run here are added to them
   * @param all every cell, whether or not it is due
   */
  constructor(
    private readonly own: Dataflow,
    private runs: readonly RunRecord[],
    private readonly all = false
  ) {
    this.flow = withMutations(own);
    this.judged = this.judge();
  }

  get states(): ReadonlyMap<string, CellState> {
    return this.judged;
  }

  /** Cells whose results are out of date, in order. */
  due(): string[] {
    return this.own.order.filter(id => this.isDue(id));
  }

  /** The cell to run next. */
  next(): string | undefined {
    return this.missing()[0];
  }

  /** How many cells will run, as far as can be told. */
  get left(): number {
    return this.missing().length;
  }

  private missing(): string[] {
    const needed = upstream(this.flow, this.due());
    return this.own.order.filter(id => needed.has(id) && !this.done.has(id) && this.hasCode(id));
  }

  ran(id: string, runs: readonly RunRecord[]): void {
    const changed = this.isDue(id);
    this.done.add(id);
    this.runs = runs;
    const node = this.own.nodes.find(each => each.id === id)!;
    if (changed)
      for (const edge of this.flow.edges)
        if (edge.from === id && node.code.mutates.includes(edge.name)) this.forced.add(edge.to);
    this.judged = this.judge();
  }

  private judge(): ReadonlyMap<string, CellState> {
    const none = new Set<string>();
    return judgeCells(this.own, { runs: this.runs, live: new Map(), planned: none, cached: none });
  }

  /** Neither empty nor in another language. */
  private hasCode(id: string): boolean {
    const node = this.own.nodes.find(each => each.id === id)!;
    return !node.code.foreign && node.source.trim() !== '';
  }

  private isDue(id: string): boolean {
    if (!this.hasCode(id) || this.done.has(id)) return false;
    return this.all || this.forced.has(id) || this.judged.get(id)?.due === true;
  }
}
