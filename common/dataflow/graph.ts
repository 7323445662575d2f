/**
 * How the cells of a notebook hang together, from what each cell says by itself. Knows no kernel: what has run is
 * state.ts's. A graph that was built before is built on: what an edit cannot have touched is taken over as it is.
 */
import { readImports, type StageCall } from '../stagecell/index.js';
import { analyse } from './analyse.js';
import { cycleFault, faultsOf } from './faults.js';
import { makersOf, sourceOf, type Makers } from './makers.js';
import { noStages, stagesIn, type CalledStages } from './stages.js';
import { components, cyclesOf, orderOf } from './order.js';
import type { CellCode, CellText, Dataflow, DataflowEdge, DataflowNode, Fault } from './types.js';

/** A graph, and what it was made from. */
export interface Built {
  readonly flow: Dataflow;
  readonly cells: readonly CellText[];
  readonly codes: readonly CellCode[];
  readonly stages: readonly CalledStages[];
  readonly makers: Makers;
  /** Edges into each cell. */
  readonly incoming: readonly (readonly DataflowEdge[])[];
  /** Each cell's faults, cycles apart. */
  readonly own: readonly (readonly Fault[])[];
  readonly circular: ReadonlyMap<string, readonly Fault[]>;
}

function portsOf(name: string, calls: readonly StageCall[]): DataflowEdge['ports'] {
  return calls.flatMap(({ inputs }, call) =>
    inputs.filter(({ variable }) => variable === name).map(({ port }) => ({ call, port }))
  );
}

/** What the cell takes from others: a name that it declares itself is its own. */
function edgesInto(
  index: number,
  cells: readonly CellText[],
  codes: readonly CellCode[],
  makers: Makers,
  calls: readonly StageCall[]
): DataflowEdge[] {
  const code = codes[index]!;
  const edges: DataflowEdge[] = [];
  for (const name of new Set([...code.uses, ...code.assigns])) {
    const from = sourceOf(makers.get(name) ?? [], index);
    if (from === undefined) continue;
    const type = code.typeUses.includes(name) || codes[from]!.types.includes(name);
    edges.push({
      from: cells[from]!.id,
      to: cells[index]!.id,
      name,
      ...(type ? { type } : {}),
      ...(Object.hasOwn(codes[from]!.imports, name) ? { imported: true } : {}),
      ports: portsOf(name, calls)
    });
  }
  return edges;
}

/** Edge names along a cycle: what each cell hands to the next. */
function namesAlong(cycle: readonly string[], edges: readonly DataflowEdge[]): string[] {
  return cycle.map((from, i) => {
    const to = cycle[(i + 1) % cycle.length];
    return edges.find(edge => edge.from === from && edge.to === to)!.name;
  });
}

/**
 * @param cells the code cells, from the top; their ids differ
 * @param codes what each says by itself; analysed here where it is not given
 */
export function buildDataflow(
  cells: readonly CellText[],
  codes: readonly CellCode[] = cells.map(({ source }) => analyse(source))
): Dataflow {
  return build(cells, codes).flow;
}

/**
 * @param before a graph of the same notebook at an earlier time: the answer is the same without it, and takes longer
 */
