/**
 * What a view asks the kernel while it lives, and what it gets. The messages go over one comm a page, opened by the
 * front end to VIEWS_TARGET; a page that was loaded anew opens another. Data only: nothing here sends anything.
 *
 * A request carries an id of its own, which its answer repeats, so that several may be under way. A view whose value
 * the kernel no longer has (it was restarted) is answered with status "gone" and stays a saved picture.
 */
import type { ViewPayload } from './views/payload.js';

/** Comm target that the kernel registers when it starts. */
export const VIEWS_TARGET = 'hysim.views';

/** Rows that one question may ask for. */
export const MOST_ROWS = 500;

export type ViewQuestion =
  /** Whether the kernel has the value behind this view (`live.key` of its payload). */
  | { op: 'know'; key: string }
  /**
   * The view with all its rows. The answer's payload is the view's, its packed numbers empty; they follow as buffers
   * in the order of `packedOf` (common/views/whole.ts).
   */
  | { op: 'whole'; key: string }
  /** What some rows of Data say and where they stand, for hover and lists; at most MOST_ROWS. */
  | { op: 'rows'; key: string; rows: number[] }
  /** The same view as it would be with these parameters changed; nothing is kept. A newer probe of a key ends an older one. */
  | { op: 'probe'; key: string; params: Record<string, unknown> }
  /** A running job is to end now with the best that it has. */
  | { op: 'finish'; job: string };

export type ViewRequest = ViewQuestion & { request: string };

export interface RowText {
  row: number;
  text: string;
  place: string;
}

export type ViewAnswer =
  | { status: 'ok'; payload?: ViewPayload; rows?: RowText[]; seconds?: number }
  | { status: 'gone' }
  /** A newer probe took its place. */
  | { status: 'superseded' }
  | { status: 'error'; message: string };

export type ViewReply = ViewAnswer & { request: string };

/** Answers one question; buffers go with the answer. Never rejects for a question that is merely wrong. */
export type ViewAnswerer = (
  question: ViewQuestion
) => Promise<{ answer: ViewAnswer; buffers?: readonly ArrayBufferView[] }>;
