/**
 * An answer to a view's question as it came over the wire, checked: the kernel is another process and may be another
 * version. A payload in it is checked where it is drawn, once its buffers are in place.
 */
import { MOST_ROWS, type RowText, type ViewAnswer } from '../../common/live.js';
import type { ViewPayload } from '../../common/views/index.js';

/** Characters of a row's text and place. */
const LONGEST_TEXT = 4000;

function readRow(data: unknown): RowText[] {
  const { row, text, place } = (data ?? {}) as Partial<RowText>;
  if (typeof row !== 'number' || typeof text !== 'string' || typeof place !== 'string') return [];
  return [{ row, text: text.slice(0, LONGEST_TEXT), place: place.slice(0, LONGEST_TEXT) }];
}

function readAnswer(data: Record<string, unknown>): ViewAnswer | undefined {
  const { status, message, payload, rows, seconds } = data;
  if (status === 'gone' || status === 'superseded') return { status };
  if (status === 'error') return { status, message: String(message ?? '').slice(0, 1000) };
  if (status !== 'ok') return undefined;
  return {
    status,
    ...(typeof payload === 'object' && payload !== null ? { payload: payload as ViewPayload } : {}),
    ...(Array.isArray(rows) ? { rows: rows.slice(0, MOST_ROWS).flatMap(readRow) } : {}),
    ...(typeof seconds === 'number' ? { seconds } : {})
  };
}

/** The answer and the request that it belongs to, or undefined when the data is neither. */
export function readViewReply(data: unknown): { request: string; answer: ViewAnswer } | undefined {
  if (typeof data !== 'object' || data === null) return undefined;
  const { request } = data as { request?: unknown };
  const answer = readAnswer(data as Record<string, unknown>);
  return typeof request === 'string' && answer ? { request, answer } : undefined;
}
