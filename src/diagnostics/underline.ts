/**
 * Faults as an extension of CodeMirror: underlined, told beside the pointer and beside the caret, and gone when the
 * text there is edited. Knows no kernel; messages are data and only ever set as text.
 */
import { StateEffect, StateField, type EditorState, type Extension } from '@codemirror/state';
import {
  Decoration,
  EditorView,
  hoverTooltip,
  showTooltip,
  type DecorationSet,
  type Tooltip
} from '@codemirror/view';
import { clean } from '../../common/views/index.js';
import type { Fault } from './faults.js';

const setFaults = StateEffect.define<readonly Fault[]>();
const setFocus = StateEffect.define<boolean>();

interface Shown {
  readonly faults: readonly Fault[];
  readonly marks: DecorationSet;
  readonly focused: boolean;
  /** The message at the caret. */
  readonly tip: Tooltip | null;
}

function decorate(faults: readonly Fault[]): DecorationSet {
  const mark = Decoration.mark({ class: 'hs-Fault' });
  return Decoration.set(
    faults.map(({ from, to }) => mark.range(from, to)),
    true
  );
}

function tooltip(faults: readonly Fault[]): Tooltip {
  const pos = Math.min(...faults.map(fault => fault.from));
  const end = Math.max(...faults.map(fault => fault.to));
  const create = (): { dom: HTMLElement } => {
    const dom = document.createElement('div');
    dom.className = 'hs-FaultTip';
    dom.setAttribute('role', 'tooltip');
    for (const line of faults.flatMap(fault => fault.message.split('\n'))) {
      const row = document.createElement('div');
      row.textContent = clean(line);
      dom.append(row);
    }
    return { dom };
  };
  return { pos, end, above: false, create };
}

function faultsAt(faults: readonly Fault[], pos: number): Fault[] {
  return faults.filter(({ from, to }) => from <= pos && pos <= to);
}

function tipOf(state: EditorState, faults: readonly Fault[], focused: boolean): Tooltip | null {
  const { main } = state.selection;
  const here = focused && main.empty ? faultsAt(faults, main.head) : [];
  return here.length > 0 ? tooltip(here) : null;
}

const field = StateField.define<Shown>({
  create: () => ({ faults: [], marks: Decoration.none, focused: false, tip: null }),
  update(shown, transaction) {
    let { faults, focused } = shown;
    if (transaction.docChanged) {
      const { changes } = transaction;
      faults = faults
        .filter(({ from, to }) => !changes.touchesRange(from, to))
        .map(fault => ({ ...fault, from: changes.mapPos(fault.from, 1), to: changes.mapPos(fault.to, -1) }));
    }
    for (const effect of transaction.effects) {
      if (effect.is(setFocus)) focused = effect.value;
      if (!effect.is(setFaults)) continue;
      const { length } = transaction.state.doc;
      faults = effect.value.filter(({ from, to }) => from < to && to <= length);
    }
    if (faults.length === 0 && shown.faults.length === 0)
      return focused === shown.focused ? shown : { ...shown, focused };
    const same = faults === shown.faults;
    const still = same && focused === shown.focused && !transaction.selection;
    return {
      faults,
      focused,
      marks: same ? shown.marks : decorate(faults),
      tip: still ? shown.tip : tipOf(transaction.state, faults, focused)
    };
  },
  provide: from => [
    EditorView.decorations.from(from, shown => shown.marks),
    showTooltip.from(from, shown => shown.tip)
  ]
});

const underlines: Extension = [
  field,
  EditorView.focusChangeEffect.of((_, focused) => setFocus.of(focused)),
  hoverTooltip((view, pos) => {
    const { faults, tip } = view.state.field(field);
    const here = faultsAt(faults, pos);
    const told = here.length > 0 ? tooltip(here) : null;
    // The caret's own tooltip says it already.
    return told?.pos === tip?.pos ? null : told;
  })
];

/** The faults that are underlined in an editor now, from the top. */
export function shownFaults(view: EditorView): readonly Fault[] {
  const faults = view.state.field(field, false)?.faults ?? [];
  return [...faults].sort((a, b) => a.from - b.from);
}

/** Underlines these faults and no others. */
export function underline(view: EditorView, faults: readonly Fault[]): void {
  const known = view.state.field(field, false) !== undefined;
  if (!known && faults.length === 0) return;
  const effects: StateEffect<unknown>[] = known ? [] : [StateEffect.appendConfig.of(underlines)];
  view.dispatch({ effects });
  view.dispatch({ effects: [setFaults.of(faults), setFocus.of(view.hasFocus)] });
}

/** Puts the caret on a fault and says it to whoever does not see it. */
export function goTo(view: EditorView, fault: Fault): void {
  view.focus();
  view.dispatch({
    selection: { anchor: fault.from },
    effects: [setFocus.of(true), EditorView.announce.of(clean(fault.message))],
    scrollIntoView: true
  });
}
