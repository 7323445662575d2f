/**
 * How the cells of a notebook hang together. Made anew from what each cell says by itself, which is kept; this is a
 * matter of a millisecond. Knows no kernel: what has run is state.ts's.
 */
import { readImports, type StageCall } from '../stagecell/index.js';
import { analyse } from './analyse.js';
import { cycleFault, faultsOf } from './faults.js';
import { makersOf, sourceOf, type Makers } from './makers.js';
import { noStages, stagesIn } from './stages.js';
import { components, cyclesOf, orderOf } from './order.js';
import type { CellCode, CellText, Dataflow, DataflowEdge, DataflowNode, Fault } from './types.js';

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
  const sources = cells.filter((_, i) => !codes[i]!.foreign).map(({ source }) => source);
  const imports = readImports(sources);
  const indexOf = new Map(cells.map(({ id }, index) => [id, index]));
  const ids = cells.map(({ id }) => id);
  const makers = makersOf(codes);
  const read = stagesIn(imports);
  const stages = cells.map(({ source }, i) => (codes[i]!.foreign ? noStages : read(source)));
  const incoming = cells.map((_, index) => edgesInto(index, cells, codes, makers, stages[index]!.calls));
  const edges = incoming.flat();
  const needs = incoming.map(each => new Set(each.map(({ from }) => indexOf.get(from)!)));
  const parts = components(needs);
  const cycles = cyclesOf(needs, parts).map(cycle => cycle.map(index => cells[index]!.id));
  const circular = new Map<string, Fault[]>();
  for (const cycle of cycles) {
    const fault = cycleFault(namesAlong(cycle, edges), cycle);
    for (const id of cycle) circular.set(id, [...(circular.get(id) ?? []), fault]);
  }
  const nodes = cells.map(({ id, source }, index): DataflowNode => ({
    id,
    index,
    source,
    code: codes[index]!,
    calls: stages[index]!.calls,
    faults: [
      ...(circular.get(id) ?? []),
      ...faultsOf({
        index,
        ids,
        codes,
        makers,
        incoming: incoming[index]!,
        indexOf,
        unknown: stages[index]!.unknown
      })
    ]
  }));
  return { nodes, edges, order: orderOf(needs, parts).map(index => cells[index]!.id), cycles };
}
