/**
 * Carries out edits that were asked for in the graph: one transaction of the notebook's document, and so one step of
 * its undo. All of them or none. Decides nothing.
 */
import { UUID } from '@lumino/coreutils';
import type { NotebookPanel } from '@jupyterlab/notebook';
import type { NotebookEdit } from '../../common/dataflow/index.js';
import { lockOf, oneStep, type SharedNotebook } from '../notebooks/index.js';

/** An edit that cannot be carried out on the notebook as it is. */
export class EditError extends Error {
  override readonly name = 'EditError';
}

function indexOf(shared: SharedNotebook, id: string): number {
  const index = shared.cells.findIndex(cell => cell.getId() === id);
  if (index < 0) throw new EditError('The cell is no longer in the notebook: look again and repeat.');
  return index;
}

/** Where a cell goes that is to follow `after`. */
function placeAfter(shared: SharedNotebook, after: string | undefined): number {
  return after === undefined ? 0 : indexOf(shared, after) + 1;
}

function applyOne(shared: SharedNotebook, edit: NotebookEdit, inserted: string[]): void {
  switch (edit.do) {
    case 'edit': {
      const cell = shared.cells[indexOf(shared, edit.cell)]!;
      // From the end, so that the places of those before still hold.
      for (const { from, to, insert } of [...edit.edits].reverse()) cell.updateSource(from, to, insert);
      return;
    }
    case 'insert': {
      const id = UUID.uuid4();
      inserted.push(id);
      const { source } = edit;
      shared.insertCell(placeAfter(shared, edit.after), {
        id,
        cell_type: 'code',
        source,
        metadata: { trusted: true }
      });
      return;
    }
    case 'delete':
      return shared.deleteCell(indexOf(shared, edit.cell));
    case 'move': {
      const from = indexOf(shared, edit.cell);
      const to = placeAfter(shared, edit.after);
      // The place is counted without the cell that moves.
      return shared.moveCell(from, from < to ? to - 1 : to);
    }
    default:
      return edit satisfies never;
  }
}

/** Ids of the cells that an edit changes or takes away. */
function touched(edits: readonly NotebookEdit[]): Set<string> {
  return new Set(edits.flatMap(edit => (edit.do === 'insert' ? [] : [edit.cell])));
}

/**
 * @returns ids of the inserted cells, in the order of the edits
 * @throws EditError when a cell is locked, or no longer there; nothing is changed then
 */
export function applyEditsTo(panel: NotebookPanel, edits: readonly NotebookEdit[]): string[] {
  const shared = panel.model?.sharedModel;
  if (!shared) throw new EditError('The notebook is closed.');
  const ids = touched(edits);
  for (const id of ids) indexOf(shared, id);
  for (const edit of edits)
    if (edit.do !== 'delete' && edit.do !== 'edit' && edit.after !== undefined) indexOf(shared, edit.after);
  for (const cell of panel.content.widgets) {
    const lock = ids.has(cell.model.id) ? lockOf(cell) : undefined;
    if (lock) throw new EditError(`The cell ${lock}: unlock it first.`);
  }
  const inserted: string[] = [];
  oneStep(shared, () => {
    for (const edit of edits) applyOne(shared, edit, inserted);
  });
  return inserted;
}