export function build(cells: readonly CellText[], codes: readonly CellCode[], before?: Built): Built {
  const sources = cells.filter((_, i) => !codes[i]!.foreign).map(({ source }) => source);
  const read = stagesIn(readImports(sources));
  const stages = cells.map(({ source }, i) => (codes[i]!.foreign ? noStages : read(source)));
  // Edges and faults name cells by their places and ids.
  const places =
    before?.cells.length === cells.length && cells.every(({ id }, i) => id === before.cells[i]!.id);
  const known = places ? before : undefined;
  const touched = known && touchedBy(known, codes);
  const makers = touched?.size === 0 ? known!.makers : makersOf(codes);
  const isKnown = (index: number): boolean =>
    known !== undefined &&
    saysTheSame(codes[index]!, known.codes[index]!) &&
    stages[index] === known.stages[index] &&
    (touched!.size === 0 || !mentions(codes[index]!, touched!));

  const ids = cells.map(({ id }) => id);
  const indexOf = new Map(ids.map((id, index) => [id, index]));
  const kept = cells.map((_, index) => isKnown(index));
  const incoming = cells.map((_, index) =>
    kept[index] ? known!.incoming[index]! : edgesInto(index, cells, codes, makers, stages[index]!.calls)
  );
  const own = cells.map((_, index) =>
    kept[index]
      ? known!.own[index]!
      : faultsOf({
          index,
          ids,
          codes,
          makers,
          incoming: incoming[index]!,
          indexOf,
          unknown: stages[index]!.unknown
        })
  );
  const hangs = known && incoming.every((edges, index) => hangTogetherAlike(edges, known.incoming[index]!));
  const { order, cycles, circular } = hangs ? { ...known.flow, ...known } : connect(ids, incoming, indexOf);
  const nodes = cells.map(({ id, source }, index): DataflowNode => {
    const old = known?.flow.nodes[index];
    if (old && hangs && kept[index] && codes[index] === old.code) return old;
    return {
      id,
      index,
      source,
      code: codes[index]!,
      calls: stages[index]!.calls,
      faults: [...(circular.get(id) ?? []), ...own[index]!]
    };
  });
  const flow = { nodes, edges: incoming.flat(), order, cycles };
  return { flow, cells, codes, stages, makers, incoming, own, circular };
}

function connect(
  ids: readonly string[],
  incoming: readonly (readonly DataflowEdge[])[],
  indexOf: ReadonlyMap<string, number>
): Pick<Dataflow, 'order' | 'cycles'> & Pick<Built, 'circular'> {
  const needs = incoming.map(each => new Set(each.map(({ from }) => indexOf.get(from)!)));
  const parts = components(needs);
  const cycles = cyclesOf(needs, parts).map(cycle => cycle.map(index => ids[index]!));
  const circular = new Map<string, Fault[]>();
  if (cycles.length > 0) {
    const edges = incoming.flat();
    for (const cycle of cycles) {
      const fault = cycleFault(namesAlong(cycle, edges), cycle);
      for (const id of cycle) circular.set(id, [...(circular.get(id) ?? []), fault]);
    }
  }
  return { order: orderOf(needs, parts).map(index => ids[index]!), cycles, circular };
}

/** Names that other cells may now get from elsewhere, or as something else. */
function touchedBy(before: Built, codes: readonly CellCode[]): ReadonlySet<string> {
  const touched = new Set<string>();
  codes.forEach((code, i) => {
    const old = before.codes[i]!;
    if (code === old || makesTheSame(code, old)) return;
    for (const { defines, assigns } of [code, old])
      for (const name of [...defines, ...assigns]) touched.add(name);
  });
  return touched;
}

/** A cell's edges and faults hang on what makes the names that it has to do with. */
function mentions({ uses, defines, assigns }: CellCode, names: ReadonlySet<string>): boolean {
  const has = (name: string): boolean => names.has(name);
  return uses.some(has) || defines.some(has) || assigns.some(has);
}

const makesTheSame = (a: CellCode, b: CellCode): boolean =>
  isSameList(a.defines, b.defines) &&
  isSameList(a.assigns, b.assigns) &&
  isSameList(a.types, b.types) &&
  JSON.stringify(a.imports) === JSON.stringify(b.imports);

const saysTheSame = (a: CellCode, b: CellCode): boolean =>
  a === b ||
  (makesTheSame(a, b) &&
    isSameList(a.uses, b.uses) &&
    isSameList(a.typeUses, b.typeUses) &&
    isSameList(a.mutates, b.mutates) &&
    a.unread === b.unread &&
    a.problem?.message === b.problem?.message &&
    a.problem?.line === b.problem?.line);

function isSameList(a: readonly string[], b: readonly string[]): boolean {
  return a === b || (a.length === b.length && a.every((name, i) => name === b[i]));
}

/** Whether the same names come from the same cells, in the same order: what is a circle, and what runs first. */
function hangTogetherAlike(a: readonly DataflowEdge[], b: readonly DataflowEdge[]): boolean {
  return (
    a === b ||
    (a.length === b.length && a.every(({ from, name }, i) => from === b[i]!.from && name === b[i]!.name))
  );
}
