/**
 * Keys pressed on nodes of ours inside a notebook. In command mode the notebook takes every key for its own: `d d` on a
 * button would delete the cell. Here a node keeps the keys that are its own and leaves JupyterLab the others, such as
 * Ctrl S. (The attribute `data-lm-suppress-shortcuts` keeps all, and the browser then saves the page as a file.)
 */

/** Acts on a key; returns whether it meant something to the node. */
export type Act = (event: KeyboardEvent) => boolean;

const owners = new WeakMap<EventTarget, Act>();
let listening = false;

/** Keys that a control or a picture may answer to by itself, whatever stands on them. */
const MOVES: readonly string[] = [
  'Backspace',
  'Delete',
  'End',
  'Escape',
  'Home',
  'PageDown',
  'PageUp',
  'ArrowDown',
  'ArrowLeft',
  'ArrowRight',
  'ArrowUp'
];

/** Whether the notebook must not see the key: it is typed, or moves within a control. */
export function isOwn(
  event: Pick<KeyboardEvent, 'altKey' | 'ctrlKey' | 'key' | 'metaKey' | 'shiftKey'>
): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  // Shift Enter runs the cell, from wherever in it.
  return event.key.length === 1 || MOVES.includes(event.key) || (event.key === 'Enter' && !event.shiftKey);
}

function onKeydown(event: KeyboardEvent): void {
  let owned = false;
  let meant = false;
  // A control within a form within a header: the innermost that the key means something to acts on it.
  for (let node = event.target instanceof Element ? event.target : null; node; node = node.parentElement) {
    const act = owners.get(node);
    if (!act) continue;
    owned = true;
    meant = act(event);
    if (meant) break;
  }
  if (!owned) return;
  if (meant) event.preventDefault();
  // What the browser does with the key (press a button, move a slider) it still does.
  if (meant || isOwn(event)) event.stopImmediatePropagation();
}

/** Makes keys pressed on the node, or within it, its own; `act` may answer to more of them. */
export function ownKeys(node: HTMLElement, act: Act = () => false): void {
  owners.set(node, act);
  if (listening) return;
  listening = true;
  // Before JupyterLab, which listens at the document.
  window.addEventListener('keydown', onKeydown, true);
}
