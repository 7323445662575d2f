/**
 * Where a view stands: the notebook around it, as far as a view needs it. A view that stands nowhere (a page without
 * our plugins, an output shown by itself) is drawn all the same, from what is saved.
 */
import type { ISignal } from '@lumino/signaling';
import type { Answered } from '../link/index.js';
import type { ViewQuestion } from '../../common/live.js';
import type { Selection } from './selection.js';

export interface ViewHome {
  /** Shared by all views of the notebook. */
  readonly selection: Selection;
  /** Asks the notebook's kernel; "gone" where there is none of ours. */
  ask(question: ViewQuestion): Promise<Answered>;
  /** The kernel is another one now, or has forgotten its values. */
  readonly renewed: ISignal<unknown, void>;
  /**
   * Writes parameters into the stage's call that made what `node` shows; with `run`, runs that cell too.
   * @returns why that is not possible, in words; nothing when it was done
   */
  apply(
    node: HTMLElement,
    stage: string,
    changes: Readonly<Record<string, unknown>>,
    run: boolean
  ): string | undefined;
}

type Finder = (node: HTMLElement) => ViewHome | undefined;

let finder: Finder = () => undefined;
const waiting = new Set<() => void>();

/** Set once by the plugin that knows the notebooks. Views that were drawn before look again. */
export function setHomes(find: Finder): void {
  finder = find;
  for (const look of [...waiting]) look();
}

export function homeOf(node: HTMLElement): ViewHome | undefined {
  return finder(node);
}

/** Calls `look` when homes can be found that could not before; returns what stops it. */
export function onHomes(look: () => void): () => void {
  waiting.add(look);
  return () => void waiting.delete(look);
}
