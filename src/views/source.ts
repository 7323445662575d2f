/**
 * What the kernel has behind one view: whether it still has it, all its rows, what single rows say, and the view as it
 * would be with other parameters. Asks through the view's home; draws nothing.
 */
import type { RowText } from '../../common/live.js';
import { parsePayload, putTogether, type ViewPayload } from '../../common/views/index.js';
import type { Answered } from '../link/index.js';
import type { ViewHome } from './home.js';

/** What a page wants fetched of live views; JupyterLab's settings say (schema/views.json). */
export const wishes = { whole: true, rows: 200_000 };

/** Rows that one question asks for at most. */
const ASKED = 200;

export type Probed = { payload: ViewPayload; seconds: number } | { reason: string } | 'gone' | 'superseded';

function check(answered: Answered): ViewPayload | string {
  const { answer, buffers } = answered;
  if (answer.status !== 'ok' || !answer.payload) return 'the kernel sent no view';
  try {
    const parsed = parsePayload(buffers.length > 0 ? putTogether(answer.payload, buffers) : answer.payload);
    return 'reason' in parsed ? parsed.reason : parsed.payload;
  } catch (error) {
    return (error as Error).message;
  }
}

export class ViewSource {
  private readonly texts = new Map<number, RowText>();
  private readonly wanted = new Set<number>();

  constructor(
    private readonly home: ViewHome,
    private readonly key: string
  ) {}

  async known(): Promise<boolean> {
    const { answer } = await this.home.ask({ op: 'know', key: this.key });
    return answer.status === 'ok';
  }

  /** The view with all its rows, or undefined when it cannot be had: the saved one then stays. */
  async whole(): Promise<ViewPayload | undefined> {
    const found = check(await this.home.ask({ op: 'whole', key: this.key }));
    if (typeof found !== 'string') return found;
    console.warn(`HySim Lab: a view stays at its saved rows, because ${found}.`);
    return undefined;
  }

  async probe(params: Record<string, unknown>): Promise<Probed> {
    const answered = await this.home.ask({ op: 'probe', key: this.key, params });
    const { answer } = answered;
    if (answer.status === 'gone' || answer.status === 'superseded') return answer.status;
    if (answer.status === 'error') return { reason: answer.message };
    const found = check(answered);
    return typeof found === 'string'
      ? { reason: `The preview cannot be drawn: ${found}.` }
      : { payload: found, seconds: answer.seconds ?? 0 };
  }

  /** What is known of a row of Data so far. */
  text(row: number): RowText | undefined {
    return this.texts.get(row);
  }

  /** Asks for rows that are not known yet; tells whether anything new came. */
  async fetch(rows: readonly number[]): Promise<boolean> {
    const missing = rows.filter(row => !this.texts.has(row) && !this.wanted.has(row)).slice(0, ASKED);
    if (missing.length === 0) return false;
    for (const row of missing) this.wanted.add(row);
    const { answer } = await this.home.ask({ op: 'rows', key: this.key, rows: missing });
    for (const row of missing) this.wanted.delete(row);
    if (answer.status !== 'ok') return false;
    for (const found of answer.rows ?? []) this.texts.set(found.row, found);
    return (answer.rows ?? []).length > 0;
  }
}
