/**
 * Marks places of a cell's editor: for a moment what has just changed, and until the cell runs what differs from its
 * last run. Changes no text.
 */
import type { Cell } from '@jupyterlab/cells';
import { StateEffect, StateField } from '@codemirror/state';
import { Decoration, EditorView, type DecorationSet } from '@codemirror/view';
import type { Range } from '../../common/stagecell/index.js';

/** Milliseconds for which a mark is seen. */
const SEEN = 1000;

const setMarks = StateEffect.define<readonly Range[]>();
const setDiffering = StateEffect.define<readonly Range[]>();

function marking(set: typeof setMarks, name: string): StateField<DecorationSet> {
  return StateField.define<DecorationSet>({
    create: () => Decoration.none,
    update: (shown, transaction) => {
      for (const effect of transaction.effects) {
        if (!effect.is(set)) continue;
        const length = transaction.state.doc.length;
        const within = effect.value.filter(({ from, to }) => from < to && to <= length);
        return Decoration.set(
          within.map(({ from, to }) => Decoration.mark({ class: name }).range(from, to)),
          true
        );
      }
      return shown.map(transaction.changes);
    },
    provide: field => EditorView.decorations.from(field)
  });
}

const marks = marking(setMarks, 'hs-Changed');
const differing = marking(setDiffering, 'hs-Differs');

/** The CodeMirror view of a cell; undefined while the cell is not on screen, or has another editor. */
export function viewOf(cell: Cell): EditorView | undefined {
  const view = (cell.editor as { editor?: unknown } | null)?.editor;
  return view instanceof EditorView ? view : undefined;
}

export function markRanges(cell: Cell, ranges: readonly Range[]): void {
  const view = viewOf(cell);
  if (!view || cell.isDisposed) return;
  const known = view.state.field(marks, false) !== undefined;
  view.dispatch({ effects: [...(known ? [] : [StateEffect.appendConfig.of(marks)]), setMarks.of(ranges)] });
  if (ranges.length === 0) return;
  const shown = view.state.field(marks);
  setTimeout(() => {
    // A later change has marks of its own, and its own moment.
    if (!cell.isDisposed && viewOf(cell) === view && view.state.field(marks, false) === shown)
      markRanges(cell, []);
  }, SEEN);
}

/** Marks what differs from the cell's last run, in place of what was marked so before. */
export function markDiffering(cell: Cell, ranges: readonly Range[]): void {
  const view = viewOf(cell);
  if (!view || cell.isDisposed) return;
  const shown = view.state.field(differing, false);
  if (!shown && ranges.length === 0) return;
  const known: string[] = [];
  shown?.between(0, view.state.doc.length, (from, to) => void known.push(`${from} ${to}`));
  if (known.join() === ranges.map(({ from, to }) => `${from} ${to}`).join()) return;
  view.dispatch({
    effects: [...(shown ? [] : [StateEffect.appendConfig.of(differing)]), setDiffering.of(ranges)]
  });
}
