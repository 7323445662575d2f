/** A notebook as a list of cells, its flow, and proposals applied to it. For tests alone. */
import {
  buildDataflow,
  type Dataflow,
  type NotebookEdit,
  type Proposal,
  type Subject
} from '../../common/dataflow/index.js';
import { applyEdits } from '../../common/stagecell/index.js';

export interface Cell {
  readonly id: string;
  readonly source: string;
  /** Not code: it takes no part. */
  readonly text?: boolean;
}

export function flowOf(cells: readonly Cell[]): Dataflow {
  return buildDataflow(cells.filter(cell => !cell.text));
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
