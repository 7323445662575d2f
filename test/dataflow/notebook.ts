/** A notebook as a list of cells, the flow that its stage calls make, and proposals applied to it. For tests alone. */
import type {
  CellCode,
  Dataflow,
  DataflowEdge,
  NotebookEdit,
  Proposal,
  Subject
} from '../../common/dataflow/index.js';
import { applyEdits, findStageCalls, readImports } from '../../common/stagecell/index.js';

export interface Cell {
  readonly id: string;
  readonly source: string;
  /** Not code: it takes no part. */
  readonly text?: boolean;
}

/** What plain code of these tests declares at the start of a line, and the words in it. */
const DECLARED = /^(?:const|let|function|class)\s+(\w+)/gm;
const TYPES = /^(?:type|interface)\s+(\w+)/gm;

function codeOf(source: string): CellCode {
  const names = (pattern: RegExp): string[] => [...source.matchAll(pattern)].map(match => match[1]!);
  const types = names(TYPES);
  const defines = [...new Set([...names(DECLARED), ...names(/^import \* as (\w+)/gm), ...types])];
  const bare = source.replace(/"[^"\n]*"|\/\/.*|\/\*[^]*?\*\//g, '');
  const words = [...bare.matchAll(/(?<![.\w])[A-Za-z_]\w*(?!\w*\s*:)/g)].map(match => match[0]);
  return {
    defines,
    types,
    imports: {},
    uses: [...new Set(words)].filter(word => !defines.includes(word)),
    typeUses: [],
    assigns: [...bare.matchAll(/^(\w+)\s*=[^=]/gm)].map(match => match[1]!),
    mutates: [...bare.matchAll(/^(\w+)\.\w+\s*=[^=]/gm)].map(match => match[1]!),
    fingerprint: source
  };
}

export function flowOf(cells: readonly Cell[]): Dataflow {
  const code = cells.filter(cell => !cell.text);
  const imports = readImports(code.map(cell => cell.source));
  const nodes = code.map(({ id, source }, index) => ({
    id,
    index,
    source,
    code: codeOf(source),
    calls: findStageCalls(source, imports),
    faults: []
  }));
  const edges: DataflowEdge[] = nodes.flatMap(to =>
    to.code.uses.flatMap(name =>
      nodes
        .filter(from => from !== to && from.code.defines.includes(name))
        .map(from => ({
          from: from.id,
          to: to.id,
          name,
          ports: to.calls.flatMap((call, i) =>
            call.inputs.filter(input => input.variable === name).map(({ port }) => ({ call: i, port }))
          )
        }))
    )
  );
  const order: string[] = [];
  const visit = (id: string, open: readonly string[]): void => {
    if (order.includes(id) || open.includes(id)) return;
    for (const edge of edges) if (edge.to === id) visit(edge.from, [...open, id]);
    order.push(id);
  };
  for (const { id } of nodes) visit(id, []);
  return { nodes, edges, order, cycles: [] };
}

export function subjectOf(cells: readonly Cell[]): Subject {
  return { flow: flowOf(cells), cells: cells.map(cell => cell.id) };
}

/** Cells named a, b, c, … of these sources; `# text` is no code. */
export function cellsOf(...sources: readonly string[]): Cell[] {
  return sources.map((source, i) => ({
    id: String.fromCharCode(97 + i),
    source,
    ...(source.startsWith('#') ? { text: true } : {})
  }));
}

/** The notebook after the edits, each made on what the one before left. */
export function applied(cells: readonly Cell[], edits: readonly NotebookEdit[]): Cell[] {
  let now = [...cells];
  const place = (after: string | undefined): number => {
    const at = now.findIndex(cell => cell.id === after);
    if (after !== undefined && at < 0) throw new Error(`no cell ${after}`);
    return at + 1;
  };
  for (const edit of edits) {
    if (edit.do === 'insert') {
      now.splice(place(edit.after), 0, { id: `new${now.length}`, source: edit.source });
      continue;
    }
    const cell = now.find(({ id }) => id === edit.cell);
    if (!cell) throw new Error(`no cell ${edit.cell}`);
    if (edit.do === 'edit') {
      const source = applyEdits(cell.source, edit.edits);
      now = now.map(other => (other === cell ? { ...cell, source } : other));
      continue;
    }
    now = now.filter(other => other !== cell);
    if (edit.do === 'move') now.splice(place(edit.after), 0, cell);
  }
  return now;
}

/** The sources after a proposal, or the reason why there are none. */
export function after(cells: readonly Cell[], proposal: Proposal): string[] | string {
  if ('reason' in proposal) return proposal.reason;
  return applied(cells, proposal.edits).map(cell => cell.source);
}
